"""Carries one delivery to the bot: by a socket when one is open, by HTTP when not."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from sandbox.delivery.http import post
from sandbox.delivery.records import FAILED, Attempt, Delivery
from sandbox.delivery.signing import signed_headers
from sandbox.delivery.sockets import SocketHub

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"


class Carrier:
    """`bot_url` may be unset for a while: then every delivery fails as if the bot were down."""

    def __init__(self, *, secret: str, hub: SocketHub, seconds: float, bot_url: Callable[[], str | None]) -> None:
        self.secret, self.hub, self.seconds, self._bot_url = secret, hub, seconds, bot_url
        self._lock = threading.Lock()
        self.sent: list[Delivery] = []

    def command(self, fields: dict[str, str]) -> Delivery:
        """A slash command: a plain form."""
        body = urlencode(fields).encode()
        return self._new("command", payload=dict(fields), body=body, content_type=FORM, envelope="slash_commands")

    def interaction(self, payload: dict[str, Any], *, url: str | None = None) -> Delivery:
        """Everything a person does with blocks, views and shortcuts: a form with one field, `payload`."""
        body = urlencode({"payload": json.dumps(payload, ensure_ascii=False)}).encode()
        made = self._new(payload["type"], payload=payload, body=body, content_type=FORM, envelope="interactive")
        made.url = url
        return made

    def event(self, payload: dict[str, Any]) -> Delivery:
        """An Events API request: JSON."""
        body = json.dumps(payload, ensure_ascii=False).encode()
        return self._new(payload["type"], payload=payload, body=body, content_type=JSON, envelope="events_api")

    def carry(self, delivery: Delivery, *, retry: tuple[int, str] | None = None, resign: bool = True) -> Attempt:
        """One attempt, appended to the delivery. `resign=False` sends the old signature again."""
        if self.hub.connections and delivery.kind != "url_verification":
            delivery.transport = "socket"
            attempt = self.hub.deliver(
                type=delivery.envelope, payload=delivery.payload, seconds=self.seconds, retry=retry
            )
        else:
            attempt = self._by_http(delivery, retry=retry, resign=resign)
        delivery.attempts.append(attempt)
        return attempt

    def send_raw(self, body: bytes, headers: dict[str, str], *, url: str | None = None) -> Attempt:
        """A request with exactly this body and these headers: forged, tampered with, unsigned."""
        target = url or self._bot_url()
        if target is None:
            return Attempt(status=None, error=FAILED, reason="connection_failed")
        return post(url=target, body=body, headers=headers, seconds=self.seconds)

    def _by_http(self, delivery: Delivery, *, retry: tuple[int, str] | None, resign: bool) -> Attempt:
        delivery.transport = "http"
        if resign:
            delivery.headers |= signed_headers(secret=self.secret, body=delivery.raw)
        headers = dict(delivery.headers)
        if retry is not None:
            headers |= {"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": retry[1]}
        return self.send_raw(delivery.raw, headers, url=delivery.url)

    def _new(self, kind: str, *, payload: dict[str, Any], body: bytes, content_type: str, envelope: str) -> Delivery:
        headers = {"Content-Type": content_type, "User-Agent": AGENT, "Accept": "application/json,*/*"}
        delivery = Delivery(kind=kind, payload=payload, raw=body, headers=headers, envelope=envelope)
        with self._lock:
            self.sent.append(delivery)
        return delivery
