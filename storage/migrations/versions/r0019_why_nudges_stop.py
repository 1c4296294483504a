"""Why a nudge was held, and what took it back, are in its row and in its history."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("why", sa.String(length=300), nullable=True))
    op.add_column("messages", sa.Column("cause", sa.String(length=40), nullable=True))
    op.add_column("message_events", sa.Column("why", sa.String(length=300), nullable=True))


def downgrade() -> None:
    op.drop_column("message_events", "why")
    op.drop_column("messages", "cause")
    op.drop_column("messages", "why")
