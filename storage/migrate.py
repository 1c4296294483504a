"""Brings a database to the newest revision, whoever asks first. Needs no ini file."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from storage.engine import build_engine

_LOCK = 0x506C69786F  # any number that every replica agrees on


def head() -> str:
    """The newest revision this code knows."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    if newest is None:
        raise RuntimeError("storage/migrations holds no revision.")
    return newest


def current(engine: Engine) -> str | None:
    """The revision the database is at; None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_at_head(engine: Engine) -> bool:
    return current(engine) == head()


def serves(revision: str | None) -> bool:
    """Whether this code can work on such tables: its own, or those of a newer release, which only adds to them."""
    scripts = ScriptDirectory.from_config(_config())
    older = {script.revision for script in scripts.walk_revisions()} - {head()}
    return revision is not None and revision not in older


def upgrade(engine: Engine) -> None:
    """Migrate to `head()`. Replicas may call it at once: one migrates, the others wait and find it done.

    A database that a newer release has migrated is left alone: while a release rolls out, older replicas start again.
    """
    if serves(current(engine)):
        return
    if engine.dialect.name != "postgresql":
        with engine.begin() as connection:
            _run(connection)
        return
    # Revisions and the wait for another replica's may take long: without the timeouts of everyday work.
    patient = build_engine(
        engine.url, pool_size=1, application_name="plixo migrate", statement_timeout=0, lock_timeout=0, across=True
    )
    try:
        with patient.connect() as connection:
            _migrate_alone(connection)
    finally:
        patient.dispose()


def downgrade(engine: Engine, revision: str) -> None:
    """Back to an earlier revision; for tests and for a release that went wrong."""
    with engine.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def _migrate_alone(connection: Connection) -> None:
    # A lock of the session, not of a transaction: revisions may need to leave their transaction (CONCURRENTLY).
    connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
    connection.commit()
    with connection.begin():
        _run(connection)
    connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
    connection.commit()


def _run(connection: Connection) -> None:
    if serves(MigrationContext.configure(connection).get_current_revision()):
        return  # another replica was faster
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
