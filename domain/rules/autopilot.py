"""Autopilot: which segment a customer is in, where its sequence stands, and whether it may run by itself.

Everything follows from the anchor's age, never from what was sent before: a nudge cannot move a step, a pause is not
made up for, and an old debt enters where its age is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from domain.accounts import AgeingBucket, Invoice
from domain.autopilot import Anchor, Judged, Misfit, Position, SegmentHealth, Shortfall, Standing, Upcoming
from domain.facts import AccountFacts
from domain.minimums import MinimumBalances
from domain.policies import Cadence, CadenceStep, Mode, Segment, Segments

LEAST_REACHABLE_PERCENT = 90
MOST_REVERSED_PERCENT = 5
"""Both are the product's rules: below 90 % of contacts, with disputes unresolved, or with more than 5 % of the trailing
week's payments reversed a segment stays in Shadow."""
LEAST_PUBLISHED_PERCENT = 70
"""So many of a segment's customers have somebody to write to when it is published (the product's rule)."""


def anchor_of(
    invoices: Iterable[Invoice], *, minimums: MinimumBalances, taken_out: Iterable[int] = ()
) -> Anchor | None:
    """The oldest open invoice that is worth a reminder, by due date, then number; `taken_out` are ids under a dispute
    or a promise. None: there is nothing to chase.
    """
    out = set(taken_out)
    chased = [i for i in invoices if i.is_open and i.id not in out and minimums.are_met_by(i.balance)]
    oldest = min(chased, key=lambda i: (i.due_on, i.number, i.id), default=None)
    return Anchor(oldest.id, oldest.number, oldest.due_on) if oldest else None


def position_of(facts: AccountFacts, *, minimums: MinimumBalances, at: datetime) -> Position:
    """What segments ask of a customer. Invoices that are disputed, promised or below the minimum are not chased."""
    taken_out = {i.id for i in facts.invoices if facts.dispute_on(i.id) or facts.promise_on(i.id, at)}
    anchor = anchor_of(facts.invoices, minimums=minimums, taken_out=taken_out)
    account = facts.account
    return Position(account.id, anchor, _owed(facts, anchor), account.industry, account.region, account.risk)


def _owed(facts: AccountFacts, anchor: Anchor | None) -> Decimal:
    """Open balances in the currency of the anchor, major units."""
    cited = facts.invoice(anchor.invoice_id) if anchor else None
    if cited is None:
        return Decimal(0)
    same = (i.balance for i in facts.invoices if i.is_open and i.balance.currency == cited.balance.currency)
    return sum((balance.major for balance in same), Decimal(0))


def segment_for(position: Position, segments: Segments, *, today: date) -> Segment | None:
    """The first segment whose filters all fit; None when none does."""
    return next((segment for segment in segments.each if fits(segment, position, today=today)), None)


def fits(segment: Segment, position: Position, *, today: date) -> bool:
    """Whether nothing speaks against it."""
    return next(misfits(segment, position, today=today), None) is None


def misfits(segment: Segment, position: Position, *, today: date) -> Iterator[Misfit]:
    """By which filters a customer is not in the segment; none: it fits.

    A filter that asks for what is not known of the customer does not fit. Words are compared without case.
    """
    if position.anchor is None:
        yield Misfit.NOTHING_OPEN
        return
    least, most = segment.balance_from, segment.balance_to
    if segment.ageing and AgeingBucket.of((today - position.anchor.due_on).days).value not in segment.ageing:
        yield Misfit.AGEING
    if least is not None and position.balance < least:
        yield Misfit.BALANCE_BELOW
    if most is not None and position.balance >= most:
        yield Misfit.BALANCE_ABOVE
    if not _named(position.industry, segment.industries):
        yield Misfit.INDUSTRY
    if not _named(position.region, segment.regions):
        yield Misfit.REGION
    if not _named(position.risk, segment.risks):
        yield Misfit.RISK


def upcoming_steps(
    cadence: Cadence, anchor: Anchor, *, today: date, after: int | None = None, limit: int = 3
) -> tuple[Upcoming, ...]:
    """The next steps of a sequence; `after` is the day of the last step that is done, None before the first.

    Of the steps whose day has passed only the newest is left, and it is due today. Empty: the cadence is exhausted.
    """
    left = [step for step in cadence.steps if after is None or step.day > after]
    passed = [step for step in left if anchor.due_on + timedelta(days=step.day) <= today]
    following = [*passed[-1:], *left[len(passed) :]]
    return tuple(_upcoming(step, anchor.due_on + timedelta(days=step.day), today) for step in following[:limit])


