"""Autopilot runs: sequences, how segments stand, and what its steps need to be sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
MINE = (
    "org_id = (SELECT nullif(nullif(current_setting('plixo.org', true), ''), '*')::bigint)"
    " OR (SELECT coalesce(current_setting('plixo.org', true), '') = '*')"
)
WALLED = ("sequences", "segment_standings")
STOPS = "'paid', 'disputed', 'promised', 'legal_hold', 'suppressed', 'out_of_segment', 'exhausted'"
RUNNING = sa.text("ended_at IS NULL")
STEP_COLUMNS = (
    ("sequence_id", KEY),
    ("day", sa.Integer()),
    ("template", sa.String(length=64)),
    ("message_id", sa.String(length=32)),
    ("reason", sa.String(length=32)),
)
STEP_INDEXES = (
    ("ix_autopilot_steps_scheduled", ["org_id", "due_at"], False, sa.text("state = 'scheduled'")),
    ("uq_autopilot_steps_day", ["org_id", "sequence_id", "day"], True, sa.text("sequence_id IS NOT NULL")),
)


def upgrade() -> None:
    op.create_table(
        "sequences",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("invoice_id", KEY, nullable=False),
        sa.Column("segment", sa.String(length=100), nullable=False),
        sa.Column("cadence", sa.String(length=100), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("done_day", sa.Integer(), nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("why", sa.String(length=16), nullable=True),
        sa.CheckConstraint(f"why IN ({STOPS})", name=op.f("ck_sequences_why_known")),
        sa.ForeignKeyConstraint(
            ["org_id", "account_id"], ["accounts.org_id", "accounts.id"], name=op.f("fk_sequences_org_id_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "invoice_id"], ["invoices.org_id", "invoices.id"], name=op.f("fk_sequences_org_id_invoice_id")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_sequences_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sequences")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_sequences_org_id_id")),
    )
    op.create_index(op.f("ix_sequences_org_id_account_id"), "sequences", ["org_id", "account_id"])
    op.create_index(
        "uq_sequences_running",
        "sequences",
        ["org_id", "account_id"],
        unique=True,
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )
    op.create_table(
        "segment_standings",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("segment", sa.String(length=100), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("shortfalls", sa.String(length=100), server_default="", nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("judged_at", INSTANT, nullable=False),
        sa.CheckConstraint("mode IN ('off', 'shadow', 'autopilot')", name=op.f("ck_segment_standings_mode_known")),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_segment_standings_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment_standings")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_segment_standings_org_id_id")),
        sa.UniqueConstraint("org_id", "segment", name=op.f("uq_segment_standings_org_id_segment")),
    )
    for name, kind in STEP_COLUMNS:
        op.add_column("autopilot_steps", sa.Column(name, kind, nullable=True))
    for name, columns, is_unique, where in STEP_INDEXES:
        op.create_index(name, "autopilot_steps", columns, unique=is_unique, sqlite_where=where, postgresql_where=where)
    if op.get_context().dialect.name == "postgresql":
        for table in WALLED:
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY plixo_org ON {table} USING ({MINE}) WITH CHECK ({MINE})")


def downgrade() -> None:
    for name, _, _, _ in reversed(STEP_INDEXES):
        op.drop_index(name, table_name="autopilot_steps")
    for name, _ in reversed(STEP_COLUMNS):
        op.drop_column("autopilot_steps", name)
    op.drop_table("segment_standings")
    op.drop_index("uq_sequences_running", table_name="sequences")
    op.drop_index(op.f("ix_sequences_org_id_account_id"), table_name="sequences")
    op.drop_table("sequences")
