"""What became of everything when a script was played: what the post took, and what the rows say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, select

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
    """One step of Autopilot and what became of it. `ended`: why its sequence ended, if it did."""

    customer: int
    number: str
    day: int
    due_at: datetime
    state: str
    reason: str | None
    ended: str | None
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Played:
    """`clicks`: how many nudges were queued. `messages` and `audit` as rows."""

    sent: list[Sent]
    steps: list[Fate]
    clicks: int
    messages: list[Mapping[str, Any]]
    audit: list[Mapping[str, Any]]


def read_outcome(engine: Engine, *, sent: list[Sent], clicks: int) -> Played:
    steps, sequences, invoices = tables.autopilot_steps, tables.sequences, tables.invoices
    asked = (
        select(steps, sequences.c.why, invoices.c.number)
        .join(sequences, sequences.c.id == steps.c.sequence_id)
        .join(invoices, invoices.c.id == sequences.c.invoice_id)
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
        )
        for row in _rows(engine, asked)
    ]
    return Played(
        sent=sent,
        steps=fates,
        clicks=clicks,
        messages=_rows(engine, select(tables.messages).order_by(tables.messages.c.id)),
        audit=_rows(engine, select(tables.audit.c.action, tables.audit.c.reason, tables.audit.c.subject)),
    )


def _rows(engine: Engine, asked: Any) -> list[Mapping[str, Any]]:
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(asked).mappings()]
