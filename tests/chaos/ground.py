"""The databases of a round: filled, broken in their own ways, and read for the verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, make_url, select, text, update
from sqlalchemy.exc import DBAPIError

from bench.load import REP, load
from domain.values import Role
from storage import tables
from storage.engine import READS_ONLY, build_engine
from storage.migrate import upgrade
from tests import factories
from tests.postgres import OwnServer

Undo = Callable[[], None]
RITA, OLGA, CARL = "U01RITA", "U03OLGA", "U04CARL"


class Ground(Protocol):
    """A database that can be hurt. `break_*` return how to mend it."""

    engine: Engine

    @property
    def address(self) -> tuple[str, int] | None: ...

    def url_by(self, port: int | None) -> str: ...

    def set_clock(self, seconds: float) -> None: ...

    def crash(self) -> Undo: ...

    def hang(self) -> Undo: ...

    def fill(self) -> Undo: ...

    def lock(self, random: Random) -> Undo: ...

    def close(self) -> None: ...


class PostgresGround:
    """A database of its own on a server that may be crashed, with a clock that may be set."""

    def __init__(self, server: OwnServer, name: str) -> None:
        self._server, self._name = server, name
        self._url = server.create(name)
        self.engine = build_engine(self._url, across=True)
        upgrade(self.engine)
        with self.engine.begin() as connection:
            for statement in _SETTABLE_CLOCK.split(";\n"):
                connection.execute(text(statement))
            connection.execute(text(f'ALTER DATABASE "{name}" SET search_path = chaos, pg_catalog, public'))
        self.engine.dispose()

    @property
    def address(self) -> tuple[str, int] | None:
        url = make_url(self._url)
        assert url.host is not None and url.port is not None
        return url.host, url.port

    def url_by(self, port: int | None) -> str:
        return make_url(self._url).set(port=port).render_as_string(hide_password=False)

    def set_clock(self, seconds: float) -> None:
        with self.engine.begin() as connection:
            connection.execute(text("UPDATE chaos.clock SET ahead = :seconds"), {"seconds": seconds})

    def crash(self) -> Undo:
        self._server.crash()

        def rise() -> None:
            self._server.start()
            self.engine.dispose()

        return rise

    def hang(self) -> Undo:
        self._server.pause()
        return self._server.resume

    def fill(self) -> Undo:
        """Read-only, as after a fail-over or with a full disk; open sessions too, from their next transaction."""
        self._read_only("on")
        return lambda: self._read_only("off")

    def lock(self, random: Random) -> Undo:
        """An administrator's session holds a third of the messages, or the accounts behind them."""
        held = random.choice([tables.messages, tables.accounts])
        connection = self.engine.connect()
        ids = list(connection.execute(select(held.c.id)).scalars())
        chosen = random.sample(ids, len(ids) // 3)
        connection.execute(select(held.c.id).where(held.c.id.in_(chosen)).with_for_update(skip_locked=True))

        def let_go() -> None:
            connection.invalidate()
            connection.close()

        return let_go

    def close(self) -> None:
        self.engine.dispose()
        self._server.revive()
        self._server.drop(self._name)

    def _read_only(self, state: str) -> None:
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"ALTER SYSTEM SET default_transaction_read_only = {state}"))
            connection.execute(text("SELECT pg_reload_conf()"))


_SETTABLE_CLOCK = """CREATE SCHEMA chaos;
CREATE TABLE chaos.clock (ahead double precision NOT NULL);
INSERT INTO chaos.clock VALUES (0);
CREATE FUNCTION chaos.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
$$ SELECT pg_catalog.clock_timestamp() + make_interval(secs => (SELECT ahead FROM chaos.clock)) $$"""


class SqliteGround:
    """A file. Its clock is the processes' own, so it is set there; a crash is one of all processes at once."""

    address = None

    def __init__(self, folder: Path, limit: Callable[[int | None], None]) -> None:
        """`limit` bounds the size in octets of what the workers may write to a file; None ends that."""
        self._file = folder / "plixo.db"
        self._limit = limit
        self.engine = build_engine(f"sqlite:///{self._file}")
        upgrade(self.engine)

    def url_by(self, port: int | None) -> str:
        return f"sqlite:///{self._file}"

    def set_clock(self, seconds: float) -> None:
        """Nothing is kept here."""

    def crash(self) -> Undo:
        raise NotImplementedError("There is no server; all workers are killed at once instead.")

    def hang(self) -> Undo:
        raise NotImplementedError("There is no server; workers are stopped instead.")

    def fill(self) -> Undo:
        wal = self._file.with_name("plixo.db-wal")
        self._limit(wal.stat().st_size // 2 if wal.exists() else 4096)
        return lambda: self._limit(None)

    def lock(self, random: Random) -> Undo:
        """Another process writes and writes."""
        connection = self.engine.connect()
        try:
            transaction = connection.begin()
        except DBAPIError:
            connection.close()
            return lambda: None

        def let_go() -> None:
            transaction.rollback()
            connection.close()

        return let_go

    def close(self) -> None:
        self.engine.dispose()


def furnish(ground: Ground, *, messages: int) -> list[str]:
    """An organisation with as many queued messages, each of its own account, none due for weeks; returns their ids.

    With somebody who may settle what nobody knows, and somebody in control.
    """
    engine, at = ground.engine, datetime.now(UTC)
    loaded = load(engine, accounts=messages, due=1.0, at=at)
    factories.make_user(engine, loaded.org_id, name="Olga Operator", role=Role.OPERATOR, slack_user_id=OLGA)
    factories.make_user(engine, loaded.org_id, name="Carl Controller", role=Role.CONTROLLER, slack_user_id=CARL)
    m = tables.messages.c
    with engine.begin() as connection:
        connection.execute(update(tables.users).where(tables.users.c.email == REP).values(slack_user_id=RITA))
        connection.execute(update(tables.notices).values(channel=None, ts=None))  # stands in no channel of ours
        later = {"leaves_at": at + timedelta(days=20), "expires_at": at + timedelta(days=40)}
        connection.execute(update(tables.messages).values(later))
        return list(connection.execute(select(m.id).order_by(m.id)).scalars())


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that takes no write lock."""
    with engine.connect() as connection:
        yield connection.execution_options(**{READS_ONLY: True})


def rows(engine: Engine, table: Any) -> list[dict[str, Any]]:
    """All rows of a table, oldest first."""
    with reading(engine) as connection:
        return [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]
