"""A message names the segment of its customer, so that the forecast goes by segments' caps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("segment", sa.String(length=100), nullable=True))


def downgrade() -> None:
    op.drop_column("messages", "segment")
