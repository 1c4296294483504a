"""What is promised, disputed, said and noted about a customer."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, String, Text, UniqueConstraint, text

from domain.commitments import DisputeState, PromiseState
from domain.timeline import Department, Source, StepState
from storage.tables.base import Key, Minor, one_of, scoped, to
from storage.types import UtcDateTime

promises = scoped(
    "promises",
    Column("account_id", Key, nullable=False),
    Column("currency", String(3)),
    Column("amount", Minor),
    Column("due_on", Date),
    Column("state", String(16), nullable=False),
    Column("reported_at", UtcDateTime, nullable=False),
    Column("hold_until", UtcDateTime),
    to("accounts", "account_id"),
    one_of("state", PromiseState),
    Index(None, "org_id", "account_id"),
)

promise_invoices = scoped(
    "promise_invoices",
    Column("promise_id", Key, nullable=False),
    Column("invoice_id", Key, nullable=False),
    to("promises", "promise_id"),
    to("invoices", "invoice_id"),
    UniqueConstraint("org_id", "promise_id", "invoice_id"),
)

disputes = scoped(
    "disputes",
    Column("account_id", Key, nullable=False),
    Column("reason", String(500), nullable=False),
    Column("currency", String(3)),
    Column("amount", Minor),
    Column("state", String(16), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("owner", String(200)),
    Column("answer_due_at", UtcDateTime),
    to("accounts", "account_id"),
    one_of("state", DisputeState),
    Index(None, "org_id", "account_id"),
)

dispute_invoices = scoped(
    "dispute_invoices",
    Column("dispute_id", Key, nullable=False),
    Column("invoice_id", Key, nullable=False),
    to("disputes", "dispute_id"),
    to("invoices", "invoice_id"),
    UniqueConstraint("org_id", "dispute_id", "invoice_id"),
)

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

autopilot_steps = scoped(
    "autopilot_steps",
    Column("account_id", Key, nullable=False),
    Column("name", String(100), nullable=False),
    Column("tone", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    to("accounts", "account_id"),
    one_of("state", StepState),
    Index(None, "org_id", "account_id", "due_at"),
)
