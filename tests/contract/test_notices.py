"""What Slack still has to say is said, in its newest form, and not by two at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Engine, select

from domain.notices import Notice, NoticeKind, Telling
from domain.ports import UnitOfWorkFactory
from storage.tables import notices
from tests.factories import NOON, make_notice

MINUTE = timedelta(minutes=1)


def raise_(uow: UnitOfWorkFactory, *, key: str = "nudge:1", subject: str = "1", at=NOON) -> None:  # type: ignore[no-untyped-def]
    with uow() as work:
        work.notices.raise_all([Telling(key=key, kind=NoticeKind.AR_ALERT, subject=subject, recipient=None, at=at)])


def claim(uow: UnitOfWorkFactory, *, at=NOON, limit: int = 10) -> list[Notice]:  # type: ignore[no-untyped-def]
    with uow() as work:
        return work.notices.claim(at=at, lease_until=at + MINUTE, limit=limit)


def state_of(database: Engine, key: str = "nudge:1") -> str:
    with database.connect() as connection:
        return str(connection.execute(select(notices.c.state).where(notices.c.key == key)).scalar_one())


def test_raised_claimed_and_posted(database: Engine, uow: UnitOfWorkFactory) -> None:
    raise_(uow)
    [notice] = claim(uow)
    assert notice == Notice("nudge:1", NoticeKind.AR_ALERT, None, "1")
    with uow() as work:
        work.notices.posted(notice, channel="C1", ts="1.2", at=NOON)
    assert state_of(database) == "posted"
    assert claim(uow, at=NOON + 5 * MINUTE) == []


def test_raised_again_it_is_posted_again_in_place(uow: UnitOfWorkFactory) -> None:
    raise_(uow)
    [first] = claim(uow)
    with uow() as work:
        work.notices.posted(first, channel="C1", ts="1.2", at=NOON)
    raise_(uow, subject="2", at=NOON + MINUTE)
    assert claim(uow, at=NOON) == []
    [again] = claim(uow, at=NOON + MINUTE)
    assert (again.revision, again.subject, again.channel, again.ts) == (2, "2", "C1", "1.2")


def test_nobody_else_claims_it_until_the_lease_ends(uow: UnitOfWorkFactory) -> None:
    raise_(uow)
    assert len(claim(uow)) == 1
    assert claim(uow, at=NOON + MINUTE - timedelta(microseconds=1)) == []
    assert len(claim(uow, at=NOON + MINUTE)) == 1


def test_a_change_during_the_post_is_posted_after_it(database: Engine, uow: UnitOfWorkFactory) -> None:
    raise_(uow)
    [reading] = claim(uow)
    raise_(uow, subject="changed")
    assert claim(uow) == []  # somebody is posting the earlier state
    with uow() as work:
        work.notices.posted(reading, channel="C1", ts="1.2", at=NOON)
    assert state_of(database) == "pending"
    [changed] = claim(uow)
    assert (changed.subject, changed.ts, changed.revision) == ("changed", "1.2", 2)


def test_postponed_it_waits_and_counts(uow: UnitOfWorkFactory) -> None:
    raise_(uow)
    [notice] = claim(uow)
    with uow() as work:
        work.notices.postpone(notice, until=NOON + 3 * MINUTE, error="ratelimited" * 40)
    assert claim(uow, at=NOON + 2 * MINUTE) == []
    [later] = claim(uow, at=NOON + 3 * MINUTE)
    assert later == replace(notice, attempts=1)


def test_a_change_forgets_the_attempts(uow: UnitOfWorkFactory) -> None:
    raise_(uow)
    [notice] = claim(uow)
    with uow() as work:
        work.notices.postpone(notice, until=NOON + 30 * MINUTE, error="x")
    raise_(uow)
    [again] = claim(uow)
    assert again.attempts == 0


def test_given_up_it_stays_so_until_it_changes(database: Engine, uow: UnitOfWorkFactory) -> None:
    raise_(uow)
    [notice] = claim(uow)
    with uow() as work:
        work.notices.give_up(notice, error="channel_not_found", at=NOON)
    assert state_of(database) == "failed"
    assert claim(uow, at=NOON + 60 * MINUTE) == []
    raise_(uow)
    assert len(claim(uow)) == 1


def test_giving_up_an_old_state_keeps_the_new_one(database: Engine, uow: UnitOfWorkFactory) -> None:
    raise_(uow)
    [notice] = claim(uow)
    raise_(uow, subject="changed")
    with uow() as work:
        work.notices.give_up(notice, error="x", at=NOON)
    assert state_of(database) == "pending"
    assert len(claim(uow)) == 1


def test_oldest_due_first_up_to_the_limit(database: Engine, organisation: int, uow: UnitOfWorkFactory) -> None:
    for minutes in (3, 1, 2):
        make_notice(database, organisation, key=f"n{minutes}", due_at=NOON - minutes * MINUTE)
    assert [notice.key for notice in claim(uow, limit=2)] == ["n3", "n2"]
    assert [notice.key for notice in claim(uow, limit=2)] == ["n1"]


def test_each_organisation_has_its_own(uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory) -> None:
    raise_(uow)
    assert claim(other_uow) == []
    raise_(other_uow, subject="theirs")
    assert [notice.subject for notice in claim(uow)] == ["1"]
    assert [notice.subject for notice in claim(other_uow)] == ["theirs"]


def test_retold_is_what_somebody_was_told_and_nobody_hears_anything_new(
    uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory
) -> None:
    told = ("report:1:duty:7", "report:1:reminder:7", "report:1:duty:8", "report:2:duty:7", "report:11:duty:7")
    for key in told:
        raise_(uow, key=key)
        raise_(other_uow, key=key)
    with uow() as work:
        for notice in work.notices.claim(at=NOON, lease_until=NOON + MINUTE, limit=10):
            is_muted = notice.key == "report:2:duty:7"
            work.notices.posted(notice, channel="" if is_muted else "C1", ts=None if is_muted else "1.2", at=NOON)  # type: ignore[arg-type]
        work.notices.retell(["report:1:duty", "report:1:reminder", "report:2:duty", "report:3:duty"], [7, 9], at=NOON)
    assert {notice.key for notice in claim(uow)} == {"report:1:duty:7", "report:1:reminder:7"}
    assert {notice.revision for notice in claim(other_uow)} == {1}
