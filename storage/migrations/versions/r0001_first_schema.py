# ruff: noqa: E501  a list of states reads best on one line
"""The first schema: everything of `storage.tables` as it was released first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# SQLite only counts up by itself on a plain INTEGER primary key.
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
FOLDED = sa.String(length=320).with_variant(sa.String(length=320, collation="C"), "postgresql")

# Words with slips are found by their trigrams. Each database has its own index for them and its own way to learn the
# words of new keys: PostgreSQL once for a statement, SQLite for a row.
WORDS_POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX ix_search_words_trigrams ON search_words USING gin (word gin_trgm_ops)",
    """
    CREATE FUNCTION learn_search_words() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO search_words (org_id, word)
        SELECT DISTINCT fresh.org_id, fresh.folded FROM fresh
        WHERE fresh.kind = 'word' AND NOT EXISTS (
            SELECT 1 FROM search_words known WHERE known.org_id = fresh.org_id AND known.word = fresh.folded
        )
        ORDER BY 1, 2
        ON CONFLICT DO NOTHING;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER account_keys_inserted AFTER INSERT ON account_keys
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION learn_search_words()
    """,
    """
    CREATE TRIGGER account_keys_updated AFTER UPDATE ON account_keys
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION learn_search_words()
    """,
)
WORDS_SQLITE = (
    """
    CREATE VIRTUAL TABLE search_words_text USING fts5(
        org_id UNINDEXED, word, content='search_words', content_rowid='id', tokenize='trigram', detail='column'
    )
    """,
    *(
        f"""
        CREATE TRIGGER account_keys_{when} AFTER {event} ON account_keys WHEN NEW.kind = 'word' BEGIN
            INSERT INTO search_words (org_id, word) SELECT NEW.org_id, NEW.folded WHERE NOT EXISTS (
                SELECT 1 FROM search_words WHERE org_id = NEW.org_id AND word = NEW.folded
            );
        END
        """
        for when, event in (("inserted", "INSERT"), ("updated", "UPDATE"))
    ),
    """
    CREATE TRIGGER search_words_inserted AFTER INSERT ON search_words BEGIN
        INSERT INTO search_words_text (rowid, org_id, word) VALUES (NEW.id, NEW.org_id, NEW.word);
    END
    """,
    """
    CREATE TRIGGER search_words_deleted AFTER DELETE ON search_words BEGIN
        INSERT INTO search_words_text (search_words_text, rowid, org_id, word)
        VALUES ('delete', OLD.id, OLD.org_id, OLD.word);
    END
    """,
)


def upgrade() -> None:
    op.create_table(
        "heartbeats",
        sa.Column("job", sa.String(length=64), nullable=False),
        sa.Column("worker", sa.String(length=100), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.PrimaryKeyConstraint("job", "worker", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "organisations",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("country", sa.String(length=2)),
        sa.Column("sending", sa.String(length=16), server_default="on", nullable=False),
        sa.Column("sending_reason", sa.String(length=500), server_default="", nullable=False),
        sa.Column("sending_until", AT),
        sa.Column("created_at", AT, nullable=False),
        sa.CheckConstraint(
            "sending IN ('on', 'paused', 'maintenance', 'degraded')", name=op.f("ck_organisations_sending_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
    )
    op.create_table(
        "accounts",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("country", sa.String(length=2)),
        sa.Column("region", sa.String(length=8)),
        sa.Column("zone", sa.String(length=64)),
        sa.Column("industry", sa.String(length=100)),
        sa.Column("domain", sa.String(length=253)),
        sa.Column("owner_email", sa.String(length=320)),
        sa.Column("legal_hold", sa.String(length=500)),
        sa.Column("renewal_on", sa.Date()),
        sa.Column("synced_at", AT),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_accounts_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("org_id", "external_id", name=op.f("uq_accounts_org_id_external_id")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_accounts_org_id_id")),
    )
    op.create_index(op.f("ix_accounts_org_id_owner_email"), "accounts", ["org_id", "owner_email"], unique=False)
    op.create_table(
        "imports",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("file", sa.String(length=500), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("started_at", AT, nullable=False),
        sa.Column("finished_at", AT),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("read", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("added", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("changed", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("unchanged", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("rejected", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("rejects_file", sa.String(length=500)),
        sa.CheckConstraint("state IN ('running', 'done', 'failed')", name=op.f("ck_imports_state_known")),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_imports_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_imports_org_id_id")),
    )
    op.create_table(
        "quotas",
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("used", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("granted", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("used >= 0", name=op.f("ck_quotas_used_not_negative")),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_quotas_org_id")),
        sa.PrimaryKeyConstraint("org_id", "day", name=op.f("pk_quotas")),
    )
    op.create_table(
        "search_words",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("word", FOLDED, nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_search_words_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_words")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_search_words_org_id_id")),
        sa.UniqueConstraint("org_id", "word", name=op.f("uq_search_words_org_id_word")),
    )
    op.create_table(
        "slack_teams",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("enterprise_id", sa.String(length=32)),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("is_installed", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("linked_at", AT, nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_slack_teams_org_id")),
        sa.PrimaryKeyConstraint("team_id", name=op.f("pk_slack_teams")),
    )
    op.create_table(
        "suppressions",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("since", AT, nullable=False),
        sa.CheckConstraint(
            "reason IN ('invalid', 'opted_out', 'legal_hold')", name=op.f("ck_suppressions_reason_known")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_suppressions_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppressions")),
        sa.UniqueConstraint("org_id", "email", name=op.f("uq_suppressions_org_id_email")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_suppressions_org_id_id")),
    )
    op.create_table(
        "templates",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("tone", sa.String(length=16), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("approved_by", sa.String(length=320)),
        sa.Column("approved_at", AT),
        sa.CheckConstraint("audience IN ('sales', 'csm')", name=op.f("ck_templates_audience_known")),
        sa.CheckConstraint("state IN ('draft', 'approved', 'retired')", name=op.f("ck_templates_state_known")),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_templates_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_templates")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_templates_org_id_id")),
        sa.UniqueConstraint("org_id", "key", "version", name=op.f("uq_templates_org_id_key_version")),
    )
    op.create_table(
        "users",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("zone", sa.String(length=64)),
        sa.Column("locale", sa.String(length=16)),
        sa.Column("slack_user_id", sa.String(length=32)),
        sa.CheckConstraint(
            "role IN ('admin', 'controller', 'ar_manager', 'operator', 'sales', 'csm', 'legal', 'billing_admin', 'viewer')",
            name=op.f("ck_users_role_known"),
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_users_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("org_id", "email", name=op.f("uq_users_org_id_email")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_users_org_id_id")),
        sa.UniqueConstraint("org_id", "slack_user_id", name=op.f("uq_users_org_id_slack_user_id")),
    )
    op.create_table(
        "access_requests",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("asked_by", KEY, nullable=False),
        sa.Column("capability", sa.String(length=32)),
        sa.Column("account_id", KEY),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("asked_at", AT, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("question", sa.String(length=200), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'approved', 'declined')", name=op.f("ck_access_requests_state_known")),
        sa.ForeignKeyConstraint(
            ["org_id", "account_id"],
            ["accounts.org_id", "accounts.id"],
            name=op.f("fk_access_requests_org_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "asked_by"], ["users.org_id", "users.id"], name=op.f("fk_access_requests_org_id_asked_by")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_access_requests_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_requests")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_access_requests_org_id_id")),
    )
    op.create_index(
        "uq_access_requests_waiting",
        "access_requests",
        ["org_id", "asked_by", "question"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "account_keys",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("shown", sa.String(length=320), nullable=False),
        sa.Column("folded", FOLDED, nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "account_id"], ["accounts.org_id", "accounts.id"], name=op.f("fk_account_keys_org_id_account_id")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_account_keys_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_keys")),
        sa.UniqueConstraint(
            "org_id", "account_id", "kind", "folded", name=op.f("uq_account_keys_org_id_account_id_kind_folded")
        ),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_account_keys_org_id_id")),
    )
    op.create_index("ix_account_keys_folded", "account_keys", ["org_id", "kind", "folded", "account_id"], unique=False)
    op.create_table(
        "audit",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("actor_id", KEY),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("account_id", KEY),
        sa.Column("reason", sa.String(length=32)),
        sa.Column("before", sa.JSON(none_as_null=True)),
        sa.Column("after", sa.JSON(none_as_null=True)),
        sa.ForeignKeyConstraint(
            ["org_id", "account_id"], ["accounts.org_id", "accounts.id"], name=op.f("fk_audit_org_id_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "actor_id"], ["users.org_id", "users.id"], name=op.f("fk_audit_org_id_actor_id")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_audit_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_audit_org_id_id")),
    )
    op.create_index(op.f("ix_audit_org_id_account_id_at"), "audit", ["org_id", "account_id", "at"], unique=False)
    op.create_index(op.f("ix_audit_org_id_at"), "audit", ["org_id", "at"], unique=False)
    op.create_table(
        "autopilot_steps",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("tone", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("due_at", AT, nullable=False),
        sa.Column("sent_at", AT),
        sa.CheckConstraint("state IN ('scheduled', 'sent', 'skipped')", name=op.f("ck_autopilot_steps_state_known")),
        sa.ForeignKeyConstraint(
            ["org_id", "account_id"],
            ["accounts.org_id", "accounts.id"],
            name=op.f("fk_autopilot_steps_org_id_account_id"),
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_autopilot_steps_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_autopilot_steps")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_autopilot_steps_org_id_id")),
    )
    op.create_index(
        op.f("ix_autopilot_steps_org_id_account_id_due_at"),
        "autopilot_steps",
        ["org_id", "account_id", "due_at"],
        unique=False,
    )
    op.create_table(
        "contacts",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("is_primary", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_valid", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("zone", sa.String(length=64)),
        sa.ForeignKeyConstraint(
            ["org_id", "account_id"], ["accounts.org_id", "accounts.id"], name=op.f("fk_contacts_org_id_account_id")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_contacts_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("org_id", "account_id", "email", name=op.f("uq_contacts_org_id_account_id_email")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_contacts_org_id_id")),
    )
    op.create_table(
        "disputes",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("currency", sa.String(length=3)),
        sa.Column("amount", sa.BigInteger()),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("opened_at", AT, nullable=False),
        sa.Column("owner", sa.String(length=200)),
        sa.Column("answer_due_at", AT),
        sa.CheckConstraint(
            "state IN ('reported', 'open', 'in_review', 'resolved')", name=op.f("ck_disputes_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "account_id"], ["accounts.org_id", "accounts.id"], name=op.f("fk_disputes_org_id_account_id")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_disputes_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_disputes_org_id_id")),
    )
    op.create_index(op.f("ix_disputes_org_id_account_id"), "disputes", ["org_id", "account_id"], unique=False)
    op.create_table(
        "grants",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("role", sa.String(length=16)),
        sa.Column("capability", sa.String(length=32)),
        sa.Column("until", AT),
        sa.Column("granted_by", sa.String(length=320), nullable=False),
        sa.Column("granted_at", AT, nullable=False),
        sa.CheckConstraint(
            "capability IN ('view_accounts', 'nudge', 'report', 'record', 'record_dispute_input', 'hold_nudge', 'hold_own_nudge', 'resolve_unconfirmed', 'write_notes', 'comment', 'view_policies', 'edit_policies', 'sign_off_policies', 'set_segments', 'approve_drafts', 'decide_requests', 'suppress_contacts', 'confirm_cash', 'view_operations', 'operate', 'assign_roles', 'export')",
            name=op.f("ck_grants_capability_known"),
        ),
        sa.CheckConstraint(
            "role IN ('admin', 'controller', 'ar_manager', 'operator', 'sales', 'csm', 'legal', 'billing_admin', 'viewer')",
            name=op.f("ck_grants_role_known"),
        ),
        sa.CheckConstraint("(role IS NULL) <> (capability IS NULL)", name=op.f("ck_grants_role_or_capability")),
        sa.ForeignKeyConstraint(
            ["org_id", "user_id"], ["users.org_id", "users.id"], name=op.f("fk_grants_org_id_user_id")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_grants_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_grants_org_id_id")),
    )
    op.create_index(op.f("ix_grants_org_id_user_id"), "grants", ["org_id", "user_id"], unique=False)
    op.create_table(
        "invoices",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("paid_on", sa.Date()),
        sa.CheckConstraint("state IN ('open', 'paid', 'void')", name=op.f("ck_invoices_state_known")),
        sa.ForeignKeyConstraint(
            ["org_id", "account_id"], ["accounts.org_id", "accounts.id"], name=op.f("fk_invoices_org_id_account_id")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_invoices_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_invoices_org_id_id")),
        sa.UniqueConstraint("org_id", "number", name=op.f("uq_invoices_org_id_number")),
    )
    op.create_index(
        "ix_invoices_open",
        "invoices",
        ["org_id", "account_id", "due_on"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        op.f("ix_invoices_org_id_account_id_paid_on"), "invoices", ["org_id", "account_id", "paid_on"], unique=False
    )
    op.create_table(
        "notes",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("external_id", sa.String(length=200)),
        sa.Column("department", sa.String(length=8), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", AT, nullable=False),
        sa.Column("is_pinned", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("department IN ('A/R', 'CSM', 'Legal', 'Sales')", name=op.f("ck_notes_department_known")),
        sa.ForeignKeyConstraint(
            ["org_id", "account_id"], ["accounts.org_id", "accounts.id"], name=op.f("fk_notes_org_id_account_id")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_notes_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
        sa.UniqueConstraint("org_id", "external_id", name=op.f("uq_notes_org_id_external_id")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_notes_org_id_id")),
    )
    op.create_index(
        op.f("ix_notes_org_id_account_id_written_at"), "notes", ["org_id", "account_id", "written_at"], unique=False
    )
    op.create_table(
        "notices",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("recipient", KEY),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("due_at", AT, nullable=False),
        sa.Column("leased_until", AT),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("channel", sa.String(length=32)),
        sa.Column("ts", sa.String(length=32)),
        sa.Column("error", sa.String(length=200)),
        sa.Column("changed_at", AT, nullable=False),
        sa.CheckConstraint("state IN ('pending', 'posted', 'failed')", name=op.f("ck_notices_state_known")),
        sa.ForeignKeyConstraint(
            ["org_id", "recipient"], ["users.org_id", "users.id"], name=op.f("fk_notices_org_id_recipient")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_notices_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_notices_org_id_id")),
        sa.UniqueConstraint("org_id", "key", name=op.f("uq_notices_org_id_key")),
    )
    op.create_index(
        "ix_notices_due",
        "notices",
        ["org_id", "due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_table(
        "promises",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("currency", sa.String(length=3)),
        sa.Column("amount", sa.BigInteger()),
        sa.Column("due_on", sa.Date()),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reported_at", AT, nullable=False),
        sa.Column("hold_until", AT),
        sa.CheckConstraint(
            "state IN ('reported', 'open', 'kept', 'partially_kept', 'broken', 'withdrawn', 'superseded')",
            name=op.f("ck_promises_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "account_id"], ["accounts.org_id", "accounts.id"], name=op.f("fk_promises_org_id_account_id")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_promises_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promises")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_promises_org_id_id")),
    )
    op.create_index(op.f("ix_promises_org_id_account_id"), "promises", ["org_id", "account_id"], unique=False)
    op.create_table(
        "communications",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("contact_id", KEY),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("invoice_id", KEY),
        sa.Column("message_id", sa.String(length=32)),
        sa.CheckConstraint(
            "source IN ('autopilot', 'nudge', 'operator', 'customer')", name=op.f("ck_communications_source_known")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "account_id"],
            ["accounts.org_id", "accounts.id"],
            name=op.f("fk_communications_org_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "contact_id"],
            ["contacts.org_id", "contacts.id"],
            name=op.f("fk_communications_org_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "invoice_id"],
            ["invoices.org_id", "invoices.id"],
            name=op.f("fk_communications_org_id_invoice_id"),
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_communications_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_communications")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_communications_org_id_id")),
        sa.UniqueConstraint("org_id", "message_id", name=op.f("uq_communications_org_id_message_id")),
    )
    op.create_index(
        op.f("ix_communications_org_id_account_id_at"), "communications", ["org_id", "account_id", "at"], unique=False
    )
    op.create_table(
        "dispute_invoices",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("dispute_id", KEY, nullable=False),
        sa.Column("invoice_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "dispute_id"],
            ["disputes.org_id", "disputes.id"],
            name=op.f("fk_dispute_invoices_org_id_dispute_id"),
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "invoice_id"],
            ["invoices.org_id", "invoices.id"],
            name=op.f("fk_dispute_invoices_org_id_invoice_id"),
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_dispute_invoices_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_invoices")),
        sa.UniqueConstraint(
            "org_id", "dispute_id", "invoice_id", name=op.f("uq_dispute_invoices_org_id_dispute_id_invoice_id")
        ),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_dispute_invoices_org_id_id")),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("contact_id", KEY, nullable=False),
        sa.Column("invoice_id", KEY, nullable=False),
        sa.Column("template_key", sa.String(length=64), nullable=False),
        sa.Column("template_version", sa.Integer(), nullable=False),
        sa.Column("requested_by", KEY, nullable=False),
        sa.Column("requested_at", AT, nullable=False),
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32)),
        sa.Column("leaves_at", AT, nullable=False),
        sa.Column("expires_at", AT, nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("claimed_by", sa.String(length=64)),
        sa.Column("claimed_until", AT),
        sa.Column("token", sa.String(length=32)),
        sa.Column("sent_at", AT),
        sa.Column("held_by", KEY),
        sa.Column("changed_at", AT, nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'claimed', 'sending', 'sent', 'held', 'refused', 'cancelled', 'expired', 'failed', 'unconfirmed')",
            name=op.f("ck_messages_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "account_id"], ["accounts.org_id", "accounts.id"], name=op.f("fk_messages_org_id_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "contact_id"], ["contacts.org_id", "contacts.id"], name=op.f("fk_messages_org_id_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "held_by"], ["users.org_id", "users.id"], name=op.f("fk_messages_org_id_held_by")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "invoice_id"], ["invoices.org_id", "invoices.id"], name=op.f("fk_messages_org_id_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "requested_by"], ["users.org_id", "users.id"], name=op.f("fk_messages_org_id_requested_by")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_messages_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_messages_org_id_id")),
        sa.UniqueConstraint("org_id", "origin", name=op.f("uq_messages_org_id_origin")),
    )
    op.create_index(
        "ix_messages_due",
        "messages",
        ["org_id", "leaves_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "ix_messages_leased",
        "messages",
        ["org_id", "claimed_until", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('claimed', 'sending')"),
        postgresql_where=sa.text("state IN ('claimed', 'sending')"),
    )
    op.create_index(
        op.f("ix_messages_org_id_account_id_requested_at"),
        "messages",
        ["org_id", "account_id", "requested_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_messages_org_id_requested_by_requested_at"),
        "messages",
        ["org_id", "requested_by", "requested_at"],
        unique=False,
    )
    op.create_index(
        "ix_messages_waiting_expiry",
        "messages",
        ["org_id", "expires_at", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued', 'held')"),
        postgresql_where=sa.text("state IN ('queued', 'held')"),
    )
    op.create_index(
        "uq_messages_open",
        "messages",
        ["org_id", "account_id", "contact_id", "invoice_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('claimed', 'held', 'queued', 'sending', 'unconfirmed')"),
        postgresql_where=sa.text("state IN ('claimed', 'held', 'queued', 'sending', 'unconfirmed')"),
    )
    op.create_table(
        "pay_links",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("invoice_id", KEY, nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("expires_at", AT),
        sa.ForeignKeyConstraint(
            ["org_id", "invoice_id"], ["invoices.org_id", "invoices.id"], name=op.f("fk_pay_links_org_id_invoice_id")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_pay_links_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pay_links")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_pay_links_org_id_id")),
        sa.UniqueConstraint("org_id", "invoice_id", name=op.f("uq_pay_links_org_id_invoice_id")),
    )
    op.create_table(
        "payments",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("invoice_id", KEY),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=300), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "account_id"], ["accounts.org_id", "accounts.id"], name=op.f("fk_payments_org_id_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "invoice_id"], ["invoices.org_id", "invoices.id"], name=op.f("fk_payments_org_id_invoice_id")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_payments_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("org_id", "external_id", name=op.f("uq_payments_org_id_external_id")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_payments_org_id_id")),
    )
    op.create_index(
        "ix_payments_unapplied",
        "payments",
        ["org_id", "account_id"],
        unique=False,
        sqlite_where=sa.text("invoice_id IS NULL"),
        postgresql_where=sa.text("invoice_id IS NULL"),
    )
    op.create_table(
        "promise_invoices",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("promise_id", KEY, nullable=False),
        sa.Column("invoice_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "invoice_id"],
            ["invoices.org_id", "invoices.id"],
            name=op.f("fk_promise_invoices_org_id_invoice_id"),
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "promise_id"],
            ["promises.org_id", "promises.id"],
            name=op.f("fk_promise_invoices_org_id_promise_id"),
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_promise_invoices_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_invoices")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_promise_invoices_org_id_id")),
        sa.UniqueConstraint(
            "org_id", "promise_id", "invoice_id", name=op.f("uq_promise_invoices_org_id_promise_id_invoice_id")
        ),
    )
    op.create_table(
        "message_events",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("was", sa.String(length=16)),
        sa.Column("became", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32)),
        sa.Column("at", AT, nullable=False),
        sa.Column("actor_id", KEY),
        sa.ForeignKeyConstraint(
            ["org_id", "message_id"],
            ["messages.org_id", "messages.id"],
            name=op.f("fk_message_events_org_id_message_id"),
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_message_events_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_events")),
    )
    op.create_index(
        op.f("ix_message_events_org_id_message_id"), "message_events", ["org_id", "message_id"], unique=False
    )
    for statement in WORDS_POSTGRESQL if op.get_context().dialect.name == "postgresql" else WORDS_SQLITE:
        op.execute(statement)


def downgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP TRIGGER account_keys_inserted ON account_keys")
        op.execute("DROP TRIGGER account_keys_updated ON account_keys")
        op.execute("DROP FUNCTION learn_search_words()")
    else:
        op.execute("DROP TABLE search_words_text")
    op.drop_index(op.f("ix_message_events_org_id_message_id"), table_name="message_events")
    op.drop_table("message_events")
    op.drop_table("promise_invoices")
    op.drop_index(
        "ix_payments_unapplied",
        table_name="payments",
        sqlite_where=sa.text("invoice_id IS NULL"),
        postgresql_where=sa.text("invoice_id IS NULL"),
    )
    op.drop_table("payments")
    op.drop_table("pay_links")
    op.drop_index(
        "uq_messages_open",
        table_name="messages",
        sqlite_where=sa.text("state IN ('claimed', 'held', 'queued', 'sending', 'unconfirmed')"),
        postgresql_where=sa.text("state IN ('claimed', 'held', 'queued', 'sending', 'unconfirmed')"),
    )
    op.drop_index(
        "ix_messages_waiting_expiry",
        table_name="messages",
        sqlite_where=sa.text("state IN ('queued', 'held')"),
        postgresql_where=sa.text("state IN ('queued', 'held')"),
    )
    op.drop_index(op.f("ix_messages_org_id_requested_by_requested_at"), table_name="messages")
    op.drop_index(op.f("ix_messages_org_id_account_id_requested_at"), table_name="messages")
    op.drop_index(
        "ix_messages_leased",
        table_name="messages",
        sqlite_where=sa.text("state IN ('claimed', 'sending')"),
        postgresql_where=sa.text("state IN ('claimed', 'sending')"),
    )
    op.drop_index(
        "ix_messages_due",
        table_name="messages",
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.drop_table("messages")
    op.drop_table("dispute_invoices")
    op.drop_index(op.f("ix_communications_org_id_account_id_at"), table_name="communications")
    op.drop_table("communications")
    op.drop_index(op.f("ix_promises_org_id_account_id"), table_name="promises")
    op.drop_table("promises")
    op.drop_index(
        "ix_notices_due",
        table_name="notices",
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.drop_table("notices")
    op.drop_index(op.f("ix_notes_org_id_account_id_written_at"), table_name="notes")
    op.drop_table("notes")
    op.drop_index(op.f("ix_invoices_org_id_account_id_paid_on"), table_name="invoices")
    op.drop_index(
        "ix_invoices_open",
        table_name="invoices",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_table("invoices")
    op.drop_index(op.f("ix_grants_org_id_user_id"), table_name="grants")
    op.drop_table("grants")
    op.drop_index(op.f("ix_disputes_org_id_account_id"), table_name="disputes")
    op.drop_table("disputes")
    op.drop_table("contacts")
    op.drop_index(op.f("ix_autopilot_steps_org_id_account_id_due_at"), table_name="autopilot_steps")
    op.drop_table("autopilot_steps")
    op.drop_index(op.f("ix_audit_org_id_at"), table_name="audit")
    op.drop_index(op.f("ix_audit_org_id_account_id_at"), table_name="audit")
    op.drop_table("audit")
    op.drop_index("ix_account_keys_folded", table_name="account_keys")
    op.drop_table("account_keys")
    op.drop_index(
        "uq_access_requests_waiting",
        table_name="access_requests",
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.drop_table("access_requests")
    op.drop_table("users")
    op.drop_table("templates")
    op.drop_table("suppressions")
    op.drop_table("slack_teams")
    op.drop_table("search_words")
    op.drop_table("quotas")
    op.drop_table("imports")
    op.drop_index(op.f("ix_accounts_org_id_owner_email"), table_name="accounts")
    op.drop_table("accounts")
    op.drop_table("organisations")
    op.drop_table("heartbeats")
