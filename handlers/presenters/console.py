"""The console in words: what is out of order first, then the queue, the last day by the hour, and the jobs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from domain.console import Alarm, Console, Hour
from domain.messages import State
from domain.readiness import Level, Row
from handlers import vocabulary
from handlers.escaping import escape
from handlers.presenters.deliverability import forecast_words
from handlers.presenters.operations import LIGHTS, banner, job_line
from handlers.presenters.reader import Reader
from handlers.views.blocks import Block, Page, context, divider, header, paragraphs, section

_MARK = "´"
"""Stands in for the backtick, which no data keeps."""
_COMMAND = re.compile(f"{_MARK}([^{_MARK}]*){_MARK}")
_ALSO_IN_SLACK = ("plixo cron resume", "plixo deliverability")
_BARS = "▁▂▃▄▅▆▇█"
_TITLES = {
    Level.GREEN: "Everything is in order",
    Level.AMBER: "It works, but look at this",
    Level.RED: "Something has to be mended",
}


def console_page(console: Console, *, reader: Reader) -> Page:
    at = console.at
    title = f"{LIGHTS[console.level]} *{_TITLES[console.level]}*"
    now = f"{reader.moment(at, at)} ({reader.city(reader.zone)} time)"
    looked = f"; mail and Slack were looked at {reader.ago(console.looked_at, at)}" if console.looked_at else ""
    blocks: list[Block] = [header("Operations"), section(title)]
    blocks.append(context(f"{escape(console.workspace.name, 80)} · as of {now}{looked}"))
    if (maintenance := console.workspace.maintenance_at(at)) is not None:
        blocks.append(section(banner(maintenance, reader=reader, at=at)))
    elif (closed := console.workspace.closed_at(at)) is not None:
        ends = f" until {reader.deadline(closed.until, at)}" if closed.until else ""
        blocks.append(section(f":no_entry: *Sending is {closed.state.value}{ends}* {escape(closed.reason, 300)}"))
    blocks += paragraphs([trouble_line(row) for row in console.rows if not row.is_ok])
    blocks += [divider(), section("\n".join(_queue(console, reader))), section(plot(console.hours, reader=reader))]
    blocks += [divider(), *paragraphs([job_line(*job, reader=reader, at=at) for job in console.jobs.jobs])]
    greens = [f"{LIGHTS[Level.GREEN]} *{row.name}* {escape(row.detail, 200)}" for row in console.rows if row.is_ok]
    blocks += [divider(), *paragraphs(greens)] if greens else []
    return Page("Operations", _TITLES[console.level], tuple(blocks))


def trouble_line(row: Row) -> str:
    """What is wrong, and how to mend it."""
    return f"{LIGHTS[row.level]} *{row.name}* {escape(row.detail, 400)}\n      → {_in_slack(row.fix)}"


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
        since = f", the oldest since {reader.moment(queue.oldest_due, at)}" if queue.oldest_due else ""
        yield f"Due now: {queue.due:,}{since}."
    if queue.oldest_held:
        yield f"On hold since {reader.moment(queue.oldest_held, at)} at the longest."
    if sending := console.sending:
        yield f"Today {sending.used.used:,} of {sending.caps.day:,} mails have left or are leaving."
        yield forecast_words(sending, reader=reader, at=at)


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
