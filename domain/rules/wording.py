"""What a person may change in a draft: the prose between the merge tags of the approved text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.outcomes import Refused
from domain.reasons import Reason
from domain.rules.letters import SUBJECT_AT_MOST
from domain.shadow import Misworded
from domain.templates import Wording

BODY_AT_MOST = 3_000
"""Characters: what one field of a Slack window holds."""
_TAG = re.compile(r"\{[^{}\n]*\}")
_STRAY = re.compile(r"[{}]")
_NAME = r"(?:(?=[0-9-]*[a-z])[a-z0-9-]++\.)+[a-z]{2,}"
_LINK = re.compile(rf"\b[a-z][a-z0-9+.-]*://\S+|[\w.+-]++@{_NAME}|\b{_NAME}\b(?:[/?#:]\S*)?", re.IGNORECASE)
"""What mail programs make a link of: with a scheme or without, and addresses."""

_WAY_THERE = re.compile(r"://|[^\s@]@[^\s@]+\.[^\s@]")


def tidied(wording: Wording) -> Wording:
    """As it is kept: a subject is one line, a body ends with a line break, and no line with blanks."""
    lines = wording.body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return Wording(" ".join(wording.subject.split()), "\n".join(line.rstrip() for line in lines).strip() + "\n")


def misworded(wording: Wording, approved: Wording) -> Misworded | None:
    """What is wrong with a tidied wording; None: nothing.

    Subject and body each keep exactly the tags that they have in the approved text, as often and in whatever order, so
    that a reminder cites what it was approved to cite, and the pay link stays out of subjects. The pay link is the only
    address in it beside those of the approved text.
    """
    return next(_objections(wording, approved), None)


def leads_elsewhere(text: str) -> bool:
    """Whether a link or an e-mail address stands in it, in whatever letters: neither is for a channel."""
    return _WAY_THERE.search(text) is not None


def _objections(wording: Wording, approved: Wording) -> Iterator[Misworded]:
    parts = ((True, wording.subject, approved.subject), (False, wording.body, approved.body))
    for in_subject, text, meant in parts:
        most = SUBJECT_AT_MOST if in_subject else BODY_AT_MOST
        if not text.strip() or len(text.rstrip("\n")) > most:
            yield Misworded(Refused(Reason.NO_LETTER), in_subject)
        if (fault := _tag_fault(text, meant)) is not None:
            yield Misworded(Refused(Reason.TAGS_CHANGED, subject=fault), in_subject)
        known = {link.casefold() for link in _links(meant)}
        foreign = next((link for link in _links(text) if link.casefold() not in known), None)
        if foreign is not None:
            yield Misworded(Refused(Reason.FOREIGN_LINK, subject=foreign), in_subject)


def _links(text: str) -> list[str]:
    """Without the punctuation of the sentence around them."""
    return [link.rstrip(".,;:!?)>]") for link in _LINK.findall(text)]


def _tag_fault(text: str, meant: str) -> str | None:
    """In words that go after “as in the approved text”."""
    found, wanted = _TAG.findall(text), _TAG.findall(meant)
    for tag in wanted:
        if tag not in found:
            return f"{tag} is missing"
    for tag in found:
        if tag not in wanted:
            return f"{tag} is not in it"
    stray = _STRAY.search(_TAG.sub("", text))
    if stray is not None:
        return f"a lone {stray.group()}"
    twice = next((tag for tag in wanted if found.count(tag) != wanted.count(tag)), None)
    return f"{twice} belongs there {_often(wanted.count(twice))}" if twice else None


def _often(times: int) -> str:
    return "once" if times == 1 else f"{times} times"
