"""The office on each database."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.logs import build_formatter
from tests.scenario.office import SECRET, Office, open_office


@pytest.fixture(params=["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.postgres)])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path, database_url=request.getfixturevalue(request.param)) as opened:
        yield opened


SECRETS = ("xoxb-", "xapp-", "pay.example", "paula@", SECRET)
OURS = ("bot", "handlers", "domain", "storage", "connectors", "plixo")


@pytest.fixture(autouse=True)
def no_secret_in_a_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever goes wrong in any scenario: no token, address or pay link reaches a log line."""
    for name in OURS:
        caplog.set_level(logging.DEBUG, logger=name)
    yield
    write = build_formatter("json").format
    for record in caplog.records:
        if record.name.split(".")[0] in OURS:
            said = write(record) + (record.exc_text or "")
            assert not [secret for secret in SECRETS if secret in said], record.name
