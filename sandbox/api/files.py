"""files.*: an upload in three steps, as Slack wants it now: an address, the bytes, and where the file belongs."""

from __future__ import annotations

from typing import Any

from sandbox.api.arguments import Arguments
from sandbox.api.chat import destination
from sandbox.api.desk import Desk
from sandbox.api.errors import ApiError
from sandbox.people import File


def get_upload_url(desk: Desk, arguments: Arguments) -> dict[str, Any]:
    name, size = arguments.text("filename"), arguments.number("length", 0)
    if size <= 0:
        raise ApiError("missing_argument" if "length" not in arguments else "invalid_arguments")
    workspace = desk.workspace
    with workspace.change():
        file = File(id=workspace.ids.make("F0", length=9), name=name, size=size, secret=workspace.ids.secret())
        workspace.files[file.id] = file
    return {"upload_url": f"{desk.url()}/upload/v1/{file.secret}", "file_id": file.id}


def complete_upload(desk: Desk, arguments: Arguments) -> dict[str, Any]:
    """Shares the files in one message. Like Slack, it takes a conversation's id and no person's."""
    workspace, wanted = desk.workspace, arguments.thing("files")
    if not isinstance(wanted, list) or not all(isinstance(one, dict) and "id" in one for one in wanted) or not wanted:
        raise ApiError("invalid_arguments")
    files = [workspace.files.get(str(one["id"])) for one in wanted]
    done = [file for file in files if file is not None and file.content is not None and not file.is_shared]
    if len(done) != len(files):
        raise ApiError("file_not_found")
    channel_id = arguments.text("channel_id", "")
    if channel_id.startswith(("U", "W")):
        raise ApiError("channel_not_found")
    channel = destination(desk, channel_id) if channel_id else None
    with workspace.change():
        for file, one in zip(done, wanted, strict=True):
            file.title, file.is_shared = str(one.get("title") or file.name), True
        if channel is not None:
            workspace.add_message(
                channel=channel.id,
                user=workspace.bot_user_id,
                from_app=True,
                thread_ts=arguments.text("thread_ts", "") or None,
                text=arguments.text("initial_comment", ""),
                files=[file.id for file in done],
            )
    return {"files": [{"id": file.id, "title": file.title} for file in done]}
