"""The capability matrix, cell by cell, and who sees which accounts."""

from __future__ import annotations

import pytest

from domain.rules.access import may, may_hold, sees
from domain.values import AccountScope, Capability, Role
from tests.builders import make_account, make_person

ROLES = [
    Role.ADMIN,
    Role.CONTROLLER,
    Role.AR_MANAGER,
    Role.OPERATOR,
    Role.SALES,
    Role.CSM,
    Role.LEGAL,
    Role.BILLING_ADMIN,
    Role.VIEWER,
]

# One column per role in the order above, as the product's documentation prints it.
PRINTED = {
    Capability.VIEW_ACCOUNTS: "Y Y Y Y Y Y Y Y Y",
    Capability.NUDGE: ". . . . Y Y . . .",
    Capability.REPORT: ". . . Y Y Y Y . .",
    Capability.RECORD: ". . . Y . . . . .",
    Capability.RECORD_DISPUTE_INPUT: ". . . . . . Y . .",
    Capability.HOLD_NUDGE: ". Y Y Y . . Y . .",
    Capability.HOLD_OWN_NUDGE: ". . . . Y Y . . .",
    Capability.RESOLVE_UNCONFIRMED: ". Y Y Y . . . . .",
    Capability.WRITE_NOTES: "Y Y Y Y . Y Y Y .",
    Capability.COMMENT: "Y Y Y Y Y Y Y Y .",
    Capability.VIEW_POLICIES: "Y Y Y Y Y Y Y . Y",
    Capability.EDIT_POLICIES: ". Y . . . . . . .",
    Capability.SIGN_OFF_POLICIES: ". . . . . . Y . .",
    Capability.SET_SEGMENTS: ". Y Y . . . . . .",
    Capability.APPROVE_DRAFTS: ". Y Y Y . . . . .",
    Capability.DECIDE_REQUESTS: ". Y . . . . . . .",
    Capability.SUPPRESS_CONTACTS: ". Y Y Y . . . . .",
    Capability.CONFIRM_CASH: ". Y Y Y . . . Y .",
    Capability.VIEW_OPERATIONS: "Y Y Y . . . . Y .",
    Capability.OPERATE: "Y Y . . . . . . .",
    Capability.ASSIGN_ROLES: "Y Y . . . . . . .",
    Capability.EXPORT: "Y Y . . . . Y . .",
}

CELLS = [
    (role, capability, mark == "Y")
    for capability, row in PRINTED.items()
    for role, mark in zip(ROLES, row.split(), strict=True)
]


@pytest.mark.parametrize(("role", "capability", "allowed"), CELLS, ids=[f"{r.value}-{c.value}" for r, c, _ in CELLS])
def test_matrix(role: Role, capability: Capability, allowed: bool) -> None:
    assert may(make_person(role=role), capability) is allowed
    assert not may(make_person(role=role, is_active=False), capability)


def test_every_capability_is_printed() -> None:
    assert set(PRINTED) == set(Capability)


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.SALES, Role.CSM)])
def test_only_a_viewer_can_be_granted_the_nudge(role: Role) -> None:
    granted = make_person(role=role, capabilities=frozenset({Capability.NUDGE}))
    assert may(granted, Capability.NUDGE) is (role is Role.VIEWER)


def test_no_grant_makes_sales_record() -> None:
    assert not may(make_person(capabilities=frozenset(Capability)), Capability.RECORD)


@pytest.mark.parametrize("role", list(Role))
def test_scope(role: Role) -> None:
    foreign = make_account(owner_email="sam@northwind.example")
    person = make_person(role=role)
    is_scoped = role in (Role.SALES, Role.CSM)
    assert sees(person, foreign, AccountScope.ASSIGNED) is not is_scoped
    assert sees(person, foreign, AccountScope.ALL)
    assert sees(person, make_account(), AccountScope.ASSIGNED)
    assert not sees(make_person(role=role, is_active=False), make_account(), AccountScope.ALL)


@pytest.mark.parametrize(
    ("role", "own", "others"),
    [
        (Role.SALES, True, False),
        (Role.CSM, True, False),
        (Role.VIEWER, False, False),
        (Role.OPERATOR, True, True),
        (Role.LEGAL, True, True),
        (Role.ADMIN, False, False),
        (Role.BILLING_ADMIN, False, False),
    ],
)
def test_holding(role: Role, own: bool, others: bool) -> None:
    person = make_person(id=7, role=role)
    assert may_hold(person, 7) is own
    assert may_hold(person, 8) is others
