"""A TCP line between a worker and a server that can be refused, swallowed, cut, or watched.

One `Cable` belongs to one worker, so whatever passes through it is known to be that worker's. It looks at nothing it
carries; a `Tap` may, and may say that nothing more is to be carried.
"""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Callable
from enum import Enum, auto
from threading import Lock, Thread
from typing import Protocol

_RESET = struct.pack("ii", 1, 0)


class Mode(Enum):
    """What happens to octets on every connection, present and to come."""

    CARRY = auto()
    HOLE = auto()  # both directions vanish and nothing is closed: a dead host, a firewall that drops
    DEAF = auto()  # what the worker says arrives, no answer comes back


class Tap(Protocol):
    """Sees one connection's octets. False: the connection ends here, with `data` not carried (or the last)."""

    def before(self, from_worker: bool, data: bytes) -> bool: ...

    def after(self, from_worker: bool, data: bytes) -> bool: ...


class Cable:
    """Listens on a port of its own as long as it is not refused. `target` is where it leads."""

    def __init__(self, target: tuple[str, int], tap: Callable[[], Tap] | None = None) -> None:
        self._target = target
        self._tap = tap
        self._lock = Lock()
        self._mode = Mode.CARRY
        self._ends: set[socket.socket] = set()
        self._threads: list[Thread] = []
        self._listener: socket.socket | None = None
        self._acceptor: Thread | None = None
        self.port = 0
        self.listen()

    def listen(self) -> None:
        """Take connections (again)."""
        if self._listener is not None:
            return
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        self._acceptor = self._start(self._accept, self._listener)

    def refuse(self) -> None:
        """No new connection from now on; open ones stay."""
        listener, self._listener = self._listener, None
        if listener is not None:
            _shut(listener)
            listener.close()
        if self._acceptor is not None:
            self._acceptor.join(timeout=5)
            self._acceptor = None

    def turn(self, mode: Mode) -> None:
        self._mode = mode

    def cut(self) -> None:
        """Every open connection ends with a reset, at both ends."""
        with self._lock:
            ends = list(self._ends)
        for end in ends:
            with contextlib.suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            _shut(end)

    def mend(self) -> None:
        """Good as new. What was swallowed stays lost, so connections that lost something are cut."""
        if self._mode is not Mode.CARRY:
            self.turn(Mode.CARRY)
            self.cut()
        self.listen()

    def close(self) -> None:
        self.refuse()
        self.cut()
        for thread in self._threads:
            thread.join(timeout=5)

    def _start(self, work: Callable[..., None], *arguments: object) -> Thread:
        thread = Thread(target=work, args=arguments, daemon=True)
        with self._lock:
            self._threads = [*(old for old in self._threads if old.is_alive()), thread]
        thread.start()
        return thread

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                worker, _ = listener.accept()
            except OSError:
                return
            self._start(self._connect, worker)

    def _connect(self, worker: socket.socket) -> None:
        try:
            server = socket.create_connection(self._target, timeout=5)
        except OSError:
            with contextlib.suppress(OSError):
                worker.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            worker.close()
            return
        server.settimeout(None)
        for end in (worker, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        tap = self._tap() if self._tap else None
        with self._lock:
            self._ends |= {worker, server}
        back = self._start(self._carry, server, worker, tap, False)
        self._carry(worker, server, tap, True)
        back.join()
        with self._lock:
            self._ends -= {worker, server}
        worker.close()
        server.close()

    def _carry(self, source: socket.socket, sink: socket.socket, tap: Tap | None, from_worker: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                if self._mode is Mode.HOLE or (self._mode is Mode.DEAF and not from_worker):
                    continue
                if tap is not None and not tap.before(from_worker, data):
                    _shut(source)
                    break
                sink.sendall(data)
                if tap is not None and not tap.after(from_worker, data):
                    _shut(source)
                    break
        _shut(sink)


def _shut(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
