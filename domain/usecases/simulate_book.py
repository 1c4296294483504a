"""What Autopilot would send in the next seven days, for the whole book: per day, domain and segment. Writes nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from sys import intern

from domain.autopilot import Payments, SegmentHealth, Standing, Stop
from domain.facts import AccountFacts
from domain.library import Edition
from domain.outcomes import Refused
from domain.policies import Mode
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reasons import Reason
from domain.rules.allowance import sending_domain
from domain.rules.autopilot import needs_judging, standing_of
from domain.rules.autopilot_course import health_of
from domain.rules.nudging import Area, day_of, zone_of
from domain.rules.sharing_out import Leg, share_out
from domain.simulation import BookAhead, Fate, Foretold, Proposed, SegmentAhead, Stay
from domain.usecases._asker import asker, owner_filter
from domain.usecases._autopilot import pages
from domain.usecases._foreseeing import days_behind
from domain.usecases._in_parts import in_parts
from domain.usecases._segment_health import REVERSED_WITHIN
from domain.usecases._simulating import Ahead, look_ahead, open_basis, proposed_by
from domain.values import Actor, Capability
from domain.warming import Volume, domain_of

DAYS = 7
RECIPIENTS = 5
"""Domains of recipients that are named."""
_MOST = 50
"""Steps of one customer in seven days; a cadence has one a day."""
DOING = "simulation"


def simulate_book(
    editions: Sequence[Edition] = (), *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> BookAhead | Refused:
    """As if these versions were published too; without any, by what is in force.

    Read in pages, each a transaction by itself. Whoever sees only their own customers is not told whom the others'
    mails go to. Raises InvalidValue for versions that cannot be read.
    """
    at = clock.now()
    with uow() as work:
        subject = str(editions[0]) if editions else "book"
        person = asker(work, actor, at, needs=Capability.VIEW_POLICIES, doing=DOING, subject=subject)
        if isinstance(person, Refused):
            return person
        proposed = proposed_by(work, editions)
        if proposed is None:
            return Refused(Reason.STALE_BUTTON)
    found = book_ahead(proposed, uow=uow, rulebook=rulebook, at=at)
    return found if owner_filter(person, rulebook) is None else replace(found, recipients=())


def book_ahead(
    proposed: Proposed,
    *,
    uow: UnitOfWorkFactory,
    rulebook: Rulebook,
    at: datetime,
    progress: Callable[[int], object] = lambda count: None,
) -> BookAhead:
    """`progress` hears how many customers were looked at. Raises InvalidValue."""
    return _Book(proposed, uow, rulebook, at).ahead(progress)


class _Book:
    def __init__(self, proposed: Proposed, uow: UnitOfWorkFactory, rulebook: Rulebook, at: datetime) -> None:
        self._uow, self._at = uow, at
        with uow() as work:
            self._book, self._basis = open_basis(work, rulebook, proposed)
            self._begins = day_of(at, self._basis.workspace, rulebook)
            name, today = sending_domain(rulebook), self._begins.date()
            volume = work.sending.volume(name, around=today)
            self._domain, self._of_segments = volume.domain, volume.segments
            self._days = days_behind(work, self._domain, today)
        self._accounts = 0
        self._stays: Counter[Stay] = Counter()
        self._skipped: Counter[Reason | Stop] = Counter()
        self._waiting: Counter[Reason | Stop] = Counter()
        self._members: dict[str, SegmentHealth] = defaultdict(SegmentHealth)
        self._skipped_in: Counter[str | None] = Counter()
        self._legs: dict[int, list[Leg]] = {}
        self._areas: dict[Area, Area] = {}  # a book has many customers and few of these

    def ahead(self, progress: Callable[[int], object]) -> BookAhead:
        begins, basis = self._begins, self._basis
        until = datetime.combine(begins.date() + timedelta(days=DAYS), time(0), tzinfo=begins.tzinfo)

        def read(ids: Sequence[int]) -> tuple[list[Ahead], Mapping[int, Payments]]:
            with self._uow() as work:
                found = look_ahead(
                    work,
                    ids,
                    book=self._book,
                    basis=basis,
                    volume=Volume(self._domain),
                    at=self._at,
                    until=until,
                    most=_MOST,
                )
                return list(found), work.standings.payments(ids, since=(self._at - REVERSED_WITHIN).date())

        for ids in pages(self._uow):
            for found, payments in in_parts(ids, read, pass_over=self._pass_over):
                for one in found:
                    self._count(one, payments.get(one.facts.account.id))
            progress(len(ids))
        return self._told()

    def _pass_over(self, account_id: int) -> None:
        self._accounts += 1
        self._stays[Stay.UNREADABLE] += 1

    def _count(self, one: Ahead, paid: Payments | None) -> None:
        self._accounts += 1
        if one.segment is not None:
            self._members[one.segment.name] += health_of(one.facts, one.payer, paid)
        if one.stay is not None:
            self._stays[one.stay] += 1
        for step in one.steps:
            if step.fate is Fate.LEAVES:
                self._legs.setdefault(one.facts.account.id, []).append(self._leg(one.facts, step))
            elif step.why is not None:
                self._skipped_in[step.segment] += step.fate is Fate.SKIPPED
                (self._skipped if step.fate is Fate.SKIPPED else self._waiting)[step.why] += 1

    def _leg(self, facts: AccountFacts, step: Foretold) -> Leg:
        contact = facts.contact(step.contact_id) if step.contact_id is not None else None
        assert step.at is not None and contact is not None
        zone = zone_of(facts.account, contact, self._basis.workspace, self._basis.rulebook)
        segment = self._basis.segments.named(step.segment)
        area = Area(zone.names, facts.account.country, facts.account.region, segment)
        return Leg(
            account_id=facts.account.id,
            contact_id=contact.id,
            segment=step.segment,
            recipient=intern(domain_of(contact.email)),
            area=self._areas.setdefault(area, area),
            on=step.on,
            at=step.at,
            expires_at=step.expires_at,
            is_queued=step.is_queued,
        )

    def _told(self) -> BookAhead:
        basis = self._basis
        standings = {one.name: standing_of(one, self._members[one.name]) for one in basis.segments.each}
        legs, drafts = self._split(standings)
        shared = share_out(
            legs,
            domain=self._domain,
            days=self._days,
            segments=self._of_segments,
            workspace=basis.workspace,
            rulebook=basis.rulebook,
            at=self._at,
            count=DAYS,
        )
        zone = self._begins.tzinfo
        drafted = Counter(leg.at.astimezone(zone).date() for leg in drafts)
        leaving_of, drafts_of = (Counter(leg.segment for leg in each) for each in (shared.left, drafts))
        return BookAhead(
            domain=self._domain,
            days=tuple(replace(one, drafts=drafted[one.day]) for one in shared.days),
            segments=tuple(
                SegmentAhead(
                    segment=one.segment,
                    mode=one.mode,
                    shortfalls=one.shortfalls,
                    accounts=self._members[name].accounts,
                    leaving=leaving_of[name],
                    drafts=drafts_of[name],
                    skipped=self._skipped_in[name],
                )
                for name, one in standings.items()
            ),
            accounts=self._accounts,
            stays=dict(self._stays),
            skipped=dict(self._skipped),
            waiting=dict(self._waiting),
            recipients=tuple(Counter(leg.recipient for leg in shared.left).most_common(RECIPIENTS)),
            is_proposed=basis.is_proposed,
            at=self._at,
        )

    def _split(self, standings: Mapping[str, Standing]) -> tuple[dict[int, list[Leg]], list[Leg]]:
        """Those that leave by themselves, by account, and those of segments in Shadow, which wait for a person. What is
        in the queue already was approved.

        Today it counts how a segment was judged; from tomorrow on, or when it has yet to be judged, how it will be.
        """
        is_judged = not needs_judging(self._basis.segments, self._basis.standings, since=self._begins)
        tomorrow = datetime.combine(self._begins.date() + timedelta(days=1), time(0), tzinfo=self._begins.tzinfo)
        modes = {name: standing.mode for name, standing in standings.items()}
        now = {one.name: self._book.mode_of(one) for one in self._basis.segments.each} if is_judged else modes
        leaving: dict[int, list[Leg]] = {}
        drafts = []
        for id, legs in self._legs.items():
            for leg in legs:
                mode = (now if leg.at < tomorrow else modes).get(leg.segment or "")
                if leg.is_queued or mode is Mode.AUTOPILOT:
                    leaving.setdefault(id, []).append(leg)
                else:
                    drafts.append(leg)
        return leaving, drafts
