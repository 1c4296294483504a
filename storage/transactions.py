"""Transactions, and reads that need none: how a connection of the pool is taken and given back.

BEGIN itself finds out that a connection broke while it lay in the pool. Nothing has happened by then, so a new one is
taken; a ping before every use would be a round trip each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, RootTransaction
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.base import Executable

from storage.engine import ORGANISATION, READS_ONLY
from storage.failures import busy_when_unavailable

_T = TypeVar("_T")

_AT_ONCE = 0.5
"""Seconds. What failed later than this had hung until somebody's patience ended, and is not tried again."""


@contextmanager
def transaction(engine: Engine, *, org_id: int | None = None) -> Iterator[Connection]:
    """One transaction: leaving commits, an exception rolls back. Raises Busy.

    On PostgreSQL it sees and writes only rows of `org_id`; without one, only what belongs to no organisation.
    """
    options = {} if org_id is None else {ORGANISATION: org_id}
    with busy_when_unavailable():
        begun = _again_if_broken(lambda: _begin(engine, options))
        with begun.connection as connection, begun:
            yield connection


def read(engine: Engine, statement: Executable, params: Mapping[str, Any] | None = None) -> list[Any]:
    """The rows of one statement that changes nothing: one round trip, no transaction. Raises Busy."""
    with busy_when_unavailable():
        return _again_if_broken(lambda: _rows(engine, statement, params))


def _begin(engine: Engine, options: Mapping[str, Any]) -> RootTransaction:
    connection = engine.connect().execution_options(**options)
    try:
        return connection.begin()
    except BaseException:
        connection.close()
        raise


def _rows(engine: Engine, statement: Executable, params: Mapping[str, Any] | None) -> list[Any]:
    with engine.connect().execution_options(**{READS_ONLY: True}) as connection:
        return list(connection.execute(statement, params))


def _again_if_broken(work: Callable[[], _T]) -> _T:
    started = monotonic()
    try:
        return work()
    except DBAPIError as error:
        if not error.connection_invalidated or monotonic() - started > _AT_ONCE:
            raise
    # The pool has dropped everything that is as old as the broken one.
    return work()
