"""A sequence may end because its invoice fell below the minimum balance."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

WHY = "ck_sequences_why_known"
BEFORE = "why IN ('paid', 'disputed', 'promised', 'legal_hold', 'suppressed', 'out_of_segment', 'exhausted')"
AFTER = BEFORE.replace("'promised', ", "'promised', 'below_minimum', ")


def upgrade() -> None:
    _check(BEFORE, AFTER)


def downgrade() -> None:
    # Of the ends that the release before knows, the one that says nothing of the invoice or its payer.
    op.execute("UPDATE sequences SET why = 'out_of_segment' WHERE why = 'below_minimum'")
    _check(AFTER, BEFORE)


def _check(before: str, after: str) -> None:
    """Another rule for why sequences end. On SQLite as `r0007` does it: what the database knows of the table is spelt
    anew, and its rows stay."""
    if op.get_context().dialect.name == "postgresql":
        op.drop_constraint(op.f(WHY), "sequences", type_="check")
        op.create_check_constraint(op.f(WHY), "sequences", after)
        return
    connection = op.get_bind()
    spelt = connection.execute(
        sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'sequences'")
    ).scalar_one()
    assert spelt.count(before) == 1, "the table is not as its revisions made it"
    version = connection.execute(sa.text("PRAGMA schema_version")).scalar_one()
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    connection.execute(
        sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = 'sequences'"),
        {"sql": spelt.replace(before, after)},
    )
    connection.execute(sa.text(f"PRAGMA schema_version = {version + 1}"))
    connection.execute(sa.text("PRAGMA writable_schema = RESET"))
