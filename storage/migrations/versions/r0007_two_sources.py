"""The queue carries Autopilot's steps beside nudges: a source, and nobody who asked where Autopilot sends by itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('claimed', 'held', 'queued', 'sending', 'unconfirmed')")
KNOWN = "source IN ('autopilot', 'nudge')"
HAS_PERSON = "requested_by IS NOT NULL OR source = 'autopilot'"
OF_A_PERSON, OF_ANYBODY = "requested_by INTEGER NOT NULL", "requested_by INTEGER"


def upgrade() -> None:
    if _is_postgresql():
        op.add_column("messages", sa.Column("source", sa.String(16), nullable=False, server_default="nudge"))
        op.alter_column("messages", "requested_by", nullable=True)
        op.create_check_constraint(op.f("ck_messages_source_known"), "messages", KNOWN)
        op.create_check_constraint(op.f("ck_messages_nudge_has_person"), "messages", HAS_PERSON)
    else:
        # Spelled out: SQLite takes a constraint of a new column only together with it.
        op.execute(
            "ALTER TABLE messages ADD COLUMN source VARCHAR(16) DEFAULT 'nudge' NOT NULL"
            f" CONSTRAINT ck_messages_source_known CHECK ({KNOWN})"
            f" CONSTRAINT ck_messages_nudge_has_person CHECK ({HAS_PERSON})"
        )
        _respell(OF_A_PERSON, OF_ANYBODY)
    # The new rule stands before the old one goes: at no moment may two be open for one invoice.
    _index("uq_messages_open_of_source", ["org_id", "account_id", "contact_id", "invoice_id", "source"])
    op.drop_index("uq_messages_open", "messages")


def downgrade() -> None:
    # Nobody asked for these, so the release before cannot hold them.
    op.execute("DELETE FROM message_events WHERE message_id IN (SELECT id FROM messages WHERE source = 'autopilot')")
    op.execute("DELETE FROM messages WHERE source = 'autopilot'")
    _index("uq_messages_open", ["org_id", "account_id", "contact_id", "invoice_id"])
    op.drop_index("uq_messages_open_of_source", "messages")
    if _is_postgresql():
        op.drop_constraint(op.f("ck_messages_nudge_has_person"), "messages", type_="check")
        op.drop_constraint(op.f("ck_messages_source_known"), "messages", type_="check")
        op.alter_column("messages", "requested_by", nullable=False)
    else:
        _respell(OF_ANYBODY, OF_A_PERSON)
    op.drop_column("messages", "source")


def _is_postgresql() -> bool:
    return op.get_context().dialect.name == "postgresql"


def _index(name: str, columns: list[str]) -> None:
    """In the transaction of the column it needs, so that all of it is there or nothing: what is open is few rows, and
    the table is read once, as it is for the checks."""
    op.create_index(name, "messages", columns, unique=True, sqlite_where=OPEN, postgresql_where=OPEN)


def _respell(before: str, after: str) -> None:
    """Change what SQLite knows of the table, not its rows: it has no statement for NOT NULL.

    A new table in the place of this one would break every reference to it while they are kept. This is the way that
    SQLite's documentation of ALTER TABLE names for changes which leave what is stored as it is.
    """
    connection = op.get_bind()
    spelt = connection.execute(
        sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'messages'")
    ).scalar_one()
    assert spelt.count(before) == 1, "the table is not as its revisions made it"
    version = connection.execute(sa.text("PRAGMA schema_version")).scalar_one()
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    connection.execute(
        sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = 'messages'"),
        {"sql": spelt.replace(before, after)},
    )
    connection.execute(sa.text(f"PRAGMA schema_version = {version + 1}"))
    connection.execute(sa.text("PRAGMA writable_schema = RESET"))
