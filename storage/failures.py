"""Which of the database's failures mean “not now”: they become `domain.errors.Busy`, all others stay what they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from domain.errors import Busy

# PostgreSQL's classes and codes: connection trouble, too many clients, locks and deadlines, shutting down, conflicts.
_PASSING_CLASSES = ("08",)
_PASSING_CODES = frozenset("53300 53400 55P03 57014 57P01 57P02 57P03 57P05 25P03 25P04 40001 40P01 40003".split())
_PASSING_SQLITE = ("database is locked", "database table is locked", "database schema is locked", "database is busy")


@contextmanager
def busy_when_unavailable() -> Iterator[None]:
    """Raises Busy for failures that pass by themselves."""
    try:
        yield
    except PoolTimeout as error:
        raise Busy("All connections of the pool are taken.") from error
    except DBAPIError as error:
        if is_passing(error):
            raise Busy(f"The database did not answer in time ({type(error.orig).__name__}).") from error
        raise


def is_passing(error: DBAPIError) -> bool:
    """Whether the same call may succeed a moment later."""
    if error.connection_invalidated:
        return True
    code = getattr(error.orig, "sqlstate", None)
    if code is not None:
        return code in _PASSING_CODES or code[:2] in _PASSING_CLASSES
    name = type(error.orig).__name__
    if type(error.orig).__module__.startswith("sqlite3"):
        return str(error.orig).lower().startswith(_PASSING_SQLITE)
    # psycopg gives no code when no server spoke: refused, timed out, closed.
    return name in ("OperationalError", "ConnectionTimeout", "InterfaceError")
