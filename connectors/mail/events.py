"""What a mail provider tells by webhook: events as Amazon SES writes them.

Amazon signs with a certificate that has to be fetched from outside for each new one; here whoever forwards the events
signs them with a secret that both know (`connectors.signatures`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from domain.bounces import Bounce, Verdict, domain_of_id, nudge_id_of
from domain.errors import InvalidValue

LARGEST = 256 * 1024
"""Octets, as much as Amazon's own notifications may have."""
MOST = 100
"""Events in one request, and recipients in one event."""

_STATUS = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")
_SOFT_AND_FINAL = frozenset({"MailboxFull", "MessageTooLarge", "ContentRejected", "AttachmentRejected"})
"""Transient ones after which nobody tries any more. `General` may be somebody's out-of-office answer."""
_NOT_WRITTEN_TO = frozenset({"Suppressed", "OnAccountSuppressionList"})
"""The provider does not write to the address any more."""
_NOT_COMPLAINTS = frozenset({"not-spam", "auth-failure", "virus"})


def read_events(body: bytes) -> list[Bounce]:
    """Bounces and complaints about mails of ours, one for each recipient; others are passed over.

    One event, a list of them, or Amazon's notification around one. Raises InvalidValue for what cannot be read.
    """
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise InvalidValue("The body is no JSON.") from None
    events = said if isinstance(said, list) else [said]
    if len(events) > MOST:
        raise InvalidValue(f"There are {len(events)} events in it; {MOST} are the most.")
    return [bounce for event in events for bounce in _bounces(_opened(event))]


def _opened(event: object) -> Mapping[str, Any]:
    """Out of Amazon's envelope, if it is in one."""
    if isinstance(event, dict) and isinstance(event.get("Message"), str):
        try:
            event = json.loads(event["Message"])
        except (ValueError, RecursionError):
            raise InvalidValue("The message inside the notification is no JSON.") from None
    if not isinstance(event, dict):
        raise InvalidValue("An event is a JSON object.")
    return event


def _bounces(event: Mapping[str, Any]) -> Iterator[Bounce]:
    message_id = _message_id(_part(event, "mail"))
    nudge_id = nudge_id_of(message_id)
    if nudge_id is None:
        return
    domain = domain_of_id(message_id)
    kind = event.get("eventType") or event.get("notificationType")
    if kind == "Bounce":
        bounce = _part(event, "bounce")
        main, detail = _text(bounce, "bounceType"), _text(bounce, "bounceSubType")
        if main == "Transient" and detail not in _SOFT_AND_FINAL:
            return
        for recipient in _recipients(bounce, "bouncedRecipients"):
            found = _STATUS.fullmatch(_text(recipient, "status"))
            status = found[0] if found else ""
            yield Bounce(
                nudge_id,
                Verdict.RETURNED,
                addresses=_address(recipient),
                is_bad_address=main == "Permanent" and (status.startswith("5.1.") or detail in _NOT_WRITTEN_TO),
                detail=status,
                domain=domain,
            )
    elif kind == "Complaint":
        complaint = _part(event, "complaint")
        word = _text(complaint, "complaintFeedbackType") or "abuse"
        if word in _NOT_COMPLAINTS:
            return
        kept = word if re.fullmatch(r"[a-z-]{1,20}", word) else "abuse"
        for recipient in _recipients(complaint, "complainedRecipients"):
            yield Bounce(nudge_id, Verdict.COMPLAINED, addresses=_address(recipient), detail=kept, domain=domain)


def _message_id(mail: Mapping[str, Any]) -> str:
    """The Message-ID that we gave; Amazon's own name for the mail is another one."""
    said = _text(_part(mail, "commonHeaders"), "messageId")
    headers = mail.get("headers")
    for header in headers[:MOST] if isinstance(headers, list) else ():
        if isinstance(header, dict) and _text(header, "name").lower() == "message-id":
            said = said or _text(header, "value")
    return said.strip().strip("<>")[:400]


def _part(event: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = event.get(name)
    return part if isinstance(part, dict) else {}


def _recipients(part: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Those that are named; one without a name when none is: the mail has one recipient."""
    listed = part.get(name)
    named: list[Mapping[str, Any]] = (
        [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    )
    return named[:MOST] or [{}]


def _address(recipient: Mapping[str, Any]) -> frozenset[str]:
    said = _text(recipient, "emailAddress").strip().strip("<>").lower()
    return frozenset({said}) if "@" in said and len(said) <= 320 else frozenset()


def _text(part: Mapping[str, Any], name: str) -> str:
    value = part.get(name)
    return value if isinstance(value, str) else ""
