"""What policies, segments and cadences say, read from the plain tree of a document, strictly and with the fix named.

A tree is made of dicts, lists and texts; every leaf is a text, as it was typed. The names are those of the settings
where there is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from domain.policies import (
    AGEING,
    RISKS,
    Cadence,
    Cadences,
    CadenceStep,
    Content,
    DocumentKind,
    Mode,
    Segment,
    Segments,
    Settings,
    Terms,
    Tone,
)
from domain.reporting import LOG_WITHIN
from domain.rules.fields import Fields, NotAsAgreed, each
from domain.rules.minimum_terms import read_minimums
from domain.rules.quiet_hours import QuietHours
from domain.rules.warming_terms import read_warm_up
from domain.rules.written import DAYS, read_hours, read_span, write_hours
from domain.values import AccountScope

_LAST_MINUTE = int(LOG_WITHIN.total_seconds() // 60) - 1
"""Escalation comes before the minute by which a report is to be settled (the product's rule)."""


def content_of(kind: DocumentKind, tree: object) -> Content:
    """Raises NotAsAgreed."""
    match kind:
        case DocumentKind.POLICY:
            return _terms(Fields(tree, ()))
        case DocumentKind.SEGMENTS:
            segments = Segments(tuple(_segment(fields) for fields in each(tree, ())))
            _apart([one.name for one in segments.each])
            return segments
        case DocumentKind.CADENCES:
            cadences = Cadences(tuple(_cadence(fields) for fields in each(tree, ())))
            _apart([one.name for one in cadences.each])
            return cadences


def _terms(fields: Fields) -> Terms:
    terms = Terms(
        zone=fields.text("zone"),
        country=fields.text("country", otherwise="") or None,
        quiet=fields.built("quiet_hours", lambda: _quiet(fields)),
        spread_minutes=fields.whole("spread_minutes", 0, 240),
        daily_cap=fields.whole("daily_cap", 1),
        contact_gap_hours=fields.whole("contact_gap_hours", 0, 168),
        nudges_per_week=fields.whole("nudges_per_week", 1),
        freshness_hours=fields.whole("freshness_hours", 1),
        autopilot_before_hours=fields.whole("autopilot_before_hours", 0),
        autopilot_after_hours=fields.whole("autopilot_after_hours", 0, 168),
        minimum_balances=read_minimums(fields),
        expiry_hours=fields.whole("expiry_hours", 1),
        account_scope=fields.one_of("account_scope", AccountScope),
        nudge_share_percent=fields.whole_or("nudge_share_percent", 20, 0, 100),
        hourly_cap=fields.whole_or("hourly_cap", None, 1),
        warm_up=fields.built("warm_up", lambda: read_warm_up(fields.inner("warm_up"))),
        remind_after_minutes=fields.whole_or("remind_after_minutes", 7, 1, _LAST_MINUTE - 1),
        escalate_after_minutes=fields.whole_or("escalate_after_minutes", 12, 2, _LAST_MINUTE),
    )
    if terms.escalate_after_minutes <= terms.remind_after_minutes:
        sentence = f"Escalation comes after the reminder, which is due after {terms.remind_after_minutes} minutes."
        raise fields.wrong("escalate_after_minutes", sentence)
    fields.end()
    return terms


def _quiet(fields: Fields) -> QuietHours:
    start, end = read_hours(fields.text("quiet_hours"))
    return QuietHours(
        start=start,
        end=end,
        open_days=frozenset(DAYS.index(day) for day in fields.several("open_days", DAYS)),
        blackouts=tuple(read_span(text) for text in fields.several("blackouts")),
        keep_holidays=fields.yes_or_no("keep_holidays"),
    )


def settings_of(fields: Fields) -> Settings:
    """What somebody may set of a segment, in its document or in Slack. Raises NotAsAgreed."""
    return Settings(
        mode=fields.one_of("mode", Mode),
        daily_cap=fields.whole_or("daily_cap", None, 1),
        quiet=fields.built("quiet_hours", lambda: _own_hours(fields)),
    )


def written_settings(settings: Settings) -> dict[str, str | None]:
    """The same as a document has it; None: it stands there no more."""
    return {
        "mode": settings.mode.value,
        "daily_cap": None if settings.daily_cap is None else str(settings.daily_cap),
        "quiet_hours": None if settings.quiet is None else write_hours(*settings.quiet),
    }


def _segment(fields: Fields) -> Segment:
    when, settings = fields.inner("when"), settings_of(fields)
    segment = Segment(
        name=fields.text("name"),
        mode=settings.mode,
        cadence=fields.text("cadence", otherwise="") or None,
        ageing=when.several("ageing", AGEING),
        balance_from=when.amount("balance_from"),
        balance_to=when.amount("balance_to"),
        industries=when.several("industries"),
        regions=when.several("regions"),
        risks=when.several("risks", RISKS),
        daily_cap=settings.daily_cap,
        quiet=settings.quiet,
    )
    least, most = segment.balance_from, segment.balance_to
    if least is not None and most is not None and most <= least:
        raise NotAsAgreed((*when.path, "balance_to"), "balance_to has to be higher than balance_from.")
    if segment.mode is not Mode.OFF and segment.cadence is None:
        raise NotAsAgreed(fields.path, f"“{segment.name}” is not off, so it needs a cadence.")
    when.end()
    fields.end()
    return segment


def _own_hours(fields: Fields) -> tuple[time, time] | None:
    given = fields.text("quiet_hours", otherwise="")
    if not given:
        return None
    quiet = QuietHours(*read_hours(given))
    return quiet.start, quiet.end


def _cadence(fields: Fields) -> Cadence:
    steps: list[CadenceStep] = []
    for step in each(fields.raw("steps"), (*fields.path, "steps")):
        read = CadenceStep(step.whole("day", -365, 3650), step.text("template"), step.one_of("tone", Tone))
        step.end()
        if steps and read.day <= steps[-1].day:
            raise NotAsAgreed((*step.path, "day"), f"Days go up from step to step; {read.day} does not.")
        steps.append(read)
    cadence = Cadence(fields.text("name"), tuple(steps))
    fields.end()
    return cadence


def _apart(names: Sequence[str]) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            raise NotAsAgreed((index, "name"), f"There are two called “{name}”; give each its own name.")
