"""What only several connections to a real PostgreSQL can break. Every round starts all its threads at one barrier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Event
from typing import TypeVar

import pytest
from sqlalchemy import Engine, insert, select

from domain.errors import Busy
from domain.messages import Message, State
from domain.notices import NoticeKind, Telling
from domain.ports import Move, UnitOfWorkFactory
from domain.reasons import Reason
from domain.timeline import Source
from storage.engine import build_engine
from storage.tables import accounts, message_events, messages
from storage.unit_of_work import build_unit_of_work
from tests.builders import make_caps, make_slot
from tests.factories import (
    NOON,
    TODAY,
    make_account,
    make_contact,
    make_customer,
    make_invoice,
    make_organisation,
    make_template,
    make_user,
    new_message,
)

pytestmark = pytest.mark.postgres
T = TypeVar("T")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def org_id(postgres: Engine) -> int:
    return make_organisation(postgres)


@pytest.fixture
def uow(postgres: Engine, org_id: int) -> UnitOfWorkFactory:
    return build_unit_of_work(postgres, org_id=org_id)


def at_once(number: int, work: Callable[[int], T]) -> list[T]:
    """Run `work(0..number-1)` in threads that start together."""
    barrier = Barrier(number)

    def run(i: int) -> T:
        barrier.wait(timeout=10)
        return work(i)

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def many_messages(engine: Engine, org_id: int, number: int) -> None:
    account = make_account(engine, org_id)
    contact = make_contact(engine, org_id, account.id)
    rep = make_user(engine, org_id)
    rows = []
    for _ in range(number):
        message = new_message(
            account_id=account.id,
            contact_id=contact.id,
            invoice_id=make_invoice(engine, org_id, account.id, pay_link=None).id,
            requested_by=rep.id,
        )
        rows.append(
            {name: getattr(message, name) for name in Message.__slots__} | {"org_id": org_id, "state": "queued"}
        )
    with engine.begin() as connection:
        connection.execute(insert(messages), rows)


def test_four_workers_take_every_message_once(postgres: Engine, org_id: int, uow: UnitOfWorkFactory) -> None:
    many_messages(postgres, org_id, 120)

    def drain(worker: int) -> list[str]:
        taken: list[str] = []
        while True:
            with uow() as work:
                batch = work.messages.claim(at=NOON, lease_until=NOON + MINUTE, worker=f"w{worker}", limit=7)
            if not batch:
                return taken
            assert len(batch) <= 7
            taken += [message.id for message in batch]

    taken = [id for ids in at_once(4, drain) for id in ids]
    assert len(taken) == 120
    assert Counter(taken).most_common(1)[0][1] == 1


def test_two_reps_at_once_make_one_nudge(postgres: Engine, org_id: int, uow: UnitOfWorkFactory) -> None:
    rep = make_user(postgres, org_id)
    for _ in range(15):
        account, contact, [invoice] = make_customer(postgres, org_id)

        def add(_i: int, about: tuple[int, int, int] = (account.id, contact.id, invoice.id)) -> Message | None:
            with uow() as work:
                return work.messages.add(
                    new_message(account_id=about[0], contact_id=about[1], invoice_id=about[2], requested_by=rep.id)
                )

        assert sum(added is not None for added in at_once(3, add)) == 1


def test_the_same_click_twice_at_once_makes_one_nudge(postgres: Engine, org_id: int, uow: UnitOfWorkFactory) -> None:
    rep = make_user(postgres, org_id)
    account, contact, invoices = make_customer(postgres, org_id, invoices=2)

    def add(i: int) -> Message | None:
        with uow() as work:
            return work.messages.add(
                new_message(
                    account_id=account.id,
                    contact_id=contact.id,
                    invoice_id=invoices[i].id,
                    requested_by=rep.id,
                    origin="one click",
                )
            )

    assert sum(added is not None for added in at_once(2, add)) == 1


def test_a_day_is_never_overdrawn(uow: UnitOfWorkFactory) -> None:
    def take(_i: int) -> int:
        total = 0
        for _ in range(20):
            with uow() as work:
                total += work.quota.take(make_slot(), Source.NUDGE, want=3, caps=make_caps(100), planned=0)[0]
        return total

    assert sum(at_once(4, take)) == 100
    with uow() as work:
        assert work.sending.volume("example.com", around=TODAY).on(TODAY).used == 100


def test_a_segments_day_is_never_overdrawn(uow: UnitOfWorkFactory) -> None:
    """Two workers take of the same two segments and of the domain, and give some back: nobody waits in a circle."""
    slot, caps = make_slot(), make_caps(30)

    def take(worker: int) -> Counter[str]:
        total: Counter[str] = Counter()
        for _ in range(20):
            with uow() as work:
                for name in ("Early", "Late"):
                    part = replace(slot, segment=name)
                    total[name] += work.quota.take(part, Source.NUDGE, want=3, caps=caps, planned=0)[0]
                work.quota.take(slot, Source.NUDGE, want=6, caps=make_caps(1_000), planned=0)
                if total["Late"]:
                    work.quota.give_back(replace(slot, segment="Late"), Source.NUDGE, 1)
                    total["Late"] -= 1
        return total

    taken = sum(at_once(2, take), Counter[str]())
    with uow() as work:
        volume = work.sending.volume("example.com", around=TODAY)
    assert taken["Early"] == volume.of_segment("Early", TODAY).used == 30
    assert taken["Late"] == volume.of_segment("Late", TODAY).used <= 30


def test_the_first_of_a_day_are_not_overdrawn_either(uow: UnitOfWorkFactory) -> None:
    for number in range(10):
        day = TODAY + timedelta(days=number)

        def take(_i: int, day=day) -> int:  # type: ignore[no-untyped-def]
            with uow() as work:
                return work.quota.take(make_slot(day), Source.NUDGE, want=4, caps=make_caps(5), planned=0)[0]

        assert sorted(at_once(2, take)) == [1, 4]


def test_one_of_two_workers_moves_a_message(postgres: Engine, org_id: int, uow: UnitOfWorkFactory) -> None:
    many_messages(postgres, org_id, 30)
    with uow() as work:
        claimed = work.messages.claim(at=NOON, lease_until=NOON + MINUTE, worker="w", limit=30)

    def move(i: int) -> set[str]:
        ordered = claimed if i % 2 else list(reversed(claimed))  # locks in one order all the same
        with uow() as work:
            return work.messages.move(
                Move(id=m.id, was=State.CLAIMED, to=State.REFUSED, at=NOON, token=m.token, reason=Reason.STALE_DATA)
                for m in ordered
            )

    moved = at_once(4, move)
    assert sum(len(ids) for ids in moved) == 30
    with postgres.connect() as connection:
        assert len(connection.execute(select(message_events)).all()) == 30


def test_a_hold_and_a_claim_at_once_leave_one_winner(postgres: Engine, org_id: int, uow: UnitOfWorkFactory) -> None:
    many_messages(postgres, org_id, 20)
    with postgres.connect() as connection:
        ids = list(connection.execute(select(messages.c.id)).scalars())

    def act(i: int) -> set[str]:
        with uow() as work:
            if i == 0:
                taken = work.messages.claim(at=NOON, lease_until=NOON + MINUTE, worker="w", limit=20)
                return {message.id for message in taken}
            return work.messages.move(
                Move(id=id, was=State.QUEUED, to=State.HELD, at=NOON, reason=Reason.HELD_BY_PERSON) for id in ids
            )

    claimed, held = at_once(2, act)
    assert claimed.isdisjoint(held)
    assert claimed | held == set(ids)


@pytest.fixture
def impatient(postgres_url: str) -> Iterator[Engine]:
    engine = build_engine(postgres_url, pool_size=2, pool_timeout=0.2, lock_timeout=0.3)
    yield engine
    engine.dispose()


def test_locked_facts_wait_for_each_other_and_give_up_in_time(
    postgres: Engine, impatient: Engine, org_id: int, uow: UnitOfWorkFactory
) -> None:
    account, _contact, _invoices = make_customer(postgres, org_id)
    hurried = build_unit_of_work(impatient, org_id=org_id)
    with uow() as work:
        work.accounts.facts([account.id], at=NOON, lock=True)
        with pytest.raises(Busy), hurried() as other:
            other.accounts.facts([account.id], at=NOON, lock=True)
        with hurried() as other:
            assert other.accounts.facts([account.id], at=NOON)  # readers do not wait
    with hurried() as other:
        assert other.accounts.facts([account.id], at=NOON, lock=True)


def test_locks_in_id_order_do_not_deadlock(postgres: Engine, org_id: int, uow: UnitOfWorkFactory) -> None:
    ids = [make_account(postgres, org_id).id for _ in range(8)]

    def lock(i: int) -> int:
        for _ in range(10):
            with uow() as work:
                work.accounts.facts(ids if i % 2 else list(reversed(ids)), at=NOON, lock=True)
        return i

    assert at_once(4, lock) == [0, 1, 2, 3]


def test_an_exhausted_pool_is_busy_not_a_crash(impatient: Engine, org_id: int) -> None:
    hurried = build_unit_of_work(impatient, org_id=org_id)
    entered, leave = Barrier(3), Event()

    def hold(_i: int) -> None:
        with hurried() as work:
            work.organisation.get()
            entered.wait(timeout=10)
            leave.wait(timeout=10)

    with ThreadPoolExecutor(2) as pool:
        held = [pool.submit(hold, i) for i in range(2)]
        entered.wait(timeout=10)
        with pytest.raises(Busy), hurried():
            pass
        leave.set()
        for future in held:
            future.result()


def test_a_row_locked_by_an_admin_is_skipped(postgres: Engine, org_id: int, uow: UnitOfWorkFactory) -> None:
    many_messages(postgres, org_id, 3)
    with postgres.begin() as admin:
        admin.execute(select(messages.c.id).order_by(messages.c.id).limit(1).with_for_update())
        with uow() as work:
            assert len(work.messages.claim(at=NOON, lease_until=NOON + MINUTE, worker="w", limit=9)) == 2
    with uow() as work:
        assert len(work.messages.claim(at=NOON, lease_until=NOON + MINUTE, worker="w", limit=9)) == 1


def test_a_notice_is_posted_by_one(uow: UnitOfWorkFactory) -> None:
    with uow() as work:
        for number in range(20):
            work.notices.raise_all(
                [Telling(key=f"n{number}", kind=NoticeKind.AR_ALERT, subject="1", recipient=None, at=NOON)]
            )

    def claim(_i: int) -> list[str]:
        with uow() as work:
            claimed = work.notices.claim(at=NOON, lease_until=NOON + MINUTE, limit=20)
            return [notice.key for notice in claimed]

    keys = [key for keys in at_once(4, claim) for key in keys]
    assert len(keys) == len(set(keys))


def test_the_same_question_at_once_waits_once(postgres: Engine, org_id: int, uow: UnitOfWorkFactory) -> None:
    rep = make_user(postgres, org_id)

    def ask(_i: int) -> tuple[int, bool]:
        with uow() as work:
            return work.requests.file(
                asked_by=rep.id, reason=Reason.NOT_ALLOWED, capability=None, account_id=None, at=NOON
            )

    answers = at_once(3, ask)
    assert len({id for id, _again in answers}) == 1
    assert sorted(again for _id, again in answers) == [False, True, True]


def test_templates_and_accounts_stay_apart_at_full_speed(postgres: Engine) -> None:
    """Many organisations on one pool: each connection serves whoever comes, and nobody sees the other's rows."""
    orgs = [make_organisation(postgres, name=f"Org {n}") for n in range(4)]
    for org in orgs:
        make_template(postgres, org, name=f"Template {org}")
        make_account(postgres, org, name=f"Customer {org}")

    def look(i: int) -> None:
        mine = build_unit_of_work(postgres, org_id=orgs[i])
        for _ in range(15):
            with mine() as work:
                names = [hit.account.name for hit in work.accounts.search("customer", owner_email=None, limit=9)]
                assert names == [f"Customer {orgs[i]}"]
                assert work.organisation.get().org_id == orgs[i]

    at_once(4, look)
    with postgres.connect() as connection:
        assert len(connection.execute(select(accounts.c.id)).all()) == 4
