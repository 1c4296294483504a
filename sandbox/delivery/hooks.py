"""response_url: five uses in thirty minutes, to the person or to the channel it came from."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from sandbox.api.arguments import Arguments
from sandbox.api.chat import read_content, replace_content
from sandbox.api.desk import Desk
from sandbox.api.errors import ApiError
from sandbox.clock import Stopwatch
from sandbox.people import Message

USES = 5
SECONDS = 30 * 60


@dataclass(eq=False, kw_only=True)
class Hook:
    """Where an answer goes. `source` is the message the person acted on, or the last answer to a command."""

    user: str
    channel: str
    watch: Stopwatch
    source: Message | None = None
    left: int = USES
    lock: threading.Lock = field(default_factory=threading.Lock)


class Hooks:
    """Gives response URLs out and takes what is posted to them."""

    def __init__(self, *, desk: Desk) -> None:
        self._desk = desk
        self._given: dict[str, Hook] = {}

    def issue(self, *, kind: str, user: str, channel: str, source: Message | None = None) -> tuple[str, Hook]:
        """A fresh URL; `kind` is "commands" or "actions"."""
        workspace = self._desk.workspace
        path = f"/{kind}/{workspace.team_id}/{workspace.ids.number()}/{workspace.ids.secret()}"
        hook = Hook(user=user, channel=channel, watch=Stopwatch(clock=workspace.clock), source=source)
        self._given[path] = hook
        return f"{self._desk.url()}/response{path}", hook

    def use(self, path: str, given: Any) -> tuple[int, dict[str, Any]]:
        """Status and body for a POST to the URL."""
        hook = self._given.get(path)
        if hook is None:
            return 404, {"ok": False, "error": "no_active_hooks"}
        with hook.lock:
            if hook.watch.elapsed() > SECONDS:
                return 404, {"ok": False, "error": "expired_url"}
            if hook.left <= 0:
                return 404, {"ok": False, "error": "used_url"}
            hook.left -= 1
        if not isinstance(given, dict):
            return 400, {"ok": False, "error": "invalid_payload"}
        try:
            self.answer(hook, given)
        except ApiError as refused:
            return 400, refused.body()
        return 200, {"ok": True}

    def answer(self, hook: Hook, given: dict[str, Any]) -> Message | None:
        """Do what a response says. Raises ApiError when its content is not allowed."""
        workspace = self._desk.workspace
        arguments = Arguments(given)
        source = hook.source
        if arguments.flag("delete_original"):
            if source is not None:
                workspace.remove_message(source)
            return None
        in_channel = arguments.text("response_type", "ephemeral") == "in_channel"
        content = read_content(self._desk, arguments, method="response")
        if arguments.flag("replace_original") and source is not None:
            replace_content(self._desk, message=source, content=content)
            return source
        message = workspace.add_message(
            channel=hook.channel,
            user=workspace.bot_user_id,
            from_app=True,
            visible_to=None if in_channel else hook.user,
            thread_ts=arguments.text("thread_ts", "") or None,
            **content,
        )
        if source is None:
            hook.source = message
        return message
