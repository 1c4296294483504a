"""A host's clock is put back, or jumps ahead, under a worker that runs: its beats go on."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.messages import State
from storage import tables
from tests.chaos.fleet import wait_until
from tests.chaos.ground import rows
from tests.chaos.plan import Plan
from tests.chaos.rounds import set_up
from tests.chaos.stage import HOUR
from tests.postgres import OwnServer


@pytest.mark.parametrize(("before", "after"), [(HOUR, 0.0), (0.0, HOUR)], ids=["back", "ahead"])
def test_a_hosts_clock_that_is_set_silences_nobody(
    server: OwnServer | None, before: float, after: float, tmp_path: Path
) -> None:
    with set_up(Plan("clock", 1, messages=2, pace=1.0, workers=1), tmp_path, server) as stage:
        (worker,) = stage.fleet.workers

        def sent() -> int:
            return sum(row["state"] == State.SENT for row in rows(stage.ground.engine, tables.messages))

        for ahead, expected in ((before, 1), (after, 2)):
            stage.set_clock(ahead)  # the round's, which on a file is the host's
            worker.set_clock(ahead)
            if not worker.is_alive:
                worker.start()
            stage.feed(1)
            # A machine that is busy may miss the mail server once; the next attempt comes a minute later.
            wait_until(lambda expected=expected: sent() == expected, seconds=120, why=stage.fleet.logs)  # type: ignore[misc]
        assert stage.provider.duplicates() == []
