"""`plixo serve` and `plixo worker` as real processes: they start, answer, and stop when asked to."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
import yaml

from bot.demo import MANIFEST
from sandbox.people import Channel, Person
from sandbox.server import SandboxServer

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


@contextmanager
def plixo(folder: Path, *words: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and its first line."""
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "bot.cli", *words],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(MANIFEST.parent), **environment},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_serve_answers_until_it_is_told_to_stop(tmp_path: Path) -> None:
    with SandboxServer(
        manifest=yaml.safe_load(MANIFEST.read_text(encoding="utf-8")),
        people=[Person(id="U01", name="Ada First", email="ada@northwind.example")],
        channels=[Channel(id="C01", name="general")],
        signing_secret=SECRET,
        bot_token="xoxb-test",
    ) as slack:
        settings = {
            "SLACK_BOT_TOKEN": "xoxb-test",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": slack.api_url,
            "PLIXO_MAILDIR": str(tmp_path / "mail"),
            "PLIXO_HTTP_PORT": "0",
            "PLIXO_TICK_SECONDS": "0.2",
            "COLUMNS": "200",
        }
        with plixo(tmp_path, "serve", **settings) as (process, said):
            port = re.search(r"port (\d+)", said)
            assert port, said
            base = f"http://127.0.0.1:{port[1]}"
            slack.bot_url = f"{base}/slack/events"
            with urlopen(f"{base}/healthz", timeout=5) as answer:
                assert json.load(answer) == {"status": "ok"}
            assert slack.command(user="U01", command="/account", text="help", channel="C01").ok
            # The first person of an organisation without anybody becomes its Controller.
            slack.open_home(user="U01")
            home = json.dumps(slack.wait_for(lambda: slack.home(user="U01")).blocks)
            assert "Controller" in home
            assert ready(base)["ready"] in (True, False)
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=20) == 0


def ready(base: str) -> dict[str, object]:
    try:
        with urlopen(f"{base}/readyz", timeout=5) as answer:
            found: dict[str, object] = json.load(answer)
    except HTTPError as refused:
        found = json.load(refused)
        refused.close()
    return found


def test_a_worker_starts_and_stops(tmp_path: Path) -> None:
    settings = {
        "PLIXO_MAILDIR": str(tmp_path / "mail"),
        "SLACK_BOT_TOKEN": "xoxb-test",
        "SLACK_SIGNING_SECRET": SECRET,
        "COLUMNS": "200",
    }
    with plixo(tmp_path, "worker", **settings) as (process, said):
        assert "releases what is due" in said
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0


def test_a_worker_answers_monitors_when_it_has_a_port(tmp_path: Path) -> None:
    settings = {
        "PLIXO_MAILDIR": str(tmp_path / "mail"),
        "SLACK_BOT_TOKEN": "xoxb-test",
        "SLACK_SIGNING_SECRET": SECRET,
        "PLIXO_WORKER_PORT": "0",
        "COLUMNS": "200",
    }
    with plixo(tmp_path, "worker", **settings) as (process, said):
        port = re.search(r"port (\d+)", said)
        assert port, said
        with urlopen(f"http://127.0.0.1:{port[1]}/metrics", timeout=5) as answer:
            assert b"plixo_database_up 1.0" in answer.read()
        with (
            pytest.raises(HTTPError) as refused,
            urlopen(f"http://127.0.0.1:{port[1]}/slack/events", data=b"", timeout=5),
        ):
            pass
        refused.value.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
