"""Socket Mode: single-use URLs, envelopes to one of the open connections, acks, delivery again to another."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from sandbox.delivery.records import TIMEOUT, Attempt
from sandbox.identifiers import Identifiers

MOST = 10


@dataclass(eq=False)
class Pending:
    """An envelope that waits for its ack."""

    id: str
    text: str
    done: threading.Event = field(default_factory=threading.Event)
    at: ServerConnection | None = None
    answer: Any = None


class SocketHub:
    """The WebSocket side of the workspace, on a port of its own."""

    def __init__(self, *, ids: Identifiers, app_id: str) -> None:
        self._ids, self._app_id = ids, app_id
        self._lock = threading.Lock()
        self._tickets: set[str] = set()
        self._open: list[ServerConnection] = []
        self._pending: dict[str, Pending] = {}
        self._server: Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._server = serve(self._handle, "127.0.0.1", 0, compression=None, close_timeout=1)
        self._thread = threading.Thread(target=self._server.serve_forever, name="sandbox-sockets", daemon=True)
        self._thread.start()

    def close(self) -> None:
        if self._server is not None and self._thread is not None:
            for connection in self.connections:
                connection.close()
            self._server.shutdown()
            self._thread.join()
            self._server = None

    @property
    def connections(self) -> list[ServerConnection]:
        with self._lock:
            return list(self._open)

    def ticket(self) -> str | None:
        """A URL that opens one connection, or None when there are ten already."""
        assert self._server is not None
        with self._lock:
            if len(self._open) >= MOST:
                return None
            name = self._ids.secret()
            self._tickets.add(name)
        port = self._server.socket.getsockname()[1]
        return f"ws://127.0.0.1:{port}/link/?ticket={name}&app_id={self._app_id}"

    def deliver(
        self, *, type: str, payload: dict[str, Any], seconds: float, retry: tuple[int, str] | None = None
    ) -> Attempt:
        """Send to one connection and wait for the ack. A connection that dies meanwhile passes it on."""
        began = time.monotonic()
        envelope: dict[str, Any] = {
            "envelope_id": self._ids.secret(length=36).lower(),
            "type": type,
            "payload": payload,
            "accepts_response_payload": type != "events_api",
        }
        if type == "events_api":
            envelope |= {"retry_attempt": retry[0] if retry else 0, "retry_reason": retry[1] if retry else ""}
        waiting = Pending(id=envelope["envelope_id"], text=json.dumps(envelope))
        with self._lock:
            self._pending[waiting.id] = waiting
        self._send(waiting)
        acked = waiting.done.wait(seconds)
        with self._lock:
            self._pending.pop(waiting.id, None)
        elapsed = time.monotonic() - began
        if not acked:
            return Attempt(status=None, elapsed=elapsed, error=TIMEOUT, reason="http_timeout")
        body = b"" if waiting.answer is None else json.dumps(waiting.answer).encode()
        return Attempt(status=200, body=body, headers={"content-type": "application/json"}, elapsed=elapsed)

    def disconnect(self, *, reason: str, close: bool) -> int:
        """Tell every connection to go (`warning`, `refresh_requested`, `link_disabled`); how many were told."""
        told = self.connections
        for connection in told:
            self._say(connection, {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})
            if close:
                connection.close()
        return len(told)

    def _send(self, waiting: Pending, *, without: ServerConnection | None = None) -> None:
        with self._lock:
            others = [one for one in self._open if one is not without]
            waiting.at = others[self._ids.index(len(others))] if others else None
        if waiting.at is not None:
            try:
                waiting.at.send(waiting.text)
            except ConnectionClosed:
                self._send(waiting, without=waiting.at)

    def _handle(self, connection: ServerConnection) -> None:
        asked = parse_qs(urlsplit(connection.request.path if connection.request else "").query)
        name = (asked.get("ticket") or [""])[0]
        with self._lock:
            good = name in self._tickets
            self._tickets.discard(name)
            if good:
                self._open.append(connection)
            count = len(self._open)
        if not good:
            connection.close(1008, "the URL was used already")
            return
        self._say(
            connection,
            {
                "type": "hello",
                "num_connections": count,
                "connection_info": {"app_id": self._app_id},
                "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060},
            },
        )
        self._hand_over(gone=None)
        try:
            for text in connection:
                self._acked(text)
        except ConnectionClosed:
            pass
        finally:
            with self._lock:
                self._open.remove(connection)
            self._hand_over(gone=connection)

    def _hand_over(self, *, gone: ServerConnection | None) -> None:
        """Envelopes that `gone` never acked, or that found no connection, go to another one."""
        with self._lock:
            orphans = [one for one in self._pending.values() if one.at is gone]
        for waiting in orphans:
            self._send(waiting, without=gone)

    def _acked(self, text: str | bytes) -> None:
        try:
            said = json.loads(text)
        except ValueError:
            return
        with self._lock:
            waiting = self._pending.get(said.get("envelope_id", "")) if isinstance(said, dict) else None
        if waiting is not None:
            waiting.answer = said.get("payload") or None
            waiting.done.set()

    @staticmethod
    def _say(connection: ServerConnection, said: dict[str, Any]) -> None:
        with contextlib.suppress(ConnectionClosed):
            connection.send(json.dumps(said))
