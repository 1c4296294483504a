"""What was done, who is told, and who is alive."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from storage.tables.base import Key, metadata, scoped, to
from storage.types import UtcDateTime

notices = scoped(
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
    to("users", "recipient"),
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

audit = scoped(
    "audit",
    Column("at", UtcDateTime, nullable=False),
    Column("actor_id", Key),
    Column("action", String(64), nullable=False),
    Column("subject", String(100), nullable=False),
    Column("account_id", Key),
    Column("reason", String(32)),
    Column("before", JSON(none_as_null=True)),
    Column("after", JSON(none_as_null=True)),
    to("users", "actor_id"),
    to("accounts", "account_id"),
    Index(None, "org_id", "account_id", "at"),
    Index(None, "org_id", "at"),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("job", String(64), primary_key=True),
    Column("worker", String(100), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

# Blocks of the audit log, each bound to the one before by its hash, so that what was changed later shows. A block
# answers for every id from `first_id` to `last_id`, so that none lies between two blocks. Triggers keep both tables.
audit_seals = scoped(
    "audit_seals",
    Column("first_id", Key, nullable=False),
    Column("last_id", Key, nullable=False),
    Column("count", Integer, nullable=False),
    Column("before", String(64), nullable=False),  # the hash of the block before, in hexadecimal
    Column("hash", String(64), nullable=False),
    Column("marks", LargeBinary, nullable=False),  # a mark for each row, to say which one was changed
    Column("sealed_at", UtcDateTime, nullable=False),
    Column("dropped_at", UtcDateTime),  # when the retention took the block's rows away
    UniqueConstraint("org_id", "last_id"),
    UniqueConstraint("org_id", "before"),  # the chain has no forks
    CheckConstraint("first_id <= last_id", name="not_empty"),
)