def _upcoming(step: CadenceStep, day: date, today: date) -> Upcoming:
    return Upcoming(step, max(today, day), is_late=day < today)


def days_in_segment(position: Position, segments: Segments, *, today: date, most: int) -> int | None:
    """After how many days, `most` at the most, a customer of whom nothing else changes is in another segment."""
    if position.anchor is None:
        return None
    now, ahead = segment_for(position, segments, today=today), range(1, most + 1)
    return next((n for n in ahead if segment_for(position, segments, today=today + timedelta(days=n)) != now), None)


def days_to_step(cadence: Cadence, due_on: date, *, after: int, today: date) -> int | None:
    """In how many days the day of the first step comes that is later than day `after` and than today."""
    ahead = ((due_on + timedelta(days=step.day) - today).days for step in cadence.steps if step.day > after)
    return next((days for days in ahead if days > 0), None)


def shortfalls(health: SegmentHealth) -> tuple[Shortfall, ...]:
    """What keeps a segment from Autopilot; nothing for a segment without customers."""
    found = []
    if health.reachable * 100 < health.accounts * LEAST_REACHABLE_PERCENT:
        found.append(Shortfall.CONTACTS)
    if health.unresolved_disputes:
        found.append(Shortfall.DISPUTES)
    if health.reversed_payments * 100 > health.payments * MOST_REVERSED_PERCENT:
        found.append(Shortfall.REVERSALS)
    return tuple(found)


def newly_chased(now: Segments, before: Segments) -> tuple[Segment, ...]:
    """Those that would write to customers to whom none wrote as such: they are new, fit others, were off, or get others
    because one that took its customers before them does so no more.
    """
    chased = {own: earlier for one, own, earlier in _reaches(before) if one.mode is not Mode.OFF}
    return tuple(
        one
        for one, own, earlier in _reaches(now)
        if one.mode is not Mode.OFF and not (own in chased and chased[own] <= earlier)
    )


def _reaches(segments: Segments) -> Iterator[tuple[Segment, Segment, frozenset[Segment]]]:
    """Each with its filters and those of the segments before it: together they say whom it gets."""
    earlier: frozenset[Segment] = frozenset()
    for one in segments.each:
        own = _filters(one)
        yield one, own, earlier
        earlier |= {own}


def _filters(segment: Segment) -> Segment:
    return replace(segment, name="", mode=Mode.OFF, cadence=None, daily_cap=None, quiet=None)


def is_reached(health: SegmentHealth) -> bool:
    """Whether the segment may be published; one without customers may."""
    return health.reachable * 100 >= health.accounts * LEAST_PUBLISHED_PERCENT


def standing_of(segment: Segment, health: SegmentHealth) -> Standing:
    """Autopilot only while nothing is missing; Off and Shadow stay what they are."""
    missing = shortfalls(health) if segment.mode is Mode.AUTOPILOT else ()
    return Standing(segment, Mode.SHADOW if missing else segment.mode, missing)


def needs_judging(segments: Segments, standings: Mapping[str, Judged], *, since: datetime) -> bool:
    """Whether a segment that is to write by itself was not judged as such since then: once a day, and before its first
    mail.
    """
    wanted = (standings.get(segment.name) for segment in segments.each if segment.mode is Mode.AUTOPILOT)
    return any(one is None or one.judged_at < since or not one.is_of_autopilot for one in wanted)


def is_news(now: Judged, before: Judged | None) -> bool:
    """Whether people are to hear of it: something began to be missing, or nothing is any more and it runs by itself.

    Another shortfall beside the first is no news, nor is a mode that somebody published: they know.
    """
    was_short = before is not None and bool(before.shortfalls)
    if now.shortfalls:
        return not was_short
    return was_short and now.mode is Mode.AUTOPILOT


def _named(known: str | None, wanted: Sequence[str]) -> bool:
    return not wanted or (known is not None and known.casefold() in {one.casefold() for one in wanted})
