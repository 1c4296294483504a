"""`plixo status` and the JSON for operators: the console as data, and as lines for a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.markup import escape

from bot.chores import JOBS
from bot.console import NOT_READY, configured, out, world_or_exit
from bot.doctor import installation_rows
from bot.doctor_policy import unreadable
from bot.health import readiness
from bot.slack_app import build_client
from bot.world import World, ensure_organisation
from domain.console import Console
from domain.errors import InvalidValue
from domain.readiness import Level, Row
from domain.usecases.open_console import console_of
from handlers.presenters.console import bars, day_words
from handlers.presenters.operations import ran_words
from storage.migrate import upgrade

_MARKS = {Level.WHITE: "○", Level.GREEN: "[green]●[/]", Level.AMBER: "[yellow]●[/]", Level.RED: "[red]●[/]"}
_WORDS = {Level.WHITE: "-   ", Level.GREEN: "ok  ", Level.AMBER: "note", Level.RED: "bad "}
"""Where there are no colours; the words are the doctor's."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines: everything, organisation by organisation.")
def status(as_json: bool) -> None:
    """Everything at a glance: rows green, amber, red or white with their fix, the queue, the jobs, the last 24 hours.

    White is what nobody can know now. Exit code 5 when a row is red.
    """
    settings = configured()
    with world_or_exit(settings) as world:
        upgrade(world.engine)
        ensure_organisation(world)
        consoles = consoles_of(world, list(installation_rows(world, build_client(world))))
    if as_json:
        click.echo(json.dumps({"organisations": [as_data(one) for one in consoles]}, indent=2))
    else:
        for console in consoles:
            _print(console, ZoneInfo(settings.zone))
    if any(console.level is Level.RED for console in consoles):
        sys.exit(NOT_READY)


def consoles_of(world: World, live: Sequence[Row] | None = None) -> list[Console]:
    """Of every organisation. Without `live` rows what costs a call to Slack or the mail server is as last seen."""
    rows = readiness(world) if live is None else live
    found = []
    for workspace in world.directory.organisations():
        looked_at = rows
        try:
            rulebook = world.rulebook_for(workspace.org_id)
        except InvalidValue as error:
            rulebook, looked_at = None, [*rows, unreadable(error)]
        with world.uow_for(workspace.org_id)() as work:
            work.hold_still()
            found.append(console_of(work, looked_at, JOBS, rulebook=rulebook, at=world.clock.now()))
    return found


def as_data(console: Console) -> dict[str, Any]:
    """Nothing of a customer: our own words, counts and instants in UTC."""
    at, queue, sending = console.at, console.queue, console.sending
    maintenance, closed = console.workspace.maintenance_at(at), console.workspace.closed_at(at)
    done_on = sending.forecast.done_on if sending else None
    return {
        "organisation": console.workspace.name,
        "at": _iso(at),
        "level": console.level.value,
        "rows": [
            {"name": row.name, "level": row.level.value, "detail": row.detail, "fix": "" if row.is_ok else row.fix}
            for row in console.rows
        ],
        "sending": {"state": console.workspace.sending_at(at).value, "reason": closed.reason if closed else ""},
        "maintenance": {**maintenance.facts(), "since": _iso(maintenance.since)} if maintenance else None,
        "queue": {
            "states": {state.value: count for state, count in queue.counts.items()},
            "due": queue.due,
            "oldest_due": _iso(queue.oldest_due),
            "oldest_held": _iso(queue.oldest_held),
            "lag_seconds": max(0.0, (at - queue.oldest_due).total_seconds()) if queue.oldest_due else 0.0,
            "left_today": sending.used.used if sending else None,
            "quota_today": sending.caps.day if sending else None,
            "empty_on": done_on.isoformat() if done_on else None,
        },
        "jobs": [
            {
                "name": story.job,
                "every_seconds": kind.every.total_seconds(),
                "last_looked": _iso(story.looked_at),
                "next_look": _iso(console.jobs.next_look(story, kind)),
                "last_ended": _iso(story.last.ended_at) if story.last else None,
                "last_outcome": story.last.outcome.value if story.last else None,
                "did": story.last.did if story.last else 0,
                "paused_until": _iso(pause.until) if (pause := story.pause_at(at)) else None,
                "paused_because": pause.because if pause else "",
            }
            for story, kind in console.jobs.jobs
        ],
        "hours": [
            {"start": _iso(hour.start), "sent": hour.sent, "failed": hour.failed, "refused": hour.refused}
            for hour in console.hours
        ],
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _print(console: Console, zone: ZoneInfo) -> None:
    at, queue = console.at, console.queue
    out.print(f"[bold]{escape(console.workspace.name)}[/]  {at.astimezone(zone):%a %d %b %H:%M} ({zone})")
    marks, indent = (_MARKS, 2) if out.is_terminal else (_WORDS, 5)
    for row in console.rows:
        out.print(f"{marks[row.level]} {row.name:<14} {escape(row.detail)}", soft_wrap=True)
        if row.fix and not row.is_ok:
            out.print(f"{'':<{indent + 14}} → {escape(row.fix)}", soft_wrap=True)
    waiting = ", ".join(f"{count:,} {state.value}" for state, count in queue.counts.items() if count)
    since = f", oldest since {queue.oldest_due.astimezone(zone):%a %H:%M}" if queue.oldest_due else ""
    out.print(f"\nQueue           {waiting or 'empty'}; due now {queue.due:,}{since}")
    if sending := console.sending:
        done_on = sending.forecast.done_on
        ends = f"; the queue will have left by {done_on}" if done_on else ""
        out.print(f"Today           {sending.used.used:,} of {sending.caps.day:,} mails{ends}")
    out.print(f"Last 24 hours   {bars([hour.sent for hour in console.hours])} {day_words(console.hours)}")
    for story, kind in console.jobs.jobs:
        pause, last = story.pause_at(at), story.last
        ran = ran_words(last, f"{last.ended_at.astimezone(zone):%a %H:%M}" if last else "")
        comes = console.jobs.next_look(story, kind)
        soon = f"; next look {comes.astimezone(zone):%a %H:%M}" if comes and not pause else ""
        held = f"paused until {pause.until.astimezone(zone):%a %H:%M}: {pause.because}" if pause else ""
        out.print(f"Job {story.job:<11} {kind.what}; {escape(held or ran)}{soon}", soft_wrap=True)
