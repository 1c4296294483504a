"""One request of Slack's: timed from its arrival, counted, and named in every line logged while it is answered."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Any

from slack_bolt import BoltResponse

from bot.logs import IN_REQUEST
from bot.metrics import Metrics
from bot.signs import HEARD, LIMITED, Signs
from handlers.desk import Watch

log = logging.getLogger(__name__)


class RequestWatch:
    """Bolt runs a request's middleware and listener in one thread: what is known of it is bound to the context."""

    def __init__(self, metrics: Metrics, signs: Signs) -> None:
        self._metrics = metrics
        self._signs = signs
        self._arrived: ContextVar[float] = ContextVar("arrived")

    def arrive(self, body: dict[str, Any], next: Callable[[], BoltResponse]) -> BoltResponse:
        """Bolt's first middleware behind the signature."""
        self._arrived.set(monotonic())
        IN_REQUEST.set(request_of(body))
        self._signs.note(HEARD)
        if body.get("type") == "app_rate_limited":
            # Not an event of the app but one about it: no listener can be hung on it.
            self._signs.note(LIMITED)
            self._metrics.rate_limited()
            log.warning("slack holds back events: more than its limit in one hour")
            return BoltResponse(status=200)
        return next()

    @contextmanager
    def watching(self, listener: str, body: Mapping[str, Any]) -> Iterator[Watch]:
        """`Desk.watching`."""
        watch = Watch()
        named = IN_REQUEST.set(IN_REQUEST.get() or request_of(body))
        try:
            yield watch
        finally:
            seconds = monotonic() - self._arrived.get(monotonic())
            self._metrics.answered(listener, watch.outcome, seconds)
            fields = {"listener": listener, "outcome": watch.outcome, "seconds": round(seconds, 3)}
            log.info("request", extra=fields)
            IN_REQUEST.reset(named)


def request_of(body: Mapping[str, Any]) -> str:
    """The same for every delivery of one click, command or event; nobody can use it in Slack."""
    own = body.get("trigger_id") or body.get("event_id")
    return hashlib.sha256(str(own).encode()).hexdigest()[:12] if own else secrets.token_hex(6)
