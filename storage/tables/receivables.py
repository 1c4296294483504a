"""What customers owe and paid, as the books say."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, Index, Integer, String, UniqueConstraint, text

from domain.accounts import InvoiceState
from storage.tables.base import Key, Minor, one_of, scoped, to
from storage.types import UtcDateTime

invoices = scoped(
    "invoices",
    Column("account_id", Key, nullable=False),
    Column("number", String(100), nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("amount", Minor, nullable=False),
    Column("balance", Minor, nullable=False),
    Column("state", String(8), nullable=False),
    Column("paid_on", Date),
    to("accounts", "account_id"),
    one_of("state", InvoiceState),
    UniqueConstraint("org_id", "number"),
    Index(
        "ix_invoices_open",
        "org_id",
        "account_id",
        "due_on",
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    Index(None, "org_id", "account_id", "paid_on"),
    # The oldest debts first, whoever owes them.
    Index(
        "ix_invoices_owed",
        "org_id",
        "due_on",
        "account_id",
        sqlite_where=text("state = 'open' AND balance > 0"),
        postgresql_where=text("state = 'open' AND balance > 0"),
    ),
)

pay_links = scoped(
    "pay_links",
    Column("invoice_id", Key, nullable=False),
    Column("url", String(2000), nullable=False),
    Column("expires_at", UtcDateTime),
    to("invoices", "invoice_id"),
    UniqueConstraint("org_id", "invoice_id"),  # minting a new one kills the earlier link
)

payments = scoped(
    "payments",
    Column("account_id", Key, nullable=False),
    Column("invoice_id", Key),  # NULL: unapplied cash
    Column("external_id", String(200), nullable=False),
    Column("received_on", Date, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("amount", Minor, nullable=False),
    Column("reference", String(300), nullable=False, server_default=""),
    to("accounts", "account_id"),
    to("invoices", "invoice_id"),
    UniqueConstraint("org_id", "external_id"),
    Index(
        "ix_payments_unapplied",
        "org_id",
        "account_id",
        sqlite_where=text("invoice_id IS NULL"),
        postgresql_where=text("invoice_id IS NULL"),
    ),
    # What came in on an invoice: a promise is kept by it.
    Index(
        "ix_payments_applied",
        "org_id",
        "invoice_id",
        sqlite_where=text("invoice_id IS NOT NULL"),
        postgresql_where=text("invoice_id IS NOT NULL"),
    ),
)

imports = scoped(
    "imports",
    Column("by", String(200), nullable=False),
    Column("file", String(500), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("state", String(16), nullable=False),  # running, done, failed
    Column("read", Integer, nullable=False, server_default=text("0")),
    Column("added", Integer, nullable=False, server_default=text("0")),
    Column("changed", Integer, nullable=False, server_default=text("0")),
    Column("unchanged", Integer, nullable=False, server_default=text("0")),
    Column("rejected", Integer, nullable=False, server_default=text("0")),
    Column("rejects_file", String(500)),
    CheckConstraint("state IN ('running', 'done', 'failed')", name="state_known"),
)
