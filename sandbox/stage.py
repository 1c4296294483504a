"""Everything the acts of people work with, put together once by the server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.delivery.carrier import Carrier
from sandbox.delivery.events import Events
from sandbox.delivery.hooks import Hooks
from sandbox.manifest import Manifest
from sandbox.people import Channel, Impossible, Person
from sandbox.triggers import Triggers
from sandbox.workspace import Workspace


@dataclass(kw_only=True)
class Stage:
    workspace: Workspace
    manifest: Manifest
    carrier: Carrier
    events: Events
    hooks: Hooks
    triggers: Triggers
    bot_url: str | None
    # Options a menu loaded, by (person, surface, action_id): what the person can pick from.
    loaded: dict[tuple[str, str, str], list[dict[str, Any]]]

    def actor(self, user: str) -> Person:
        """Somebody who can act. Raises Impossible for strangers and deactivated people."""
        person = self.workspace.person(user)
        if person.deactivated:
            raise Impossible(f"{person.name} is deactivated and cannot do anything")
        if not self.workspace.installed:
            raise Impossible("the app is not installed any more")
        return person

    def place(self, channel: str, *, user: str) -> Channel:
        """A channel the person is in."""
        found = self.workspace.channel(channel)
        if not found.has(user):
            raise Impossible(f"{user} is not in {found.name}")
        return found

    def who(self, person: Person) -> dict[str, Any]:
        """`user` in interaction payloads."""
        return {
            "id": person.id,
            "username": person.handle,
            "name": person.handle,
            "team_id": self.workspace.team_id,
        }

    def common(self, person: Person) -> dict[str, Any]:
        """What every interaction payload carries."""
        return {
            "user": self.who(person),
            "api_app_id": self.workspace.app_id,
            "token": "sandbox",
            "team": {"id": self.workspace.team_id, "domain": "sandbox"},
            "enterprise": None,
            "is_enterprise_install": False,
        }


def name_in_payload(channel: Channel) -> str:
    """Slack hides the names of private conversations."""
    return "directmessage" if channel.is_dm else "privategroup" if channel.is_private else channel.name
