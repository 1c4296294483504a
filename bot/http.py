"""Slack's requests over HTTP, the two questions a load balancer asks, and what a monitor reads.

On werkzeug alone, which Flask is made of: there are a few addresses, and an idle bot holds no template engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from json import dumps
from types import MappingProxyType
from typing import TYPE_CHECKING

from slack_bolt import App, BoltRequest, BoltResponse
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.wrappers import Request, Response

from bot.logs import IN_REQUEST
from bot.metrics import CONTENT_TYPE
from domain.errors import Busy
from domain.readiness import Row

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

LARGEST_BODY = 512 * 1024
"""Bytes. A view of at most 250 KB comes back with its state; nothing Slack sends is larger."""

_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
_TIMESTAMP = re.compile(r"[0-9]{1,15}")


class _Bounded(Request):
    """A larger body is answered 413 without being read."""

    max_content_length = LARGEST_BODY


def build_http(
    app: App | None,
    *,
    readiness: Callable[[], list[Row]],
    metrics: Callable[[], bytes],
    status: Callable[[], object] = dict,
    webhooks: Mapping[str, Callable[[Request], Response]] = MappingProxyType({}),
) -> WSGIApplication:
    """A WSGI application. `app` is None in Socket Mode and in a worker, where Slack's requests are not served.

    `webhooks`, by path, answer what others post. Whoever reaches the port may read all of it but what is signed: only
    `/slack/events` and the webhooks belong on the internet.
    """

    def healthz(_request: Request) -> Response:
        return _json({"status": "ok"})

    def readyz(_request: Request) -> Response:
        checks = readiness()
        ready = all(check.is_ok for check in checks if check.is_vital)
        rows = [{"name": c.name, "ok": c.is_ok, "detail": c.detail} for c in checks]
        return _json({"ready": ready, "checks": rows}, 200 if ready else 503)

    def console(_request: Request) -> Response:
        try:
            return _json(status())
        except (Busy, SQLAlchemyError):
            return _json({"error": "the database cannot be read"}, 503)

    def expose(_request: Request) -> Response:
        return Response(metrics(), content_type=CONTENT_TYPE)

    answers: dict[str, tuple[str, Callable[[Request], Response]]] = {
        "/healthz": ("GET", healthz),
        "/readyz": ("GET", readyz),
        "/status": ("GET", console),
        "/metrics": ("GET", expose),
    }
    if app is not None:
        answers["/slack/events"] = ("POST", lambda request: _slack(app, request))
    answers |= {path: ("POST", answer) for path, answer in webhooks.items()}

    @_Bounded.application
    def web(request: Request) -> Response:
        # A thread answers one request after the other; lines about this one do not carry the name of the one before.
        IN_REQUEST.set(None)
        method, answer = answers.get(request.path, ("", None))
        if answer is None:
            raise NotFound
        if ("GET" if request.method == "HEAD" else request.method) != method:
            raise MethodNotAllowed([method])
        return answer(request)

    return web


def _slack(app: App, request: Request) -> Response:
    # To a timestamp that is no number or a signature that is not ASCII Bolt answers 500; both are forgeries.
    stamp = request.headers.get("X-Slack-Request-Timestamp", "")
    signature = request.headers.get("X-Slack-Signature", "")
    if not (_TIMESTAMP.fullmatch(stamp) and _SIGNATURE.fullmatch(signature)):
        return Response("invalid request", status=401)
    try:
        said: BoltResponse = app.dispatch(
            BoltRequest(
                body=request.get_data(as_text=True),
                query=request.query_string.decode("utf-8", "replace"),
                headers=dict(request.headers),
            )
        )
    except RecursionError:
        # Bolt reads a body before it looks at the signature; Slack sends nothing nested a thousand deep.
        return Response("invalid request", status=400)
    headers = [(name, value) for name, values in said.headers.items() for value in values]
    return Response(said.body, status=said.status, headers=headers)


def _json(content: object, status: int = 200) -> Response:
    return Response(dumps(content), status=status, content_type="application/json")
