"""The smallest Slack there can be: takes Web API calls and response URLs, answers as it is told, forgets nothing."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl


class SlackStub:
    """`errors` maps a method to the error it answers with; `spoken` holds what came in on response URLs."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.spoken: list[dict[str, Any]] = []
        self.errors: dict[str, str] = {}
        self.response_status = 200
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
                if self.path.startswith("/api/"):
                    status, answer = 200, stub.answer(self.path.removeprefix("/api/"), _parsed(body))
                else:
                    stub.spoken.append(json.loads(body))
                    status, answer = stub.response_status, "ok"
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        if method == "auth.test":
            return {"ok": True, "team_id": "T1", "user_id": "UBOT", "bot_id": "B1", "bot_user_id": "UBOT"}
        self.calls.append((method, body))
        if method in self.errors:
            return {"ok": False, "error": self.errors[method]}
        return {"ok": True, "view": {"id": "V1", "hash": f"hash.{len(self.calls)}"}}

    def made(self, method: str) -> list[dict[str, Any]]:
        return [body for name, body in self.calls if name == method]

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _parsed(body: str) -> dict[str, Any]:
    if body.startswith("{"):
        parsed: dict[str, Any] = json.loads(body)
        return parsed
    return {key: json.loads(value) if value[:1] in "{[" else value for key, value in parse_qsl(body)}
