"""One call from its token to its answer: faults, authentication, scopes, then the method itself."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.api import chat, conversations, files, usergroups, users, views
from sandbox.api.arguments import Arguments
from sandbox.api.desk import Call, Desk
from sandbox.api.errors import ApiError
from sandbox.api.scopes import APP_TOKEN_METHODS, NEEDED
from sandbox.faults import Fault

METHODS: dict[str, Callable[[Desk, Arguments], dict[str, Any]]] = {
    "api.test": users.api_test,
    "auth.test": users.auth_test,
    "apps.connections.open": users.connections_open,
    "chat.delete": chat.delete,
    "chat.getPermalink": chat.get_permalink,
    "chat.postEphemeral": chat.post_ephemeral,
    "chat.postMessage": chat.post_message,
    "chat.update": chat.update,
    "conversations.history": conversations.history,
    "conversations.info": conversations.info,
    "conversations.join": conversations.join,
    "conversations.list": conversations.list_all,
    "conversations.members": conversations.members,
    "conversations.open": conversations.open_dm,
    "files.completeUploadExternal": files.complete_upload,
    "files.getUploadURLExternal": files.get_upload_url,
    "usergroups.list": usergroups.list_all,
    "usergroups.users.list": usergroups.list_users,
    "users.info": users.info,
    "users.list": users.list_all,
    "users.lookupByEmail": users.lookup_by_email,
    "views.open": views.open_view,
    "views.publish": views.publish,
    "views.push": views.push,
    "views.update": views.update,
}


@dataclass(kw_only=True)
class Answer:
    """What goes back. `drop` means that the connection breaks instead."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False


@dataclass(kw_only=True)
class Tokens:
    """The tokens that are good. `revoked` holds those that were."""

    bot: str
    app: str
    revoked: set[str] = field(default_factory=set)


class Api:
    """The Web API of one workspace."""

    def __init__(self, *, desk: Desk, tokens: Tokens, stopping: threading.Event) -> None:
        self.desk, self.tokens, self._stopping = desk, tokens, stopping

    def call(self, method: str, *, given: Mapping[str, Any], token: str | None) -> Answer:
        """Never raises for what the app did wrong; that is in the answer."""
        fault = self.desk.faults.next_for(method) or Fault()
        if fault.delay:
            self._stopping.wait(fault.delay)
        arguments = Arguments(given)
        try:
            answer = self._faulty(fault) or self._work(method, arguments=arguments, token=token)
        except ApiError as error:
            answer = Answer(status=error.status, body=error.body())
            if error.retry_after is not None:
                answer.headers["Retry-After"] = str(error.retry_after)
        # Bolt looks this up in lower case, as Slack sends it.
        answer.headers["x-oauth-scopes"] = ",".join(self.desk.scopes)
        if fault.drop:
            answer.drop = True
        self._record(method, arguments=arguments, answer=answer)
        return answer

    def _faulty(self, fault: Fault) -> Answer | None:
        if fault.drop == "before":
            return Answer(status=500, body={"ok": False, "error": "dropped"}, drop=True)
        if fault.error == "ratelimited" or fault.status == 429:
            raise ApiError("ratelimited", status=429, retry_after=fault.retry_after or 1)
        if fault.status is not None:
            raise ApiError(fault.error or "internal_error", status=fault.status)
        if fault.error is not None:
            raise ApiError(fault.error)
        return None

    def _work(self, method: str, *, arguments: Arguments, token: str | None) -> Answer:
        if method not in METHODS:
            raise ApiError("unknown_method", req_method=method)
        self._authorise(method, token=token)
        return Answer(status=200, body={"ok": True, **METHODS[method](self.desk, arguments)})

    def _authorise(self, method: str, *, token: str | None) -> None:
        if method == "api.test":
            return
        if not token:
            raise ApiError("not_authed")
        if token in self.tokens.revoked:
            raise ApiError("token_revoked")
        if token not in (self.tokens.bot, self.tokens.app):
            raise ApiError("invalid_auth")
        if not self.desk.workspace.installed:
            raise ApiError("account_inactive")
        if (token == self.tokens.app) != (method in APP_TOKEN_METHODS):
            raise ApiError("not_allowed_token_type")
        if token == self.tokens.bot:
            self.desk.require(*NEEDED[method])

    def _record(self, method: str, *, arguments: Arguments, answer: Answer) -> None:
        workspace = self.desk.workspace
        shown = {key: value for key, value in arguments.items() if key != "token"}
        with workspace.lock:
            self.desk.calls.append(
                Call(
                    method=method,
                    arguments=shown,
                    at=workspace.now(),
                    ok=bool(answer.body.get("ok")),
                    error=answer.body.get("error"),
                )
            )
            workspace.changed.notify_all()
