"""A message names the segment of its customer, so that the forecast goes by segments' caps; and the sender's records
are kept as they were last looked up.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MINE = (
    "org_id = (SELECT nullif(nullif(current_setting('plixo.org', true), ''), '*')::bigint)"
    " OR (SELECT coalesce(current_setting('plixo.org', true), '') = '*')"
)


def upgrade() -> None:
    op.add_column("messages", sa.Column("segment", sa.String(length=100), nullable=True))
    op.create_table(
        "sender_records",
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("said", sa.String(length=500), nullable=False),
        sa.Column("fix", sa.String(length=500), server_default="", nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.CheckConstraint("kind IN ('SPF', 'DKIM', 'DMARC')", name=op.f("ck_sender_records_kind_known")),
        sa.CheckConstraint(
            "verdict IN ('good', 'weak', 'bad', 'unknown')", name=op.f("ck_sender_records_verdict_known")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f("fk_sender_records_org_id_organisations")),
        sa.PrimaryKeyConstraint("org_id", "domain", "kind", name=op.f("pk_sender_records")),
    )
    if op.get_context().dialect.name == "postgresql":
        op.execute("ALTER TABLE sender_records ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE sender_records FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY plixo_org ON sender_records USING ({MINE}) WITH CHECK ({MINE})")


def downgrade() -> None:
    op.drop_table("sender_records")
    op.drop_column("messages", "segment")
