"""What somebody may ask for when an address is not to be written to: the reasons, the day, and the address itself."""

from __future__ import annotations

import re
from datetime import date

from domain.accounts import Suppression, SuppressionReason
from domain.errors import InvalidValue

COMPLAINED = "complained"
REASONS: dict[str, tuple[SuppressionReason, str]] = {
    "invalid": (SuppressionReason.INVALID, ""),
    "opted out": (SuppressionReason.OPTED_OUT, ""),
    "legal hold": (SuppressionReason.LEGAL_HOLD, ""),
    COMPLAINED: (SuppressionReason.OPTED_OUT, COMPLAINED),
}
"""As people write them, and what is kept. A complaint is kept as an opting out, with its own detail: nobody is to be
written to either way, and a replica of the release before reads it too."""

LONGEST_NOTE = 200
_ADDRESS = re.compile(r"[^@\s<>\",;]{1,64}@[^@\s<>\",;]{1,253}\.[^@\s<>\",;]{1,63}")


def read_address(text: str) -> str:
    """In lower case, as suppressions are kept. Raises InvalidValue."""
    email = text.strip().lower()
    if not _ADDRESS.fullmatch(email) or len(email) > 320:
        raise InvalidValue(f"“{text.strip()[:80]}” is no e-mail address: write one like name@example.com.")
    return email


def read_reason(text: str) -> tuple[SuppressionReason, str]:
    """The reason and its detail. Raises InvalidValue."""
    word = " ".join(text.replace("_", " ").replace("-", " ").lower().split())
    if word not in REASONS:
        raise InvalidValue(f"“{text.strip()[:40]}” is no reason: choose one of {', '.join(REASONS)}.")
    return REASONS[word]


def read_day(text: str, *, today: date) -> date | None:
    """The day from which it may be written to again, in the account's zone; None: until somebody says so.

    Raises InvalidValue.
    """
    said = text.strip()
    if not said:
        return None
    try:
        day = date.fromisoformat(said)
    except ValueError as error:
        raise InvalidValue(f"“{said[:40]}” is no day: write it like 2026-12-31, or leave it empty.") from error
    if day <= today:
        raise InvalidValue(f"{day} is over: give a later day, or leave it empty.")
    return day


def is_weaker(new: Suppression, standing: Suppression) -> bool:
    """Whether the new one ends before the standing one, or has an end where that has none: a list never shortens."""
    if standing.until is None:
        return new.until is not None
    return new.until is not None and new.until < standing.until
