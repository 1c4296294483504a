"""What a mail system says about a mail of ours days after it took it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_OURS = re.compile(r"(?:nudge|step)\.([0-9a-f]{32})@(.+)")


class Verdict(StrEnum):
    RETURNED = "returned"
    """It could not be delivered, and nobody tries any more."""
    COMPLAINED = "complained"
    """It arrived, and its reader reported it as unwanted."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """One report about one nudge, or one step of Autopilot: `nudge_id` is the message's.

    `addresses` are those that the report names as recipients, in lower case; `is_bad_address`: the mailbox does not
    exist, for whatever reason we write to it. `detail` is the mail system's status code, never its words. `domain`:
    the one it left from, as its Message-ID says; empty where nothing says so.
    """

    nudge_id: str
    verdict: Verdict
    addresses: frozenset[str] = frozenset()
    is_bad_address: bool = False
    detail: str = ""
    domain: str = ""


class Noted(StrEnum):
    """What a report changed."""

    NEW = "new"
    KNOWN = "known"
    """It was noted before, or the message never left."""
    UNKNOWN = "unknown"
    """It is about no mail of this organisation."""


def nudge_id_of(message_id: str) -> str | None:
    """The message behind a Message-ID (without brackets) that `messages.message_id` made; None for anybody else's.

    Whatever the domain: the sender's address may have changed since, and nobody guesses an id.
    """
    ours = _OURS.fullmatch(message_id)
    return ours[1] if ours else None


def domain_of_id(message_id: str) -> str:
    """The domain behind a Message-ID of ours, in lower case: the one it left from, unless somebody changed it."""
    ours = _OURS.fullmatch(message_id)
    return ours[2].lower() if ours else ""
