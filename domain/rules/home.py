"""Who sees which part of App Home, and in which order: data, deny by default."""

from __future__ import annotations

from domain.homing import Part
from domain.rules.access import may
from domain.values import Capability, Person, Role

_FACING = (Part.MY_NUDGES, Part.ACCOUNTS, Part.MY_REPORTS, Part.MY_LATEST, Part.HELP)
_LOOKING = (Part.ABLE, Part.HELP, Part.MY_NUDGES, Part.ACCOUNTS, Part.MY_LATEST)

LAYOUT: dict[Role, tuple[Part, ...]] = {
    Role.SALES: _FACING,
    Role.CSM: _FACING,
    Role.OPERATOR: (
        Part.REPORT_QUEUE,
        Part.DISPUTES,
        Part.STEP_DRAFTS,
        Part.UNCONFIRMED,
        Part.HELD,
        Part.PROMISES_DUE,
        Part.PROMISES_MISSED,
        Part.KEPT_RATE,
        Part.ON_THEIR_WAY,
        Part.ACCOUNTS,
        Part.HELP,
    ),
    Role.AR_MANAGER: (
        Part.ESCALATED,
        Part.REPORT_QUEUE,
        Part.DISPUTES,
        Part.STEP_DRAFTS,
        Part.UNCONFIRMED,
        Part.HELD,
        Part.DUTY,
        Part.PROMISES_DUE,
        Part.PROMISES_MISSED,
        Part.KEPT_RATE,
        Part.ON_THEIR_WAY,
        Part.ACCOUNTS,
        Part.HELP,
    ),
    Role.CONTROLLER: (
        Part.ACCESS_REQUESTS,
        Part.CHANGE_REQUESTS,
        Part.DRAFTS,
        Part.STEP_DRAFTS,
        Part.UNCONFIRMED,
        Part.HELD,
        Part.PEOPLE,
        Part.KEPT_RATE,
        Part.ON_THEIR_WAY,
        Part.ACCOUNTS,
        Part.HELP,
    ),
    Role.LEGAL: (
        Part.DISPUTES,
        Part.LEGAL_HOLDS,
        Part.SIGN_OFFS,
        Part.MY_REPORTS,
        Part.HELD,
        Part.ON_THEIR_WAY,
        Part.ACCOUNTS,
        Part.HELP,
    ),
    Role.ADMIN: (Part.ABLE, Part.PEOPLE, Part.HELP, Part.ACCOUNTS),
    Role.BILLING_ADMIN: _LOOKING,
    Role.VIEWER: _LOOKING,
}
"""What asks something of the reader comes first, what is only good to know last."""

NEEDS: dict[Part, Capability] = {
    Part.UNCONFIRMED: Capability.RESOLVE_UNCONFIRMED,
    Part.HELD: Capability.HOLD_NUDGE,
    Part.ON_THEIR_WAY: Capability.HOLD_NUDGE,
    Part.MY_NUDGES: Capability.NUDGE,
    Part.MY_LATEST: Capability.NUDGE,
    Part.MY_REPORTS: Capability.REPORT,
    Part.ACCESS_REQUESTS: Capability.DECIDE_REQUESTS,
    Part.CHANGE_REQUESTS: Capability.DECIDE_REQUESTS,
    Part.DRAFTS: Capability.EDIT_POLICIES,
    Part.STEP_DRAFTS: Capability.APPROVE_DRAFTS,
    Part.SIGN_OFFS: Capability.SIGN_OFF_POLICIES,
    Part.PEOPLE: Capability.ASSIGN_ROLES,
}
"""What a part asks for beside its place in the layout; the others only what everybody has, to look up accounts."""


def parts_for(person: Person) -> tuple[Part, ...]:
    """The parts this person sees, in order; none for somebody who is not active."""
    return tuple(part for part in LAYOUT.get(person.role, ()) if may(person, NEEDS.get(part, Capability.VIEW_ACCOUNTS)))


SHOWN: dict[Part, int] = {
    Part.ESCALATED: 4,
    Part.REPORT_QUEUE: 8,
    Part.UNCONFIRMED: 5,
    Part.HELD: 5,
    Part.ON_THEIR_WAY: 5,
    Part.MY_NUDGES: 12,
    Part.MY_LATEST: 5,
    Part.ACCOUNTS: 8,
    Part.MY_REPORTS: 8,
    Part.PROMISES_DUE: 5,
    Part.PROMISES_MISSED: 5,
    Part.DUTY: 8,
    Part.ACCESS_REQUESTS: 8,
    Part.CHANGE_REQUESTS: 6,
    Part.DRAFTS: 6,
    Part.STEP_DRAFTS: 1,
    Part.SIGN_OFFS: 6,
    Part.DISPUTES: 8,
    Part.LEGAL_HOLDS: 6,
}
"""Lines of each list, so that all parts of any role fit Slack's hundred blocks; the rest is a click away."""

A_PAGE = 40
"""Lines when a part is looked at by itself."""
