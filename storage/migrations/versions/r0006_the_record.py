"""The record and its keepers: reports, histories, notes in versions, comments, requests, seals of the audit log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
WALLED = (
    "absences",
    "audit_seals",
    "change_requests",
    "comments",
    "dispute_events",
    "documents",
    "duties",
    "group_members",
    "group_roles",
    "legal_holds",
    "mutes",
    "note_mentions",
    "note_replies",
    "note_versions",
    "promise_events",
    "reports",
)
MINE = (
    "org_id = (SELECT nullif(nullif(current_setting('plixo.org', true), ''), '*')::bigint)"
    " OR (SELECT coalesce(current_setting('plixo.org', true), '') = '*')"
)
KNOWN = "resolution IN ('credit', 'invalid', 'withdrawn')"


def upgrade() -> None:
    op.create_table(
        "audit_seals",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("first_id", KEY, nullable=False),
        sa.Column("last_id", KEY, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("marks", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", INSTANT, nullable=False),
        sa.Column("dropped_at", INSTANT, nullable=True),
        sa.CheckConstraint("first_id <= last_id", name=op.f("ck_audit_seals_not_empty")),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_audit_seals_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seals")),
        sa.UniqueConstraint("org_id", "before", name=op.f("uq_audit_seals_org_id_before")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_audit_seals_org_id_id")),
        sa.UniqueConstraint("org_id", "last_id", name=op.f("uq_audit_seals_org_id_last_id")),
    )
    op.create_table(
        "documents",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("made_by", sa.String(length=320), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("published_by", sa.String(length=320), nullable=True),
        sa.Column("published_at", INSTANT, nullable=True),
        sa.CheckConstraint("kind IN ('policy', 'segments', 'cadences')", name=op.f("ck_documents_kind_known")),
        sa.CheckConstraint("state IN ('draft', 'published', 'retired')", name=op.f("ck_documents_state_known")),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_documents_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_documents_org_id_id")),
        sa.UniqueConstraint("org_id", "kind", "version", name=op.f("uq_documents_org_id_kind_version")),
    )
    op.create_table(
        "group_roles",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("usergroup_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("given_by", sa.String(length=320), nullable=False),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.Column("read_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "role IN ('admin', 'controller', 'ar_manager', 'operator', 'sales', 'csm', 'legal', 'billing_admin',"
            " 'viewer')",
            name=op.f("ck_group_roles_role_known"),
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_group_roles_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_roles")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_group_roles_org_id_id")),
        sa.UniqueConstraint("org_id", "usergroup_id", name=op.f("uq_group_roles_org_id_usergroup_id")),
    )
    op.create_table(
        "group_members",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("usergroup_id", sa.String(length=32), nullable=False),
        sa.Column("slack_user_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_group_members_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_members")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_group_members_org_id_id")),
        sa.UniqueConstraint(
            "org_id",
            "usergroup_id",
            "slack_user_id",
            name=op.f("uq_group_members_org_id_usergroup_id_slack_user_id"),
        ),
    )
    op.create_index(
        op.f("ix_group_members_org_id_slack_user_id"), "group_members", ["org_id", "slack_user_id"], unique=False
    )
    op.create_table(
        "absences",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("stand_in", KEY, nullable=True),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_absences_ends_after_it_starts")),
        sa.ForeignKeyConstraint(
            ["org_id", "stand_in"], ["users.org_id", "users.id"], name=op.f("fk_absences_org_id_stand_in")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "user_id"], ["users.org_id", "users.id"], name=op.f("fk_absences_org_id_user_id")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_absences_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_absences_org_id_id")),
    )
    op.create_index(
        op.f("ix_absences_org_id_user_id_ends_at"), "absences", ["org_id", "user_id", "ends_at"], unique=False
    )
    op.create_table(
        "change_requests",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("present", sa.Text(), nullable=False),
        sa.Column("proposed", sa.Text(), nullable=False),
        sa.Column("why", sa.String(length=1000), nullable=False),
        sa.Column("asked_by", KEY, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("decided_by", KEY, nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decision", sa.String(length=500), server_default="", nullable=False),
        sa.Column("made", sa.String(length=100), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'approved', 'declined')", name=op.f("ck_change_requests_state_known")),
        sa.ForeignKeyConstraint(
            ["org_id", "asked_by"], ["users.org_id", "users.id"], name=op.f("fk_change_requests_org_id_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "decided_by"], ["users.org_id", "users.id"], name=op.f("fk_change_requests_org_id_decided_by")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_change_requests_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_requests")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_change_requests_org_id_id")),
        sa.UniqueConstraint("org_id", "origin", name=op.f("uq_change_requests_org_id_origin")),
    )
    op.create_index(
        op.f("ix_change_requests_org_id_state_asked_at"),
        "change_requests",
        ["org_id", "state", "asked_at"],
        unique=False,
    )
    op.create_table(
        "comments",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("author_id", KEY, nullable=False),
        sa.Column("body", sa.String(length=2000), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.Column("answer", sa.String(length=2000), nullable=True),
        sa.Column("answered_by", KEY, nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["org_id", "answered_by"], ["users.org_id", "users.id"], name=op.f("fk_comments_org_id_answered_by")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "author_id"], ["users.org_id", "users.id"], name=op.f("fk_comments_org_id_author_id")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_comments_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_comments_org_id_id")),
        sa.UniqueConstraint("org_id", "origin", name=op.f("uq_comments_org_id_origin")),
    )
    op.create_index(op.f("ix_comments_org_id_subject_at"), "comments", ["org_id", "subject", "at"], unique=False)
    op.create_table(
        "duties",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=True),
        sa.Column("since", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "account_id"], ["accounts.org_id", "accounts.id"], name=op.f("fk_duties_org_id_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "user_id"], ["users.org_id", "users.id"], name=op.f("fk_duties_org_id_user_id")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_duties_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duties")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_duties_org_id_id")),
        sa.UniqueConstraint("org_id", "user_id", "account_id", name=op.f("uq_duties_org_id_user_id_account_id")),
    )
    op.create_index(op.f("ix_duties_org_id_account_id"), "duties", ["org_id", "account_id"], unique=False)
    op.create_table(
        "legal_holds",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("placed_by", KEY, nullable=False),
        sa.Column("placed_at", INSTANT, nullable=False),
        sa.Column("lifted_by", KEY, nullable=True),
        sa.Column("lifted_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["org_id", "account_id"], ["accounts.org_id", "accounts.id"], name=op.f("fk_legal_holds_org_id_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "lifted_by"], ["users.org_id", "users.id"], name=op.f("fk_legal_holds_org_id_lifted_by")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "placed_by"], ["users.org_id", "users.id"], name=op.f("fk_legal_holds_org_id_placed_by")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_legal_holds_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_legal_holds_org_id_id")),
    )
    op.create_index(
        "uq_legal_holds_standing",
        "legal_holds",
        ["org_id", "account_id"],
        unique=True,
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.create_table(
        "mutes",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "user_id"], ["users.org_id", "users.id"], name=op.f("fk_mutes_org_id_user_id")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_mutes_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mutes")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_mutes_org_id_id")),
        sa.UniqueConstraint("org_id", "user_id", "kind", name=op.f("uq_mutes_org_id_user_id_kind")),
    )
    op.create_table(
        "dispute_events",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("dispute_id", KEY, nullable=False),
        sa.Column("was", sa.String(length=16), nullable=True),
        sa.Column("became", sa.String(length=16), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor_id", KEY, nullable=True),
        sa.Column("why", sa.String(length=500), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "actor_id"], ["users.org_id", "users.id"], name=op.f("fk_dispute_events_org_id_actor_id")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "dispute_id"],
            ["disputes.org_id", "disputes.id"],
            name=op.f("fk_dispute_events_org_id_dispute_id"),
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_dispute_events_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_events")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_dispute_events_org_id_id")),
    )
    op.create_index(
        op.f("ix_dispute_events_org_id_dispute_id"), "dispute_events", ["org_id", "dispute_id"], unique=False
    )
    op.create_table(
        "note_mentions",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("note_id", KEY, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "note_id"], ["notes.org_id", "notes.id"], name=op.f("fk_note_mentions_org_id_note_id")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "user_id"], ["users.org_id", "users.id"], name=op.f("fk_note_mentions_org_id_user_id")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_note_mentions_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_mentions")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_note_mentions_org_id_id")),
        sa.UniqueConstraint("org_id", "note_id", "user_id", name=op.f("uq_note_mentions_org_id_note_id_user_id")),
    )
    op.create_index(
        op.f("ix_note_mentions_org_id_user_id_at"), "note_mentions", ["org_id", "user_id", "at"], unique=False
    )
    op.create_table(
        "note_replies",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("note_id", KEY, nullable=False),
        sa.Column("author_id", KEY, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "author_id"], ["users.org_id", "users.id"], name=op.f("fk_note_replies_org_id_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "note_id"], ["notes.org_id", "notes.id"], name=op.f("fk_note_replies_org_id_note_id")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_note_replies_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_replies")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_note_replies_org_id_id")),
        sa.UniqueConstraint("org_id", "origin", name=op.f("uq_note_replies_org_id_origin")),
    )
    op.create_index(op.f("ix_note_replies_org_id_note_id"), "note_replies", ["org_id", "note_id"], unique=False)
    op.create_table(
        "note_versions",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("note_id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author_id", KEY, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "author_id"], ["users.org_id", "users.id"], name=op.f("fk_note_versions_org_id_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "note_id"], ["notes.org_id", "notes.id"], name=op.f("fk_note_versions_org_id_note_id")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_note_versions_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_versions")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_note_versions_org_id_id")),
        sa.UniqueConstraint("org_id", "note_id", "version", name=op.f("uq_note_versions_org_id_note_id_version")),
    )
    op.create_table(
        "promise_events",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("promise_id", KEY, nullable=False),
        sa.Column("was", sa.String(length=16), nullable=True),
        sa.Column("became", sa.String(length=16), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor_id", KEY, nullable=True),
        sa.Column("why", sa.String(length=500), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "actor_id"], ["users.org_id", "users.id"], name=op.f("fk_promise_events_org_id_actor_id")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "promise_id"],
            ["promises.org_id", "promises.id"],
            name=op.f("fk_promise_events_org_id_promise_id"),
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_promise_events_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_events")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_promise_events_org_id_id")),
    )
    op.create_index(
        op.f("ix_promise_events_org_id_promise_id"), "promise_events", ["org_id", "promise_id"], unique=False
    )
    op.create_table(
        "reports",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("promise_id", KEY, nullable=True),
        sa.Column("dispute_id", KEY, nullable=True),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.Column("reported_by", KEY, nullable=False),
        sa.Column("reported_at", INSTANT, nullable=False),
        sa.Column("said_at", INSTANT, nullable=False),
        sa.Column("contact_id", KEY, nullable=True),
        sa.Column("evidence", sa.Text(), server_default="", nullable=False),
        sa.Column("evidence_link", sa.String(length=1000), nullable=True),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("thread", sa.String(length=32), nullable=True),
        sa.Column("operator_id", KEY, nullable=True),
        sa.Column("acknowledged_by", KEY, nullable=True),
        sa.Column("acknowledged_at", INSTANT, nullable=True),
        sa.Column("reminded_at", INSTANT, nullable=True),
        sa.Column("escalated_at", INSTANT, nullable=True),
        sa.Column("verdict", sa.String(length=16), nullable=True),
        sa.Column("settled_by", KEY, nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("why", sa.String(length=500), server_default="", nullable=False),
        sa.CheckConstraint("verdict IN ('recorded', 'corrected', 'not_valid')", name=op.f("ck_reports_verdict_known")),
        sa.CheckConstraint("(promise_id IS NULL) <> (dispute_id IS NULL)", name=op.f("ck_reports_promise_or_dispute")),
        sa.ForeignKeyConstraint(
            ["org_id", "account_id"], ["accounts.org_id", "accounts.id"], name=op.f("fk_reports_org_id_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "acknowledged_by"], ["users.org_id", "users.id"], name=op.f("fk_reports_org_id_acknowledged_by")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "contact_id"], ["contacts.org_id", "contacts.id"], name=op.f("fk_reports_org_id_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "dispute_id"], ["disputes.org_id", "disputes.id"], name=op.f("fk_reports_org_id_dispute_id")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "operator_id"], ["users.org_id", "users.id"], name=op.f("fk_reports_org_id_operator_id")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "promise_id"], ["promises.org_id", "promises.id"], name=op.f("fk_reports_org_id_promise_id")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "reported_by"], ["users.org_id", "users.id"], name=op.f("fk_reports_org_id_reported_by")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "settled_by"], ["users.org_id", "users.id"], name=op.f("fk_reports_org_id_settled_by")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_reports_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_reports_org_id_id")),
        sa.UniqueConstraint("org_id", "origin", name=op.f("uq_reports_org_id_origin")),
    )
    op.create_index(op.f("ix_reports_org_id_dispute_id"), "reports", ["org_id", "dispute_id"], unique=False)
    op.create_index(op.f("ix_reports_org_id_promise_id"), "reports", ["org_id", "promise_id"], unique=False)
    op.create_index(
        op.f("ix_reports_org_id_reported_by_reported_at"),
        "reports",
        ["org_id", "reported_by", "reported_at"],
        unique=False,
    )
    op.create_index(
        "ix_reports_waiting",
        "reports",
        ["org_id", "said_at", "id"],
        unique=False,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.add_column("access_requests", sa.Column("decided_by", sa.String(length=320), nullable=True))
    op.add_column("access_requests", sa.Column("decided_at", INSTANT, nullable=True))
    op.add_column("access_requests", sa.Column("decision", sa.String(length=500), server_default="", nullable=False))
    op.add_column("access_requests", sa.Column("granted_until", INSTANT, nullable=True))
    op.add_column("access_requests", sa.Column("given", sa.String(length=40), nullable=True))
    op.add_column("users", sa.Column("role_group", sa.String(length=32), nullable=True))
    op.add_column("disputes", sa.Column("owner_email", sa.String(length=320), nullable=True))
    _add_resolution()
    op.add_column("disputes", sa.Column("resolved_at", INSTANT, nullable=True))
    op.add_column("promises", sa.Column("recorded_at", INSTANT, nullable=True))
    op.add_column("promises", sa.Column("decided_at", INSTANT, nullable=True))
    op.add_column("promises", sa.Column("paid", sa.BigInteger(), nullable=True))
    op.add_column("promise_invoices", sa.Column("balance", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_promises_org_id_decided_at"), "promises", ["org_id", "decided_at"], unique=False)
    op.create_index(
        "ix_payments_applied",
        "payments",
        ["org_id", "invoice_id"],
        unique=False,
        sqlite_where=sa.text("invoice_id IS NOT NULL"),
        postgresql_where=sa.text("invoice_id IS NOT NULL"),
    )
    op.create_index(
        "ix_promises_open",
        "promises",
        ["org_id", "due_on"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.add_column("users", sa.Column("digested_on", sa.Date(), nullable=True))
    op.add_column("templates", sa.Column("drafted_by", sa.String(length=320), nullable=True))
    op.add_column("templates", sa.Column("drafted_at", INSTANT, nullable=True))
    op.add_column("templates", sa.Column("needs_legal", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("templates", sa.Column("signed_off_by", sa.String(length=320), nullable=True))
    op.add_column("templates", sa.Column("signed_off_at", INSTANT, nullable=True))
    _wall()
    for statement in GUARDS[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in WITHOUT_GUARDS[op.get_context().dialect.name]:
        op.execute(statement)
    op.drop_column("templates", "signed_off_at")
    op.drop_column("templates", "signed_off_by")
    op.drop_column("templates", "needs_legal")
    op.drop_column("templates", "drafted_at")
    op.drop_column("templates", "drafted_by")
    op.drop_column("users", "digested_on")
    op.drop_index(
        "ix_promises_open",
        table_name="promises",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index(
        "ix_payments_applied",
        table_name="payments",
        sqlite_where=sa.text("invoice_id IS NOT NULL"),
        postgresql_where=sa.text("invoice_id IS NOT NULL"),
    )
    op.drop_index(op.f("ix_promises_org_id_decided_at"), table_name="promises")
    op.drop_column("promise_invoices", "balance")
    op.drop_column("promises", "paid")
    op.drop_column("promises", "decided_at")
    op.drop_column("promises", "recorded_at")
    op.drop_column("disputes", "resolved_at")
    _drop_resolution()
    op.drop_column("disputes", "owner_email")
    op.drop_column("users", "role_group")
    op.drop_column("access_requests", "given")
    op.drop_column("access_requests", "granted_until")
    op.drop_column("access_requests", "decision")
    op.drop_column("access_requests", "decided_at")
    op.drop_column("access_requests", "decided_by")
    op.drop_index(
        "ix_reports_waiting",
        table_name="reports",
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.drop_index(op.f("ix_reports_org_id_reported_by_reported_at"), table_name="reports")
    op.drop_index(op.f("ix_reports_org_id_promise_id"), table_name="reports")
    op.drop_index(op.f("ix_reports_org_id_dispute_id"), table_name="reports")
    op.drop_table("reports")
    op.drop_index(op.f("ix_promise_events_org_id_promise_id"), table_name="promise_events")
    op.drop_table("promise_events")
    op.drop_table("note_versions")
    op.drop_index(op.f("ix_note_replies_org_id_note_id"), table_name="note_replies")
    op.drop_table("note_replies")
    op.drop_index(op.f("ix_note_mentions_org_id_user_id_at"), table_name="note_mentions")
    op.drop_table("note_mentions")
    op.drop_index(op.f("ix_dispute_events_org_id_dispute_id"), table_name="dispute_events")
    op.drop_table("dispute_events")
    op.drop_table("mutes")
    op.drop_index(
        "uq_legal_holds_standing",
        table_name="legal_holds",
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.drop_table("legal_holds")
    op.drop_index(op.f("ix_duties_org_id_account_id"), table_name="duties")
    op.drop_table("duties")
    op.drop_index(op.f("ix_comments_org_id_subject_at"), table_name="comments")
    op.drop_table("comments")
    op.drop_index(op.f("ix_change_requests_org_id_state_asked_at"), table_name="change_requests")
    op.drop_table("change_requests")
    op.drop_index(op.f("ix_absences_org_id_user_id_ends_at"), table_name="absences")
    op.drop_table("absences")
    op.drop_index(op.f("ix_group_members_org_id_slack_user_id"), table_name="group_members")
    op.drop_table("group_members")
    op.drop_table("group_roles")
    op.drop_table("documents")
    op.drop_table("audit_seals")


def _wall() -> None:
    """Row-level security on the new tables too; see revision 0003."""
    if op.get_context().dialect.name != "postgresql":
        return
    for table in WALLED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY plixo_org ON {table} USING ({MINE}) WITH CHECK ({MINE})")


def _add_resolution() -> None:
    # Spelled out: SQLite takes a constraint of a new column only together with it.
    op.execute(
        "ALTER TABLE disputes ADD COLUMN resolution VARCHAR(16)"
        f" CONSTRAINT ck_disputes_resolution_known CHECK ({KNOWN})"
    )


def _drop_resolution() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_disputes_resolution_known"), "disputes", type_="check")
    op.drop_column("disputes", "resolution")


# Triggers of revision 0006 that keep the audit log as it was written, on both databases.
#
# They stop statements: a stray UPDATE or DELETE, a TRUNCATE, SQLite's INSERT OR REPLACE, code with a fault in it. They
# do not stop whoever owns the tables and means it, who can drop a trigger first; what that person changes is what the
# hash chain in `audit_seals` shows.
#
# The one way to take rows away is the retention's: a block is first marked as dropped in its seal, which can be done
# once and changes nothing else, and only then can rows be deleted that lie in a marked block. A statement that is about
# `audit` alone never hits anything.

# PostgreSQL's advisory locks of whoever writes audit rows begin here: plus the organisation's id, or 0 across them.
# Writers share it until they commit, so they do not wait for each other; see `storage.stores.seals`.
WRITERS = 0x506C617500000000
STAYS = "the audit log is append-only"

_SEALED_AND_DROPPED = (
    "(SELECT first_id <= OLD.id AND dropped_at IS NOT NULL FROM audit_seals"
    " WHERE org_id = OLD.org_id AND last_id >= OLD.id ORDER BY last_id LIMIT 1)"
)
_SAME = ("id", "org_id", "first_id", "last_id", "count", "before", "hash", "sealed_at")


def _only_dropped(is_same: str) -> str:
    """The only change of a seal: its block is dropped, and with it the marks of rows that are gone."""
    same = " AND ".join(f'NEW."{name}" {is_same} OLD."{name}"' for name in _SAME)
    return f"(OLD.dropped_at IS NULL AND NEW.dropped_at IS NOT NULL AND length(NEW.marks) = 0 AND {same})"


def _trigger(name: str, before: str, table: str, each: str, function: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {before} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()"


_POSTGRESQL = (
    f"""
    CREATE FUNCTION plixo_audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            IF {_SEALED_AND_DROPPED} THEN
                RETURN OLD;
            END IF;
        END IF;
        RAISE EXCEPTION '{STAYS}';
    END $$
    """,
    f"""
    CREATE FUNCTION plixo_seals_stay() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            IF {_only_dropped("IS NOT DISTINCT FROM")} THEN
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION '{STAYS}';
    END $$
    """,
    f"""
    CREATE FUNCTION plixo_audit_whole() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{STAYS}';
    END $$
    """,
    f"""
    CREATE FUNCTION plixo_audit_writes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock_shared(
            {WRITERS} + coalesce(nullif(nullif(current_setting('plixo.org', true), ''), '*')::bigint, 0)
        );
        RETURN NULL;
    END $$
    """,
    _trigger("plixo_stays", "UPDATE OR DELETE", "audit", "ROW", "plixo_audit_stays"),
    _trigger("plixo_whole", "TRUNCATE", "audit", "STATEMENT", "plixo_audit_whole"),
    _trigger("plixo_writes", "INSERT", "audit", "STATEMENT", "plixo_audit_writes"),
    _trigger("plixo_stays", "UPDATE OR DELETE", "audit_seals", "ROW", "plixo_seals_stay"),
    _trigger("plixo_whole", "TRUNCATE", "audit_seals", "STATEMENT", "plixo_audit_whole"),
)

_SQLITE = (
    f"""
    CREATE TRIGGER plixo_audit_update BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, '{STAYS}'); END
    """,
    f"""
    CREATE TRIGGER plixo_audit_delete BEFORE DELETE ON audit WHEN coalesce({_SEALED_AND_DROPPED}, 0) = 0
    BEGIN SELECT RAISE(ABORT, '{STAYS}'); END
    """,
    # INSERT OR REPLACE deletes without asking the trigger above.
    f"""
    CREATE TRIGGER plixo_audit_replace BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, '{STAYS}'); END
    """,
    f"""
    CREATE TRIGGER plixo_seals_update BEFORE UPDATE ON audit_seals WHEN NOT {_only_dropped("IS")}
    BEGIN SELECT RAISE(ABORT, '{STAYS}'); END
    """,
    f"""
    CREATE TRIGGER plixo_seals_delete BEFORE DELETE ON audit_seals
    BEGIN SELECT RAISE(ABORT, '{STAYS}'); END
    """,
    f"""
    CREATE TRIGGER plixo_seals_replace BEFORE INSERT ON audit_seals WHEN EXISTS (
        SELECT 1 FROM audit_seals WHERE id = NEW.id
    ) BEGIN SELECT RAISE(ABORT, '{STAYS}'); END
    """,
    # The same for the seal's other keys; the second of two seals of one block is let go, as ON CONFLICT would.
    """
    CREATE TRIGGER plixo_seals_twice BEFORE INSERT ON audit_seals WHEN EXISTS (
        SELECT 1 FROM audit_seals
        WHERE org_id = NEW.org_id AND id <> NEW.id AND (last_id = NEW.last_id OR "before" = NEW."before")
    ) BEGIN SELECT RAISE(IGNORE); END
    """,
)

GUARDS = {"postgresql": _POSTGRESQL, "sqlite": _SQLITE}

WITHOUT_GUARDS = {
    "postgresql": (
        "DROP TRIGGER plixo_whole ON audit_seals",
        "DROP TRIGGER plixo_stays ON audit_seals",
        "DROP TRIGGER plixo_writes ON audit",
        "DROP TRIGGER plixo_whole ON audit",
        "DROP TRIGGER plixo_stays ON audit",
        "DROP FUNCTION plixo_audit_writes()",
        "DROP FUNCTION plixo_audit_whole()",
        "DROP FUNCTION plixo_seals_stay()",
        "DROP FUNCTION plixo_audit_stays()",
    ),
    "sqlite": (
        "DROP TRIGGER plixo_seals_twice",
        "DROP TRIGGER plixo_seals_replace",
        "DROP TRIGGER plixo_seals_delete",
        "DROP TRIGGER plixo_seals_update",
        "DROP TRIGGER plixo_audit_replace",
        "DROP TRIGGER plixo_audit_delete",
        "DROP TRIGGER plixo_audit_update",
    ),
}
