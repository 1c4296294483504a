"""The tables. Every row belongs to one organisation; references carry it too, so no row can point across.

Amounts are whole minor units beside their ISO 4217 code. Instants are aware UTC. States are text with a CHECK.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from domain.accounts import (
    Department,
    DisputeState,
    InvoiceState,
    PromiseState,
    Source,
    StepState,
    SuppressionReason,
)
from domain.messages import OPEN_STATES, State
from domain.policy import Sending
from domain.templates import Audience, TemplateState
from domain.values import Capability, Role
from storage.types import UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite only counts up by itself on a plain INTEGER primary key.
Key = BigInteger().with_variant(Integer, "sqlite")
Minor = BigInteger()
# Compared byte by byte on both databases, so that one index serves equality and prefixes.
Folded = String(320).with_variant(String(320, collation="C"), "postgresql")


def _one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{value.value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def _scoped(
    name: str, *parts: Column[object] | CheckConstraint | ForeignKeyConstraint | UniqueConstraint | Index
) -> Table:
    """A table of one organisation's rows, with `id`, `org_id` and (org_id, id) to be referred to."""
    return Table(
        name,
        metadata,
        Column("id", Key, primary_key=True, autoincrement=True),
        Column("org_id", Key, ForeignKey("organisations.id"), nullable=False),
        *parts,
        UniqueConstraint("org_id", "id"),
    )


def _to(table: str, column: str) -> ForeignKeyConstraint:
    """A reference that cannot leave the organisation."""
    return ForeignKeyConstraint(["org_id", column], [f"{table}.org_id", f"{table}.id"])


