"""An absence that begins later hands over what waits when it begins, and when it ends: the row says that it did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("absences", sa.Column("applied_at", INSTANT, nullable=True))
    # Those that run were handed over when they were entered; those to come are handed over when they begin.
    absences = sa.table("absences", sa.column("applied_at", INSTANT))
    op.execute(absences.update().values(applied_at=sa.func.current_timestamp()))


def downgrade() -> None:
    op.drop_column("absences", "applied_at")
