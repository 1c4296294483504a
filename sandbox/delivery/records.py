"""What was sent to the bot and what came back."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from sandbox.people import View

TIMEOUT = "operation_timeout"
FAILED = "dispatch_failed"


@dataclass(kw_only=True)
class Attempt:
    """One try. `status` is None when no answer came; `error` is then `operation_timeout` or `dispatch_failed`."""

    status: int | None
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    elapsed: float = 0.0
    error: str | None = None
    # Why Slack would say that it tries again: http_timeout, http_error, connection_failed.
    reason: str | None = None

    @property
    def ok(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def code(self) -> str:
        """Slack's word for the failure."""
        return self.error or FAILED


@dataclass(kw_only=True)
class Delivery:
    """One thing the workspace told the bot. Tests look at `status`, `text`, `json`, `elapsed`, `failure`.

    `sent=False` means that nothing left: Slack itself held it back (a required field is empty, nobody
    subscribed to the event) and `failure` or `errors` say why.
    """

    kind: str
    payload: dict[str, Any] = field(default_factory=dict)
    raw: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    url: str | None = None
    envelope: str = "interactive"
    transport: str = "http"
    sent: bool = True
    attempts: list[Attempt] = field(default_factory=list)
    # What the person reads because it failed; None when it did not.
    failure: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    options: list[dict[str, Any]] = field(default_factory=list)
    view: View | None = None

    @property
    def last(self) -> Attempt:
        return self.attempts[-1] if self.attempts else Attempt(status=None)

    @property
    def status(self) -> int | None:
        return self.last.status

    @property
    def ok(self) -> bool:
        """Acknowledged in time with a 2xx, and nothing about the answer was wrong."""
        return self.sent and self.last.ok and self.failure is None

    @property
    def body(self) -> bytes:
        return self.last.body

    @property
    def text(self) -> str:
        return self.last.body.decode("utf-8", "replace")

    @property
    def elapsed(self) -> float:
        """Seconds until the ack of the last attempt."""
        return self.last.elapsed

    @property
    def retries(self) -> int:
        return max(0, len(self.attempts) - 1)

    @property
    def trigger_id(self) -> str:
        return str(self.payload.get("trigger_id", ""))

    @property
    def response_url(self) -> str:
        return str(self.payload.get("response_url", ""))

    def json(self) -> Any:
        """The answer as JSON; None when it is empty. ValueError when it is neither."""
        return json.loads(self.body) if self.body.strip() else None
