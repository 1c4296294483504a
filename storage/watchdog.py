"""Ends calls to a server that stopped answering without closing anything (a hung host, a cable, a firewall).

The server's own timeouts do not fire then, and the kernel's did not either where it was measured; only the client can
give up. One sleeping thread for an engine shuts the socket of a call that is past its deadline, and the driver raises.

The deadline is that of the whole transaction, counted from its first call: whoever waits for an answer does not care
how many statements it takes.
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary

from psycopg.pq import TransactionStatus
from sqlalchemy import Engine

_ON_CURSOR = ("do_execute", "do_execute_no_params", "do_executemany")
_ON_CONNECTION = ("do_commit", "do_rollback", "do_ping")


class Watchdog:
    """Watches calls in flight. The thread starts with the first call and ends when none came for a while."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._lock = threading.Lock()
        self._calls: dict[int, tuple[float, int]] = {}
        self._begun: WeakKeyDictionary[Any, float] = WeakKeyDictionary()
        self._next = 0
        self._thread: threading.Thread | None = None

    @contextmanager
    def watching(self, connection: Any) -> Iterator[None]:
        """Shut the psycopg connection's socket if its transaction is not through by the deadline."""
        number = self._enter(connection) if not connection.closed else None
        try:
            yield
        finally:
            if number is not None:
                with self._lock:
                    self._calls.pop(number, None)

    def _enter(self, connection: Any) -> int:
        begins = connection.info.transaction_status is TransactionStatus.IDLE
        with self._lock:
            self._next += 1
            if begins or connection not in self._begun:
                self._begun[connection] = monotonic()
            self._calls[self._next] = (self._begun[connection] + self._deadline, connection.pgconn.socket)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="database watchdog", daemon=True)
                self._thread.start()
            return self._next

    def _run(self) -> None:
        idle = 0
        pause = max(0.05, self._deadline / 8)
        wake = threading.Event()
        while idle < 20:
            wake.wait(pause)
            with self._lock:
                idle = 0 if self._calls else idle + 1
                for number, (until, fd) in list(self._calls.items()):
                    if monotonic() > until:
                        del self._calls[number]
                        # Under the lock: the call has not ended, so the number still means its socket.
                        _shut(fd)
                if idle >= 20:
                    self._thread = None


def watch(engine: Engine, deadline: float) -> None:
    """Give every call of the engine's psycopg connections a deadline in seconds."""
    watchdog = Watchdog(deadline)
    for name in _ON_CURSOR:
        _guard(engine, name, watchdog, lambda cursor: cursor.connection)
    for name in _ON_CONNECTION:
        _guard(engine, name, watchdog, lambda connection: getattr(connection, "dbapi_connection", connection))


def _guard(engine: Engine, name: str, watchdog: Watchdog, connection_of: Callable[[Any], Any]) -> None:
    original = getattr(engine.dialect, name)

    def guarded(subject: Any, *arguments: Any, **named: Any) -> Any:
        with watchdog.watching(connection_of(subject)):
            return original(subject, *arguments, **named)

    setattr(engine.dialect, name, guarded)


def _shut(fd: int) -> None:
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(fd)) as line:
        line.shutdown(socket.SHUT_RDWR)
