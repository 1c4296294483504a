"""Keeps a workspace in a JSON file, so that a second start finds its messages again."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sandbox.people import Channel, Message, Person, UserGroup, View
from sandbox.workspace import Workspace

VERSION = 1
# Seconds between two writes while much happens; the last write is made at the stop.
PAUSE = 0.4


def to_dict(workspace: Workspace) -> dict[str, Any]:
    """Everything that outlives a stop. Open modals do not: their triggers and hashes would be stale."""
    with workspace.lock:
        return {
            "version": VERSION,
            "ids": {"app": workspace.app_id, "bot": workspace.bot_id, "bot_user": workspace.bot_user_id},
            "people": [asdict(person) for person in workspace.people.values()],
            "channels": [asdict(channel) for channel in workspace.channels.values()],
            "groups": [asdict(group) for group in workspace.groups.values()],
            "messages": [asdict(one) for held in workspace.messages.values() for one in held],
            "homes": [asdict(view) for view in workspace.homes.values()],
            "external_ids": workspace.used_external_ids,
            "installed": workspace.installed,
        }


def fill(workspace: Workspace, kept: dict[str, Any]) -> None:
    """Put what was kept back. People and channels named by the caller keep the caller's description."""
    with workspace.change():
        ids = kept["ids"]
        workspace.app_id, workspace.bot_id, workspace.bot_user_id = ids["app"], ids["bot"], ids["bot_user"]
        for person in kept["people"]:
            old = workspace.people.setdefault(person["id"], Person(**person))
            old.deactivated = person["deactivated"]
        for channel in kept["channels"]:
            known = workspace.channels.setdefault(channel["id"], Channel(**channel))
            known.is_archived, known.bot_is_member = channel["is_archived"], channel["bot_is_member"]
        for group in kept.get("groups", []):  # files written before there were any hold none
            workspace.groups[group["id"]] = UserGroup(**group)
        for message in kept["messages"]:
            workspace.messages.setdefault(message["channel"], []).append(Message(**message))
            workspace.stamps.add(message["ts"])
        workspace.homes.update({view["user"]: View(**view) for view in kept["homes"]})
        workspace.used_external_ids.update(kept["external_ids"])
        workspace.installed = kept["installed"]
        count = sum(len(held) for held in workspace.messages.values())
        workspace.ids.reseed(f"{workspace.team_id}:{count}:{workspace.next_ts()}")


class Keeper:
    """Writes the workspace to `path` shortly after every change, atomically, and once more at `close`."""

    def __init__(self, *, workspace: Workspace, path: Path) -> None:
        self._workspace, self._path = workspace, path
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sandbox-keeper", daemon=True)

    def start(self) -> None:
        if self._path.exists():
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            if kept.get("version") != VERSION:
                raise ValueError(f"{self._path} was written by another version of the sandbox; remove it")
            fill(self._workspace, kept)
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._workspace.touch()
        self._thread.join()
        self._write()

    def _run(self) -> None:
        written = -1
        while not self._stop.is_set():
            with self._workspace.changed:
                if self._workspace.version == written:
                    self._workspace.changed.wait(timeout=5)
                    continue
                written = self._workspace.version
            self._write()
            self._stop.wait(PAUSE)

    def _write(self) -> None:
        text = json.dumps(to_dict(self._workspace), ensure_ascii=False, indent=1)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_suffix(self._path.suffix + ".new")
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)
