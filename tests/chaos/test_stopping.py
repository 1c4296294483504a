"""`plixo worker` is told to stop: nothing new is begun, what is under way ends or is put down as far as it came."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from domain.reasons import Reason
from storage import tables
from tests.chaos.fleet import plixo, wait_until
from tests.chaos.ground import rows
from tests.chaos.plan import SENDERS, Plan
from tests.chaos.rounds import set_up
from tests.chaos.stage import Stage
from tests.integration.mail.rogue_smtp import Fault
from tests.postgres import OwnServer

GRACE = 2.0
MARGIN = 20.0
"""Seconds beyond the grace for last words and a slow machine; a worker that waits for its server takes a minute."""
PATIENT = {
    "PLIXO_GRACE_SECONDS": str(GRACE),
    "PLIXO_SMTP_SECONDS": "60",
    "PLIXO_SMTP_DOT_SECONDS": "60",
    "PLIXO_SENDING_LEASE_SECONDS": "300",
}


@contextmanager
def working(stage: Stage, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A patient worker, whose mail server answers when it likes."""
    environment = stage.fleet.workers[0].environment | PATIENT
    with plixo("worker", folder=folder, environment=environment) as (process, log):
        wait_until(lambda: "releases" in log.read_text(), seconds=60, why=log.read_text)
        yield process
        assert "Traceback" not in log.read_text()


def stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=GRACE + MARGIN) == 0


def states(stage: Stage) -> dict[str, int]:
    found = [row["state"] for row in rows(stage.ground.engine, tables.messages)]
    return {state: found.count(state) for state in sorted(set(found))}


def test_what_is_under_way_ends_and_nothing_new_is_begun(server: OwnServer | None, tmp_path: Path) -> None:
    with set_up(Plan("stop", 1, messages=40, pace=1.0, workers=1, latency=0.05), tmp_path, server) as stage:
        with working(stage, tmp_path) as process:
            stage.feed(40)
            wait_until(lambda: len(stage.provider.accepted) > SENDERS, seconds=60)
            stop(process)
        found = states(stage)
        assert found.keys() <= {"queued", "sent"}, "claimed ones are back, none is left in doubt"
        assert found["sent"] == len(stage.provider.accepted)
        assert found["queued"], "it stopped before the end"


@pytest.mark.parametrize("deduplicates", [False, True], ids=["", "and the provider drops copies"])
def test_a_mail_server_that_hangs_at_the_dot_holds_nobody_up(
    server: OwnServer | None, deduplicates: bool, tmp_path: Path
) -> None:
    plan = Plan("stop", 1, messages=10, pace=1.0, workers=1, deduplicates=deduplicates)
    with set_up(plan, tmp_path, server) as stage:
        stage.provider.play(Fault("dot", then="hang", accept=True))
        with working(stage, tmp_path) as process:
            stage.feed(10)
            wait_until(lambda: len(stage.provider.accepted) == SENDERS, seconds=60)
            stop(process)
        in_doubt = [row for row in rows(stage.ground.engine, tables.messages) if row["doubtful_since"]]
        assert len(in_doubt) == SENDERS
        assert {row["reason"] for row in in_doubt} == {Reason.MAIL_UNKNOWN.value}
        assert {row["state"] for row in in_doubt} == {"queued" if deduplicates else "unconfirmed"}
        assert states(stage) == ({"queued": 10} if deduplicates else {"queued": 6, "unconfirmed": 4})
        asked = {row["key"] for row in rows(stage.ground.engine, tables.notices) if row["key"].endswith(":duty")}
        assert len(asked) == (0 if deduplicates else SENDERS)


@pytest.mark.parametrize("step", ["mail", "rcpt", "data"])
def test_what_certainly_did_not_leave_goes_back(step: str, tmp_path: Path) -> None:
    with set_up(Plan("stop", 1, messages=SENDERS, pace=1.0, workers=1), tmp_path, None) as stage:
        stage.provider.play(Fault(step, then="hang"))  # type: ignore[arg-type]
        with working(stage, tmp_path) as process:
            stage.feed(SENDERS)
            verb = "DATA" if step == "data" else step.upper()
            wait_until(lambda: stage.provider.commands.count(verb) == SENDERS, seconds=60)
            stop(process)
        assert states(stage) == {"queued": SENDERS}
        assert stage.provider.accepted == []


@pytest.mark.postgres
def test_a_database_that_is_away_holds_nobody_up(own_postgres: OwnServer, tmp_path: Path) -> None:
    with set_up(Plan("stop", 1, messages=4, pace=1.0, workers=1), tmp_path, own_postgres) as stage:
        with working(stage, tmp_path) as process:
            rise = stage.ground.crash()
            try:
                stop(process)
            finally:
                rise()
        assert states(stage) == {"queued": 4}
