"""How the jobs stand, what of the house is out of order, maintenance, and the provider's trouble."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
WALLED = ("alarms", "jobs")
MINE = (
    "org_id = (SELECT nullif(nullif(current_setting('plixo.org', true), ''), '*')::bigint)"
    " OR (SELECT coalesce(current_setting('plixo.org', true), '') = '*')"
)
MARKED = sa.text("outcome = 'failed' OR asked_at IS NOT NULL OR paused_until IS NOT NULL")
INSTANTS = ("maintenance_since", "maintenance_until", "degraded_since", "degraded_told_at")
WORDS = (("maintenance_reason", 500), ("maintenance_by", 320), ("degraded_reason", 500), ("degraded_by", 320))


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("job", sa.String(length=64), nullable=False),
        sa.Column("started_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("outcome", sa.String(length=8), nullable=True),
        sa.Column("did", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("error", sa.String(length=64), nullable=True),
        sa.Column("paused_at", INSTANT, nullable=True),
        sa.Column("paused_until", INSTANT, nullable=True),
        sa.Column("paused_because", sa.String(length=500), server_default="", nullable=False),
        sa.Column("paused_by", sa.String(length=320), server_default="", nullable=False),
        sa.Column("asked_at", INSTANT, nullable=True),
        sa.Column("asked_by", sa.String(length=320), server_default="", nullable=False),
        sa.CheckConstraint("outcome IN ('done', 'failed')", name=op.f("ck_jobs_outcome_known")),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_jobs_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_jobs_org_id_id")),
        sa.UniqueConstraint("org_id", "job", name=op.f("uq_jobs_org_id_job")),
    )
    op.create_index("ix_jobs_marked", "jobs", ["org_id", "job"], sqlite_where=MARKED, postgresql_where=MARKED)
    op.create_table(
        "alarms",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("detail", sa.String(length=500), nullable=False),
        sa.Column("fix", sa.String(length=500), server_default="", nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("told_at", INSTANT, nullable=True),
        sa.CheckConstraint("level IN ('green', 'amber', 'red')", name=op.f("ck_alarms_level_known")),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_alarms_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_alarms_org_id_id")),
        sa.UniqueConstraint("org_id", "name", name=op.f("uq_alarms_org_id_name")),
    )
    for name in INSTANTS:
        op.add_column("organisations", sa.Column(name, INSTANT, nullable=True))
    for name, length in WORDS:
        op.add_column("organisations", sa.Column(name, sa.String(length), server_default="", nullable=False))
    if op.get_context().dialect.name == "postgresql":
        for table in WALLED:
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY plixo_org ON {table} USING ({MINE}) WITH CHECK ({MINE})")


def downgrade() -> None:
    for name, _ in reversed(WORDS):
        op.drop_column("organisations", name)
    for name in reversed(INSTANTS):
        op.drop_column("organisations", name)
    op.drop_table("alarms")
    op.drop_index("ix_jobs_marked", table_name="jobs")
    op.drop_table("jobs")
