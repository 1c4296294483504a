"""A job that runs in slices keeps how far it came, so that another replica or a restart goes on there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("jobs", sa.Column("reached", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("jobs", "reached")
