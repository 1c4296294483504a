"""What is kept of a look at the sender's records, and the console's row of each.

A name server that does not answer says nothing about a record: what was known before goes on counting, until it is old.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.readiness import Level, Row
from domain.rules.sender_records import Kind, Record, Verdict

OLD = timedelta(days=1)
"""It is looked up every hour; what is older than this is not green any more (decided)."""
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
_LEVELS = {
    Verdict.GOOD: Level.GREEN,
    Verdict.WEAK: Level.AMBER,
    Verdict.BAD: Level.RED,
    Verdict.UNKNOWN: Level.WHITE,
}


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """One record as it was when somebody answered last. `answered_at` None: nobody ever did."""

    kind: Kind
    verdict: Verdict
    said: str
    fix: str
    asked_at: datetime
    answered_at: datetime | None


def kept_after(record: Record, before: KeptRecord | None, at: datetime) -> KeptRecord:
    if not record.is_answered and before is not None:
        return replace(before, asked_at=at)
    fix = f"{record.fix} `plixo deliverability` shows the record." if record.publish else record.fix
    return KeptRecord(record.kind, record.verdict, record.said, fix, at, at if record.is_answered else None)


def record_rows(known: Mapping[Kind, KeptRecord], at: datetime) -> list[Row]:
    return [_row(kind, known.get(kind), at) for kind in Kind]


def _row(kind: Kind, known: KeptRecord | None, at: datetime) -> Row:
    """What is known to be bad stays red however old it is: that nobody answers mends nothing."""
    if known is None:
        fix = "`plixo cron run records` asks for it; `plixo deliverability` looks at once."
        return Row(kind.value, Level.AMBER, "Nobody has looked it up yet.", fix)
    level, answered_at = _LEVELS[known.verdict], known.answered_at
    if answered_at is None or level is Level.WHITE:
        return Row(kind.value, Level.WHITE, known.said, known.fix)
    detail = f"{known.said} Looked up {_ago(at - answered_at)}."
    if at - answered_at > OLD and level is not Level.RED:
        fix = "See whether the job `records` runs (`plixo cron list`), and whether name servers answer here."
        return Row(kind.value, Level.AMBER, f"{detail} There was no answer since.", fix)
    return Row(kind.value, level, detail, known.fix)


def _ago(span: timedelta) -> str:
    for unit, name, most in ((_MINUTE, "minute", _HOUR), (_HOUR, "hour", 2 * OLD)):
        if span < most:
            count = max(0, span // unit)
            return f"{count} {name}{'' if count == 1 else 's'} ago"
    return f"{span // timedelta(days=1)} days ago"
