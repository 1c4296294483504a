"""The words for every reason. Read by people who are in a hurry: short, plain, kind, precise.

Each room has those of its own; here they are put together, and filled with what is known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from domain.reasons import Reason
from handlers.texts import asking, drafting, guarding, library, queueing, recording, staffing
from handlers.texts.words import Words

ROOMS = (asking, drafting, guarding, queueing, recording, staffing, library)

REASONS: dict[Reason, Words] = {reason: words for room in ROOMS for reason, words in room.REASONS.items()}

OF_REQUESTER: dict[Reason, str] = {
    Reason.DEACTIVATED: "Whoever asked for it has no Plixo access any more.",
    Reason.NOT_ALLOWED: "Whoever asked for it doesn't have the role for it any more.",
    Reason.OUT_OF_SCOPE: "The account no longer belongs to whoever asked for it.",
}
"""Reasons about the person, told to others."""

_PART = re.compile(r"\[([^\[\]|]*)(?:\|([^\[\]|]*))?\]")
_FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Told:
    """A reason in words."""

    what: str
    forward: str

    @property
    def both(self) -> str:
        return f"{self.what} {self.forward}"


@dataclass(frozen=True, slots=True)
class Details:
    """What is known about a reason, ready to be read: already escaped, times already in words."""

    subject: str = ""
    at: str = ""
    day: str = ""
    until: str = ""
    by: str = ""
    share: str = ""
    after: str = ""
    least: str = ""
    of_requester: bool = field(default=False, kw_only=True)
    of_draft: bool = field(default=False, kw_only=True)
    """It is told to A/R about a draft of Autopilot, and not about a nudge."""


def tell(reason: Reason, details: Details | None = None) -> Told:
    """The sentence and the way forward."""
    known = details or Details()
    words = REASONS[reason]
    if known.of_draft and reason in drafting.OF_DRAFT:
        of_draft = drafting.OF_DRAFT[reason]
        words = replace(words, what=of_draft.what or words.what, forward=of_draft.forward)
    values = {
        "subject": known.subject or words.subject,
        "at": known.at,
        "day": known.day,
        "until": known.until,
        "by": known.by,
        "share": known.share,
        "after": known.after,
        "least": known.least,
    }
    what = OF_REQUESTER.get(reason, words.what) if known.of_requester else words.what
    return Told(_fill(what, values), _fill(words.forward, values))


def _fill(sentence: str, values: Mapping[str, str]) -> str:
    """Only our own sentences are read as patterns; a value is put in once and never read again."""

    def part(match: re.Match[str]) -> str:
        wanted = _FIELD.findall(match.group(1))
        return match.group(1) if all(values[name] for name in wanted) else match.group(2) or ""

    chosen = _PART.sub(part, sentence)
    return _FIELD.sub(lambda match: values[match.group(1)], chosen)
