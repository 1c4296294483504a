"""Slack's requests over HTTP, the two questions a load balancer asks, and what a monitor reads."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue
from slack_bolt import App
from slack_bolt.adapter.flask import SlackRequestHandler

from bot.health import Check
from bot.logs import IN_REQUEST
from bot.metrics import CONTENT_TYPE

LARGEST_BODY = 512 * 1024
"""Bytes. A view of at most 250 KB comes back with its state; nothing Slack sends is larger."""

_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
_TIMESTAMP = re.compile(r"[0-9]{1,15}")


def build_http(app: App | None, *, readiness: Callable[[], list[Check]], metrics: Callable[[], bytes]) -> Flask:
    """A WSGI application. `app` is None in Socket Mode and in a worker, where Slack's requests are not served.

    Whoever reaches the port may read all of it but Slack's requests: only `/slack/events` belongs on the internet.
    """
    web = Flask("plixo")
    web.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY

    @web.before_request
    def forget() -> None:
        # A thread answers one request after the other; lines about this one do not carry the name of the one before.
        IN_REQUEST.set(None)

    @web.get("/healthz")
    def healthz() -> ResponseReturnValue:
        return jsonify(status="ok")

    @web.get("/readyz")
    def readyz() -> ResponseReturnValue:
        checks = readiness()
        ready = all(check.is_ok for check in checks if check.is_vital)
        rows = [{"name": c.name, "ok": c.is_ok, "detail": c.detail} for c in checks]
        return jsonify(ready=ready, checks=rows), 200 if ready else 503

    @web.get("/metrics")
    def expose() -> ResponseReturnValue:
        return Response(metrics(), content_type=CONTENT_TYPE)

    if app is not None:
        handler = SlackRequestHandler(app)

        @web.post("/slack/events")
        def slack() -> ResponseReturnValue:
            # To a timestamp that is no number or a signature that is not ASCII Bolt answers 500; both are forgeries.
            stamp = request.headers.get("X-Slack-Request-Timestamp", "")
            signature = request.headers.get("X-Slack-Signature", "")
            if not (_TIMESTAMP.fullmatch(stamp) and _SIGNATURE.fullmatch(signature)):
                return Response("invalid request", status=401)
            try:
                return handler.handle(request)
            except RecursionError:
                # Bolt reads a body before it looks at the signature; Slack sends nothing nested a thousand deep.
                return Response("invalid request", status=400)

    return web
