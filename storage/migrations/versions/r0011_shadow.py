"""Steps in Shadow become drafts that wait for a person: for whom, until when, how they were worded, and who decided."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
MINE = (
    "org_id = (SELECT nullif(nullif(current_setting('plixo.org', true), ''), '*')::bigint)"
    " OR (SELECT coalesce(current_setting('plixo.org', true), '') = '*')"
)
WALLED = ("drafts", "draft_wordings")
STATE = "ck_autopilot_steps_state_known"
BEFORE = "state IN ('scheduled', 'sent', 'skipped')"
AFTER = "state IN ('scheduled', 'drafted', 'sent', 'skipped')"
DRAFTED = sa.text("state = 'drafted'")


def upgrade() -> None:
    op.add_column("autopilot_steps", sa.Column("expires_at", INSTANT, nullable=True))
    _check(BEFORE, AFTER)
    op.create_index(
        "ix_autopilot_steps_drafted",
        "autopilot_steps",
        ["org_id", "due_at", "id"],
        sqlite_where=DRAFTED,
        postgresql_where=DRAFTED,
    )
    op.create_table(
        "drafts",
        *_own(),
        sa.Column("step_id", KEY, nullable=False),
        sa.Column("contact_id", KEY, nullable=False),
        sa.Column("template_version", sa.Integer(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("decided_by", KEY, nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        *_keys("drafts", step_id="autopilot_steps", contact_id="contacts", decided_by="users"),
        sa.UniqueConstraint("org_id", "step_id", name=op.f("uq_drafts_org_id_step_id")),
    )
    op.create_table(
        "draft_wordings",
        *_own(),
        sa.Column("step_id", KEY, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("edited_by", KEY, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        *_keys("draft_wordings", step_id="autopilot_steps", edited_by="users"),
        sa.UniqueConstraint("org_id", "step_id", "revision", name=op.f("uq_draft_wordings_org_id_step_id_revision")),
    )
    if _is_postgresql():
        for table in WALLED:
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY plixo_org ON {table} USING ({MINE}) WITH CHECK ({MINE})")


def downgrade() -> None:
    # The release before plans them again, and sends nothing in Shadow.
    op.execute("UPDATE autopilot_steps SET state = 'scheduled' WHERE state = 'drafted'")
    op.drop_table("draft_wordings")
    op.drop_table("drafts")
    op.drop_index("ix_autopilot_steps_drafted", table_name="autopilot_steps")
    _check(AFTER, BEFORE)
    op.drop_column("autopilot_steps", "expires_at")


def _own() -> tuple[sa.Column[int], sa.Column[int]]:
    return sa.Column("id", KEY, autoincrement=True, nullable=False), sa.Column("org_id", KEY, nullable=False)


def _keys(table: str, **refers: str) -> list[sa.Constraint]:
    return [
        *(
            sa.ForeignKeyConstraint(
                ["org_id", column], [f"{to}.org_id", f"{to}.id"], name=op.f(f"fk_{table}_org_id_{column}")
            )
            for column, to in refers.items()
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"], name=op.f(f"fk_{table}_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("org_id", "id", name=op.f(f"uq_{table}_org_id_id")),
    ]


def _is_postgresql() -> bool:
    return op.get_context().dialect.name == "postgresql"


def _check(before: str, after: str) -> None:
    """Another rule for what states there are. On SQLite as `r0007` does it: what the database knows of the table is
    spelt anew, and its rows stay."""
    if _is_postgresql():
        op.drop_constraint(op.f(STATE), "autopilot_steps", type_="check")
        op.create_check_constraint(op.f(STATE), "autopilot_steps", after)
        return
    connection = op.get_bind()
    spelt = connection.execute(
        sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'autopilot_steps'")
    ).scalar_one()
    assert spelt.count(before) == 1, "the table is not as its revisions made it"
    version = connection.execute(sa.text("PRAGMA schema_version")).scalar_one()
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    connection.execute(
        sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = 'autopilot_steps'"),
        {"sql": spelt.replace(before, after)},
    )
    connection.execute(sa.text(f"PRAGMA schema_version = {version + 1}"))
    connection.execute(sa.text("PRAGMA writable_schema = RESET"))
