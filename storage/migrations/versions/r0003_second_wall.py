"""The second wall: row-level security by organisation, on PostgreSQL.

Code that does not name its organisation to the database finds its tables empty from here on. No released code is such.
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WALLED = (
    "access_requests",
    "account_keys",
    "accounts",
    "audit",
    "autopilot_steps",
    "communications",
    "contacts",
    "dispute_invoices",
    "disputes",
    "grants",
    "imports",
    "invoices",
    "message_events",
    "messages",
    "notes",
    "notices",
    "pay_links",
    "payments",
    "promise_invoices",
    "promises",
    "quotas",
    "suppressions",
    "templates",
    "users",
)
# Not `search_words`: below a policy, likeness (pg_trgm's %) has neither its index nor its statistics, because it might
# tell of rows that the policy hides. These are words of names without whose they are.

# Sub-selects without a reference to the row are worked out once for a statement, not once for each row.
MINE = (
    "org_id = (SELECT nullif(nullif(current_setting('plixo.org', true), ''), '*')::bigint)"
    " OR (SELECT coalesce(current_setting('plixo.org', true), '') = '*')"
)


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in WALLED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        # The owner, which is us, is bound as well.
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY plixo_org ON {table} USING ({MINE}) WITH CHECK ({MINE})")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in WALLED:
        op.execute(f"DROP POLICY plixo_org ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
