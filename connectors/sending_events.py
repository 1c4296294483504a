"""What billing, a monitor or the mail provider tells by webhook about sending: degraded, or well again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.errors import InvalidValue

LARGEST = 16 * 1024
"""Octets; a sentence and a few names need less."""


@dataclass(frozen=True, slots=True)
class Told:
    """`reason` None: all is well. `at` (UTC): when it was so, None when that was not said."""

    reason: str | None
    by: str
    at: datetime | None


def read_sending_event(body: bytes) -> Told:
    """`{"state": "degraded", "reason": "…", "by": "billing", "at": "2026-11-28T09:00:00Z"}`, or `"state": "well"`.

    Raises InvalidValue for what cannot be read.
    """
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise InvalidValue("The body is no JSON.") from None
    if not isinstance(said, dict) or said.get("state") not in ("degraded", "well"):
        raise InvalidValue('Send an object whose "state" is "degraded" or "well".')
    texts = {}
    for name in ("reason", "by", "at"):
        value = said.get(name, "")
        if not isinstance(value, str):
            raise InvalidValue(f'"{name}" is a text.')
        # Without NUL and halves of characters, which no row can keep.
        texts[name] = value.encode("utf-8", "ignore").decode().replace("\x00", "").strip()
    if said["state"] == "degraded" and not texts["reason"]:
        raise InvalidValue('Say in "reason" why: whoever waits for a mail reads it.')
    reason = texts["reason"] if said["state"] == "degraded" else None
    return Told(reason, texts["by"] or "webhook", _moment(texts["at"]) if texts["at"] else None)


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise InvalidValue('"at" is a moment with its zone, such as 2026-11-28T09:00:00Z.')
