"""Who may do what with whose note, and whom a text names.

Decided where the matrix says “comment” for Sales: Sales people write notes tagged Sales and reply to any note they
see, and they may edit what they wrote themselves; they never pin, and never change a note of somebody else's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from domain.notes import NoteAct, NoteThread
from domain.reasons import Reason
from domain.rules.access import may
from domain.timeline import Department
from domain.values import Capability, Person, Role

DEPARTMENTS: dict[Role, Department] = {
    Role.ADMIN: Department.AR,
    Role.CONTROLLER: Department.AR,
    Role.AR_MANAGER: Department.AR,
    Role.OPERATOR: Department.AR,
    Role.BILLING_ADMIN: Department.AR,
    Role.CSM: Department.CSM,
    Role.LEGAL: Department.LEGAL,
    Role.SALES: Department.SALES,
}
"""Under which department a role writes; who has none does not write."""

EDITS_ANY = frozenset({Role.CONTROLLER})
"""Who may also edit notes of others (decided: the history says so)."""

_MENTION = re.compile(r"<@([UW][A-Z0-9]{1,30})(?:\|[^<>]*)?>")


def may_write(person: Person) -> bool:
    """Notes of their own department, and replies to any note they see."""
    return may(person, Capability.COMMENT) and person.role in DEPARTMENTS


def why_not(person: Person, act: NoteAct, thread: NoteThread) -> Reason | None:
    """What stands against the act; None when nothing does. That the person sees the account is asked elsewhere."""
    match act:
        case NoteAct.READ:
            return None if may(person, Capability.VIEW_ACCOUNTS) else Reason.NOT_ALLOWED
        case NoteAct.REPLY:
            return None if may_write(person) else Reason.NOT_ALLOWED
        case NoteAct.PIN:
            return None if may(person, Capability.WRITE_NOTES) else Reason.NOT_ALLOWED
        case NoteAct.EDIT:
            if not may_write(person):
                return Reason.NOT_ALLOWED
            if thread.is_imported:
                return Reason.NOTE_IMPORTED
            is_theirs = thread.author_id == person.id or person.role in EDITS_ANY
            return None if is_theirs else Reason.NOTE_OF_ANOTHER


def mentions_in(text: str) -> frozenset[str]:
    """Slack ids of the people that a text names as `<@U…>`."""
    return frozenset(match[1] for match in _MENTION.finditer(text))


def with_names(text: str, names: Mapping[str, str]) -> str:
    """`@Olga Operator` in place of `<@U…>`: what is kept is a plain text that names people, not Slack's markup."""
    return _MENTION.sub(lambda match: f"@{names[match[1]]}" if match[1] in names else match[0], text)


def tidied(text: str) -> str:
    """As it was typed, without what a database or a screen cannot hold."""
    kept = (one for one in text if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs"))
    return "".join(kept).strip()
