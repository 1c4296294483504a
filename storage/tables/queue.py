"""The outbound queue."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from domain.messages import OPEN_STATES, SOURCES, WHY_AT_MOST, State
from storage.tables.base import Key, metadata, one_of, to
from storage.types import UtcDateTime

_open = "state IN ({})".format(", ".join(f"'{state.value}'" for state in sorted(OPEN_STATES)))
_known_source = "source IN ({})".format(", ".join(f"'{source.value}'" for source in sorted(SOURCES)))

messages = Table(
    "messages",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("org_id", Key, ForeignKey("organisations.id"), nullable=False),
    Column("account_id", Key, nullable=False),
    Column("contact_id", Key, nullable=False),
    Column("invoice_id", Key, nullable=False),
    Column("template_key", String(64), nullable=False),
    Column("template_version", Integer, nullable=False),
    Column("requested_by", Key),  # nobody: Autopilot by itself
    Column("requested_at", UtcDateTime, nullable=False),
    Column("origin", String(200), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(32)),
    Column("leaves_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("claimed_by", String(64)),
    Column("claimed_until", UtcDateTime),
    Column("token", String(32)),
    Column("sent_at", UtcDateTime),
    Column("doubtful_since", UtcDateTime),  # first hand-over without an answer, while nobody has settled it
    Column("held_by", Key),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("source", String(16), nullable=False, server_default=text("'nudge'")),
    Column("why", String(WHY_AT_MOST)),  # said by whoever moved it last
    Column("cause", String(40)),  # what took it back
    Column("segment", String(100)),  # the customer's when it was queued or last put off; NULL: none, or unknown
    UniqueConstraint("org_id", "id"),
    UniqueConstraint("org_id", "origin"),
    to("accounts", "account_id"),
    to("contacts", "contact_id"),
    to("invoices", "invoice_id"),
    to("users", "requested_by"),
    to("users", "held_by"),
    one_of("state", State),
    CheckConstraint(_known_source, name="source_known"),
    CheckConstraint("requested_by IS NOT NULL OR source = 'autopilot'", name="nudge_has_person"),
    # One open message of a source per account, contact and invoice, whoever clicks and however often.
    Index(
        "uq_messages_open_of_source",
        "org_id",
        "account_id",
        "contact_id",
        "invoice_id",
        "source",
        unique=True,
        sqlite_where=text(_open),
        postgresql_where=text(_open),
    ),
    # The claim walks this one: only what waits, by the time it is due.
    Index(
        "ix_messages_due",
        "org_id",
        "leaves_at",
        "id",
        sqlite_where=text("state = 'queued'"),
        postgresql_where=text("state = 'queued'"),
    ),
    Index(
        "ix_messages_leased",
        "org_id",
        "claimed_until",
        "id",
        sqlite_where=text("state IN ('claimed', 'sending')"),
        postgresql_where=text("state IN ('claimed', 'sending')"),
    ),
    Index(
        "ix_messages_waiting_expiry",
        "org_id",
        "expires_at",
        "id",
        sqlite_where=text("state IN ('queued', 'held')"),
        postgresql_where=text("state IN ('queued', 'held')"),
    ),
    # What waits for a person, counted by monitors.
    Index(
        "ix_messages_aside",
        "org_id",
        "state",
        "changed_at",
        sqlite_where=text("state IN ('held', 'unconfirmed')"),
        postgresql_where=text("state IN ('held', 'unconfirmed')"),
    ),
    Index(None, "org_id", "account_id", "requested_at"),
    Index(None, "org_id", "requested_by", "requested_at"),
)

message_events = Table(
    "message_events",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=True),
    Column("org_id", Key, ForeignKey("organisations.id"), nullable=False),
    Column("message_id", String(32), nullable=False),
    Column("was", String(16)),
    Column("became", String(16), nullable=False),
    Column("reason", String(32)),
    Column("at", UtcDateTime, nullable=False),
    Column("actor_id", Key),
    Column("why", String(WHY_AT_MOST)),
    ForeignKeyConstraint(["org_id", "message_id"], ["messages.org_id", "messages.id"]),
    Index(None, "org_id", "message_id"),
)

# Of the release before; not counted in any more, and dropped by the next one.
quotas = Table(
    "quotas",
    metadata,
    Column("org_id", Key, ForeignKey("organisations.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("used", Integer, nullable=False, server_default=text("0")),
    Column("granted", Integer, nullable=False, server_default=text("0")),  # by the last take, for it to return
    CheckConstraint("used >= 0", name="used_not_negative"),
)
