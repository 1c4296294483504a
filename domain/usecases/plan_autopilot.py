"""Judge the segments once a day, and bring every customer's sequence up to date."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from domain.audit import Entry
from domain.autopilot import Judged, SegmentHealth
from domain.jobs import AUTOPILOT
from domain.notices import NoticeKind, Telling
from domain.policies import Segment
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWork, UnitOfWorkFactory
from domain.rules.autopilot import is_news, needs_judging, standing_of
from domain.rules.nudging import day_of
from domain.usecases._autopilot import AT_ONCE, Book, open_book, plan_accounts
from domain.usecases._in_parts import in_parts
from domain.usecases._segment_health import segment_health
from domain.values import Role


def plan_autopilot(
    *,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
    at_once: int = AT_ONCE,
    keep_going: Callable[[], bool] = lambda: True,
    pass_over: Callable[[int], None] = lambda account_id: None,
) -> int:
    """Returns for how many customers something changed. May run twice and on several replicas at once.

    After each page of `at_once` customers it is asked whether to keep going; if not, the next call goes on with the
    next page, on whatever replica. A customer whose rows cannot be read is passed over, and told to `pass_over`.
    Raises InvalidValue when the segments or cadences in force cannot be read: nothing is decided by others instead.
    """
    with uow() as work:
        opened, reached = open_book(work), work.jobs.reached(AUTOPILOT)
        if opened is None or not (opened.is_at_work() or work.sequences.any_running()):
            if reached is not None:
                work.jobs.go_on(AUTOPILOT, was=reached, to=None)
            return 0
        book = opened
        ids = work.sequences.book(after=reached or 0, limit=at_once)
    begins = day_of(clock.now(), book.workspace, rulebook)
    if needs_judging(book.segments, book.standings, since=begins):
        _judge(book, uow=uow, begins=begins, at=clock.now(), rulebook=rulebook)

    def plan(ids: Sequence[int]) -> int:
        with uow() as work:
            return len(plan_accounts(work, ids, book=book, rulebook=rulebook, at=clock.now()).decided)

    changed = 0
    while True:
        changed += sum(in_parts(ids, plan, pass_over=pass_over))
        with uow() as work:
            was, reached = reached, ids[-1] if len(ids) == at_once else None
            is_mine = was == reached or work.jobs.go_on(AUTOPILOT, was=was, to=reached)
            ids = work.sequences.book(after=reached, limit=at_once) if reached is not None else []
        if reached is None or not is_mine or not keep_going():
            return changed


def _judge(book: Book, *, uow: UnitOfWorkFactory, begins: datetime, at: datetime, rulebook: Rulebook) -> None:
    """Count what the preconditions ask of each segment's customers, and say where one rises or falls.

    Of several replicas at once, each segment is judged, audited and told of by whichever writes it first.
    """
    healths = segment_health(book.segments, book.workspace, uow=uow, rulebook=rulebook, at=at)
    before = book.standings
    judged = [
        _judged(one, healths.get(one.name, SegmentHealth()), before.get(one.name), at) for one in book.segments.each
    ]
    with uow() as work:
        mine = work.standings.save(judged, day=begins)
        judged = [one for one in judged if one.segment in mine]
        work.audit.record_all(
            Entry(
                "segment.judged",
                at=at,
                actor_id=None,
                subject=f"segment:{one.segment}",
                before={"mode": was.mode.value, "shortfalls": list(was.shortfalls)} if was else None,
                after={"mode": one.mode.value, "shortfalls": list(one.shortfalls)},
            )
            for one in judged
            if (was := before.get(one.segment)) is None or (was.mode, was.shortfalls) != (one.mode, one.shortfalls)
        )
        _tell(work, [one for one in judged if is_news(one, before.get(one.segment))], day=begins, at=at)
        book.standings = work.standings.all()


def _tell(work: UnitOfWork, news: Sequence[Judged], *, day: datetime, at: datetime) -> None:
    """Those who may change a segment's mode hear of it: once a day for each, however many replicas judge it."""
    if not news:
        return
    kind, heard_by = NoticeKind.SEGMENT_STANDING, work.people.holding({Role.CONTROLLER, Role.AR_MANAGER}, at)
    work.notices.raise_all(
        Telling(f"{kind}:{one.handle}:{day.isoformat()}:{person.id}", kind, one.handle, person.id, at)
        for one in news
        for person in heard_by
    )


def _judged(segment: Segment, health: SegmentHealth, was: Judged | None, at: datetime) -> Judged:
    standing = standing_of(segment, health)
    since = was.since if was is not None and was.mode is standing.mode else at
    return Judged(segment.name, standing.mode, standing.shortfalls, since, at)
