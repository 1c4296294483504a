"""Since when a message may have left without anybody knowing, and what a mail server said of a suppressed address."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("doubtful_since", sa.DateTime(timezone=True)))
    op.add_column("suppressions", sa.Column("detail", sa.String(length=200)))


def downgrade() -> None:
    op.drop_column("suppressions", "detail")
    op.drop_column("messages", "doubtful_since")
