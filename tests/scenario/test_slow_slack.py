"""Slack's own API is slow: people are acknowledged at once, and what they asked for comes when Slack takes it."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from sandbox.faults import Fault, FaultPlan
from tests.scenario.office import RITA, SALES, open_office


class Gate(FaultPlan):
    """`views.open` is heard, and answered when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.heard, self.let = Event(), Event()

    def next_for(self, method: str) -> Fault | None:
        if method == "views.open":
            self.heard.set()
            assert self.let.wait(20)
        return super().next_for(method)


@pytest.mark.parametrize("socket_mode", [False, True], ids=["http", "socket"])
def test_nobody_waits_for_a_window_to_open(tmp_path: Path, sqlite_url: str, socket_mode: bool) -> None:
    with open_office(tmp_path, database_url=sqlite_url, socket_mode=socket_mode, aside=None) as office:
        if socket_mode:
            office.slack.bot_url = None
        office.account("Acme Robotics GmbH")
        # The card follows its acknowledgement.
        seen = office.slack.messages
        office.slack.wait_for(lambda: "nudge.open" in str(seen(channel=SALES, viewer=RITA)))
        office.slack.desk.faults = gate = Gate()
        assert office.slack.click(user=RITA, action_id="nudge.open").ok
        assert gate.heard.wait(5)
        assert office.slack.view(user=RITA) is None
        gate.let.set()
        office.slack.wait_for(lambda: "INV-1042" in str(office.slack.view(user=RITA)))
