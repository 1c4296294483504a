"""A segment may have a cap of its own: what left of it on each day is counted beside the sending domain's."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MINE = (
    "org_id = (SELECT nullif(nullif(current_setting('plixo.org', true), ''), '*')::bigint)"
    " OR (SELECT coalesce(current_setting('plixo.org', true), '') = '*')"
)


def upgrade() -> None:
    op.create_table(
        "segment_days",
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("segment", sa.String(length=100), nullable=False),
        _count("nudges"),
        _count("steps"),
        _count("granted"),
        sa.CheckConstraint("nudges >= 0 AND steps >= 0", name=op.f("ck_segment_days_used_not_negative")),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_segment_days_org_id_organisations")),
        sa.PrimaryKeyConstraint("org_id", "domain", "day", "segment", name=op.f("pk_segment_days")),
    )
    if op.get_context().dialect.name == "postgresql":
        op.execute("ALTER TABLE segment_days ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE segment_days FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY plixo_org ON segment_days USING ({MINE}) WITH CHECK ({MINE})")


def downgrade() -> None:
    op.drop_table("segment_days")


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False)
