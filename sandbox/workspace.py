"""The state of the workspace and who sees what of it. One lock guards it; every change is announced."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from sandbox.clock import MovableClock
from sandbox.identifiers import Identifiers
from sandbox.people import Block, Channel, File, Impossible, Message, Person, UserGroup, View

__all__ = ["Channel", "Impossible", "Message", "Person", "UserGroup", "View", "Workspace"]

SLACKBOT = "USLACKBOT"


class Workspace:
    """People, channels, messages, views and what was typed into them.

    Read and write under `lock` (re-entrant) or inside `change()`, which also wakes everybody who waits.
    """

    def __init__(
        self,
        *,
        people: list[Person],
        channels: list[Channel],
        clock: MovableClock,
        groups: Sequence[UserGroup] = (),
        team_id: str = "T01SANDBOX",
        team_name: str = "Sandbox",
        app_name: str = "App",
        seed: int = 1,
    ) -> None:
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.version = 1
        self.clock = clock
        self.ids = Identifiers(seed=seed)
        self.team_id, self.team_name, self.app_name = team_id, team_name, app_name
        self.app_id = self.ids.make("A0", length=9)
        self.bot_id = self.ids.make("B0", length=9)
        self.bot_user_id = self.ids.make("U0", length=9)
        self.people: dict[str, Person] = {person.id: replace(person) for person in people}
        self.channels: dict[str, Channel] = {channel.id: _copy(channel) for channel in channels}
        self.groups: dict[str, UserGroup] = {one.id: replace(one, members=list(one.members)) for one in groups}
        self.messages: dict[str, list[Message]] = {}
        self.files: dict[str, File] = {}
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.used_external_ids: dict[str, str] = {}
        # What a person typed or chose, by (person, surface): {block_id: {action_id: state entry}}.
        self.inputs: dict[tuple[str, str], dict[str, dict[str, dict[str, Any]]]] = {}
        # Slack's word beside an element whose action failed, by (person, surface).
        self.notices: dict[tuple[str, str], str] = {}
        self.busy: dict[str, list[str]] = {}
        self.installed = True
        self.stamps: set[str] = set()
        self._latest = (0, 0)  # the clock at the last stamp and that stamp, microseconds

    # -- changes ---------------------------------------------------------------------------------------

    @contextmanager
    def change(self) -> Iterator[None]:
        """Everything inside is one change; those who wait are woken once, at its end."""
        with self.lock:
            yield
            self.version += 1
            self.changed.notify_all()

    def touch(self) -> None:
        """Announce a change that lies outside this object: the clock moved, mail arrived."""
        with self.change():
            pass

    def wait_for(self, condition: Callable[[], Any], *, timeout: float) -> Any:
        """Wait until `condition()` is true and return its value; TimeoutError after `timeout` seconds.

        It is evaluated again after every change, and now and then besides, because what a test waits for
        may lie outside the workspace.
        """
        deadline = time.monotonic() + timeout
        with self.changed:
            while not (value := condition()):
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError(f"nothing came of it within {timeout} s")
                self.changed.wait(min(left, 0.05))
            return value

    # -- time ------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        return self.clock.now()

    def next_ts(self) -> str:
        """A message timestamp in sandbox time, unlike every one before it."""
        with self.lock:
            now = int(self.now().timestamp() * 1_000_000)
            # A clock that stands still goes on from its last one: looking through all of them would take ever longer.
            micros = self._latest[1] + 1 if self._latest[0] == now else now
            while (stamp := f"{micros // 1_000_000}.{micros % 1_000_000:06d}") in self.stamps:
                micros += 1
            self._latest = (now, micros)
            self.stamps.add(stamp)
            return stamp

    # -- people and channels ---------------------------------------------------------------------------

    def person(self, id: str) -> Person:
        found = self.people.get(id)
        if found is None:
            raise Impossible(f"there is nobody with the id {id} here")
        return found

    def channel(self, id: str) -> Channel:
        found = self.channels.get(id)
        if found is None:
            raise Impossible(f"there is no channel with the id {id} here")
        return found

    def group(self, id: str) -> UserGroup:
        found = self.groups.get(id)
        if found is None:
            raise Impossible(f"there is no user group with the id {id} here")
        return found

    def dm_with(self, person: str) -> Channel:
        """The direct message between the app and a person, made when it is first needed."""
        with self.lock:
            self.person(person)
            for channel in self.channels.values():
                if channel.is_dm and channel.members == [person]:
                    return channel
            made = Channel(
                id="D0" + person.removeprefix("U").removeprefix("0").rjust(9, "0"),
                name="directmessage",
                members=[person],
                bot_is_member=True,
                is_private=True,
                is_dm=True,
            )
            with self.change():
                self.channels[made.id] = made
            return made

    def channels_of(self, person: str) -> list[Channel]:
        return [channel for channel in self.channels.values() if channel.has(person)]

    # -- messages --------------------------------------------------------------------------------------

    def add_message(
        self, *, channel: str, user: str, text: str, blocks: list[Block] | None = None, **rest: Any
    ) -> Message:
        with self.change():
            message = Message(
                ts=self.next_ts(), channel=channel, user=user, text=text, blocks=list(blocks or []), **rest
            )
            self.messages.setdefault(channel, []).append(message)
            return message

    def add_failure(self, *, channel: str, user: str, text: str) -> Message:
        """Slack's own words, to one person only."""
        return self.add_message(channel=channel, user=SLACKBOT, text=text, visible_to=user, failure=True)

    def find_message(self, *, channel: str, ts: str) -> Message | None:
        with self.lock:
            return next((one for one in self.messages.get(channel, []) if one.ts == ts), None)

    def remove_message(self, message: Message) -> None:
        with self.change():
            self.messages[message.channel] = [one for one in self.messages[message.channel] if one is not message]

    def visible(self, *, channel: str, viewer: str) -> list[Message]:
        """What `viewer` sees in a channel, oldest first."""
        with self.lock:
            if not self.channel(channel).has(viewer):
                return []
            return [one for one in self.messages.get(channel, []) if one.visible_to in (None, viewer)]

    # -- views -----------------------------------------------------------------------------------------

    def top_view(self, user: str) -> View | None:
        with self.lock:
            stack = self.stacks.get(user)
            return stack[-1] if stack else None

    def find_view(self, *, view_id: str | None = None, external_id: str | None = None) -> View | None:
        with self.lock:
            everything = [view for stack in self.stacks.values() for view in stack] + list(self.homes.values())
            for view in everything:
                if (view_id and view.id == view_id) or (external_id and view.external_id == external_id):
                    return view
            return None

    # -- waiting ---------------------------------------------------------------------------------------

    @contextmanager
    def waiting(self, *, user: str, what: str) -> Iterator[None]:
        """While an answer of the bot is awaited, the person sees that it is."""
        with self.change():
            self.busy.setdefault(user, []).append(what)
        try:
            yield
        finally:
            with self.change():
                self.busy[user].remove(what)


def _copy(channel: Channel) -> Channel:
    return replace(channel, members=list(channel.members) if channel.members is not None else None)
