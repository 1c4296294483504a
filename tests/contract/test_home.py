"""What App Home and the digest read, and what people muted, on each database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from domain.commitments import DisputeState, PromiseState, Verdict
from domain.duties import DutyShare
from domain.homing import Part
from domain.keeping import Share
from domain.messages import State
from domain.morning import DigestLook, News
from domain.notices import Notice, NoticeKind, Telling
from domain.ports import UnitOfWorkFactory
from domain.rules.keeping import kept_rate
from domain.templates import TemplateState
from domain.values import Money, Person, Role
from storage import tables
from tests import factories
from tests.factories import NOON, TODAY

EUR = Money(400_000, "EUR")


@pytest.fixture
def rita(database: Engine, organisation: int) -> Person:
    return factories.make_user(database, organisation, email="rita@northwind.example")


@pytest.fixture
def olga(database: Engine, organisation: int) -> Person:
    return factories.make_user(database, organisation, name="Olga Operator", role=Role.OPERATOR)


def make_report(
    engine: Engine,
    org_id: int,
    *,
    by: Person,
    account_id: int,
    said_at: datetime = NOON,
    promise_id: int | None = None,
    dispute_id: int | None = None,
    **more: Any,
) -> int:
    return factories.add_row(
        engine,
        tables.reports,
        org_id=org_id,
        account_id=account_id,
        promise_id=promise_id,
        dispute_id=dispute_id,
        origin=f"view:{said_at.isoformat()}:{promise_id}:{dispute_id}",
        reported_by=by.id,
        reported_at=said_at + timedelta(minutes=2),
        said_at=said_at,
        **more,
    )


@pytest.fixture
def customer(database: Engine, organisation: int) -> tuple[int, int]:
    account, _, (invoice,) = factories.make_customer(database, organisation, name="Acme")
    return account.id, invoice.id


def test_the_queue_is_by_when_it_was_said_and_cut_with_its_total(
    database: Engine, organisation: int, uow: UnitOfWorkFactory, rita: Person, olga: Person, customer: tuple[int, int]
) -> None:
    account, invoice = customer
    ids = []
    for minutes in (3, 20, 10):
        promise = factories.make_promise(
            database, organisation, account, [invoice], state=PromiseState.REPORTED, amount=EUR, due_on=TODAY
        )
        said = NOON - timedelta(minutes=minutes)
        ids.append(make_report(database, organisation, by=rita, account_id=account, said_at=said, promise_id=promise))
    dispute = factories.make_dispute(database, organisation, account, [invoice], state=DisputeState.REPORTED)
    late = make_report(
        database,
        organisation,
        by=rita,
        account_id=account,
        said_at=NOON - timedelta(minutes=30),
        dispute_id=dispute,
        operator_id=olga.id,
        acknowledged_by=olga.id,
        escalated_at=NOON,
    )
    with uow() as work:
        cut = work.home.reports_waiting(limit=2)
        rest = work.home.reports_waiting(limit=2, start=2)
        escalated = work.home.reports_waiting(limit=5, escalated=True)
        others = work.home.reports_waiting(limit=5, escalated=False)
    assert [line.id for line in (*cut.items, *rest.items)] == [late, ids[1], ids[2], ids[0]]
    assert (cut.total, cut.rest, rest.rest) == (4, 2, 0)
    first, second = cut.items
    assert (first.is_promise, first.reason, first.state) == (False, "Wrong quantity", DisputeState.REPORTED)
    assert (first.operator, first.acknowledged_by, first.reporter) == ("Olga Operator", "Olga Operator", rita.name)
    assert (second.is_promise, second.amount, second.due_on, len(second.invoices)) == (True, EUR, TODAY, 1)
    assert [line.id for line in escalated.items] == [late] and escalated.total == 1
    assert others.total == 3


def test_a_rep_sees_their_own_reports_newest_first_with_how_they_ended(
    database: Engine, organisation: int, uow: UnitOfWorkFactory, rita: Person, olga: Person, customer: tuple[int, int]
) -> None:
    account, invoice = customer
    promise = factories.make_promise(database, organisation, account, [invoice])
    settled = {"verdict": Verdict.NOT_VALID.value, "settled_by": olga.id, "settled_at": NOON, "why": "Paula says no."}
    make_report(database, organisation, by=rita, account_id=account, promise_id=promise, **settled)
    make_report(
        database, organisation, by=rita, account_id=account, promise_id=promise, said_at=NOON + timedelta(hours=1)
    )
    make_report(database, organisation, by=olga, account_id=account, promise_id=promise, said_at=NOON - timedelta(1))
    with uow() as work:
        newer, older = work.home.reports_of(rita.id, limit=5).items
        assert work.home.reports_waiting(limit=5).total == 2, "what is settled waits for nobody"
    assert newer.settled_at is None and older.verdict is Verdict.NOT_VALID
    assert (older.settled_by, older.why) == ("Olga Operator", "Paula says no.")


def test_promises_due_missed_and_the_kept_rate(
    database: Engine, organisation: int, uow: UnitOfWorkFactory, customer: tuple[int, int]
) -> None:
    account, invoice = customer

    def promise(state: PromiseState, due: date = TODAY, paid: int | None = None, currency: str = "EUR") -> int:
        id = factories.make_promise(
            database, organisation, account, [invoice], state=state, amount=Money(1_000, currency), due_on=due
        )
        if state is not PromiseState.OPEN:
            with database.begin() as connection:
                row = tables.promises.update().where(tables.promises.c.id == id)
                connection.execute(row.values(decided_at=NOON, paid=paid))
        return id

    late = promise(PromiseState.OPEN, TODAY - timedelta(days=1))
    today = promise(PromiseState.OPEN)
    promise(PromiseState.OPEN, TODAY + timedelta(days=9))
    promise(PromiseState.KEPT, paid=5_000)
    promise(PromiseState.KEPT, paid=1_000)
    partly = promise(PromiseState.PARTIALLY_KEPT, paid=400)
    broken = promise(PromiseState.BROKEN, currency="JPY")
    with uow() as work:
        due = work.home.promises_due(by=TODAY + timedelta(days=2), limit=5)
        missed = work.home.promises_missed(since=NOON - timedelta(days=1), limit=5)
        rate = kept_rate(work.keeping.tally(since=NOON - timedelta(days=1)))
        assert work.home.promises_missed(since=NOON + timedelta(days=1), limit=5).total == 0
    assert [line.id for line in due.items] == [late, today]
    assert [line.id for line in missed.items] == [broken, partly]
    assert missed.items[1].paid == Money(400, "EUR")
    assert rate.by_count == Share(2, 4, 0.5)
    # 2,400 of 3,000 euros in three promises: what was overpaid keeps no other promise. One in yen says nothing yet.
    assert rate.by_amount == (("EUR", Share(2_400, 3_000, 0.8)), ("JPY", Share(0, 1_000, None)))


def test_nudges_by_groups_of_states(
    database: Engine, organisation: int, uow: UnitOfWorkFactory, rita: Person, olga: Person
) -> None:
    account, contact, invoices = factories.make_customer(database, organisation, invoices=12)

    def nudge(number: int, state: State, by: Person = rita) -> str:
        return factories.make_message(
            database,
            organisation,
            account_id=account.id,
            contact_id=contact.id,
            invoice_id=invoices[number].id,
            requested_by=by.id,
            state=state,
            requested_at=NOON - timedelta(minutes=number),
            leaves_at=NOON + timedelta(minutes=number),
            changed_at=NOON - timedelta(minutes=number),
        ).id

    waiting = [nudge(number, State.QUEUED) for number in range(3)]
    held = [nudge(number, State.HELD, olga) for number in (3, 4)]
    ended = [nudge(number, State.SENT) for number in (5, 6)]
    groups = {Part.ON_THEIR_WAY.value: (State.QUEUED, State.SENDING), Part.HELD.value: (State.HELD,)}
    with uow() as work:
        found = work.home.nudges(groups, of_person=None, limit=2)
        mine = work.home.nudges({"held": (State.HELD,), "ended": (State.SENT,)}, of_person=rita.id, limit=9)
        rest = work.home.nudges(groups, of_person=None, limit=2, start=2)
        with pytest.raises(ValueError, match="ended"):
            work.home.nudges({"ended": (State.SENT,)}, of_person=None, limit=9)
    assert [story.message.id for story in found["on_their_way"].items] == waiting[:2]
    assert (found["on_their_way"].total, found["on_their_way"].rest) == (3, 1)
    assert [story.message.id for story in found["held"].items] == held[::-1], "held longest first"
    assert [story.message.id for story in rest["on_their_way"].items] == waiting[2:]
    assert mine["held"].total == 0
    assert [story.message.id for story in mine["ended"].items] == ended, "newest first"


def test_what_waits_in_the_office(
    database: Engine, organisation: int, uow: UnitOfWorkFactory, rita: Person, olga: Person, customer: tuple[int, int]
) -> None:
    account, invoice = customer
    factories.make_dispute(database, organisation, account, [invoice], state=DisputeState.OPEN)
    for days in (3, 1):
        factories.make_dispute(
            database,
            organisation,
            account,
            [invoice],
            state=DisputeState.IN_REVIEW,
            answer_due_at=NOON + timedelta(days=days),
        )
    factories.make_template(database, organisation, key="a", state=TemplateState.DRAFT, approved_at=None)
    factories.make_template(database, organisation, key="b", state=TemplateState.DRAFT, approved_at=None)
    with database.begin() as connection:
        of_b = tables.templates.update().where(tables.templates.c.key == "b")
        connection.execute(of_b.values(needs_legal=True, drafted_by=rita.email))
    row = {"org_id": organisation}
    for number, state in ((1, "published"), (2, "draft"), (3, "retired")):
        of_policy = {"kind": "policy", "version": number, "body": "x", "state": state, "made_by": olga.email}
        factories.add_row(database, tables.documents, **row, **of_policy, made_at=NOON)
    factories.add_row(
        database,
        tables.change_requests,
        **row,
        subject="template:a:1",
        present="x",
        proposed="y",
        why="Too stiff",
        asked_by=rita.id,
        asked_at=NOON,
        origin="view:1",
        state="waiting",
    )
    factories.add_row(
        database, tables.legal_holds, **row, account_id=account, why="Insolvency", placed_by=olga.id, placed_at=NOON
    )
    both = factories.make_account(database, organisation, name="Both", legal_hold="Court order")
    factories.add_row(
        database,
        tables.legal_holds,
        **row,
        account_id=both.id,
        why="Ours too",
        placed_by=olga.id,
        placed_at=NOON - timedelta(hours=1),
    )
    for name in ("Zeta", "Alpha"):
        factories.make_account(database, organisation, name=name, legal_hold="In court")
    factories.add_row(database, tables.duties, **row, user_id=olga.id, account_id=account, since=NOON)
    factories.add_row(database, tables.duties, **row, user_id=olga.id, account_id=None, since=NOON)
    factories.add_row(
        database,
        tables.absences,
        **row,
        user_id=olga.id,
        starts_at=NOON - timedelta(days=1),
        ends_at=NOON + timedelta(days=1),
        stand_in=rita.id,
    )
    factories.make_grant(database, organisation, rita.id, role=Role.AR_MANAGER, until=NOON + timedelta(days=1))
    with uow() as work:
        disputes = work.home.disputes(limit=5)
        mine, nobodys = ({"theirs": frozenset({one}), "acting": frozenset({olga.id})} for one in (olga.id, rita.id))
        shares = [work.home.disputes(limit=1, of=DutyShare(**share)).total for share in (mine, nobodys)]
        drafts = work.office.drafts_waiting(for_legal=False, limit=5)
        rest = work.office.drafts_waiting(for_legal=False, limit=5, start=2)
        counts = work.mornings.of_all(DigestLook(NOON, NOON, TODAY, NOON, late_by=NOON)).counts
        named = {str(line.edition): line.name for line in drafts.items}
        legal = work.office.drafts_waiting(for_legal=True, limit=5)
        (change,) = work.office.changes_waiting(limit=5).items
        holds = work.office.legal_holds(limit=3)
        hold, both_hold, in_books = holds.items
        (later,) = work.office.legal_holds(limit=3, start=3).items
        (keeper,) = work.office.on_duty(NOON, limit=5).items
        (back,) = work.office.on_duty(NOON + timedelta(days=2), limit=5).items
        staff = work.office.staff(NOON).counts
    assert [line.dispute.state for line in disputes.items] == [DisputeState.IN_REVIEW] * 2 + [DisputeState.OPEN]
    assert disputes.items[0].dispute.answer_due_at == NOON + timedelta(days=1)
    assert shares == [3, 0], "all that nobody else keeps are hers too"
    factories.add_row(database, tables.duties, **row, user_id=rita.id, account_id=None, since=NOON)
    with uow() as work:
        for acting, theirs in (({olga.id, rita.id}, 0), ({rita.id}, 3)):
            share = DutyShare(frozenset({rita.id}), frozenset(acting))
            assert work.home.disputes(limit=1, of=share).total == theirs, "who keeps the rest, when its keeper is gone"
    assert {str(line.edition) for line in drafts.items} == {"template:a:1", "template:b:1", "policy:2"}
    assert drafts.total == 3 and {line.drafted_by for line in drafts.items} >= {rita.name, olga.name}
    assert counts[News.DRAFTS] == 3 and rest.total == 3 and len(rest.items) == 1
    assert [str(line.edition) for line in legal.items] == ["template:b:1"] and legal.items[0].needs_legal
    assert (legal.items[0].drafted_by, change.name) == (rita.name, named["template:a:1"])
    assert (change.asked_by, change.why, hold.why, hold.placed_by) == (rita.name, "Too stiff", "Insolvency", olga.name)
    assert [line.account_name for line in (both_hold, in_books, later)] == ["Both", "Alpha", "Zeta"]
    assert holds.total == 4 and both_hold.why == "Ours too"
    assert (in_books.why, in_books.placed_by, in_books.placed_at) == ("In court", None, None)
    assert (keeper.accounts, keeper.keeps_the_rest, keeper.stand_in) == (1, True, rita.name)
    assert back.away_until is None
    assert staff == {Role.AR_MANAGER: 1, Role.OPERATOR: 1}, "the role somebody has now"


def test_mutes_are_chosen_as_a_whole_and_set_aside_only_what_was_never_posted(
    database: Engine, organisation: int, uow: UnitOfWorkFactory, rita: Person, olga: Person
) -> None:
    kind = NoticeKind.REP_OUTCOME
    with uow() as work:
        work.mutes.choose(rita.id, {kind, NoticeKind.DAILY_DIGEST}, at=NOON)
        work.mutes.choose(rita.id, {kind}, at=NOON)
        work.mutes.choose(rita.id, {kind}, at=NOON)
        assert (work.mutes.of(rita.id), work.mutes.of(olga.id)) == ({kind}, frozenset())
    keys = {
        "muted": factories.make_notice(database, organisation, kind=kind, recipient=rita.id),
        "theirs": factories.make_notice(database, organisation, kind=kind, recipient=olga.id),
        "duty": factories.make_notice(database, organisation, kind=NoticeKind.ACCESS_REQUEST, recipient=rita.id),
        "channel": factories.make_notice(database, organisation, kind=NoticeKind.AR_ALERT),
        "posted": factories.make_notice(database, organisation, kind=kind, recipient=rita.id),
    }
    with uow() as work:
        posted = Notice(keys["posted"], kind, rita.id, "nudge")
        work.notices.posted(posted, channel="D1", ts="1.1", at=NOON)
        work.notices.raise_all([Telling(key=keys["posted"], kind=kind, subject="nudge", recipient=rita.id, at=NOON)])
    with uow() as work:
        claimed = work.notices.claim(at=NOON, lease_until=NOON + timedelta(minutes=2), limit=9)
        aside = work.mutes.set_aside(claimed, at=NOON)
    assert {notice.key for notice in claimed} == set(keys.values())
    assert aside == {keys["muted"]}
    with uow() as work:
        work.notices.raise_all([Telling(key=keys["muted"], kind=kind, subject="nudge", recipient=rita.id, at=NOON)])
        again = work.notices.claim(at=NOON, lease_until=NOON + timedelta(minutes=2), limit=9)
    assert [notice.key for notice in again] == [keys["muted"]], "a change is looked at again"


def test_nobody_is_taken_twice_for_a_day(
    database: Engine, organisation: int, uow: UnitOfWorkFactory, rita: Person, olga: Person
) -> None:
    there = factories.make_user(database, organisation, zone="America/New_York")
    nowhere = factories.make_user(database, organisation, zone=None)
    factories.make_user(database, organisation, is_active=False)
    with database.begin() as connection:
        connection.execute(tables.users.update().where(tables.users.c.id == olga.id).values(slack_user_id=None))
    with uow() as work:
        assert work.mornings.zones() == {"Europe/Berlin": None, "America/New_York": None, None: None}
        assert work.mornings.take(TODAY, zones=["Europe/Berlin", None], limit=9) == sorted([rita.id, nowhere.id])
        assert work.mornings.take(TODAY, zones=["Europe/Berlin", None], limit=9) == []
        assert work.mornings.take(TODAY - timedelta(days=1), zones=["Europe/Berlin"], limit=9) == []
        assert work.mornings.zones() == {"Europe/Berlin": TODAY, "America/New_York": None, None: TODAY}
        assert work.mornings.take(TODAY + timedelta(days=1), zones=["Europe/Berlin"], limit=9) == [rita.id]
        assert work.mornings.take(TODAY, zones=["America/New_York"], limit=0) == []
        assert work.mornings.take(TODAY, zones=["America/New_York"], limit=1) == [there.id]


def test_what_a_digest_counts(
    database: Engine, organisation: int, uow: UnitOfWorkFactory, rita: Person, olga: Person
) -> None:
    since, until = NOON - timedelta(days=1), NOON
    account, contact, invoices = factories.make_customer(database, organisation, invoices=9, owner_email=rita.email)
    other, _, _ = factories.make_customer(database, organisation, owner_email="sam@northwind.example")

    def nudge(number: int, state: State, changed_at: datetime, by: Person = rita) -> None:
        factories.make_message(
            database,
            organisation,
            account_id=account.id,
            contact_id=contact.id,
            invoice_id=invoices[number].id,
            requested_by=by.id,
            state=state,
            requested_at=NOON - timedelta(days=2),
            changed_at=changed_at,
            sent_at=changed_at if state is State.SENT else None,
        )

    nudge(0, State.SENT, since)
    nudge(1, State.SENT, until)  # tomorrow's
    nudge(2, State.REFUSED, since + timedelta(hours=1))
    nudge(3, State.QUEUED, since)
    nudge(4, State.HELD, since)
    nudge(5, State.UNCONFIRMED, since, olga)
    promise = factories.make_promise(database, organisation, account.id, due_on=TODAY)
    factories.make_promise(database, organisation, other.id, due_on=TODAY)
    settled = {"verdict": Verdict.RECORDED.value, "settled_by": olga.id, "settled_at": since}
    make_report(database, organisation, by=rita, account_id=account.id, promise_id=promise, **settled)
    make_report(database, organisation, by=rita, account_id=account.id, promise_id=promise, said_at=NOON - timedelta(2))
    with uow() as work:
        look = DigestLook(since, until, TODAY, until, late_by=until + timedelta(days=1))
        of_all = work.mornings.of_all(look).counts
        people = list(work.people.by_ids([rita.id, olga.id], NOON).values())
        of_each = work.mornings.of_each(people, look, shares={})
    assert of_each[rita.id].counts == {
        News.LEFT: 1,
        News.REFUSED: 1,
        News.STILL_WAITING: 2,
        News.SETTLED: 1,
        News.DUE_TODAY: 1,
        News.MISSED: 0,
    }
    assert of_each[olga.id].counts[News.STILL_WAITING] == 1
    told = {news: count for news, count in of_all.items() if count}
    assert told == {News.TO_RECORD: 1, News.UNCONFIRMED: 1, News.HELD: 1, News.DUE_TODAY: 2}


def test_another_organisations_rows_are_not_seen(
    database: Engine, organisation: int, other_organisation: int, uow: UnitOfWorkFactory, rita: Person
) -> None:
    account, _, (invoice,) = factories.make_customer(database, other_organisation)
    stranger = factories.make_user(database, other_organisation)
    promise = factories.make_promise(database, other_organisation, account.id, [invoice.id], due_on=TODAY)
    make_report(database, other_organisation, by=stranger, account_id=account.id, promise_id=promise)
    factories.make_dispute(database, other_organisation, account.id, [invoice.id], state=DisputeState.IN_REVIEW)
    with uow() as work:
        assert work.home.reports_waiting(limit=5).total == 0
        assert work.home.promises_due(by=TODAY, limit=5).total == 0
        assert work.home.disputes(limit=5).total == 0
        assert work.office.staff(NOON).counts == {Role.SALES: 1}
        assert set(work.mornings.take(TODAY, zones=["Europe/Berlin"], limit=9)) == {rita.id}
        long_ago = datetime(2020, 1, 1, tzinfo=UTC)
        counts = work.mornings.of_all(DigestLook(long_ago, NOON, TODAY, NOON, late_by=NOON + timedelta(days=9))).counts
    assert not any(counts.values())
