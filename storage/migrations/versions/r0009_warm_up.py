"""Sending domains and their days. `quotas` is not counted in any more; it stays for a release that still does."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
MINE = (
    "org_id = (SELECT nullif(nullif(current_setting('plixo.org', true), ''), '*')::bigint)"
    " OR (SELECT coalesce(current_setting('plixo.org', true), '') = '*')"
)


def upgrade() -> None:
    op.create_table(
        "sending_domains",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=253), nullable=False),
        sa.Column("standing", sa.String(length=16), nullable=False),
        sa.Column("trouble", sa.String(length=16), nullable=True),
        _count("counted"),
        sa.Column("judged_on", sa.Date(), nullable=True),
        sa.Column("since", INSTANT, nullable=True),
        sa.Column("measured_after", sa.Date(), nullable=True),
        sa.Column("last_sent_on", sa.Date(), nullable=True),
        sa.Column("lifted_by", KEY, nullable=True),
        sa.Column("lifted_at", INSTANT, nullable=True),
        sa.Column("lifted_why", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "standing IN ('warming', 'held', 'stopped')", name=op.f("ck_sending_domains_standing_known")
        ),
        sa.CheckConstraint("trouble IN ('bounces', 'complaints')", name=op.f("ck_sending_domains_trouble_known")),
        sa.ForeignKeyConstraint(
            ["org_id", "lifted_by"],
            ["users.org_id", "users.id"],
            name=op.f("fk_sending_domains_org_id_lifted_by_users"),
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_sending_domains_org_id_organisations")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sending_domains")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_sending_domains_org_id_id")),
        sa.UniqueConstraint("org_id", "name", name=op.f("uq_sending_domains_org_id_name")),
    )
    op.create_table(
        "sending_days",
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        _count("nudges"),
        _count("steps"),
        _count("hour"),
        _count("hour_nudges"),
        _count("hour_steps"),
        _count("bounced"),
        _count("complained"),
        _count("granted"),
        sa.CheckConstraint(
            "nudges >= 0 AND steps >= 0 AND hour_nudges >= 0 AND hour_steps >= 0",
            name=op.f("ck_sending_days_used_not_negative"),
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_sending_days_org_id_organisations")),
        sa.PrimaryKeyConstraint("org_id", "domain", "day", name=op.f("pk_sending_days")),
    )
    if op.get_context().dialect.name == "postgresql":
        for table in ("sending_domains", "sending_days"):
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY plixo_org ON {table} USING ({MINE}) WITH CHECK ({MINE})")


def downgrade() -> None:
    op.drop_table("sending_days")
    op.drop_table("sending_domains")


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False)
