"""chat.*: posting, changing, deleting, linking."""

from __future__ import annotations

from typing import Any

from sandbox.api.arguments import Arguments
from sandbox.api.desk import Desk
from sandbox.api.errors import ApiError
from sandbox.kit import rules, whole
from sandbox.kit.check import check_blocks
from sandbox.kit.finish import finish_blocks
from sandbox.people import Channel, Message
from sandbox.shapes import message_json

METADATA_BYTES = 16_000


def post_message(desk: Desk, arguments: Arguments) -> dict[str, Any]:
    channel = destination(desk, arguments.text("channel"))
    content = read_content(desk, arguments, method="chat.postMessage")
    wait = desk.faults.too_soon(channel.id)
    if wait is not None:
        raise ApiError("ratelimited", status=429, retry_after=wait)
    workspace = desk.workspace
    message = workspace.add_message(
        channel=channel.id,
        user=workspace.bot_user_id,
        from_app=True,
        thread_ts=arguments.text("thread_ts", "") or None,
        **content,
    )
    return {"channel": channel.id, "ts": message.ts, "message": message_json(message, workspace=workspace)}


def post_ephemeral(desk: Desk, arguments: Arguments) -> dict[str, Any]:
    channel = destination(desk, arguments.text("channel"))
    user = arguments.text("user")
    content = read_content(desk, arguments, method="chat.postEphemeral")
    person = desk.workspace.people.get(user)
    if person is None or person.deactivated or not channel.has(user):
        raise ApiError("user_not_in_channel")
    message = desk.workspace.add_message(
        channel=channel.id,
        user=desk.workspace.bot_user_id,
        from_app=True,
        visible_to=user,
        thread_ts=arguments.text("thread_ts", "") or None,
        text=content["text"],
        blocks=content["blocks"],
    )
    return {"message_ts": message.ts}


def update(desk: Desk, arguments: Arguments) -> dict[str, Any]:
    message = _own_message(desk, arguments, refusal="cant_update_message")
    content = read_content(desk, arguments, method="chat.update", unchanged=message)
    replace_content(desk, message=message, content=content)
    return {
        "channel": message.channel,
        "ts": message.ts,
        "text": message.text,
        "message": message_json(message, workspace=desk.workspace),
    }


def delete(desk: Desk, arguments: Arguments) -> dict[str, Any]:
    message = _own_message(desk, arguments, refusal="cant_delete_message")
    desk.workspace.remove_message(message)
    return {"channel": message.channel, "ts": message.ts}


def get_permalink(desk: Desk, arguments: Arguments) -> dict[str, Any]:
    channel = desk.conversation(arguments.text("channel"), right="")
    ts = arguments.text("message_ts")
    message = desk.workspace.find_message(channel=channel.id, ts=ts)
    if message is None or message.ephemeral:
        raise ApiError("message_not_found")
    link = f"{desk.url()}/archives/{channel.id}/p{ts.replace('.', '')}"
    if message.thread_ts and message.thread_ts != ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def destination(desk: Desk, name: str) -> Channel:
    """Where a post goes: a channel the app may write to, or the direct message of a member."""
    workspace = desk.workspace
    if name.startswith(("U", "W")):
        person = workspace.people.get(name)
        if person is None or person.deactivated:
            raise ApiError("channel_not_found")
        channel = workspace.dm_with(name)
    else:
        channel = desk.conversation(name, right="")
    if channel.is_archived:
        raise ApiError("is_archived")
    if channel.is_dm:
        if not desk.app_home.get("messages_tab_enabled", True):
            raise ApiError("messages_tab_disabled")
        return channel
    if not channel.bot_is_member and not desk.may("chat:write.public"):
        raise ApiError("not_in_channel")
    return channel


def read_content(desk: Desk, arguments: Arguments, *, method: str, unchanged: Message | None = None) -> dict[str, Any]:
    """text, blocks and metadata, checked. For an update, what is not sent stays as it is in `unchanged`."""
    blocks = arguments.thing("blocks")
    text = arguments.get("text")
    if text is not None and not isinstance(text, str):
        raise ApiError("invalid_arguments", messages=["[ERROR] must be a string [json-pointer:/text]"])
    if blocks is not None:
        found = check_blocks(blocks, surface="message")
        if found:
            too_long = isinstance(blocks, list) and _markdown_too_long(blocks)
            code = "msg_blocks_too_long" if too_long else "invalid_blocks"
            raise ApiError(code, messages=found.messages(), errors=list(found))
    if not blocks and not text and (unchanged is None or blocks is not None or text is not None):
        raise ApiError("no_text")
    if text is not None and len(text) > rules.TEXT_LIMIT[method]:
        raise ApiError("msg_too_long")
    content: dict[str, Any] = {
        "text": text if text is not None else "",
        "blocks": finish_blocks(blocks or [], ids=desk.workspace.ids),
        "metadata": _metadata(arguments),
    }
    if unchanged is not None:
        # As in Slack: text without blocks removes the blocks; blocks without text leave the old text.
        if text is None:
            content["text"] = unchanged.text
        if blocks is None and text is None:
            content["blocks"] = unchanged.blocks
        if "metadata" not in arguments:
            content["metadata"] = unchanged.metadata
    return content


def replace_content(desk: Desk, *, message: Message, content: dict[str, Any]) -> None:
    with desk.workspace.change():
        message.text, message.blocks = content["text"], content["blocks"]
        message.metadata = content.get("metadata", message.metadata)
        message.edited_at = desk.workspace.next_ts()
        for person in desk.workspace.people:
            desk.workspace.notices.pop((person, message.surface), None)


def _own_message(desk: Desk, arguments: Arguments, *, refusal: str) -> Message:
    channel = desk.conversation(arguments.text("channel"), right="")
    message = desk.workspace.find_message(channel=channel.id, ts=arguments.text("ts"))
    if message is None or message.ephemeral:
        raise ApiError("message_not_found")
    if not message.from_app:
        raise ApiError(refusal)
    if channel.is_archived:
        raise ApiError("is_archived")
    return message


def _metadata(arguments: Arguments) -> dict[str, Any] | None:
    value = arguments.thing("metadata")
    if value is None:
        return None
    if (
        not isinstance(value, dict)
        or not isinstance(value.get("event_type"), str)
        or not value["event_type"]
        or not isinstance(value.get("event_payload"), dict)
    ):
        raise ApiError("invalid_metadata_format")
    if len(str(value)) > METADATA_BYTES:
        raise ApiError("metadata_too_large")
    return value


def _markdown_too_long(blocks: list[Any]) -> bool:
    texts = [one for one in blocks if isinstance(one, dict) and isinstance(one.get("text"), str)]
    return whole.markdown_length(texts) > rules.MARKDOWN_TOTAL
