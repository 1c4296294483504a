"""The audit log in words: one line for each thing that was done, and what is said of an export."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from domain.audit import AuditPage, Export, Line, TooLong
from handlers.escaping import cut, escape
from handlers.presenters.audit_csv import write_csv
from handlers.presenters.counting import several
from handlers.presenters.reader import Reader

_LINE = 600
_OF_A_DISPUTE = frozenset({"dispute.reported", "report.recorded", "report.corrected"})
"""Their fact `reason` is what the customer finds wrong, and not why somebody did it."""


def lines(page: AuditPage, *, reader: Reader) -> list[str]:
    """Newest first; the last one says how many there are."""
    shown = [_line(line, page.at, reader) for line in page.lines]
    if not shown:
        return ["Nothing in the audit log fits these fields."]
    more = "There are more: narrow the fields, or export." if page.more else "That is everything these fields find."
    return [*shown, f"{several(len(shown), 'line')}, newest first. {more} Times are yours; UTC stands in brackets."]


def _line(line: Line, at: datetime, reader: Reader) -> str:
    when = f"{reader.moment(line.at, at)} ({line.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC)"
    said = [f"*{escape(line.action, 64)}*", _who(line)]
    if line.account_name:
        said.append(escape(line.account_name, 80))
    if not (line.account_name and line.subject.startswith("account:")):
        said.append(escape(line.subject, 100))
    if line.reason:
        said.append(f"reason: {escape(line.reason, 40)}")
    elif why := _why(line):
        said.append(f"{'dispute' if line.action in _OF_A_DISPUTE else 'reason'}: “{escape(why, 200)}”")
    return cut(f"{when}\n{' · '.join(said)}", _LINE)


def _who(line: Line) -> str:
    """Somebody at the command line has only a login name, which stands among the facts."""
    by = line.after.get("by") if line.after else None
    return escape(line.actor_name or (str(by) if by else "Plixo"), 80)


def _why(line: Line) -> str:
    """What somebody gave as their reason, or a customer as theirs, stands among the facts, under one of two names."""
    facts = line.after or {}
    return str(facts.get("why") or facts.get("reason") or "")


def export_words(export: Export) -> str:
    return f"{several(export.count, 'line')} of the audit log, as you asked. The file is in your messages with Plixo."


def too_long_words(too_long: TooLong) -> str:
    return (
        f"These are more than {too_long.limit:,} lines, which is too long for a file in Slack. Narrow the fields, or"
        " ask whoever runs Plixo for `plixo audit export` on the command line, which has no limit."
    )


def file_name(at: datetime) -> str:
    return f"plixo-audit-{at.astimezone(UTC):%Y%m%d-%H%M%S}.csv"


def file_of(lines: Iterable[Line], reader: Reader) -> Callable[[], bytes]:
    """The file's content, read when it is asked for; local times are the reader's."""

    def content() -> bytes:
        stream = io.StringIO(newline="")
        write_csv(lines, stream, zone=reader.zone)
        return stream.getvalue().encode("utf-8")

    return content
