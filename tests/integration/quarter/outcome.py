"""What became of everything when a script was played: what the post took, and what the rows say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, case, select

from storage import tables


@dataclass(frozen=True, slots=True)
class Sent:
    """What the post took: when, for whom, about which invoice, and whether it is a step of Autopilot or a nudge."""

    at: datetime
    address: str
    number: str
    is_step: bool


@dataclass(frozen=True, slots=True)
class Fate:
    """One step of Autopilot and what became of it. `ended`: why its sequence ended, if it did. `mail_ended_at`: when
    its mail left, or when it was decided that it will not.
    """

    customer: int
    number: str
    day: int
    due_at: datetime
    state: str
    reason: str | None
    ended: str | None
    sent_at: datetime | None
    mail_ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Waited:
    """A mail that was due and went back into the queue, or out of it, because of `reason`."""

    at: datetime
    customer: int
    is_step: bool
    reason: str
    became: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Played:
    """`clicks`: how many nudges were queued. `messages` and `audit` as rows."""

    sent: list[Sent]
    steps: list[Fate]
    waits: list[Waited]
    clicks: int
    messages: list[Mapping[str, Any]]
    audit: list[Mapping[str, Any]]


def read_outcome(engine: Engine, *, sent: list[Sent], clicks: int) -> Played:
    steps, sequences, invoices = tables.autopilot_steps, tables.sequences, tables.invoices
    messages = tables.messages
    ended_at = case((messages.c.state.in_(("queued", "held")), None), else_=messages.c.changed_at)
    asked = (
        select(steps, sequences.c.why, invoices.c.number, ended_at.label("mail_ended_at"))
        .join(sequences, sequences.c.id == steps.c.sequence_id)
        .join(invoices, invoices.c.id == sequences.c.invoice_id)
        .outerjoin(messages, messages.c.id == steps.c.message_id)
        .order_by(steps.c.id)
    )
    fates = [
        Fate(
            row["account_id"] - 1,
            row["number"],
            row["day"],
            row["due_at"].astimezone(UTC),
            row["state"],
            row["reason"],
            row["why"],
            row["sent_at"],
            row["mail_ended_at"],
        )
        for row in _rows(engine, asked)
    ]
    return Played(
        sent=sent,
        steps=fates,
        waits=_waits(engine),
        clicks=clicks,
        messages=_rows(engine, select(tables.messages).order_by(tables.messages.c.id)),
        audit=_rows(engine, select(tables.audit.c.action, tables.audit.c.reason, tables.audit.c.subject)),
    )


def _waits(engine: Engine) -> list[Waited]:
    events, messages = tables.message_events, tables.messages
    asked = (
        select(events, messages.c.account_id, messages.c.source, messages.c.expires_at)
        .join(messages, messages.c.id == events.c.message_id)
        .where(events.c.was == "claimed", events.c.reason.is_not(None))
        .order_by(events.c.id)
    )
    return [
        Waited(
            row["at"],
            row["account_id"] - 1,
            row["source"] == "autopilot",
            row["reason"],
            row["became"],
            row["expires_at"],
        )
        for row in _rows(engine, asked)
    ]


def _rows(engine: Engine, asked: Any) -> list[Mapping[str, Any]]:
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(asked).mappings()]
