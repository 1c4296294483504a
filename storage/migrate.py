"""Brings a database to the newest revision, whoever asks first, while replicas work. Needs no ini file.

Revisions only expand, so a replica of the release before works on the tables of the next one; this program works on
newer tables too, and refuses older ones that it cannot bring up to date.

Alembic is imported when there is something to change: a bot that runs for months does not hold it in memory.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from domain.errors import Busy, PlixoError
from storage.engine import build_engine
from storage.failures import busy_when_unavailable

if TYPE_CHECKING:
    from alembic.config import Config

log = logging.getLogger(__name__)

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x506C69786F  # any number that every replica agrees on
_TURN_WITHIN = 600.0
"""Seconds to wait for another replica's migration."""
_LOCK_TIMEOUT = 2.0
"""Seconds. A change of a table that waits for its lock makes everybody wait behind it, so it does not wait long."""
_BETWEEN_TRIES = 1.0
"""Seconds in which the others get on with their work."""
_FREE_WITHIN = 30 * (_LOCK_TIMEOUT + _BETWEEN_TRIES)
"""Seconds in which others let go of the tables."""


class NotMigrated(PlixoError):
    """The tables are older than this program needs, and could not be changed."""


class _CannotRevise(Exception):
    """Alembic refuses: there is no such revision, or no way to it."""


def revisions() -> list[str]:
    """Those this code knows, oldest first. Their files are named after them: `r0001_first_schema.py`."""
    return sorted(path.name[1:5] for path in (_MIGRATIONS / "versions").glob("r[0-9][0-9][0-9][0-9]_*.py"))


def head() -> str:
    """The newest revision this code knows."""
    return revisions()[-1]


def current(engine: Engine) -> str | None:
    """The revision the database is at; None for an empty one."""
    with engine.connect() as connection:
        return _revision(connection)


def serves(revision: str | None) -> bool:
    """Whether this code can work on such tables: its own, or those of a newer release, which only adds to them."""
    return revision is not None and revision not in revisions()[:-1]


def is_at_head(engine: Engine) -> bool:
    return current(engine) == head()


def upgrade(engine: Engine, to: str | None = None) -> None:
    """Migrate to `head()`, or to the revision `to`. Replicas may call it at once: one migrates, the others wait.

    A database that a newer release has migrated is left alone: while a release rolls out, older replicas start again.
    Raises Busy when others do not let go of the tables, and NotMigrated.
    """
    if engine.dialect.name == "postgresql":
        _upgrade(engine, to)
    else:
        # Whoever migrates has the whole file: the others cannot even look until that is done.
        _until(lambda: _is_done(lambda: _upgrade(engine, to)), within=_FREE_WITHIN)


def _upgrade(engine: Engine, to: str | None) -> None:
    at = current(engine)
    if to is None and serves(at):
        if at != head():
            log.info("the tables are at %s, newer than this program's %s", at, head())
        return
    try:
        with busy_when_unavailable():
            if engine.dialect.name == "postgresql":
                _upgrade_postgres(engine, to or "head")
            else:
                with engine.begin() as connection:
                    _run(connection, to or "head")
    except (SQLAlchemyError, _CannotRevise) as error:
        raise NotMigrated(
            f"The tables are at {at or 'nothing yet'}, this program needs {head()}, and they could not be changed"
            f" ({type(getattr(error, 'orig', None) or error).__name__}). Run `plixo migrate` as a role that owns them."
        ) from error


def downgrade(engine: Engine, revision: str) -> None:
    """Back to an earlier revision; for tests and for a release that went wrong."""
    from alembic import command

    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def _upgrade_postgres(engine: Engine, to: str) -> None:
    # Revisions may take long: without the timeouts of everyday work.
    patient = build_engine(
        engine.url,
        pool_size=1,
        application_name="plixo migrate",
        statement_timeout=0,
        lock_timeout=_LOCK_TIMEOUT,
        across=True,
    )
    try:
        with patient.connect() as connection:
            _until(lambda: _takes_turn(connection), within=_TURN_WITHIN)
            if to != "head" or not serves(_revision(connection)):
                _until(lambda: _runs(connection, to), within=_FREE_WITHIN)
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
            connection.commit()
    finally:
        patient.dispose()


def _until(done: Callable[[], bool], *, within: float) -> None:
    """Try, with pauses in between, until it is done. Raises Busy after `within` seconds."""
    until, pause = monotonic() + within, Event()
    while not done():
        if monotonic() > until:
            raise Busy("The tables are in use; they were not changed.")
        pause.wait(_BETWEEN_TRIES)


def _is_done(do: Callable[[], None]) -> bool:
    """False: the tables are in use."""
    try:
        with busy_when_unavailable():
            do()
    except Busy as error:
        log.info("migration: the tables are in use (%s), trying again", type(error.__cause__).__name__)
        return False
    return True


def _takes_turn(connection: Connection) -> bool:
    """A lock of the session, asked for again and again: whoever waited inside the server would hold a snapshot, and an
    index that is built beside the work (CONCURRENTLY) waits for those."""
    took = bool(connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LOCK}).scalar_one())
    connection.commit()
    return took


def _runs(connection: Connection, to: str) -> bool:
    """Each revision in a transaction of its own; those that are done stay when a later one has to be tried again."""
    if _is_done(lambda: _run(connection, to)):
        return True
    if connection.invalidated:
        raise Busy("The connection was lost; what is done of it stays.")
    connection.rollback()
    return False


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def _run(connection: Connection, to: str) -> None:
    from alembic import command
    from alembic.util import CommandError

    try:
        command.upgrade(_config(connection), to)
    except CommandError as error:
        raise _CannotRevise from error


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
