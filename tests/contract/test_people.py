"""Who somebody is, and what they were granted until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from domain.errors import NotFound
from domain.ports import UnitOfWork, UnitOfWorkFactory
from domain.values import Capability, Person, Role
from tests.factories import NOON, make_grant, make_user

HOUR = timedelta(hours=1)


@pytest.fixture
def rita(database: Engine, organisation: int) -> Person:
    return make_user(database, organisation, email="rita@northwind.example", slack_user_id="U0RITA")


def by_id(work: UnitOfWork, user_id: int, at: datetime) -> Person | None:
    return work.people.by_ids([user_id, user_id], at).get(user_id)


def test_found_by_id_by_slack_and_by_mail_in_any_case(uow: UnitOfWorkFactory, rita: Person) -> None:
    with uow() as work:
        assert by_id(work, rita.id, NOON) == rita
        assert work.people.by_slack("U0RITA", NOON) == rita
        assert work.people.by_email("  Rita@NorthWind.example", NOON) == rita


def test_unknown_is_none(uow: UnitOfWorkFactory, rita: Person) -> None:
    with uow() as work:
        assert by_id(work, rita.id + 1, NOON) is None
        assert work.people.by_slack("U0NOBODY", NOON) is None
        assert work.people.by_email("nobody@northwind.example", NOON) is None


def test_another_organisation_knows_nobody_of_ours(other_uow: UnitOfWorkFactory, rita: Person) -> None:
    with other_uow() as work:
        assert by_id(work, rita.id, NOON) is None
        assert work.people.by_slack("U0RITA", NOON) is None
        assert work.people.by_email(rita.email, NOON) is None
        assert work.people.everyone(NOON) == []


def test_a_granted_role_holds_until_its_time_and_falls_back(
    database: Engine, organisation: int, uow: UnitOfWorkFactory, rita: Person
) -> None:
    make_grant(database, organisation, rita.id, role=Role.OPERATOR, until=NOON + HOUR)
    with uow() as work:
        during = by_id(work, rita.id, NOON + HOUR - timedelta(microseconds=1))
        after = by_id(work, rita.id, NOON + HOUR)
    assert during is not None and during.role is Role.OPERATOR
    assert after is not None and after.role is Role.SALES


def test_the_newest_running_grant_is_the_role(
    database: Engine, organisation: int, uow: UnitOfWorkFactory, rita: Person
) -> None:
    make_grant(database, organisation, rita.id, role=Role.OPERATOR)
    make_grant(database, organisation, rita.id, role=Role.LEGAL, until=NOON + HOUR)
    make_grant(database, organisation, rita.id, role=Role.ADMIN, until=NOON - HOUR)
    with uow() as work:
        now, later = by_id(work, rita.id, NOON), by_id(work, rita.id, NOON + 2 * HOUR)
    assert now is not None and now.role is Role.LEGAL
    assert later is not None and later.role is Role.OPERATOR


def test_capabilities_come_on_top_while_they_run(uow: UnitOfWorkFactory, rita: Person) -> None:
    with uow() as work:
        work.people.grant(rita.id, role=None, capability=Capability.NUDGE, until=None, by="c@northwind.example")
        work.people.grant(rita.id, role=None, capability=Capability.EXPORT, until=NOON, by="c@northwind.example")
    with uow() as work:
        before = by_id(work, rita.id, NOON - HOUR)
        now = by_id(work, rita.id, NOON)
    assert before is not None and before.capabilities == {Capability.NUDGE, Capability.EXPORT}
    assert now is not None and now.capabilities == {Capability.NUDGE}
    assert now.role is Role.SALES


def test_a_grant_is_a_role_or_a_capability(uow: UnitOfWorkFactory, rita: Person) -> None:
    with uow() as work, pytest.raises(ValueError):
        work.people.grant(rita.id, role=None, capability=None, until=None, by="x")
    with uow() as work, pytest.raises(ValueError):
        work.people.grant(rita.id, role=Role.LEGAL, capability=Capability.NUDGE, until=None, by="x")


def test_holding_counts_granted_roles_and_only_active_people(
    database: Engine, organisation: int, uow: UnitOfWorkFactory, rita: Person
) -> None:
    operator = make_user(database, organisation, role=Role.OPERATOR)
    make_user(database, organisation, role=Role.OPERATOR, is_active=False)
    manager = make_user(database, organisation, role=Role.AR_MANAGER)
    make_grant(database, organisation, rita.id, role=Role.OPERATOR, until=NOON + HOUR)
    with uow() as work:
        holding = work.people.holding({Role.OPERATOR, Role.AR_MANAGER}, NOON)
        later = work.people.holding({Role.OPERATOR, Role.AR_MANAGER}, NOON + HOUR)
        assert work.people.holding(set(), NOON) == []
    assert [p.id for p in holding] == sorted([rita.id, operator.id, manager.id])
    assert [p.id for p in later] == [operator.id, manager.id]


def test_everyone_includes_who_left(database: Engine, organisation: int, uow: UnitOfWorkFactory, rita: Person) -> None:
    gone = make_user(database, organisation, is_active=False)
    with uow() as work:
        assert [(p.id, p.is_active) for p in work.people.everyone(NOON)] == [(rita.id, True), (gone.id, False)]


def test_saving_inserts_and_then_updates(uow: UnitOfWorkFactory, organisation: int) -> None:
    new = Person(
        org_id=organisation,
        id=0,
        email="Olga@Northwind.example",
        name="Olga",
        role=Role.OPERATOR,
        is_active=True,
        zone="Europe/Madrid",
        locale="es-ES",
        slack_user_id="U0OLGA",
    )
    with uow() as work:
        saved = work.people.save(new)
    assert saved == replace(new, id=saved.id, email="olga@northwind.example")
    changed = replace(saved, name="Olga O.", is_active=False, zone=None, slack_user_id=None)
    with uow() as work:
        assert work.people.save(changed) == changed
        assert by_id(work, saved.id, NOON) == changed


def test_saving_somebody_with_a_granted_role_does_not_make_it_last(uow: UnitOfWorkFactory, rita: Person) -> None:
    with uow() as work:
        work.people.grant(rita.id, role=Role.OPERATOR, capability=None, until=NOON + HOUR, by="c@northwind.example")
    with uow() as work:
        elevated = by_id(work, rita.id, NOON)
        assert elevated is not None and elevated.role is Role.OPERATOR
        work.people.save(replace(elevated, zone="Asia/Tokyo"))
    with uow() as work:
        after = by_id(work, rita.id, NOON + HOUR)
    assert after is not None and (after.role, after.zone) == (Role.SALES, "Asia/Tokyo")


def test_a_role_for_good_ends_what_was_granted_for_a_time(uow: UnitOfWorkFactory, rita: Person) -> None:
    with uow() as work:
        work.people.grant(rita.id, role=Role.OPERATOR, capability=None, until=NOON + HOUR, by="c@northwind.example")
        work.people.grant(rita.id, role=Role.LEGAL, capability=None, until=None, by="c@northwind.example")
        now = by_id(work, rita.id, NOON)
    assert now is not None and now.role is Role.LEGAL
    with pytest.raises(NotFound), uow() as work:
        work.people.grant(rita.id + 999, role=Role.LEGAL, capability=None, until=None, by="x")


def test_nobody_is_saved_into_another_organisation(other_uow: UnitOfWorkFactory, rita: Person) -> None:
    with pytest.raises(NotFound), other_uow() as work:
        work.people.save(rita)
