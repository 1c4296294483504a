"""conversations.*: finding channels, members and messages; opening direct messages."""

from __future__ import annotations

from typing import Any

from sandbox.api.arguments import Arguments, page_of
from sandbox.api.desk import Desk, kind_of
from sandbox.api.errors import ApiError
from sandbox.api.scopes import BY_KIND
from sandbox.shapes import channel_json, members_of, message_json

TYPES = {"public_channel": "channel", "private_channel": "private", "im": "dm"}


def info(desk: Desk, arguments: Arguments) -> dict[str, Any]:
    channel = desk.conversation(arguments.text("channel"), right="read")
    return {"channel": channel_json(channel, workspace=desk.workspace)}


def list_all(desk: Desk, arguments: Arguments) -> dict[str, Any]:
    kinds = []
    for name in arguments.text("types", "public_channel").split(","):
        if name.strip() not in (*TYPES, "mpim"):
            raise ApiError("invalid_types")
        if name.strip() in TYPES:
            kinds.append(TYPES[name.strip()])
    for kind in kinds:
        desk.require(f"{BY_KIND[kind]}:read")
    found = [
        channel
        for channel in desk.workspace.channels.values()
        if kind_of(channel) in kinds
        and (channel.bot_is_member or not channel.is_private)
        and not (channel.is_archived and arguments.flag("exclude_archived"))
    ]
    page, cursor = page_of(found, arguments)
    return {
        "channels": [channel_json(channel, workspace=desk.workspace) for channel in page],
        "response_metadata": {"next_cursor": cursor},
    }


def open_dm(desk: Desk, arguments: Arguments) -> dict[str, Any]:
    workspace = desk.workspace
    if "channel" in arguments:
        channel = desk.conversation(arguments.text("channel"), right="")
        return {"no_op": True, "already_open": True, "channel": {"id": channel.id}}
    users = [one.strip() for one in arguments.text("users").split(",") if one.strip()]
    if not users:
        raise ApiError("users_list_not_supplied")
    for user in users:
        person = workspace.people.get(user)
        if person is None:
            raise ApiError("user_not_found")
        if person.deactivated:
            raise ApiError("user_disabled")
    if len(users) > 1:
        # Group messages are left out of the sandbox; the app under test has no use for them.
        raise ApiError("method_not_supported_for_channel_type")
    with workspace.lock:
        before = len(workspace.channels)
        channel = workspace.dm_with(users[0])
        known = len(workspace.channels) == before
    shown = channel_json(channel, workspace=workspace) if arguments.flag("return_im") else {"id": channel.id}
    return {"no_op": known, "already_open": known, "channel": shown}


def join(desk: Desk, arguments: Arguments) -> dict[str, Any]:
    channel = desk.conversation(arguments.text("channel"), right="")
    if channel.is_archived:
        raise ApiError("is_archived")
    if kind_of(channel) != "channel":
        raise ApiError("method_not_supported_for_channel_type")
    already = channel.bot_is_member
    with desk.workspace.change():
        channel.bot_is_member = True
    answer: dict[str, Any] = {"channel": channel_json(channel, workspace=desk.workspace)}
    if already:
        answer |= {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    return answer


def members(desk: Desk, arguments: Arguments) -> dict[str, Any]:
    channel = desk.conversation(arguments.text("channel"), right="read")
    page, cursor = page_of(members_of(channel, workspace=desk.workspace), arguments)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


def history(desk: Desk, arguments: Arguments) -> dict[str, Any]:
    channel = desk.conversation(arguments.text("channel"), right="history")
    if not channel.bot_is_member:
        raise ApiError("not_in_channel")
    oldest, latest = arguments.text("oldest", ""), arguments.text("latest", "")
    inclusive = arguments.flag("inclusive")

    def is_in_range(ts: str) -> bool:
        after = not oldest or float(ts) > float(oldest) or (inclusive and ts == oldest)
        before = not latest or float(ts) < float(latest) or (inclusive and ts == latest)
        return after and before

    with desk.workspace.lock:
        held = [
            one
            for one in reversed(desk.workspace.messages.get(channel.id, []))
            if not one.ephemeral and one.thread_ts in (None, one.ts) and is_in_range(one.ts)
        ]
    page, cursor = page_of(held, arguments)
    with_metadata = arguments.flag("include_all_metadata")
    answer: dict[str, Any] = {
        "messages": [message_json(one, workspace=desk.workspace, with_metadata=with_metadata) for one in page],
        "has_more": bool(cursor),
        "pin_count": 0,
    }
    if cursor:
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer
