"""The audit log in sealed blocks: whatever was done to it afterwards is found, and nothing that is written escapes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event

import pytest
from sqlalchemy import Engine

from domain.audit import Filter
from domain.errors import Busy
from domain.ports import UnitOfWork, UnitOfWorkFactory
from domain.sealing import Fault, Verdict
from domain.usecases.drop_old_audit import drop_old_audit
from domain.usecases.seal_audit import seal_audit
from domain.usecases.verify_audit import verify_audit
from sandbox.clock import MovableClock
from storage.unit_of_work import build_unit_of_work
from tests.factories import NOON, make_account, make_organisation, make_user
from tests.unguarded import from_one, unguarded

YEAR = timedelta(days=365)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(start=NOON, frozen=True)


def say(work: UnitOfWork, number: int, at: datetime = NOON) -> None:
    work.audit.record(
        "nudge.held", at=at, actor_id=None, subject=f"nudge:{number}", before={"state": "ü"}, after={"state": number}
    )


def write(uow: UnitOfWorkFactory, count: int) -> None:
    with uow() as work:
        for number in range(count):
            say(work, number)


def tampered(database: Engine, *statements: str) -> None:
    with unguarded(database) as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


@pytest.fixture
def log(database: Engine, organisation: int, uow: UnitOfWorkFactory, clock: MovableClock) -> Callable[..., Verdict]:
    """Ten rows in blocks of 4, 4 and 2; verify them."""
    from_one(database)
    make_user(database, organisation)
    make_account(database, organisation)
    write(uow, 10)
    assert seal_audit(uow=uow, clock=clock, block=4) == 10
    return lambda **asked: verify_audit(uow=uow, **asked)


def test_what_nobody_touched_is_sound(log: Callable[..., Verdict], uow: UnitOfWorkFactory, clock: MovableClock) -> None:
    write(uow, 2)
    verdict = log()
    assert verdict.is_sound
    assert (verdict.blocks, verdict.rows, verdict.unsealed) == (3, 10, 2)
    assert seal_audit(uow=uow, clock=clock) == 2
    assert seal_audit(uow=uow, clock=clock) == 0
    assert (log().blocks, log().unsealed) == (4, 0)


OTHERWISE = {
    "id": "99 WHERE id = 6",
    "org_id": "{other} WHERE id = 6",
    "at": "'2020-01-01 00:00:00.000000'",
    "actor_id": "{user}",
    "action": "'nudge.sent'",
    "subject": "'nudge:77'",
    "account_id": "{account}",
    "reason": "'held_by_person'",
    "before": """'{{"state": "u"}}'""",
    "after": "NULL",
}


@pytest.mark.parametrize("column", OTHERWISE)
def test_a_changed_column_is_found(
    log: Callable[..., Verdict], database: Engine, other_organisation: int, column: str
) -> None:
    with database.connect() as connection:
        user = connection.exec_driver_sql("SELECT max(id) FROM users").scalar_one()
        account = connection.exec_driver_sql("SELECT max(id) FROM accounts").scalar_one()
    value = OTHERWISE[column].format(other=other_organisation, user=user, account=account)
    with database.connect() as connection:
        first = connection.exec_driver_sql("SELECT min(id) FROM audit").scalar_one()
    assert first == 1
    tampered(database, f'UPDATE audit SET "{column}" = {value}' + ("" if "WHERE" in value else " WHERE id = 6"))
    finding = log().finding
    assert finding is not None
    wanted = Fault.MISSING if column in ("id", "org_id") else Fault.CHANGED
    assert (finding.fault, finding.block, finding.row) == (wanted, 2, 6)


def test_what_is_no_value_of_its_column_is_found_too(log: Callable[..., Verdict], database: Engine) -> None:
    if database.dialect.name != "sqlite":
        pytest.skip("PostgreSQL takes no such value.")
    for change in ("at = 'soon'", "after = '{'", "subject = x'ff'", "at = '2026-11-23 12:00:00'"):
        tampered(database, f"UPDATE audit SET {change} WHERE id = 3")
        finding = log().finding
        assert finding is not None
        assert (finding.fault, finding.row) == (Fault.CHANGED, 3)


ADD = "INSERT INTO audit (id, org_id, at, action, subject) SELECT {id}, org_id, at, 'x', 'x' FROM audit WHERE id = 1"
DONE_TO_IT = {
    "a row taken away": (["DELETE FROM audit WHERE id = 7"], Fault.MISSING, 2, 7),
    "a block's rows taken away": (["DELETE FROM audit WHERE id BETWEEN 5 AND 8"], Fault.MISSING, 2, 5),
    "a row added before the first": ([ADD.format(id=0)], Fault.ADDED, 1, 0),
    "a row added in a gap": (
        ["DELETE FROM audit WHERE id = 4", ADD.format(id=4)],
        Fault.CHANGED,
        1,
        4,
    ),
    "a seal taken away": (["DELETE FROM audit_seals WHERE last_id = 8"], Fault.CHAIN_BROKEN, 2, None),
    "the first seal taken away": (["DELETE FROM audit_seals WHERE last_id = 4"], Fault.CHAIN_BROKEN, 1, None),
    "a block taken away with its seal": (
        ["DELETE FROM audit WHERE id BETWEEN 5 AND 8", "DELETE FROM audit_seals WHERE last_id = 8"],
        Fault.CHAIN_BROKEN,
        2,
        None,
    ),
    "a seal's hash changed": (
        [f"UPDATE audit_seals SET hash = '{'f' * 64}' WHERE last_id = 8"],
        Fault.SEAL_CHANGED,
        2,
        None,
    ),
    "a seal's link changed": (
        [f"UPDATE audit_seals SET before = '{'f' * 64}' WHERE last_id = 8"],
        Fault.CHAIN_BROKEN,
        2,
        None,
    ),
    "a seal's count changed": (["UPDATE audit_seals SET count = 3 WHERE last_id = 8"], Fault.SEAL_CHANGED, 2, None),
    "a deletion that poses as the retention's": (
        [
            "UPDATE audit_seals SET dropped_at = sealed_at, marks = {nothing} WHERE last_id = 4",
            "DELETE FROM audit WHERE id < 5",
        ],
        Fault.DROPPED_UNSAID,
        1,
        None,
    ),
    "a dropped block whose rows are there": (
        ["UPDATE audit_seals SET dropped_at = sealed_at, marks = {nothing} WHERE last_id = 4"],
        Fault.ADDED,
        1,
        1,
    ),
}


@pytest.mark.parametrize("name", DONE_TO_IT)
def test_what_was_done_to_it_is_found(log: Callable[..., Verdict], database: Engine, name: str) -> None:
    statements, fault, block, row = DONE_TO_IT[name]
    nothing = "''::bytea" if database.dialect.name == "postgresql" else "x''"
    tampered(database, *(one.format(nothing=nothing) if "{nothing}" in one else one for one in statements))
    finding = log().finding
    assert finding is not None
    assert (finding.fault, finding.block, finding.row) == (fault, block, row)


def test_seals_taken_away_from_the_end_are_found_by_the_hash_that_was_kept(
    log: Callable[..., Verdict], database: Engine
) -> None:
    head = log().head
    assert log(expected=head).is_sound
    tampered(database, "DELETE FROM audit WHERE id > 8", "DELETE FROM audit_seals WHERE last_id > 8")
    assert log().is_sound
    assert not log(expected=head).is_sound


def test_the_retention_takes_whole_old_blocks_and_says_so(
    log: Callable[..., Verdict], database: Engine, uow: UnitOfWorkFactory, clock: MovableClock
) -> None:
    assert drop_old_audit(YEAR, uow=uow, clock=clock) == 0
    clock.set(NOON + YEAR)
    assert drop_old_audit(YEAR, uow=uow, clock=clock) == 8
    assert drop_old_audit(YEAR, uow=uow, clock=clock) == 0
    verdict = log()
    assert verdict.is_sound
    assert (verdict.blocks, verdict.dropped, verdict.rows, verdict.unsealed) == (3, 2, 2, 2)
    assert verdict.dropped_until == NOON + YEAR
    with uow() as work:
        told = work.audit_lines.newest(Filter(action="audit.dropped"), limit=10)
    assert [line.subject for line in told] == ["audit:8", "audit:4"]
    seal_audit(uow=uow, clock=clock, block=4)
    # The block that tells of it grows old as well, and the newest one always stays.
    clock.set(NOON + 3 * YEAR)
    assert drop_old_audit(YEAR, uow=uow, clock=clock) == 2
    assert log().is_sound


def test_another_organisations_log_is_another_chain(
    log: Callable[..., Verdict], other_uow: UnitOfWorkFactory, uow: UnitOfWorkFactory, clock: MovableClock
) -> None:
    write(other_uow, 3)
    write(uow, 1)
    assert seal_audit(uow=other_uow, clock=clock) == 3
    assert verify_audit(uow=other_uow).rows == 3
    assert (log().rows, log().unsealed) == (10, 1)


# -- what only several connections to PostgreSQL can break --


@pytest.fixture
def org_id(postgres: Engine) -> int:
    return make_organisation(postgres)


@pytest.fixture
def many(postgres: Engine, org_id: int) -> UnitOfWorkFactory:
    return build_unit_of_work(postgres, org_id=org_id)


@pytest.mark.postgres
def test_writers_do_not_wait_for_each_other(many: UnitOfWorkFactory) -> None:
    with many() as one, many() as other:
        say(one, 1)
        say(other, 2)
    assert verify_audit(uow=many).unsealed == 2


@pytest.mark.postgres
def test_nothing_is_sealed_while_somebody_may_still_commit_a_lower_id(
    many: UnitOfWorkFactory, clock: MovableClock
) -> None:
    with many() as slow:
        say(slow, 1)  # has the lower id, and commits last
        write(many, 3)
        assert seal_audit(uow=many, clock=clock) == 0
        with pytest.raises(Busy), many() as work:
            work.seals.settled()
    assert seal_audit(uow=many, clock=clock) == 4
    assert verify_audit(uow=many).is_sound


@pytest.mark.postgres
def test_somebody_elses_slow_writing_holds_nobody_up(
    postgres: Engine, many: UnitOfWorkFactory, clock: MovableClock
) -> None:
    others = build_unit_of_work(postgres, org_id=make_organisation(postgres, name="Contoso"))
    with others() as slow:
        say(slow, 1)
        write(many, 3)
        assert seal_audit(uow=many, clock=clock) == 3


@pytest.mark.postgres
def test_many_write_while_two_seal_and_nothing_is_lost(many: UnitOfWorkFactory, clock: MovableClock) -> None:
    writers, each = 6, 40
    done = Event()

    def work_on(_: int) -> None:
        for number in range(each):
            with many() as work:
                say(work, number)
                if number % 7 == 3:
                    say(work, number + 1000)

    def keep_sealing(_: int) -> int:
        total = 0
        while not done.is_set():
            total += seal_audit(uow=many, clock=clock, block=5)
        return total

    with ThreadPoolExecutor(writers + 2) as pool:
        sealing = [pool.submit(keep_sealing, number) for number in range(2)]
        for writing in [pool.submit(work_on, number) for number in range(writers)]:
            writing.result()
        done.set()
        counted = sum(one.result() for one in sealing)
    counted += seal_audit(uow=many, clock=clock)
    verdict = verify_audit(uow=many)
    assert verdict.is_sound
    assert verdict.rows == counted == writers * (each + 6)
    assert verdict.unsealed == 0
