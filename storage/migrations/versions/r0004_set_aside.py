"""What waits for a person can be counted without reading the queue: few rows, whatever waits beside them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ASIDE = sa.text("state IN ('held', 'unconfirmed')")


def upgrade() -> None:
    op.create_index(
        "ix_messages_aside",
        "messages",
        ["org_id", "state", "changed_at"],
        sqlite_where=ASIDE,
        postgresql_where=ASIDE,
    )


def downgrade() -> None:
    op.drop_index("ix_messages_aside", "messages")
