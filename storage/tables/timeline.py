"""What was said, noted and planned about a customer."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Text, UniqueConstraint, text

from domain.timeline import Department, Source, StepState
from storage.tables.base import Key, one_of, scoped, to
from storage.types import UtcDateTime

notes = scoped(
    "notes",
    Column("account_id", Key, nullable=False),
    Column("external_id", String(200)),
    Column("department", String(8), nullable=False),
    Column("author", String(200), nullable=False),
    Column("body", Text, nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    Column("is_pinned", Boolean, nullable=False, server_default=text("false")),
    to("accounts", "account_id"),
    one_of("department", Department),
    UniqueConstraint("org_id", "external_id"),
    Index(None, "org_id", "account_id", "written_at"),
)

note_versions = scoped(
    "note_versions",
    Column("note_id", Key, nullable=False),
    Column("version", Integer, nullable=False),
    Column("author_id", Key, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    to("notes", "note_id"),
    to("users", "author_id"),
    UniqueConstraint("org_id", "note_id", "version"),
)

note_replies = scoped(
    "note_replies",
    Column("note_id", Key, nullable=False),
    Column("author_id", Key, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("origin", String(200), nullable=False),
    to("notes", "note_id"),
    to("users", "author_id"),
    UniqueConstraint("org_id", "origin"),
    Index(None, "org_id", "note_id"),
)

note_mentions = scoped(
    "note_mentions",
    Column("note_id", Key, nullable=False),
    Column("user_id", Key, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    to("notes", "note_id"),
    to("users", "user_id"),
    UniqueConstraint("org_id", "note_id", "user_id"),
    Index(None, "org_id", "user_id", "at"),
)

communications = scoped(
    "communications",
    Column("account_id", Key, nullable=False),
    Column("contact_id", Key),
    Column("source", String(16), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("invoice_id", Key),
    Column("message_id", String(32)),
    to("accounts", "account_id"),
    to("contacts", "contact_id"),
    to("invoices", "invoice_id"),
    one_of("source", Source),
    UniqueConstraint("org_id", "message_id"),
    Index(None, "org_id", "account_id", "at"),
)

_scheduled, _ours = text("state = 'scheduled'"), text("sequence_id IS NOT NULL")
_drafted = text("state = 'drafted'")

# The steps of our own sequences, and those of another sender that the books tell of (no `sequence_id`): those are
# respected and never written.
autopilot_steps = scoped(
    "autopilot_steps",
    Column("account_id", Key, nullable=False),
    Column("name", String(100), nullable=False),
    Column("tone", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("sequence_id", Key),
    Column("day", Integer),  # after the due date of the invoice
    Column("template", String(64)),
    Column("message_id", String(32)),  # once it is in the queue
    Column("reason", String(32)),  # why it was skipped
    Column("expires_at", UtcDateTime),  # until when its draft waits for a person
    to("accounts", "account_id"),
    one_of("state", StepState),
    Index(None, "org_id", "account_id", "due_at"),
    Index("ix_autopilot_steps_scheduled", "org_id", "due_at", sqlite_where=_scheduled, postgresql_where=_scheduled),
    Index("ix_autopilot_steps_drafted", "org_id", "due_at", "id", sqlite_where=_drafted, postgresql_where=_drafted),
    Index(
        "uq_autopilot_steps_day",
        "org_id",
        "sequence_id",
        "day",
        unique=True,
        sqlite_where=_ours,
        postgresql_where=_ours,
    ),
)
