"""Who gave a report that waits to whom is in its row: it stays there, and each time is told in a post of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("reports", sa.Column("handed_by", KEY, nullable=True))
    op.add_column("reports", sa.Column("handings", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("reports", "handings")
    op.drop_column("reports", "handed_by")
