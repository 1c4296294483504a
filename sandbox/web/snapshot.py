"""What one person sees of the workspace at this moment, as JSON for the page."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sandbox.acts.surfaces import Surface, state_of
from sandbox.people import Channel, Message, Person, View

if TYPE_CHECKING:
    from sandbox.server import SandboxServer

# Older messages stay in the workspace but are not drawn.
SHOWN = 200


def version_of(slack: SandboxServer) -> str:
    """Changes with everything the page shows; differs between two runs of the server."""
    return f"{id(slack.workspace):x}.{slack.workspace.version}.{len(slack.mail.keys())}"


def snapshot(slack: SandboxServer, *, viewer: str) -> dict[str, Any]:
    workspace, manifest = slack.workspace, slack.manifest
    with workspace.lock:
        dm = workspace.dm_with(viewer)
        channels = workspace.channels_of(viewer)
        messages = {one.id: workspace.visible(channel=one.id, viewer=viewer)[-SHOWN:] for one in channels}
        stack, home = workspace.stacks.get(viewer, []), workspace.homes.get(viewer)
        surfaces: list[Surface] = [one for held in messages.values() for one in held if one.blocks]
        surfaces += [*stack, *([home] if home else [])]
        return {
            "version": version_of(slack),
            "now": workspace.now().timestamp(),
            "clock_moved": slack.clock.is_moved,
            "team": {"id": workspace.team_id, "name": workspace.team_name},
            "app": {
                "id": workspace.app_id,
                "user_id": workspace.bot_user_id,
                "name": workspace.app_name,
                "description": manifest.description,
                "about": manifest.about,
                "colour": manifest.colour,
                "installed": workspace.installed,
                "home_tab": bool(manifest.app_home.get("home_tab_enabled")),
                "messages_tab": bool(manifest.app_home.get("messages_tab_enabled", True)),
                "read_only": bool(manifest.app_home.get("messages_tab_read_only_enabled")),
                "dm": dm.id,
            },
            "viewer": viewer,
            "people": [_person(person) for person in workspace.people.values()],
            "channels": [_channel(slack, channel) for channel in channels],
            "groups": [asdict(group) for group in workspace.groups.values()],
            "messages": {channel: [_message(slack, one) for one in held] for channel, held in messages.items()},
            "views": [_view(view) for view in stack],
            "home": _view(home) if home else None,
            "inputs": {one.surface: state_of(slack.stage, user=viewer, surface=one) for one in surfaces},
            "notices": {surface: words for (user, surface), words in workspace.notices.items() if user == viewer},
            "busy": list(workspace.busy.get(viewer, [])),
            "commands": [asdict(command) for command in manifest.commands],
            "shortcuts": [asdict(shortcut) for shortcut in manifest.shortcuts],
            "welcome": slack.welcome,
            "mail": len(slack.mail.keys()),
            "has_mail": slack.mail.path is not None,
            "link": "socket" if slack.hub.connections else "http" if slack.bot_url else "none",
        }


def _person(person: Person) -> dict[str, Any]:
    return {**asdict(person), "handle": person.handle}


def _channel(slack: SandboxServer, channel: Channel) -> dict[str, Any]:
    members = sum(channel.has(one) for one in slack.workspace.people)
    return {**asdict(channel), "members": members}


def _message(slack: SandboxServer, message: Message) -> dict[str, Any]:
    return {
        "ts": message.ts,
        "channel": message.channel,
        "user": message.user,
        "text": message.text,
        "blocks": message.blocks,
        "ephemeral": message.ephemeral,
        "edited": message.edited,
        "thread_ts": message.thread_ts,
        "from_app": message.from_app,
        "failure": message.failure,
        "surface": message.surface,
        "files": [
            {"id": file.id, "name": file.name, "title": file.title, "size": file.size}
            for file in map(slack.workspace.files.get, message.files)
            if file is not None
        ],
    }


def _view(view: View) -> dict[str, Any]:
    return {**asdict(view), "surface": view.surface}
