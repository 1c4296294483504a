"""A host's clock is put back, or jumps ahead, under a worker that runs: its beats go on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.fleet import wait_until
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
        for ahead, id in zip((before, after), list(stage.supply), strict=True):
            stage.set_clock(ahead)  # the round's, which on a file is the host's
            worker.set_clock(ahead)
            if not worker.is_alive:
                worker.start()
            stage.feed(1)
            wait_until(lambda id=id: stage.is_sent(id), seconds=60, why=stage.fleet.logs)  # type: ignore[misc]
        assert stage.provider.duplicates() == []
