"""A question about a customer whom the asker could not find keeps the words they looked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("access_requests", sa.Column("words", sa.String(length=80), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("access_requests", "words")
