"""The console's lines: what is out of order, how to mend it from where one reads it, and how a job last ran."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.jobs import Outcome, Run
from domain.readiness import Level, Row
from handlers.presenters.console import trouble_line
from handlers.presenters.operations import ran_words

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fix", "said"),
    [
        ("`plixo cron list`, then the log.", "`/plixo cron list`, then the log."),
        ("`plixo cron resume seals`, or wait.", "`/plixo cron resume seals`, or wait."),
        ("`plixo deliverability` shows it.", "`/plixo deliverability` shows it."),
        ("`plixo doctor` tells more.", "`plixo doctor` tells more."),
    ],
)
def test_a_command_that_slack_takes_too_has_its_slash(fix: str, said: str) -> None:
    assert trouble_line(Row("jobs", Level.RED, "failing", fix)) == f":red_circle: *jobs* failing\n      → {said}"


def test_where_nobody_can_mend_anything_no_arrow_points_to_nothing() -> None:
    assert trouble_line(Row("DKIM", Level.WHITE, "not known")) == ":white_circle: *DKIM* not known"


def test_how_a_job_last_ran() -> None:
    def run(outcome: Outcome, did: int = 0, error: str | None = None) -> Run:
        return Run(1, "seals", AT, AT, outcome, did, error)

    assert ran_words(None, "") == "idle so far"
    assert ran_words(run(Outcome.DONE), "Mon 10:00") == "ran and had nothing to do Mon 10:00"
    assert ran_words(run(Outcome.DONE, 1), "Mon 10:00") == "did 1 thing Mon 10:00"
    assert ran_words(run(Outcome.FAILED, error="Busy"), "Mon 10:00") == "failed Mon 10:00 (Busy) and is tried again"
