"""Mails that tell what became of ours: returned (RFC 3464) or reported as unwanted (RFC 5965).

Everything in such a mail is a stranger's text. It is matched by the Message-ID of the mail it is about, which nobody
can guess; an address in it is only compared, and of its words only a status code is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from email.message import Message
from email.parser import BytesParser, HeaderParser
from email.policy import Compat32

from connectors.mail.replies import is_bad_address
from domain.bounces import Bounce, Verdict, domain_of_id, nudge_id_of

LARGEST = 256 * 1024
"""Octets that are looked at. The report comes before the mail that is returned, and ours are small."""
_DEEPEST, _MOST = 4, 50
"""Multiparts inside one another (gateways wrap reports to add a footer), and recipients of one report."""
_NOT_MAIL = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What the standard library's reader raises, version by version, for what somebody made up."""

_MESSAGE_ID = re.compile(r"<([^<>@\s]{1,128}@[^<>@\s]{1,253})>")
_ENHANCED = re.compile(r"(?<![0-9.])([245]\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9.])")
_REPLY = re.compile(r"smtp *; *([245][0-9]{2})(?![0-9])", re.IGNORECASE)
_UNWANTED = frozenset({"abuse", "fraud", "opt-out", "opt-out-list"})
"""Feedback that means “do not write to me”; others speak of viruses, of signatures, or take a report back."""


class _Short(Compat32):
    """Headers of a bounded length: the standard library splits them in time that grows with its square."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:2_000]


_POLICY = _Short()


def read_bounces(octets: bytes) -> list[Bounce]:
    """What the mail says about nudges of ours, one for each recipient it names; empty when it is no such report.

    A report that a mail is late, or was delivered, is none either: nothing is final.
    """
    try:
        return list(_bounces(BytesParser(policy=_POLICY).parsebytes(octets[:LARGEST])))
    except _NOT_MAIL:
        return []


def _bounces(mail: Message) -> Iterator[Bounce]:
    parts = list(_parts(mail, _DEEPEST))
    by_kind = {part.get_content_type(): part for part in reversed(parts)}
    about = _about(mail, parts)
    nudge_id = nudge_id_of(about or "")
    if about is None or nudge_id is None:
        return
    domain = domain_of_id(about)
    if (report := by_kind.get("message/delivery-status")) is not None:
        for fields in _blocks(report)[1 : _MOST + 1]:
            if _word(fields, "Action") == "failed":
                status = _status(fields)
                yield Bounce(
                    nudge_id,
                    Verdict.RETURNED,
                    addresses=_addresses(fields, "Original-Recipient", "Final-Recipient"),
                    is_bad_address=_is_bad_address(fields, status),
                    detail=status,
                    domain=domain,
                )
    elif (feedback := by_kind.get("message/feedback-report")) is not None:
        for fields in _blocks(feedback)[:1]:
            kind = _word(fields, "Feedback-Type")
            if kind in _UNWANTED:
                yield Bounce(
                    nudge_id,
                    Verdict.COMPLAINED,
                    addresses=_addresses(fields, "Original-Rcpt-To"),
                    detail=kind,
                    domain=domain,
                )


def _parts(mail: Message, depth: int) -> Iterator[Message]:
    """The leaves of the mail itself. A mail attached to it is a leaf: who forwards a report is not its author."""
    if mail.get_content_maintype() == "multipart" and mail.is_multipart():
        for part in _blocks(mail) if depth else ():
            yield from _parts(part, depth - 1)
    else:
        yield mail


def _blocks(part: Message) -> list[Message]:
    inside = part.get_payload()
    return [block for block in inside if isinstance(block, Message)] if isinstance(inside, list) else []


def _about(mail: Message, parts: Iterable[Message]) -> str | None:
    """The Message-ID of ours that came back: by the returned headers, else by what the report says it answers."""
    for part in parts:
        kind = part.get_content_type()
        if kind == "message/rfc822":
            heads = _blocks(part)
        elif kind in ("text/rfc822-headers", "message/rfc822-headers"):
            inside = part.get_payload()
            heads = [HeaderParser(policy=_POLICY).parsestr(inside)] if isinstance(inside, str) else _blocks(part)
        else:
            continue
        for head in heads[:1]:
            if found := _ours_in(_text(head, "Message-ID")):
                return found
    for name in ("In-Reply-To", "References"):
        if found := _ours_in(_text(mail, name)):
            return found
    return None


def _ours_in(text: str) -> str | None:
    """The last of ours: in References that is the one which is answered."""
    ours = [match[1] for match in _MESSAGE_ID.finditer(text) if nudge_id_of(match[1])]
    return ours[-1] if ours else None


def _text(fields: Message, name: str) -> str:
    return str(fields.get(name, ""))


def _word(fields: Message, name: str) -> str:
    return _text(fields, name).partition("(")[0].strip().lower()


def _status(fields: Message) -> str:
    """The enhanced code: the other side's own, else the one that the reporting system made of it."""
    for name in ("Diagnostic-Code", "Status"):
        if (match := _ENHANCED.search(_text(fields, name))) and not match[1].endswith(".0.0"):
            return match[1]
    match = _ENHANCED.search(_text(fields, "Status"))
    return match[1] if match else ""


def _is_bad_address(fields: Message, status: str) -> bool:
    """As at RCPT, but only when the code speaks of the address or its mailbox: a report does not tell the step."""
    code = _REPLY.search(_text(fields, "Diagnostic-Code"))
    return status.startswith(("5.1.", "5.2.")) and is_bad_address(int(code[1]) if code else 0, status)


def _addresses(fields: Message, *names: str) -> frozenset[str]:
    """Addresses of fields like `rfc822; user@example.com`, in lower case."""
    said = (_text(fields, name).rpartition(";")[2].strip().strip("<>").lower() for name in names)
    return frozenset(address for address in said if "@" in address and len(address) <= 320)
