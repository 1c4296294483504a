"""Who may do what: the capability matrix as data, deny by default."""

from __future__ import annotations

from domain.accounts import Account
from domain.values import AccountScope, Capability, Person, Role

_EVERYONE = frozenset(Role)
_AR = frozenset({Role.CONTROLLER, Role.AR_MANAGER, Role.OPERATOR})

MATRIX: dict[Capability, frozenset[Role]] = {
    Capability.VIEW_ACCOUNTS: _EVERYONE,
    Capability.NUDGE: frozenset({Role.SALES, Role.CSM}),
    Capability.REPORT: frozenset({Role.OPERATOR, Role.SALES, Role.CSM, Role.LEGAL}),
    Capability.RECORD: frozenset({Role.OPERATOR}),
    Capability.RECORD_DISPUTE_INPUT: frozenset({Role.LEGAL}),
    Capability.HOLD_NUDGE: _AR | {Role.LEGAL},
    Capability.HOLD_OWN_NUDGE: frozenset({Role.SALES, Role.CSM}),
    Capability.RESOLVE_UNCONFIRMED: _AR,
    Capability.WRITE_NOTES: _EVERYONE - {Role.SALES, Role.VIEWER},
    Capability.COMMENT: _EVERYONE - {Role.VIEWER},
    Capability.VIEW_POLICIES: _EVERYONE - {Role.BILLING_ADMIN},
    Capability.EDIT_POLICIES: frozenset({Role.CONTROLLER}),
    Capability.SIGN_OFF_POLICIES: frozenset({Role.LEGAL}),
    Capability.SET_SEGMENTS: frozenset({Role.CONTROLLER, Role.AR_MANAGER}),
    Capability.APPROVE_DRAFTS: _AR,
    Capability.DECIDE_REQUESTS: frozenset({Role.CONTROLLER}),
    Capability.SUPPRESS_CONTACTS: _AR,
    Capability.CONFIRM_CASH: _AR | {Role.BILLING_ADMIN},
    Capability.VIEW_OPERATIONS: frozenset({Role.ADMIN, Role.CONTROLLER, Role.AR_MANAGER, Role.BILLING_ADMIN}),
    Capability.OPERATE: frozenset({Role.ADMIN, Role.CONTROLLER}),
    Capability.ASSIGN_ROLES: frozenset({Role.ADMIN, Role.CONTROLLER}),
    Capability.EXPORT: frozenset({Role.ADMIN, Role.CONTROLLER, Role.LEGAL}),
}

GRANTABLE: dict[Capability, frozenset[Role]] = {Capability.NUDGE: frozenset({Role.VIEWER})}
"""Capabilities that can be granted on top of a role, and to which roles (the matrix's “if granted”)."""

SCOPED_ROLES = frozenset({Role.SALES, Role.CSM})
"""Roles that see only the accounts they own while the workspace's scope is `assigned`."""


def may(person: Person, capability: Capability) -> bool:
    """Whether an active person holds the capability, by role or by a grant that fits the role."""
    if not person.is_active:
        return False
    if person.role in MATRIX.get(capability, frozenset()):
        return True
    return capability in person.capabilities and person.role in GRANTABLE.get(capability, frozenset())


def sees(person: Person, account: Account, scope: AccountScope) -> bool:
    """Whether the account lies in the person's scope."""
    if not may(person, Capability.VIEW_ACCOUNTS):
        return False
    if person.role not in SCOPED_ROLES or scope is AccountScope.ALL:
        return True
    return account.owner_email is not None and account.owner_email.casefold() == person.email.casefold()


def may_hold(person: Person, requested_by: int | None) -> bool:
    """Whether the person may hold, resume or cancel a queued nudge: A/R and Legal any, Sales and CSM their own.

    A Viewer who was granted the Nudge may take back what they queued themselves.
    """
    if may(person, Capability.HOLD_NUDGE):
        return True
    owns = person.id == requested_by
    return owns and (may(person, Capability.HOLD_OWN_NUDGE) or may(person, Capability.NUDGE))


def needs_why(person: Person, requested_by: int | None) -> bool:
    """Whether holding it takes a reason: whoever queued it reads that, and of their own they know it."""
    return person.id != requested_by
