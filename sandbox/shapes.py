"""Workspace things as the JSON that Slack sends and answers with."""

from __future__ import annotations

import copy
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.kit.values import state_values
from sandbox.people import Channel, Message, Person, UserGroup, View
from sandbox.workspace import Workspace

COLOURS = ("9f69e7", "4bbe2e", "e7392d", "3c989f", "674b1b", "e96699", "e0a729", "684b6c", "5b89d5", "2b6836")


def user_json(person: Person, *, workspace: Workspace, with_email: bool, with_locale: bool = False) -> dict[str, Any]:
    """A member as users.info answers it. A deactivated one is `deleted` and loses zone and role."""
    zone = ZoneInfo(person.zone)
    here = workspace.now().astimezone(zone)
    offset = here.utcoffset()
    profile: dict[str, Any] = {
        "title": person.title,
        "phone": "",
        "skype": "",
        "real_name": person.name,
        "real_name_normalized": person.name,
        "display_name": person.name.split(" ")[0],
        "display_name_normalized": person.name.split(" ")[0],
        "first_name": person.name.split(" ")[0],
        "last_name": person.name.partition(" ")[2],
        "status_text": "",
        "status_emoji": "",
        "avatar_hash": "sandbox",
        "team": workspace.team_id,
    }
    if with_email:
        profile["email"] = person.email
    user: dict[str, Any] = {
        "id": person.id,
        "team_id": workspace.team_id,
        "name": person.handle,
        "deleted": person.deactivated,
        "profile": profile,
        "is_bot": False,
        "is_app_user": False,
        "updated": int(workspace.now().timestamp()),
    }
    if not person.deactivated:
        user |= {
            "color": COLOURS[sum(map(ord, person.id)) % len(COLOURS)],
            "real_name": person.name,
            "tz": person.zone,
            "tz_label": here.tzname(),
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "is_admin": person.is_admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": person.is_guest,
            "is_ultra_restricted": False,
            "is_email_confirmed": True,
            "who_can_share_contact_card": "EVERYONE",
        }
    if with_locale:
        user["locale"] = person.locale
    return user


def bot_json(workspace: Workspace) -> dict[str, Any]:
    """The app's own user."""
    return {
        "id": workspace.bot_user_id,
        "team_id": workspace.team_id,
        "name": workspace.app_name.lower().replace(" ", "_"),
        "deleted": False,
        "real_name": workspace.app_name,
        "tz": "UTC",
        "tz_label": "UTC",
        "tz_offset": 0,
        "profile": {
            "real_name": workspace.app_name,
            "display_name": "",
            "api_app_id": workspace.app_id,
            "bot_id": workspace.bot_id,
            "always_active": True,
            "team": workspace.team_id,
        },
        "is_admin": False,
        "is_bot": True,
        "is_app_user": False,
        "updated": 0,
    }


def message_json(message: Message, *, workspace: Workspace, with_metadata: bool = True) -> dict[str, Any]:
    """A message as answers and payloads hold it."""
    shown: dict[str, Any] = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": workspace.team_id,
    }
    if message.from_app:
        shown |= {
            "bot_id": workspace.bot_id,
            "app_id": workspace.app_id,
            "bot_profile": {
                "id": workspace.bot_id,
                "app_id": workspace.app_id,
                "name": workspace.app_name,
                "deleted": False,
                "updated": 0,
                "team_id": workspace.team_id,
            },
        }
    if message.blocks:
        shown["blocks"] = copy.deepcopy(message.blocks)
    if message.thread_ts:
        shown["thread_ts"] = message.thread_ts
    if message.files:
        held = [workspace.files[id] for id in message.files if id in workspace.files]
        shown["files"] = [{"id": file.id, "name": file.name, "title": file.title, "size": file.size} for file in held]
    if message.edited_at:
        shown["edited"] = {"user": message.user, "ts": message.edited_at}
    if message.metadata and with_metadata:
        shown["metadata"] = copy.deepcopy(message.metadata)
    return shown


def channel_json(channel: Channel, *, workspace: Workspace) -> dict[str, Any]:
    """A conversation as conversations.info answers it."""
    if channel.is_dm:
        return {
            "id": channel.id,
            "created": 1_700_000_000,
            "is_archived": channel.is_archived,
            "is_im": True,
            "is_org_shared": False,
            "user": (channel.members or [""])[0],
            "context_team_id": workspace.team_id,
            "is_open": True,
        }
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.is_private,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.is_private,
        "created": 1_700_000_000,
        "is_archived": channel.is_archived,
        "is_general": False,
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "is_member": channel.bot_is_member,
        "context_team_id": workspace.team_id,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "num_members": len(members_of(channel, workspace=workspace)),
    }


def members_of(channel: Channel, *, workspace: Workspace) -> list[str]:
    """Everybody in it, the app's user included."""
    people = [one.id for one in workspace.people.values() if channel.has(one.id) and not one.deactivated]
    return people + ([workspace.bot_user_id] if channel.bot_is_member else [])


def group_json(
    group: UserGroup, *, workspace: Workspace, with_users: bool = False, with_count: bool = False
) -> dict[str, Any]:
    """A user group as usergroups.list answers it."""
    members = members_of_group(group, workspace=workspace)
    shown: dict[str, Any] = {
        "id": group.id,
        "team_id": workspace.team_id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "description": group.description,
        "handle": group.handle,
        "is_external": False,
        "date_create": 1_700_000_000,
        "date_update": group.updated_at,
        "date_delete": group.updated_at if group.is_disabled else 0,
        "auto_type": None,
        "auto_provision": False,
        "enterprise_subteam_id": "",
        "created_by": "USLACKBOT",
        "updated_by": "USLACKBOT",
        "deleted_by": "USLACKBOT" if group.is_disabled else None,
        "prefs": {"channels": [], "groups": []},
    }
    if with_users:
        shown["users"] = members
    if with_count:
        shown["user_count"] = len(members)
    return shown


def members_of_group(group: UserGroup, *, workspace: Workspace) -> list[str]:
    """Its members, without those who were deactivated: Slack takes them out."""
    people = workspace.people
    return [one for one in group.members if one in people and not people[one].deactivated]


def view_json(view: View, *, workspace: Workspace) -> dict[str, Any]:
    """A view with its present state, as answers and payloads hold it."""
    chosen = workspace.inputs.get((view.user, view.surface), {})
    shown: dict[str, Any] = {
        "id": view.id,
        "team_id": workspace.team_id,
        "type": view.type,
        "blocks": copy.deepcopy(view.blocks),
        "private_metadata": view.private_metadata,
        "callback_id": view.callback_id,
        "state": {"values": state_values(view.blocks, chosen=chosen)},
        "hash": view.hash,
        "title": view.title or {"type": "plain_text", "text": "View Title", "emoji": True},
        "clear_on_close": view.clear_on_close,
        "notify_on_close": view.notify_on_close,
        "close": view.close,
        "submit": view.submit,
        "previous_view_id": view.previous_view_id,
        "root_view_id": view.root_view_id,
        "app_id": workspace.app_id,
        "external_id": view.external_id,
        "app_installed_team_id": workspace.team_id,
        "bot_id": workspace.bot_id,
    }
    return shown


def new_hash(workspace: Workspace) -> str:
    """A view's hash: changes with every update."""
    return f"{int(workspace.now().astimezone(UTC).timestamp())}.{workspace.ids.secret(length=8)}"
