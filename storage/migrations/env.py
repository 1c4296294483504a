"""How alembic meets the database: on a connection that `storage.migrate` gives it."""

from __future__ import annotations

from alembic import context

from storage.tables import metadata


def is_ours(obj: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
    """SQLite keeps its full-text index in tables of its own; they are not in `storage.tables`."""
    return not (kind == "table" and (name or "").startswith("search_words_text"))


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    include_object=is_ours,
    compare_server_default=False,
    # Locks are held for one revision, not for all of them; on SQLite all run in the one transaction they are given.
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
