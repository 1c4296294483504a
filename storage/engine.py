"""Builds engines. Nothing connects before the first use.

On both databases the driver's own transactions are switched off and ours begin in one place: on PostgreSQL BEGIN and
the organisation that row-level security asks for go out in one round trip.
"""

from __future__ import annotations

import sqlite3
from time import monotonic, sleep
from typing import Any

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, make_url

from storage.wall import EVERY, SETTING

READS_ONLY = "reads_only"
"""Execution option: SQLite takes no write lock; PostgreSQL runs each statement by itself, without a transaction."""
ORGANISATION = "organisation"
"""Execution option: whose rows PostgreSQL shows and takes in a transaction; without it, nobody's.

EVERY is that of an engine whose connections were opened for all of them.
"""

PLANNED_ANEW = "planned_anew"
"""Execution option: PostgreSQL plans the statement for its values each time, and keeps no plan.

For sets that fill a table while they work on it: a plan kept from when it was empty reads all of it for every page.
"""


def build_engine(
    url: str | URL,
    *,
    pool_size: int = 10,
    max_overflow: int = 0,
    pool_timeout: float = 2.0,
    application_name: str = "plixo",
    statement_timeout: float = 15.0,
    lock_timeout: float = 2.0,
    connect_timeout: int = 2,
    deadline: float | None = None,
    across: bool = False,
) -> Engine:
    """An engine for SQLite (`sqlite:///file`) or PostgreSQL (`postgres://`, `postgresql://`), times in seconds.

    The waits are short on purpose: a person is waiting for Slack's three seconds. What could not be had in
    time surfaces as `domain.errors.Busy` at the unit of work. `pool_size` should fit the threads that ask.
    `deadline` is when the client itself gives up on a PostgreSQL transaction, counted from its beginning: 2 s after
    `statement_timeout` unless given. A timeout of 0 means none.

    `across` opens PostgreSQL's row-level security for what works across organisations; see `storage.wall`.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() in ("postgres", "postgresql"):
        return _postgres(
            parsed.set(drivername="postgresql+psycopg"),
            pool={"pool_size": pool_size, "max_overflow": max_overflow, "pool_timeout": pool_timeout},
            application_name=application_name,
            connect_timeout=connect_timeout,
            settings={
                "statement_timeout": statement_timeout,
                "lock_timeout": lock_timeout,
                "idle_in_transaction_session_timeout": 60,
            },
            deadline=deadline or (statement_timeout and statement_timeout + 2),
            across=across,
        )
    return _sqlite(parsed, pool_size=pool_size, max_overflow=max_overflow, pool_timeout=pool_timeout, wait=lock_timeout)


def sees_everybody(engine: Engine) -> bool:
    """Whether the engine was built for all organisations."""
    return bool(engine.get_execution_options().get(ORGANISATION) == EVERY)


def _postgres(
    url: URL,
    *,
    pool: dict[str, Any],
    application_name: str,
    connect_timeout: int,
    settings: dict[str, float],
    deadline: float,
    across: bool,
) -> Engine:
    options = " ".join(f"-c {name}={int(seconds * 1000)}" for name, seconds in settings.items())
    if across:
        options += f" -c {SETTING}={EVERY}"
    engine = create_engine(
        url,
        **pool,
        isolation_level="AUTOCOMMIT",  # the driver's; `_begin` below begins ours
        execution_options={ORGANISATION: EVERY} if across else {},
        use_native_hstore=False,  # we have none; looking it up is a transaction at the first connection
        pool_recycle=1800,
        # A quiet process keeps using the same few connections, the others grow old and go.
        pool_use_lifo=True,
        # The parameters of a failing statement hold addresses and pay links; an error's text reaches the log.
        hide_parameters=True,
        connect_args={
            "application_name": application_name,
            "connect_timeout": connect_timeout,
            "options": f"{options} -c timezone=UTC",
            "keepalives": 1,
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            "tcp_user_timeout": 10_000,
        },
    )

    if deadline:
        # With the driver, which a bot on SQLite does not hold in memory.
        from storage.watchdog import watch

        watch(engine, deadline)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        asked = connection.get_execution_options()
        # A revision may leave its transaction, for what PostgreSQL does outside of one only (CONCURRENTLY).
        if asked.get(READS_ONLY, False) or asked.get("isolation_level") == "AUTOCOMMIT":
            return
        org_id = asked.get(ORGANISATION, EVERY)
        connection.exec_driver_sql("BEGIN" if org_id == EVERY else f"BEGIN; SET LOCAL {SETTING} = '{int(org_id)}'")

    @event.listens_for(engine, "do_execute")
    def _plan_anew(cursor: Any, statement: str, parameters: Any, context: Any) -> bool:
        if is_asked := context is not None and bool(context.execution_options.get(PLANNED_ANEW)):
            cursor.execute(statement, parameters, prepare=False)
        return is_asked

    @event.listens_for(engine, "handle_error")
    def _leave_out_rows(context: ExceptionContext) -> None:
        # PostgreSQL's DETAIL quotes the row: “Key (email)=(…) already exists”.
        for error in (context.sqlalchemy_exception, context.original_exception):
            if error is not None and error.args and isinstance(error.args[0], str):
                error.args = (error.args[0].partition("\nDETAIL:")[0], *error.args[1:])

    return engine


def _write_ahead(cursor: Any, *, wait: float) -> None:
    """Switch the file to WAL, within `wait` seconds.

    SQLite does not wait by itself here: of several that open a new file together, all but one may be told “database is
    locked” at once, whatever busy_timeout says.
    """
    until = monotonic() + wait
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            kind = error.sqlite_errorcode & 0xFF  # the low byte; the rest tells why, such as SQLITE_BUSY_RECOVERY
            if kind not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) or monotonic() > until:
                raise
            sleep(0.01)


def _sqlite(url: URL, *, pool_size: int, max_overflow: int, pool_timeout: float, wait: float) -> Engine:
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=max_overflow,
        pool_timeout=pool_timeout,
        hide_parameters=True,
        connect_args={"timeout": wait},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        # The driver's own transactions begin late and break SELECT-then-UPDATE; ours begin below.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {int(wait * 1000)}")
        _write_ahead(cursor, wait=wait)
        # An intent to send must survive a power cut.
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reads_only = connection.get_execution_options().get(READS_ONLY, False)
        connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")

    return engine
