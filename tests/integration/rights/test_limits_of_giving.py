"""What even those who give rights may not do: to themselves, to the last Controller, in the past, beyond the matrix."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from domain.notices import Profile
from domain.outcomes import Refused, RequestFiled
from domain.reasons import Reason
from domain.roles import NOTHING, Gift, GiftKind, RequestDecided, RoleAssigned
from domain.values import Capability, Person, Role
from handlers.cases import Cases
from storage import tables
from tests.stage import Stage, set_the_stage

SOON = timedelta(days=3)


@pytest.fixture
def stage(database: Engine, organisation: int) -> Stage:
    return set_the_stage(database, organisation)


@pytest.fixture
def carl(stage: Stage) -> Person:
    return stage.person(role=Role.CONTROLLER, name="Carl Controller")


class SlackOf:
    """Slack, where everybody has this address."""

    def __init__(self, email: str) -> None:
        self.email = email

    def profile(self, slack_user_id: str) -> Profile:
        return Profile(email=self.email, name="New", zone=None, locale=None, is_active=True)


def cases(stage: Stage, person: Person) -> Cases:
    return Cases(actor=stage.actor(person), uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook)


def role_of(stage: Stage, person: Person) -> Role:
    with stage.uow() as work:
        return work.people.by_ids([person.id], stage.clock.now())[person.id].role


def refused(outcome: object, reason: Reason, stage: Stage, action: str) -> None:
    """For this reason, and the audit log says so."""
    assert isinstance(outcome, Refused) and outcome.reason is reason, outcome
    last = stage.rows(tables.audit)[-1]
    assert (last["action"], last["reason"]) == (f"{action}.refused", reason.value)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.CONTROLLER])
def test_nobody_changes_their_own_rights(stage: Stage, carl: Person, role: Role) -> None:
    one = stage.person(role=role, name="One")
    given = cases(stage, one).assign_role(one.id, role=Role.CONTROLLER, until=None, is_active=True)
    refused(given, Reason.OWN_RIGHTS, stage, "role.assign")
    assert role_of(stage, one) is role


def test_nobody_decides_what_they_asked_for(stage: Stage, carl: Person) -> None:
    filed = cases(stage, carl).request_access(reason=Reason.NOT_ALLOWED, capability=Capability.RECORD, account_id=None)
    assert isinstance(filed, RequestFiled)
    decided = cases(stage, carl).decide_request(
        filed.request_id, approved=True, gift=Gift(GiftKind.ROLE, Role.OPERATOR), why="Mine.", until=None
    )
    refused(decided, Reason.OWN_RIGHTS, stage, "access.decide")
    assert role_of(stage, carl) is Role.CONTROLLER


def test_what_is_asked_in_vain_is_in_the_log(stage: Stage, carl: Person) -> None:
    def ask(account_id: int | None) -> object:
        return cases(stage, stage.rita).request_access(
            reason=Reason.OUT_OF_SCOPE, capability=None, account_id=account_id
        )

    refused(ask(999_999), Reason.STALE_BUTTON, stage, "access.requested")
    cases(stage, carl).assign_role(stage.rita.id, role=Role.SALES, until=None, is_active=False)
    refused(ask(None), Reason.DEACTIVATED, stage, "access.requested")
    assert stage.rows(tables.access_requests) == []


def test_no_role_is_given_until_a_time_that_has_passed(stage: Stage, carl: Person) -> None:
    now = stage.clock.now()
    for until in (now, now - SOON):
        given = cases(stage, carl).assign_role(stage.rita.id, role=Role.CSM, until=until, is_active=True)
        refused(given, Reason.END_PASSED, stage, "role.assign")
    assert role_of(stage, stage.rita) is Role.SALES
    assert stage.rows(tables.grants) == []


def test_nobody_new_comes_in_until_a_time_that_has_passed(stage: Stage, carl: Person) -> None:
    people = len(stage.rows(tables.users))
    given = cases(stage, carl).add_person(
        "U77NEW", role=Role.SALES, until=stage.clock.now(), profiles=SlackOf("new@northwind.example")
    )
    refused(given, Reason.END_PASSED, stage, "role.assign")
    assert len(stage.rows(tables.users)) == people


def test_whoever_is_linked_by_being_given_a_role_stands_in_the_audit_log(stage: Stage, carl: Person) -> None:
    """The same role as before: nothing else would say so."""
    with stage.uow() as work:
        known = work.people.save(replace(stage.rita, id=0, email="sam@northwind.example", slack_user_id=None))
    given = cases(stage, carl).add_person(
        "U77SAM", role=known.role, until=None, profiles=SlackOf("sam@northwind.example")
    )
    assert isinstance(given, RoleAssigned) and given.now.person.slack_user_id == "U77SAM"
    (linked,) = [row for row in stage.rows(tables.audit) if row["subject"] == f"user:{known.id}"]
    assert (linked["action"], linked["actor_id"]) == ("person.linked", carl.id)
    assert linked["after"] == {"slack_user": "U77SAM", "role": "sales"}


def test_the_last_controller_is_neither_moved_nor_let_go(stage: Stage, carl: Person) -> None:
    """One for a time does not count: their time ends."""
    ada = stage.person(role=Role.ADMIN, name="Ada Admin")
    for_a_time = cases(stage, ada).assign_role(
        stage.rita.id, role=Role.CONTROLLER, until=stage.clock.now() + SOON, is_active=True
    )
    assert isinstance(for_a_time, RoleAssigned)
    for role, is_active in ((Role.VIEWER, True), (Role.CONTROLLER, False)):
        given = cases(stage, ada).assign_role(carl.id, role=role, until=None, is_active=is_active)
        refused(given, Reason.LAST_CONTROLLER, stage, "role.assign")
    assert role_of(stage, carl) is Role.CONTROLLER


@pytest.mark.parametrize("role", [Role.ADMIN, Role.CONTROLLER])
def test_no_answer_to_a_request_makes_an_admin_or_a_controller(stage: Stage, carl: Person, role: Role) -> None:
    filed = cases(stage, stage.rita).request_access(
        reason=Reason.NOT_ALLOWED, capability=Capability.ASSIGN_ROLES, account_id=None
    )
    assert isinstance(filed, RequestFiled)
    decided = cases(stage, carl).decide_request(
        filed.request_id, approved=True, gift=Gift(GiftKind.ROLE, role), why="Yes.", until=None
    )
    refused(decided, Reason.NOT_GRANTABLE, stage, "access.decide")
    assert role_of(stage, stage.rita) is Role.SALES


@pytest.mark.parametrize("role", [Role.ADMIN, Role.CONTROLLER])
def test_no_user_group_makes_an_admin_or_a_controller(stage: Stage, carl: Person, role: Role) -> None:
    given = cases(stage, carl).give_group_role("S01", name="sellers", role=role)
    refused(given, Reason.NOT_GRANTABLE, stage, "group_role.give")
    assert stage.rows(tables.group_roles) == []


def test_a_request_is_decided_once(stage: Stage, carl: Person) -> None:
    other = stage.person(role=Role.CONTROLLER, name="Cora Controller")
    filed = cases(stage, stage.rita).request_access(
        reason=Reason.NOT_ALLOWED, capability=Capability.RECORD, account_id=None
    )
    assert isinstance(filed, RequestFiled)
    decision = {"approved": False, "gift": NOTHING, "why": "No.", "until": None}
    assert isinstance(cases(stage, carl).decide_request(filed.request_id, **decision), RequestDecided)
    late = cases(stage, other).decide_request(filed.request_id, **{**decision, "approved": True})
    refused(late, Reason.ALREADY_DECIDED, stage, "access.decide")
    (row,) = stage.rows(tables.access_requests)
    assert (row["state"], row["decided_by"]) == ("declined", carl.email)
