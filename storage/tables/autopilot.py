"""Autopilot: the sequences that run, and how each segment stands. Their steps are in `autopilot_steps`."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Text, UniqueConstraint, text

from domain.autopilot import Stop
from domain.policies import Mode
from storage.tables.base import Key, one_of, scoped, to
from storage.types import UtcDateTime

_running = text("ended_at IS NULL")

# One for an invoice that is chased; `version` is the cadences document's with which it began, `done_day` the day of its
# last step that is done. An invoice that is chased again goes on from there.
sequences = scoped(
    "sequences",
    Column("account_id", Key, nullable=False),
    Column("invoice_id", Key, nullable=False),
    Column("segment", String(100), nullable=False),
    Column("cadence", String(100), nullable=False),
    Column("version", Integer, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("done_day", Integer),
    Column("ended_at", UtcDateTime),
    Column("why", String(16)),
    to("accounts", "account_id"),
    to("invoices", "invoice_id"),
    one_of("why", Stop),
    Index(
        "uq_sequences_running", "org_id", "account_id", unique=True, sqlite_where=_running, postgresql_where=_running
    ),
    Index(None, "org_id", "account_id"),
)

# Of a step in Shadow: for whom it was drafted, from which version of its template, and who decided. Whether it waits is
# its step's state. `revision` is the last one of `draft_wordings`; 0: it says what the template says.
drafts = scoped(
    "drafts",
    Column("step_id", Key, nullable=False),
    Column("contact_id", Key, nullable=False),
    Column("template_version", Integer, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("revision", Integer, nullable=False, server_default=text("0")),
    Column("decided_by", Key),
    Column("decided_at", UtcDateTime),
    to("autopilot_steps", "step_id"),
    to("contacts", "contact_id"),
    to("users", "decided_by"),
    UniqueConstraint("org_id", "step_id"),
)

draft_wordings = scoped(
    "draft_wordings",
    Column("step_id", Key, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("subject", String(300), nullable=False),
    Column("body", Text, nullable=False),
    Column("edited_by", Key, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    to("autopilot_steps", "step_id"),
    to("users", "edited_by"),
    UniqueConstraint("org_id", "step_id", "revision"),
)

# As it was last judged. `shortfalls` are what keeps it in Shadow, in order, with blanks between.
segment_standings = scoped(
    "segment_standings",
    Column("segment", String(100), nullable=False),
    Column("mode", String(16), nullable=False),
    Column("shortfalls", String(100), nullable=False, server_default=""),
    Column("since", UtcDateTime, nullable=False),
    Column("judged_at", UtcDateTime, nullable=False),
    one_of("mode", Mode),
    UniqueConstraint("org_id", "segment"),
)
