"""Which rows may change when somebody clicks: the capability matrix, read from the side of the tables.

A table that is not named here may be changed by nobody from Slack.
"""

from __future__ import annotations

from collections.abc import Callable

from domain.rules.access import SCOPED_ROLES, may
from domain.values import Capability, Person, Role
from tests.scenario.fuzz_watch import Change


def _any_of(*capabilities: Capability) -> Callable[[Person], bool]:
    return lambda person: any(may(person, one) for one in capabilities)


def _roles(*roles: Role) -> Callable[[Person], bool]:
    return lambda person: person.role in roles


def _anybody(person: Person) -> bool:
    return True


_HOLDERS = _any_of(Capability.HOLD_NUDGE, Capability.HOLD_OWN_NUDGE)
_NUDGERS = _any_of(Capability.NUDGE)
_REPORTERS = _any_of(Capability.REPORT, Capability.RECORD)
_KEEPERS = _any_of(Capability.RECORD)
_WRITERS = _any_of(Capability.WRITE_NOTES, Capability.COMMENT)
_EDITORS = _any_of(Capability.EDIT_POLICIES, Capability.SIGN_OFF_POLICIES)
_READERS = _any_of(Capability.VIEW_POLICIES)
_DECIDERS = _any_of(Capability.DECIDE_REQUESTS)
_ASSIGNERS = _any_of(Capability.ASSIGN_ROLES)
_GIVERS = _any_of(Capability.ASSIGN_ROLES, Capability.DECIDE_REQUESTS)
_DISPUTERS = _any_of(Capability.REPORT, Capability.RECORD, Capability.RECORD_DISPUTE_INPUT)
_LEGAL = _roles(Role.LEGAL, Role.CONTROLLER)
_APPROVERS = _any_of(Capability.APPROVE_DRAFTS)
_DUTY = _roles(Role.AR_MANAGER, Role.CONTROLLER)

NEW: dict[str, Callable[[Person], bool]] = {
    "audit": _anybody,
    "notices": _anybody,
    "access_requests": _anybody,
    "mutes": _anybody,
    "messages": _any_of(Capability.NUDGE, Capability.APPROVE_DRAFTS),
    "message_events": _any_of(
        Capability.NUDGE, Capability.HOLD_NUDGE, Capability.HOLD_OWN_NUDGE, Capability.APPROVE_DRAFTS
    ),
    # Whoever decides about a draft lets its sequence go on.
    "autopilot_steps": _APPROVERS,
    "sequences": _APPROVERS,
    "draft_wordings": _APPROVERS,
    "communications": _any_of(Capability.RESOLVE_UNCONFIRMED),
    "reports": _REPORTERS,
    "promises": _REPORTERS,
    "promise_invoices": _REPORTERS,
    "promise_events": _REPORTERS,
    "disputes": _REPORTERS,
    "dispute_invoices": _REPORTERS,
    "dispute_events": _DISPUTERS,
    "legal_holds": _LEGAL,
    "duties": _DUTY,
    "absences": _anybody,
    "notes": _WRITERS,
    "note_versions": _WRITERS,
    "note_replies": _WRITERS,
    "note_mentions": _WRITERS,
    "comments": _READERS,
    "change_requests": _READERS,
    "templates": _EDITORS,
    "documents": _EDITORS,
    "grants": _GIVERS,
    "group_roles": _ASSIGNERS,
    "users": _ASSIGNERS,
}
CHANGED: dict[str, Callable[[Person], bool]] = {
    "notices": _anybody,
    "messages": _HOLDERS,
    "autopilot_steps": _APPROVERS,
    "sequences": _APPROVERS,
    "drafts": _APPROVERS,
    "access_requests": _DECIDERS,
    # Whoever keeps the record settles a report; its reporter may report the same again, which changes nothing.
    "reports": _KEEPERS,
    "promises": _KEEPERS,
    "promise_invoices": _KEEPERS,
    "disputes": _any_of(Capability.RECORD, Capability.RECORD_DISPUTE_INPUT),
    "dispute_invoices": _KEEPERS,
    "legal_holds": _LEGAL,
    "duties": _DUTY,
    "absences": _anybody,
    "notes": _WRITERS,
    "note_replies": _WRITERS,
    "note_mentions": _WRITERS,
    "comments": _READERS,
    "change_requests": _DECIDERS,
    "templates": _EDITORS,
    "documents": _EDITORS,
    "grants": _GIVERS,
    "group_roles": _ASSIGNERS,
    "users": _ASSIGNERS,
}
OF_ONESELF = frozenset({"zone", "locale", "name", "slack_user_id", "email"})
"""What of a person's own row Slack's profile changes, whoever they are."""


def objection(change: Change, *, person: Person, org_id: int, owners: dict[int, str]) -> str | None:
    """Why this change must not have happened; None when the matrix allows it. `owners` by account id."""
    table, before, after = change
    row = after or before or {}
    if row.get("org_id") != org_id:  # what belongs to nobody is nobody's to change
        return f"a row of another organisation in {table} changed"
    if table == "users" and after and before and after["id"] == person.id:
        differing = {name for name in after if after[name] != before[name]}
        if differing <= OF_ONESELF:
            return None
    allowed = (NEW if before is None else CHANGED).get(table)
    if allowed is None or not allowed(person):
        return f"{person.role} {'added to' if before is None else 'changed'} {table}"
    if table == "messages" and before is None:
        may_add = _NUDGERS if row["source"] == "nudge" else _APPROVERS
        if not may_add(person):
            return f"{person.role} added a message of {row['source']}"
    if table == "audit" and before is not None:
        return "the audit log changed"
    is_scoped = person.role in SCOPED_ROLES and table not in ("audit", "access_requests")
    owner = owners.get(row["account_id"]) if is_scoped and row.get("account_id") else person.email
    if (owner or "").casefold() != person.email.casefold():
        return f"{person.role} touched {table} of an account that is not theirs"
    if table == "promises" and after and after["state"] != "reported" and not _KEEPERS(person):
        return f"{person.role} put a promise on record"
    return None
