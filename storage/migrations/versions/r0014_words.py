"""Billing, monitors and people each speak for themselves of sending that is degraded: what each said last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("organisations", sa.Column("degraded_words", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    op.drop_column("organisations", "degraded_words")
