"""`plixo maintenance` and `plixo cron`: close the house for a while, and tell its jobs what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from getpass import getuser
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.markup import escape
from rich.table import Table

from bot.chores import JOBS
from bot.console import out
from bot.desk import open_desk
from domain.errors import InvalidValue
from domain.jobs import JobBoard, JobOrder, Order
from domain.rules.spans import span_of
from domain.usecases.order_job import board_of, order_job_by
from domain.usecases.switch_maintenance import switch_maintenance_by
from handlers.presenters.operations import ran_words


class Span(click.ParamType[timedelta]):
    """`30m`, `2h`, `1h30m`, `1d`."""

    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        if isinstance(value, timedelta):
            return value
        try:
            return span_of(str(value))
        except InvalidValue as error:
            self.fail(str(error), param, ctx)


@click.group()
def maintenance() -> None:
    """Close the house for a while: looking things up works, everything that writes or sends is refused."""


@maintenance.command(name="on")
@click.argument("reason")
@click.option("--for", "lasts", type=Span(), default="1h", show_default=True, help="Ends by itself; 24h at most.")
def maintenance_on(reason: str, lasts: timedelta) -> None:
    """Refuse everything that writes or sends, with REASON for everybody to read, on every replica within 5 seconds."""
    with open_desk() as desk:
        switched = switch_maintenance_by(reason, lasts=lasts, by=getuser(), uow=desk.uow, clock=desk.world.clock)
        if switched.now is not None:
            until = switched.now.until.astimezone(ZoneInfo(desk.settings.zone))
            out.print(f"Maintenance is on until {until:%a %d %b %H:%M} ({desk.settings.zone}); it ends by itself.")
        out.print(f"Mails under way that may still leave: {switched.under_way}. Nothing else does.")


@maintenance.command(name="off")
def maintenance_off() -> None:
    """Open the house again: what is due leaves, under the same guards."""
    with open_desk() as desk:
        switched = switch_maintenance_by(None, by=getuser(), uow=desk.uow, clock=desk.world.clock)
        out.print("Maintenance has ended." if switched.was else "No maintenance is on.")


@click.group()
def cron() -> None:
    """The jobs: what they did, pause one for a while, let one run now."""


@cron.command(name="list")
def cron_list() -> None:
    """Every job, how it last ran, and whether it is paused."""
    with open_desk() as desk:
        with desk.uow() as work:
            board = board_of(work, JOBS, desk.at)
        _print(board, ZoneInfo(desk.settings.zone))


@cron.command(name="pause")
@click.argument("job")
@click.argument("lasts", type=Span())
@click.argument("reason")
def cron_pause(job: str, lasts: timedelta, reason: str) -> None:
    """Let JOB stand still for LASTS (30m, 2h), with REASON for others to read. It goes on by itself then."""
    _order(JobOrder(Order.PAUSE, job, lasts, reason))


@cron.command(name="resume")
@click.argument("job")
def cron_resume(job: str) -> None:
    """Let JOB go on. Nothing is made up for in bulk: what is due is looked at anew."""
    _order(JobOrder(Order.RESUME, job))


@cron.command(name="run")
@click.argument("job")
def cron_run(job: str) -> None:
    """Ask for a run of JOB: whichever replica looks first takes it, within a beat."""
    _order(JobOrder(Order.RUN, job))


def _order(order: JobOrder) -> None:
    with open_desk() as desk:
        done = order_job_by(order, JOBS, by=getuser(), uow=desk.uow, clock=desk.world.clock)
        if not done.is_new:
            out.print("Nothing was changed: it is so already.")
        ordered = tuple((story, kind) for story, kind in done.board.jobs if story.job == order.job)
        _print(replace(done.board, jobs=ordered), ZoneInfo(desk.settings.zone))


def _print(board: JobBoard, zone: ZoneInfo) -> None:
    table = Table("Job", "What for", "Last run", "Next look", "Paused until", "Why, and by whom")
    for story, kind in board.jobs:
        last, pause = story.last, story.pause_at(board.at)
        ran = ran_words(last, f"{last.ended_at.astimezone(zone):%a %H:%M}" if last else "")
        asked = f"; a run was asked for by {story.asked_by}" if story.asked_at else ""
        comes = board.next_look(story, kind)
        next_look = f"{comes.astimezone(zone):%a %H:%M}" if comes else "when something runs"
        until = f"{pause.until.astimezone(zone):%a %d %b %H:%M}" if pause else ""
        why = f"{pause.because} ({pause.by})" if pause else ""
        table.add_row(story.job, kind.what, escape(ran), next_look, until, escape(f"{why}{asked}".removeprefix("; ")))
    out.print(table)
    out.print(f"Times are those of {zone}.")
