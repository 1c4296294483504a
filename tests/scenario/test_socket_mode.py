"""The same bot over Socket Mode, which is the default with an app token."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.request import urlopen

from tests.scenario.office import RITA, open_office, words_of
from tests.stage import AFTER


def test_the_main_job_over_a_socket(tmp_path: Path, sqlite_url: str) -> None:
    with open_office(tmp_path, database_url=sqlite_url, socket_mode=True) as office:
        office.slack.bot_url = None
        answer = office.account("Acme Robotics GmbH")
        assert answer.transport == "socket"
        assert "INV-1042" in words_of(office.last().blocks)
        office.nudge()
        assert office.states() == ["queued"]
        office.beat(AFTER)
        assert len(office.mail()) == 1
        assert any("INV-1042" in told for told in office.told(RITA))
        with urlopen(f"http://127.0.0.1:{office.bot.port}/healthz", timeout=5) as health:
            assert json.load(health) == {"status": "ok"}
        with urlopen(f"http://127.0.0.1:{office.bot.port}/metrics", timeout=5) as read:
            assert b"plixo_slack_connected 1.0" in read.read()
