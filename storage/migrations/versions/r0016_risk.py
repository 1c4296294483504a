"""The books say which risk a customer is, and segments ask for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("risk", sa.String(length=8)))


def downgrade() -> None:
    op.drop_column("accounts", "risk")
