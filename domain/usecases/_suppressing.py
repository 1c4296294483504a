"""Suppress an address, and let it be written to again: in Slack by a person, on the command line by their login."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from domain.accounts import Suppressed
from domain.errors import InvalidValue
from domain.ports import UnitOfWork
from domain.rules.suppressing import LONGEST_NOTE


def suppress_here(work: UnitOfWork, suppressed: Suppressed, *, actor_id: int | None, by: str, at: datetime) -> bool:
    """False: it stands so already. Raises InvalidValue for a note that is too long."""
    if len(suppressed.detail) > LONGEST_NOTE:
        raise InvalidValue(f"The note has {len(suppressed.detail)} characters; {LONGEST_NOTE} are the most.")
    before = work.suppressions.get(suppressed.email)
    if before is not None and (before.suppression, before.detail) == (suppressed.suppression, suppressed.detail):
        return False
    work.suppressions.put(suppressed)
    subject, account_id = _named(work, suppressed.email)
    work.audit.record(
        "contact.suppressed",
        at=at,
        actor_id=actor_id,
        subject=subject,
        account_id=account_id,
        before=_facts(before) if before else None,
        after=_facts(suppressed) | {"by": by},
    )
    return True


def reactivate_here(
    work: UnitOfWork, email: str, why: str, *, actor_id: int | None, by: str, at: datetime
) -> Suppressed | None:
    """What stood there; None: the address is not suppressed. Raises InvalidValue without a reason."""
    said = " ".join(why.split())
    if not said or len(said) > LONGEST_NOTE:
        raise InvalidValue(f"Say why they may be written to again, in at most {LONGEST_NOTE} characters.")
    before = work.suppressions.get(email)
    if before is None:
        return None
    work.suppressions.drop(email)
    subject, account_id = _named(work, email)
    work.audit.record(
        "contact.reactivated",
        at=at,
        actor_id=actor_id,
        subject=subject,
        account_id=account_id,
        before=_facts(before),
        after={"why": said, "by": by},
    )
    return before


def _named(work: UnitOfWork, email: str) -> tuple[str, int | None]:
    """How the audit log names it: the contact, else the beginning of the address's hash. It holds no addresses."""
    found = work.suppressions.contact_of(email)
    if found is None:
        return f"address:{sha256(email.encode()).hexdigest()[:16]}", None
    return f"contact:{found[0]}", found[1]


def _facts(suppressed: Suppressed) -> dict[str, object]:
    until = suppressed.suppression.until
    return {"reason": suppressed.suppression.reason.value, "until": until.isoformat() if until else None}
