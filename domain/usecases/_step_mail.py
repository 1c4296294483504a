"""A step's mail in the queue: sent by Autopilot itself, or because a person approved its draft."""

from __future__ import annotations

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from domain.audit import Entry
from domain.messages import Message, State
from domain.outcomes import Departure
from domain.policies import Segment
from domain.policy import Rulebook
from domain.rules.nudging import departure_of
from domain.templates import Template
from domain.timeline import Source


def mail_id(step_id: int, *, org_id: int) -> str:
    """A step has one message, whoever makes it and however often."""
    return uuid5(NAMESPACE_URL, f"plixo:{org_id}:step:{step_id}").hex


def step_departure(planned: Departure, step_id: int, *, org_id: int, rulebook: Rulebook) -> Departure:
    return departure_of(planned, message_id=mail_id(step_id, org_id=org_id), policy_spread=rulebook.policy.spread)


def step_mail(
    step_id: int,
    departure: Departure,
    template: Template,
    *,
    account_id: int,
    contact_id: int,
    invoice_id: int,
    approved_by: int | None,
    segment: Segment | None,
    org_id: int,
    rulebook: Rulebook,
    at: datetime,
) -> Message:
    return Message(
        id=mail_id(step_id, org_id=org_id),
        account_id=account_id,
        contact_id=contact_id,
        invoice_id=invoice_id,
        template_key=template.key,
        template_version=template.version,
        requested_by=approved_by,
        requested_at=at,
        origin=f"step:{step_id}",
        state=State.QUEUED,
        leaves_at=departure.at,
        expires_at=departure.opening.at + rulebook.policy.expiry,
        source=Source.AUTOPILOT,
        segment=segment.name if segment else None,
    )


def queued_entry(message: Message) -> Entry:
    return Entry(
        "autopilot.queued",
        at=message.requested_at,
        actor_id=message.requested_by,
        subject=message.subject,
        account_id=message.account_id,
        after={
            "template": message.template_key,
            "version": message.template_version,
            "leaves_at": message.leaves_at.isoformat(),
        },
    )
