"""The Flask application: `/api/`, `/response/`, the page, and `/sandbox/` for the page and for scripts."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, Request, Response, jsonify, request, send_from_directory

from sandbox.api.arguments import Arguments
from sandbox.web.routes import add_routes

if TYPE_CHECKING:
    from sandbox.server import SandboxServer

PAGE = Path(__file__).parent.parent / "page"
LOCAL_NAMES = ("127.0.0.1", "localhost", "[::1]")


def build_app(slack: SandboxServer) -> Flask:
    """The application over one workspace."""
    app = Flask("sandbox", static_folder=None)
    # Slack keeps the order of what it was sent; Flask would sort it.
    app.json.sort_keys = False  # type: ignore[attr-defined]

    @app.before_request
    def only_from_here() -> Response | None:
        # A web site the person visits must not be able to reach the workspace by another host name, nor post
        # to it without the browser asking first.
        host = request.host.rsplit(":", 1)[0]
        if slack.is_local and host not in LOCAL_NAMES:
            return Response("This workspace answers on this machine only.", status=403)
        if request.path.startswith("/sandbox/") and request.method == "POST" and not request.is_json:
            return Response("JSON only.", status=415)
        return None

    @app.route("/api/<method>", methods=["GET", "POST"])
    def api(method: str) -> Response:
        given = _given(request)
        header = request.headers.get("Authorization", "")
        token = header.removeprefix("Bearer ").strip() or Arguments(given).text("token", "") or None
        answer = slack.api.call(method, given=given, token=token)
        if answer.drop:
            return _dropped()
        reply = jsonify(answer.body)
        reply.status_code = answer.status
        reply.headers.extend(answer.headers)
        return reply

    @app.post("/response/<path:path>")
    def response_url(path: str) -> Response:
        if slack.desk.faults.outage:
            return _dropped()
        status, body = slack.stage.hooks.use(f"/{path}", request.get_json(silent=True))
        reply = jsonify(body)
        reply.status_code = status
        return reply

    @app.post("/upload/v1/<secret>")
    def upload(secret: str) -> Response:
        """Slack's second step: the bytes, as many as were announced. Who has the address may."""
        with slack.workspace.change():
            found = [one for one in slack.workspace.files.values() if one.secret == secret]
            content = request.get_data()
            if not found or found[0].is_shared or len(content) != found[0].size:
                return Response("This is not the file that was announced.", status=400)
            found[0].content = content
        return Response(f"OK - {len(content)}")

    @app.get("/sandbox/file/<id>")
    def download(id: str) -> Response:
        file = slack.workspace.files.get(id)
        if file is None or file.content is None:
            return Response("There is no such file.", status=404)
        reply = Response(file.content, mimetype="application/octet-stream")
        reply.headers.set("Content-Disposition", "attachment", filename=file.name)
        return reply

    @app.get("/")
    def page() -> Response:
        reply = send_from_directory(PAGE, "index.html")
        # Mail is shown in frames that may run nothing; the page itself loads nothing from elsewhere but the
        # images a message names.
        reply.headers["Content-Security-Policy"] = (
            "default-src 'self'; img-src * data:; style-src 'self' 'unsafe-inline'; frame-src 'self' data:; "
            "object-src 'none'; base-uri 'none'"
        )
        reply.headers["Cache-Control"] = "no-store"
        return reply

    @app.get("/page/<path:name>")
    def asset(name: str) -> Response:
        reply = send_from_directory(PAGE, name)
        reply.headers["Cache-Control"] = "no-store"
        return reply

    add_routes(app, slack)
    return app


def _given(asked: Request) -> dict[str, Any]:
    """Arguments from the query, a form or a JSON body."""
    given: dict[str, Any] = dict(asked.args.items())
    if asked.is_json:
        body = asked.get_json(silent=True)
        given |= body if isinstance(body, dict) else {}
    else:
        given |= dict(asked.form.items())
        for name in ("blocks", "view", "metadata"):
            if isinstance(given.get(name), str):
                try:
                    given[name] = json.loads(given[name])
                except ValueError:
                    continue  # The method says what is wrong with it.
    return given


def _dropped() -> Response:
    """Break the connection instead of answering."""
    link = request.environ["werkzeug.socket"]
    link.shutdown(socket.SHUT_RDWR)
    return Response(status=500)
