"""`/sandbox/...`: what the page asks and does, and the control endpoint for scripts."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, jsonify, request

from sandbox.delivery.records import Delivery
from sandbox.people import Impossible
from sandbox.phrases import NotUnderstood, read_moment
from sandbox.web.snapshot import snapshot, version_of

if TYPE_CHECKING:
    from sandbox.server import SandboxServer

# Seconds a browser's question for news is held before it is answered anyway.
HOLD = 8.0
# What scripts may do by `POST /sandbox/control {"do": ..., ...}`.
CONTROLS = (
    "fail",
    "drop_reply",
    "delay",
    "outage",
    "limit_posts",
    "enforce_tiers",
    "clear_faults",
    "expire_triggers",
    "disconnect_sockets",
    "deactivate",
    "change_person",
    "change_group",
    "disable_group",
    "archive",
    "remove_bot",
    "add_bot",
    "revoke_tokens",
    "uninstall",
    "deliver_event",
    "verify_url",
)


def add_routes(app: Flask, slack: SandboxServer) -> None:
    @app.errorhandler(Impossible)
    @app.errorhandler(NotUnderstood)
    def refused(error: Exception) -> tuple[Response, int]:
        return jsonify({"ok": False, "error": str(error.args[0])}), 409

    @app.get("/sandbox/state")
    def state() -> Response:
        viewer, since = request.args.get("viewer", ""), request.args.get("since", "")
        viewer = viewer if viewer in slack.workspace.people else next(iter(slack.workspace.people))
        deadline = time.monotonic() + HOLD
        with slack.workspace.changed:
            while version_of(slack) == since and not slack.is_stopping and time.monotonic() < deadline:
                slack.workspace.changed.wait(0.5)
        return jsonify(snapshot(slack, viewer=viewer))

    @app.get("/sandbox/mail")
    def mail_list() -> Response:
        return jsonify({"ok": True, "mail": [mail.summary() for mail in slack.mail.all()]})

    @app.get("/sandbox/mail/<key>")
    def mail_one(key: str) -> tuple[Response, int]:
        mail = slack.mail.get(key)
        if mail is None:
            return jsonify({"ok": False, "error": "There is no such message."}), 404
        return jsonify({"ok": True, "mail": mail.full()}), 200

    acts = _acts(slack)

    @app.post("/sandbox/act/<name>")
    def act(name: str) -> tuple[Response, int]:
        if name not in acts:
            return jsonify({"ok": False, "error": f"There is no act {name}."}), 404
        given = request.get_json()
        try:
            return jsonify({"ok": True, **acts[name](given)}), 200
        except (KeyError, TypeError) as error:
            return jsonify({"ok": False, "error": f"missing or wrong: {error}"}), 400

    @app.post("/sandbox/clock")
    def clock() -> Response:
        return jsonify({"ok": True, **_move_clock(slack, request.get_json())})

    @app.post("/sandbox/control")
    def control() -> tuple[Response, int]:
        given = dict(request.get_json())
        name = given.pop("do", "")
        if name not in CONTROLS:
            return jsonify({"ok": False, "error": f"do must be one of {', '.join(CONTROLS)}"}), 400
        try:
            done = slack.deliver_event(given) if name == "deliver_event" else getattr(slack, name)(**given)
        except TypeError as error:
            return jsonify({"ok": False, "error": str(error)}), 400
        return jsonify({"ok": True, **(_told(done) if isinstance(done, Delivery) else {})}), 200

    @app.get("/sandbox/calls")
    def calls() -> Response:
        found = slack.calls(request.args.get("method"))
        return jsonify({"ok": True, "calls": [{**asdict(call), "at": call.at.timestamp()} for call in found]})


def _acts(slack: SandboxServer) -> dict[str, Callable[[dict[str, Any]], dict[str, Any]]]:
    def command(given: dict[str, Any]) -> dict[str, Any]:
        name, _, rest = given["text"].strip().partition(" ")
        if slack.manifest.command(name) is None:
            try:
                slack.command(user=given["user"], command=name, channel=given["channel"])
            except Impossible as error:
                slack.workspace.add_failure(channel=given["channel"], user=given["user"], text=str(error.args[0]))
                return {"sent": False}
        return _told(slack.command(user=given["user"], command=name, text=rest.strip(), channel=given["channel"]))

    def say(given: dict[str, Any]) -> dict[str, Any]:
        message = slack.say(
            user=given["user"], channel=given["channel"], text=given["text"], thread_ts=given.get("thread_ts")
        )
        return {"ts": message.ts}

    def press(given: dict[str, Any]) -> dict[str, Any]:
        where = {name: given[name] for name in ("block_id", "channel", "message_ts", "view_id") if given.get(name)}
        choose = slack.click if given.get("button") else slack.select
        chosen: dict[str, Any] = {"value": given.get("value")}
        if not given.get("button"):
            chosen = {"option": given.get("value"), "quiet": bool(given.get("quiet"))}
        return _told(choose(user=given["user"], action_id=given["action_id"], **chosen, **where))

    def options(given: dict[str, Any]) -> dict[str, Any]:
        where = {name: given[name] for name in ("block_id", "channel", "message_ts", "view_id") if given.get(name)}
        told = slack.options(user=given["user"], action_id=given["action_id"], query=given["query"], **where)
        return {**_told(told), "options": told.options}

    def submit(given: dict[str, Any]) -> dict[str, Any]:
        return _told(slack.submit(user=given["user"]))

    def close(given: dict[str, Any]) -> dict[str, Any]:
        return {"told": len(slack.close(user=given["user"], everything=bool(given.get("everything"))))}

    def home(given: dict[str, Any]) -> dict[str, Any]:
        return _told(slack.open_home(user=given["user"], tab=given.get("tab", "home")))

    def shortcut(given: dict[str, Any]) -> dict[str, Any]:
        return _told(slack.shortcut(user=given["user"], callback_id=given["callback_id"]))

    def message_shortcut(given: dict[str, Any]) -> dict[str, Any]:
        names = ("user", "callback_id", "channel", "message_ts")
        return _told(slack.message_shortcut(**{name: given[name] for name in names}))

    return {
        "command": command,
        "say": say,
        "press": press,
        "options": options,
        "submit": submit,
        "close": close,
        "home": home,
        "shortcut": shortcut,
        "message-shortcut": message_shortcut,
    }


def _told(delivery: Delivery) -> dict[str, Any]:
    return {"sent": delivery.sent, "failure": delivery.failure, "errors": delivery.errors, "status": delivery.status}


def _move_clock(slack: SandboxServer, given: dict[str, Any]) -> dict[str, Any]:
    """`{"to": "tomorrow 07:59", "zone": "Europe/Berlin"}` or `{"reset": true}`."""
    if given.get("reset"):
        slack.clock.reset()
    else:
        now = slack.clock.now()
        slack.clock.set(read_moment(str(given.get("to", "")), now=now, zone=given.get("zone") or "UTC"))
    return {"now": slack.clock.now().timestamp()}
