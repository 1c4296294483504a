"""What a server's reply means for the message, and how it is told without repeating what it said."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NoReturn

from connectors.mail.wire import Lost
from domain.errors import Rejected, Unavailable

_ENHANCED = re.compile(rb"([245]\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9.])")
_LOGIN_WANTED = {530, 534, 535, 538}
"""Codes that speak of our login, at whatever step a server thinks of it."""


class Phase(StrEnum):
    """Steps of one message, in order; told to `on_phase` when they are done."""

    CONNECT = "connect"
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    CONTENT = "content"
    DOT = "dot"
    ANSWER = "answer"


def refuse(phase: Phase, code: int, text: bytes) -> NoReturn:
    """Raise what a reply other than the expected one means while the message is certainly not accepted."""
    match = _ENHANCED.match(text)
    enhanced = match[1].decode("ascii") if match else ""
    step = "the message" if phase in (Phase.CONTENT, Phase.DOT) else phase
    reason = f"The mail server answered {step} with {' '.join(filter(None, (str(code), enhanced)))}."
    if 500 <= code < 600 and code not in _LOGIN_WANTED:
        raise Rejected(reason, code=str(code), bad_address=phase is Phase.RCPT and is_bad_address(code, enhanced))
    if code >= 400:
        raise Unavailable(reason, code=str(code))
    raise Unavailable(reason, code="protocol")


def is_bad_address(code: int, enhanced: str) -> bool:
    """Whether a 5xx at RCPT says that the mailbox does not exist.

    550 also carries verdicts about us: 5.7.x is policy or a block list, 5.1.7 and 5.1.8 a bad sender, 5.2.2 and
    5.2.3 a full mailbox or a large message, 5.3.x the server itself. One day on a block list must not
    empty the contact book.
    """
    if enhanced in ("5.1.7", "5.1.8", "5.2.2", "5.2.3") or enhanced.startswith(("5.3.", "5.7.")):
        return False
    return code in (550, 551, 553) or enhanced.startswith("5.1.")


def told(step: str, lost: Lost) -> tuple[str, str]:
    how = {
        "timeout": "did not answer in time",
        "disconnected": "closed the connection",
        "protocol": "answered something that is not SMTP",
    }.get(lost.kind, f"said {lost.kind} and left")
    return f"The mail server {how} at {step}.", lost.kind


def kept_answer(code: int, text: bytes) -> str:
    """The answer to keep: one short line of printable ASCII, words with an @ in them left out."""
    words = text.decode("ascii", "replace").split()
    printable = ("".join(c for c in word if "!" <= c <= "~") for word in words if "@" not in word)
    return " ".join((str(code), *printable))[:200]
