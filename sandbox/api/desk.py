"""What every method works with: the workspace, what the app may do, and where its answers come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.api.errors import ApiError
from sandbox.api.scopes import BY_KIND
from sandbox.faults import FaultPlan
from sandbox.people import Channel
from sandbox.triggers import Triggers
from sandbox.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call an app made, for tests that look at the past."""

    method: str
    arguments: dict[str, Any]
    at: datetime
    ok: bool
    error: str | None


@dataclass(kw_only=True)
class Desk:
    """`open_socket` gives a fresh WebSocket URL or raises ApiError."""

    workspace: Workspace
    triggers: Triggers
    faults: FaultPlan
    scopes: tuple[str, ...]
    app_home: dict[str, Any]
    url: Callable[[], str]
    open_socket: Callable[[], str]
    calls: list[Call] = field(default_factory=list)

    def require(self, *any_of: str) -> None:
        """Raise `missing_scope` unless the app has one of these."""
        if any_of and not set(any_of) & set(self.scopes):
            raise ApiError("missing_scope", needed=",".join(any_of), provided=",".join(self.scopes))

    def may(self, scope: str) -> bool:
        return scope in self.scopes

    def conversation(self, name: str, *, right: str) -> Channel:
        """The conversation `name` (an id, or "#name"), if the app may know of it; the scope for its kind is
        `right` ("read", "history"), "" for none. Raises `channel_not_found` or `missing_scope`."""
        workspace = self.workspace
        found = workspace.channels.get(name)
        if found is None and name.startswith("#"):
            found = next((one for one in workspace.channels.values() if one.name == name[1:] and not one.is_dm), None)
        if found is None or (found.is_private and not found.bot_is_member):
            raise ApiError("channel_not_found")
        if right:
            self.require(f"{BY_KIND[kind_of(found)]}:{right}")
        return found


def kind_of(channel: Channel) -> str:
    """ "dm", "private" or "channel"."""
    return "dm" if channel.is_dm else "private" if channel.is_private else "channel"
