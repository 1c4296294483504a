"""The demo's clock is moved by days, and nobody is told of an outage that there was not."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path

from rich.console import Console
from sqlalchemy import select

from bot.demo import Demo, start_demo
from bot.doctor import all_checks
from domain.readiness import Level, Row
from domain.usecases.watch_house import watch_house
from sandbox.clock import MovableClock
from storage import tables
from tests.stage import EVENING

LATE = Row("queue", Level.RED, "1 due now (oldest 46 h)", "Start a worker.")


def levels(demo: Demo) -> dict[str, Level]:
    return {row.name: row.level for row in all_checks(demo.bot.world, demo.bot.client)}


def test_a_jump_looks_like_days_in_which_everything_ran(tmp_path: Path) -> None:
    clock = MovableClock(start=EVENING, frozen=True)
    with start_demo(tmp_path, clock=clock, port=0, out=Console(file=StringIO()), tick_seconds=60) as demo:
        uow = demo.bot.world.uow_for(demo.bot.org_id)
        demo.slack.command(user="U01RITAREP", command="/account", text="acme", channel="C01GENERAL")
        demo.bot.loop.notices()
        before = levels(demo)
        for days in (2, 5, -3):
            watch_house([LATE], uow=uow, clock=clock)
            clock.advance(timedelta(days=days))
            assert levels(demo) == before
        watch_house([LATE], uow=uow, clock=clock)
        with demo.bot.world.across.connect() as connection:
            alarms = connection.execute(select(tables.notices).where(tables.notices.c.kind == "alarm")).all()
        assert alarms == [], "nobody knows that a row was red all the time between two looks"
