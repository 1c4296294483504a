"""The console in words: what is out of order first, then the queue, the last day by the hour, and the jobs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from domain.console import Alarm, Console, Hour
from domain.jobs import JobKind, JobStory, Outcome
from domain.messages import State
from domain.readiness import SENDING, Level, Row
from handlers import vocabulary
from handlers.escaping import escape
from handlers.presenters.deliverability import forecast_words
from handlers.presenters.operations import LIGHTS, banner, job_line, jobs_held
from handlers.presenters.reader import Reader
from handlers.views.blocks import Block, Page, context, divider, header, paragraphs, section

_MARK = "´"
"""Stands in for the backtick, which no data keeps."""
_COMMAND = re.compile(f"{_MARK}([^{_MARK}]*){_MARK}")
_ALSO_IN_SLACK = ("plixo cron", "plixo deliverability")
_BARS = "▁▂▃▄▅▆▇█"
_TITLES = {
    Level.GREEN: "Everything is in order",
    Level.AMBER: "It works, but look at this",
    Level.RED: "Something has to be mended",
}


def console_page(console: Console, *, reader: Reader) -> Page:
    at = console.at
    title = f"{LIGHTS[console.level]} *{_TITLES[console.level]}*"
    now = f"{reader.moment(at, at)} ({reader.city(reader.zone)} time{reader.also(at, console.workspace.zone)})"
    looked = f"; mail and Slack were looked at {reader.ago(console.looked_at, at)}" if console.looked_at else ""
    blocks: list[Block] = [header("Operations"), section(title)]
    blocks.append(context(f"{escape(console.workspace.name, 80)} · as of {now}{looked}"))
    troubles = sorted((row for row in console.rows if not row.is_ok), key=lambda row: row.name != SENDING)
    blocks += paragraphs([trouble_line(row, _said_of(row, console, reader)) for row in troubles])
    blocks += [divider(), section("\n".join(_queue(console, reader))), section(plot(console.hours, reader=reader))]
    blocks += [divider(), *paragraphs(["*Jobs* (`/plixo cron` tells what each is for)", *_jobs(console, reader)])]
    greens = [f"{LIGHTS[Level.GREEN]} *{row.name}* {escape(row.detail, 200)}" for row in console.rows if row.is_ok]
    blocks += [divider(), *paragraphs(["*In order*", *greens])] if greens else []
    return Page("Operations", _TITLES[console.level], tuple(blocks))


def _jobs(console: Console, reader: Reader) -> list[str]:
    """Those that failed or stand still first."""
    board = console.jobs

    def urgency(job: tuple[JobStory, JobKind]) -> int:
        story = job[0]
        has_failed = story.last is not None and story.last.outcome is Outcome.FAILED
        return 0 if has_failed else 1 if story.pause_at(board.at) else 2

    lines = [job_line(board, *job, reader=reader) for job in sorted(board.jobs, key=urgency)]
    return [*jobs_held(board, reader), *lines]


def _said_of(row: Row, console: Console, reader: Reader) -> str:
    """What stops the sending says who, why and until when."""
    at = console.at
    if row.name != SENDING or (closed := console.workspace.closed_at(at)) is None:
        return ""
    if (maintenance := console.workspace.maintenance_at(at)) is not None:
        return banner(maintenance, reader=reader, at=at)
    by = f" (said by {escape(closed.by, 100)})" if closed.by else ""
    ends = f", until {reader.deadline(closed.until, at)}" if closed.until else ""
    return f"{LIGHTS[row.level]} *{row.name}* {escape(row.detail, 400)}{by}{ends}"


def trouble_line(row: Row, said: str = "") -> str:
    """What is wrong, in other words where there are better ones, and how to mend it where somebody can."""
    wrong = said or f"{LIGHTS[row.level]} *{row.name}* {escape(row.detail, 400)}"
    return f"{wrong}\n      → {_in_slack(row.fix)}" if row.fix else wrong


def _in_slack(fix: str) -> str:
    """Its commands are marked as such, with a slash where `/plixo` takes them too; the others are for a terminal."""

    def command(found: re.Match[str]) -> str:
        return f"`{'/' if found[1].startswith(_ALSO_IN_SLACK) else ''}{found[1]}`"

    return _COMMAND.sub(command, escape(fix.replace("`", _MARK), 400))


def _queue(console: Console, reader: Reader) -> Iterator[str]:
    queue, at = console.queue, console.at
    waiting = [f"{queue.counts[state]:,} {vocabulary.STATES[state]}" for state in State if queue.counts.get(state)]
    yield f"*Queue* {' · '.join(waiting) or 'empty'}"
    if queue.due:
        yield f"Due now: {queue.due:,}{_since(queue.oldest_due, at, reader)}."
    if queue.oldest_held:
        yield f"On hold: {queue.counts.get(State.HELD, 0):,}{_since(queue.oldest_held, at, reader)}."
    if sending := console.sending:
        yield f"Today {sending.used.used:,} of {sending.caps.day:,} mails have left or are leaving."
        yield forecast_words(sending, reader=reader, at=at)
        if queue.counts.get(State.QUEUED) and console.is_stopped:
            yield "Nothing leaves for now: that counts from when sending goes on."


def _since(oldest: datetime | None, at: datetime, reader: Reader) -> str:
    return f", the oldest since {reader.moment(oldest, at)} ({reader.ago(oldest, at)})" if oldest else ""


def plot(hours: Sequence[Hour], *, reader: Reader) -> str:
    """The last day: a bar for each hour, those that failed and those that were refused below it."""
    lines = [f"sent    {bars([hour.sent for hour in hours])}"]
    if any(hour.failed for hour in hours):
        lines.append(f"failed  {bars([hour.failed for hour in hours])}")
    if any(hour.refused for hour in hours):
        lines.append(f"refused {bars([hour.refused for hour in hours])}")
    lines.append(f"        {_scale(hours, reader)}")
    drawn = "\n".join(lines)
    return f"*The last 24 hours* {day_words(hours)}\n```{drawn}```"


def day_words(hours: Sequence[Hour]) -> str:
    """`23 sent, 4 failed (14.8%), 2 refused by a rule`: the share is that of the mails that were to leave."""
    sent, failed = sum(hour.sent for hour in hours), sum(hour.failed for hour in hours)
    refused = sum(hour.refused for hour in hours)
    share = f" ({failed / (sent + failed):.1%})" if failed else ""
    said = f", {refused:,} refused by a rule" if refused else ""
    return f"{sent:,} sent, {failed:,} failed{share}{said}"


def bars(counts: Sequence[int]) -> str:
    """A character each: an hour without any is a dot, one with any at least the lowest bar."""
    most = max(counts, default=0)
    return "".join(_BARS[(count * (len(_BARS) - 1)) // most] if count else "·" for count in counts)


def _scale(hours: Sequence[Hour], reader: Reader) -> str:
    """The hour of every sixth bar, on the reader's clock."""
    return "".join(f"{hour.start.astimezone(reader.zone):%H}    " for hour in hours[::6]).rstrip()


def alarm_page(alarm: Alarm, *, reader: Reader, at: datetime) -> Page:
    row = alarm.row
    since = f"since {reader.moment(alarm.since, at)}"
    if row.level is Level.RED:
        text = f"{trouble_line(row)}\nRed {since}. `/plixo ops` shows everything."
        return Page("Operations", f"{row.name} is red", (section(text),))
    text = f"{LIGHTS[row.level]} *{row.name}* is no longer red, {since}: {escape(row.detail, 400)}"
    return Page("Operations", f"{row.name} is no longer red", (section(text),))
