"""What an account is found by knows whose account it is, and debts are found by their age: lists and searches read no
more rows than they show, however large the book.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OWED = sa.text("state = 'open' AND balance > 0")

# Replicas of the release before write keys without an owner: a trigger looks it up for them.
TRIGGERS_POSTGRESQL = (
    """
    CREATE FUNCTION own_account_key() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.owner_email := (
            SELECT coalesce(owner_email, '') FROM accounts WHERE org_id = NEW.org_id AND id = NEW.account_id
        );
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER account_keys_owned BEFORE INSERT ON account_keys
    FOR EACH ROW WHEN (NEW.owner_email IS NULL) EXECUTE FUNCTION own_account_key()
    """,
    """
    CREATE FUNCTION hand_over_account_keys() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE account_keys SET owner_email = coalesce(NEW.owner_email, '')
        WHERE org_id = NEW.org_id AND account_id = NEW.id;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER accounts_handed_over AFTER UPDATE OF owner_email ON accounts
    FOR EACH ROW WHEN (OLD.owner_email IS DISTINCT FROM NEW.owner_email) EXECUTE FUNCTION hand_over_account_keys()
    """,
)
TRIGGERS_SQLITE = (
    """
    CREATE TRIGGER account_keys_owned AFTER INSERT ON account_keys WHEN NEW.owner_email IS NULL BEGIN
        UPDATE account_keys SET owner_email = coalesce(
            (SELECT owner_email FROM accounts WHERE org_id = NEW.org_id AND id = NEW.account_id), ''
        ) WHERE id = NEW.id;
    END
    """,
    """
    CREATE TRIGGER accounts_handed_over AFTER UPDATE OF owner_email ON accounts
    WHEN OLD.owner_email IS NOT NEW.owner_email BEGIN
        UPDATE account_keys SET owner_email = coalesce(NEW.owner_email, '')
        WHERE org_id = NEW.org_id AND account_id = NEW.id;
    END
    """,
)
FILL = """
    UPDATE account_keys SET owner_email = coalesce(
        (SELECT owner_email FROM accounts WHERE accounts.org_id = account_keys.org_id AND accounts.id = account_id), ''
    )
"""


def upgrade() -> None:
    op.add_column("account_keys", sa.Column("owner_email", sa.String(length=320)))
    for statement in TRIGGERS_POSTGRESQL if op.get_context().dialect.name == "postgresql" else TRIGGERS_SQLITE:
        op.execute(statement)
    op.execute(FILL)
    op.create_index(
        "ix_account_keys_owned", "account_keys", ["org_id", "owner_email", "kind", "folded", "account_id"], unique=False
    )
    op.create_index(
        "ix_invoices_owed",
        "invoices",
        ["org_id", "due_on", "account_id"],
        sqlite_where=OWED,
        postgresql_where=OWED,
    )


def downgrade() -> None:
    op.drop_index("ix_invoices_owed", "invoices")
    op.drop_index("ix_account_keys_owned", "account_keys")
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP TRIGGER accounts_handed_over ON accounts")
        op.execute("DROP TRIGGER account_keys_owned ON account_keys")
        op.execute("DROP FUNCTION hand_over_account_keys()")
        op.execute("DROP FUNCTION own_account_key()")
    else:
        op.execute("DROP TRIGGER accounts_handed_over")
        op.execute("DROP TRIGGER account_keys_owned")
    op.drop_column("account_keys", "owner_email")