organisations = Table(
    "organisations",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=True),
    Column("name", String(200), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("country", String(2)),
    Column("sending", String(16), nullable=False, server_default=Sending.ON.value),
    Column("sending_reason", String(500), nullable=False, server_default=""),
    Column("sending_until", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    _one_of("sending", Sending),
)

slack_teams = Table(
    "slack_teams",
    metadata,
    Column("team_id", String(32), primary_key=True),
    Column("enterprise_id", String(32)),
    Column("org_id", Key, ForeignKey("organisations.id"), nullable=False),
    Column("is_installed", Boolean, nullable=False, server_default=text("true")),
    Column("linked_at", UtcDateTime, nullable=False),
)

users = _scoped(
    "users",
    Column("email", String(320), nullable=False),
    Column("name", String(200), nullable=False),
    Column("role", String(16), nullable=False),
    Column("is_active", Boolean, nullable=False, server_default=text("true")),
    Column("zone", String(64)),
    Column("locale", String(16)),
    Column("slack_user_id", String(32)),
    UniqueConstraint("org_id", "email"),
    UniqueConstraint("org_id", "slack_user_id"),
    _one_of("role", Role),
)

grants = _scoped(
    "grants",
    Column("user_id", Key, nullable=False),
    Column("role", String(16)),
    Column("capability", String(32)),
    Column("until", UtcDateTime),
    Column("granted_by", String(320), nullable=False),
    Column("granted_at", UtcDateTime, nullable=False),
    _to("users", "user_id"),
    CheckConstraint("(role IS NULL) <> (capability IS NULL)", name="role_or_capability"),
    _one_of("role", Role),
    _one_of("capability", Capability),
    Index(None, "org_id", "user_id"),
)

accounts = _scoped(
    "accounts",
    Column("external_id", String(200), nullable=False),
    Column("name", String(300), nullable=False),
    Column("country", String(2)),
    Column("region", String(8)),
    Column("zone", String(64)),
    Column("industry", String(100)),
    Column("domain", String(253)),
    Column("owner_email", String(320)),  # lower case
    Column("legal_hold", String(500)),
    Column("renewal_on", Date),
    Column("synced_at", UtcDateTime),
    UniqueConstraint("org_id", "external_id"),
    Index(None, "org_id", "owner_email"),
)

# What an account is found by, one row per name, alias, domain, address, external id and
# word of a name, as `storage.search_keys` folds them.
account_keys = _scoped(
    "account_keys",
    Column("account_id", Key, nullable=False),
    Column("kind", String(16), nullable=False),  # search_keys.KeyKind
    Column("shown", String(320), nullable=False),
    Column("folded", Folded, nullable=False),
    # The account's own, '' for nobody's: people who see only their accounts search by it. Triggers keep it so, and fill
    # it in for who writes NULL.
    Column("owner_email", String(320)),
    _to("accounts", "account_id"),
    UniqueConstraint("org_id", "account_id", "kind", "folded"),
    Index("ix_account_keys_folded", "org_id", "kind", "folded", "account_id"),
    Index("ix_account_keys_owned", "org_id", "owner_email", "kind", "folded", "account_id"),
)

# Every word of an account's names once, for words with slips: far fewer rows than accounts have keys. Kept by triggers
# on `account_keys`; a word that no account has any more stays and is harmless. The trigram index is the migration's.
search_words = _scoped(
    "search_words",
    Column("word", Folded, nullable=False),
    UniqueConstraint("org_id", "word"),
)

contacts = _scoped(
    "contacts",
    Column("account_id", Key, nullable=False),
    Column("email", String(320), nullable=False),
    Column("name", String(200), nullable=False, server_default=""),
    Column("is_primary", Boolean, nullable=False, server_default=text("false")),
    Column("is_valid", Boolean, nullable=False, server_default=text("true")),
    Column("zone", String(64)),
    _to("accounts", "account_id"),
    UniqueConstraint("org_id", "account_id", "email"),
)

suppressions = _scoped(
    "suppressions",
    Column("email", String(320), nullable=False),  # lower case; a person is suppressed for every account
    Column("reason", String(16), nullable=False),
    Column("until", Date),
    Column("since", UtcDateTime, nullable=False),
    Column("detail", String(200)),  # what a mail server answered, without addresses
    _one_of("reason", SuppressionReason),
    UniqueConstraint("org_id", "email"),
)

invoices = _scoped(
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
    _to("accounts", "account_id"),
    _one_of("state", InvoiceState),
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

pay_links = _scoped(
    "pay_links",
    Column("invoice_id", Key, nullable=False),
    Column("url", String(2000), nullable=False),
    Column("expires_at", UtcDateTime),
    _to("invoices", "invoice_id"),
    UniqueConstraint("org_id", "invoice_id"),  # minting a new one kills the earlier link
)

payments = _scoped(
    "payments",
    Column("account_id", Key, nullable=False),
    Column("invoice_id", Key),  # NULL: unapplied cash
    Column("external_id", String(200), nullable=False),
    Column("received_on", Date, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("amount", Minor, nullable=False),
    Column("reference", String(300), nullable=False, server_default=""),
    _to("accounts", "account_id"),
    _to("invoices", "invoice_id"),
    UniqueConstraint("org_id", "external_id"),
    Index(
        "ix_payments_unapplied",
        "org_id",
        "account_id",
        sqlite_where=text("invoice_id IS NULL"),
        postgresql_where=text("invoice_id IS NULL"),
    ),
)

promises = _scoped(
    "promises",
    Column("account_id", Key, nullable=False),
    Column("currency", String(3)),
    Column("amount", Minor),
    Column("due_on", Date),
    Column("state", String(16), nullable=False),
    Column("reported_at", UtcDateTime, nullable=False),
    Column("hold_until", UtcDateTime),
    _to("accounts", "account_id"),
    _one_of("state", PromiseState),
    Index(None, "org_id", "account_id"),
)

promise_invoices = _scoped(
    "promise_invoices",
    Column("promise_id", Key, nullable=False),
    Column("invoice_id", Key, nullable=False),
    _to("promises", "promise_id"),
    _to("invoices", "invoice_id"),
    UniqueConstraint("org_id", "promise_id", "invoice_id"),
)

disputes = _scoped(
    "disputes",
    Column("account_id", Key, nullable=False),
    Column("reason", String(500), nullable=False),
    Column("currency", String(3)),
    Column("amount", Minor),
    Column("state", String(16), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("owner", String(200)),
    Column("answer_due_at", UtcDateTime),
    _to("accounts", "account_id"),
    _one_of("state", DisputeState),
    Index(None, "org_id", "account_id"),
)

dispute_invoices = _scoped(
    "dispute_invoices",
    Column("dispute_id", Key, nullable=False),
    Column("invoice_id", Key, nullable=False),
    _to("disputes", "dispute_id"),
    _to("invoices", "invoice_id"),
    UniqueConstraint("org_id", "dispute_id", "invoice_id"),
)

notes = _scoped(
    "notes",
    Column("account_id", Key, nullable=False),
    Column("external_id", String(200)),
    Column("department", String(8), nullable=False),
    Column("author", String(200), nullable=False),
    Column("body", Text, nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    Column("is_pinned", Boolean, nullable=False, server_default=text("false")),
    _to("accounts", "account_id"),
    _one_of("department", Department),
    UniqueConstraint("org_id", "external_id"),
    Index(None, "org_id", "account_id", "written_at"),
)

communications = _scoped(
    "communications",
    Column("account_id", Key, nullable=False),
    Column("contact_id", Key),
    Column("source", String(16), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("invoice_id", Key),
    Column("message_id", String(32)),
    _to("accounts", "account_id"),
    _to("contacts", "contact_id"),
    _to("invoices", "invoice_id"),
    _one_of("source", Source),
    UniqueConstraint("org_id", "message_id"),
    Index(None, "org_id", "account_id", "at"),
)

autopilot_steps = _scoped(
    "autopilot_steps",
    Column("account_id", Key, nullable=False),
    Column("name", String(100), nullable=False),
    Column("tone", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    _to("accounts", "account_id"),
    _one_of("state", StepState),
    Index(None, "org_id", "account_id", "due_at"),
)

templates = _scoped(
    "templates",
    Column("key", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("name", String(100), nullable=False),
    Column("tone", String(16), nullable=False),
    Column("audience", String(16), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("body", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("approved_by", String(320)),
    Column("approved_at", UtcDateTime),
    _one_of("audience", Audience),
    _one_of("state", TemplateState),
    UniqueConstraint("org_id", "key", "version"),
)

_open = "state IN ({})".format(", ".join(f"'{state.value}'" for state in sorted(OPEN_STATES)))

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
    Column("requested_by", Key, nullable=False),
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
    UniqueConstraint("org_id", "id"),
    UniqueConstraint("org_id", "origin"),
    _to("accounts", "account_id"),
    _to("contacts", "contact_id"),
    _to("invoices", "invoice_id"),
    _to("users", "requested_by"),
    _to("users", "held_by"),
    _one_of("state", State),
    # One open nudge per account, contact and invoice, whoever clicks and however often.
    Index(
        "uq_messages_open",
        "org_id",
        "account_id",
        "contact_id",
        "invoice_id",
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
    ForeignKeyConstraint(["org_id", "message_id"], ["messages.org_id", "messages.id"]),
    Index(None, "org_id", "message_id"),
)

quotas = Table(
    "quotas",
    metadata,
    Column("org_id", Key, ForeignKey("organisations.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("used", Integer, nullable=False, server_default=text("0")),
    Column("granted", Integer, nullable=False, server_default=text("0")),  # by the last take, for it to return
    CheckConstraint("used >= 0", name="used_not_negative"),
)

notices = _scoped(
    "notices",
    Column("key", String(200), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("recipient", Key),
    Column("subject", String(64), nullable=False),
    Column("revision", Integer, nullable=False, server_default=text("1")),
    Column("state", String(8), nullable=False),  # pending, posted, failed
    Column("due_at", UtcDateTime, nullable=False),
    Column("leased_until", UtcDateTime),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("channel", String(32)),
    Column("ts", String(32)),
    Column("error", String(200)),
    Column("changed_at", UtcDateTime, nullable=False),
    _to("users", "recipient"),
    UniqueConstraint("org_id", "key"),
    CheckConstraint("state IN ('pending', 'posted', 'failed')", name="state_known"),
    Index(
        "ix_notices_due",
        "org_id",
        "due_at",
        sqlite_where=text("state = 'pending'"),
        postgresql_where=text("state = 'pending'"),
    ),
)

audit = _scoped(
    "audit",
    Column("at", UtcDateTime, nullable=False),
    Column("actor_id", Key),
    Column("action", String(64), nullable=False),
    Column("subject", String(100), nullable=False),
    Column("account_id", Key),
    Column("reason", String(32)),
    Column("before", JSON(none_as_null=True)),
    Column("after", JSON(none_as_null=True)),
    _to("users", "actor_id"),
    _to("accounts", "account_id"),
    Index(None, "org_id", "account_id", "at"),
    Index(None, "org_id", "at"),
)

access_requests = _scoped(
    "access_requests",
    Column("asked_by", Key, nullable=False),
    Column("capability", String(32)),
    Column("account_id", Key),
    Column("reason", String(32), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False),  # waiting, approved, declined
    Column("question", String(200), nullable=False),  # what is asked, folded, so that it waits only once
    _to("users", "asked_by"),
    _to("accounts", "account_id"),
    CheckConstraint("state IN ('waiting', 'approved', 'declined')", name="state_known"),
    Index(
        "uq_access_requests_waiting",
        "org_id",
        "asked_by",
        "question",
        unique=True,
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
)

imports = _scoped(
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

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("job", String(64), primary_key=True),
    Column("worker", String(100), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

search_words_text = Table(
    "search_words_text",
    MetaData(),  # a virtual table of SQLite's alone, made by the migration
    Column("rowid", Integer, primary_key=True),
    Column("org_id", Integer),
    Column("word", Text),
    Column("rank", Float),
)

SCOPED = frozenset(table for table in metadata.tables.values() if "org_id" in table.c and table is not slack_teams)
"""Tables whose every statement must name the organisation."""
