"""What customers promise and dispute: the official record, its history, and the reports it was made from."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, Index, Integer, String, Text, UniqueConstraint, text

from domain.commitments import DisputeState, PromiseState, Resolution, Verdict
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
    Column("recorded_at", UtcDateTime),
    Column("decided_at", UtcDateTime),  # kept, partially kept, broken, withdrawn or superseded
    Column("paid", Minor),  # what had arrived when it was decided
    to("accounts", "account_id"),
    one_of("state", PromiseState),
    Index(None, "org_id", "account_id"),
    Index(None, "org_id", "decided_at"),
    # What payments may decide, by the day it was promised for.
    Index(
        "ix_promises_open",
        "org_id",
        "due_on",
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)

promise_invoices = scoped(
    "promise_invoices",
    Column("promise_id", Key, nullable=False),
    Column("invoice_id", Key, nullable=False),
    Column("balance", Minor),  # what was owed when it was promised; NULL where nobody noted it
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
    Column("owner_email", String(320)),  # lower case; when the owner is one of our people
    Column("answer_due_at", UtcDateTime),
    Column("resolution", String(16)),
    Column("resolved_at", UtcDateTime),
    to("accounts", "account_id"),
    one_of("state", DisputeState),
    one_of("resolution", Resolution),
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

promise_events = scoped(
    "promise_events",
    Column("promise_id", Key, nullable=False),
    Column("was", String(16)),
    Column("became", String(16), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor_id", Key),
    Column("why", String(500), nullable=False, server_default=""),
    to("promises", "promise_id"),
    to("users", "actor_id"),
    Index(None, "org_id", "promise_id"),
)

dispute_events = scoped(
    "dispute_events",
    Column("dispute_id", Key, nullable=False),
    Column("was", String(16)),
    Column("became", String(16), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor_id", Key),
    Column("why", String(500), nullable=False, server_default=""),
    to("disputes", "dispute_id"),
    to("users", "actor_id"),
    Index(None, "org_id", "dispute_id"),
)

# What somebody heard from the customer. Whoever keeps the record settles it; its clock runs from `said_at`.
reports = scoped(
    "reports",
    Column("promise_id", Key),
    Column("dispute_id", Key),
    Column("account_id", Key, nullable=False),
    Column("origin", String(200), nullable=False),  # the submission that made it, so that it is made once
    Column("reported_by", Key, nullable=False),
    Column("reported_at", UtcDateTime, nullable=False),
    Column("said_at", UtcDateTime, nullable=False),
    Column("contact_id", Key),
    Column("evidence", Text, nullable=False, server_default=""),
    Column("evidence_link", String(1000)),
    Column("channel", String(32)),  # where the reporter hears the outcome: a thread
    Column("thread", String(32)),
    Column("operator_id", Key),  # whose duty it is; NULL: several people's
    Column("handed_by", Key),  # who gave it to them; NULL: nobody did, it is theirs by their duty
    Column("handings", Integer, nullable=False, server_default="0"),  # how often somebody gave it to somebody
    Column("acknowledged_by", Key),
    Column("acknowledged_at", UtcDateTime),
    Column("reminded_at", UtcDateTime),
    Column("escalated_at", UtcDateTime),
    Column("verdict", String(16)),
    Column("settled_by", Key),
    Column("settled_at", UtcDateTime),
    Column("why", String(500), nullable=False, server_default=""),
    to("promises", "promise_id"),
    to("disputes", "dispute_id"),
    to("accounts", "account_id"),
    to("contacts", "contact_id"),
    to("users", "reported_by"),
    to("users", "operator_id"),
    to("users", "acknowledged_by"),
    to("users", "settled_by"),
    CheckConstraint("(promise_id IS NULL) <> (dispute_id IS NULL)", name="promise_or_dispute"),
    one_of("verdict", Verdict),
    UniqueConstraint("org_id", "origin"),
    Index(None, "org_id", "promise_id"),
    Index(None, "org_id", "dispute_id"),
    Index(None, "org_id", "reported_by", "reported_at"),
    # What waits for the record, oldest commitment first.
    Index(
        "ix_reports_waiting",
        "org_id",
        "said_at",
        "id",
        sqlite_where=text("settled_at IS NULL"),
        postgresql_where=text("settled_at IS NULL"),
    ),
)

legal_holds = scoped(
    "legal_holds",
    Column("account_id", Key, nullable=False),
    Column("why", String(500), nullable=False),
    Column("placed_by", Key, nullable=False),
    Column("placed_at", UtcDateTime, nullable=False),
    Column("lifted_by", Key),
    Column("lifted_at", UtcDateTime),
    to("accounts", "account_id"),
    to("users", "placed_by"),
    to("users", "lifted_by"),
    Index(
        "uq_legal_holds_standing",
        "org_id",
        "account_id",
        unique=True,
        sqlite_where=text("lifted_at IS NULL"),
        postgresql_where=text("lifted_at IS NULL"),
    ),
)

# Who keeps the record of an account; without an account, of all that nobody else keeps.
duties = scoped(
    "duties",
    Column("user_id", Key, nullable=False),
    Column("account_id", Key),
    Column("since", UtcDateTime, nullable=False),
    to("users", "user_id"),
    to("accounts", "account_id"),
    UniqueConstraint("org_id", "user_id", "account_id"),
    Index(None, "org_id", "account_id"),
)

absences = scoped(
    "absences",
    Column("user_id", Key, nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("stand_in", Key),
    Column("applied_at", UtcDateTime),  # when the record was last handed over because of it
    to("users", "user_id"),
    to("users", "stand_in"),
    CheckConstraint("starts_at < ends_at", name="ends_after_it_starts"),
    Index(None, "org_id", "user_id", "ends_at"),
)
