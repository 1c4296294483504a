"""What tests (and the page's endpoints) do with a workspace, in the words of a person sitting in front of it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sandbox.acts import clicks, commands, modals, shortcuts
from sandbox.acts.options import load_options
from sandbox.acts.surfaces import Target, find, loaded_for, state_of
from sandbox.api.desk import Call, Desk
from sandbox.delivery.records import Attempt, Delivery
from sandbox.delivery.signing import signed_headers
from sandbox.people import Impossible, Message, View
from sandbox.stage import Stage
from sandbox.workspace import Workspace


class Driver:
    """The acts and the looks. `user` is always a person's id. What a person could not do raises Impossible."""

    stage: Stage
    desk: Desk
    workspace: Workspace

    # -- acts ------------------------------------------------------------------------------------------

    def command(self, *, user: str, command: str, text: str = "", channel: str) -> Delivery:
        """Type a slash command; returns when the bot has answered or Slack has given up."""
        return commands.run_command(self.stage, user=user, command=command, text=text, channel=channel)

    def say(self, *, user: str, channel: str | None = None, text: str, thread_ts: str | None = None) -> Message:
        """Write a message, to the app's direct message when no channel is named."""
        place = channel or self.workspace.dm_with(user).id
        return copy.deepcopy(commands.say(self.stage, user=user, channel=place, text=text, thread_ts=thread_ts))

    def find(self, *, user: str, action_id: str, **where: Any) -> Target:
        """The element as the person sees it; `where` may name block_id, value, channel, message_ts, view_id."""
        return find(self.stage, user=user, action_id=action_id, **where)

    def click(self, *, user: str, action_id: str, value: Any = None, **where: Any) -> Delivery:
        """Press a button; `value` tells apart buttons that share an action_id."""
        target = self.find(user=user, action_id=action_id, value=value, **where)
        return clicks.act_on(self.stage, user=user, target=target, value=value)

    def select(self, *, user: str, action_id: str, option: Any, quiet: bool = False, **where: Any) -> Delivery:
        """Choose from a menu, radio buttons, checkboxes or a picker: the option's value, or a list of them.

        `quiet` leaves it at typing: the app is not told, whatever the block says.
        """
        target = self.find(user=user, action_id=action_id, **where)
        self._load_if_needed(user=user, target=target, value=option)
        return clicks.act_on(self.stage, user=user, target=target, value=option, quiet=quiet)

    def fill(self, *, user: str, action_id: str, value: Any, block_id: str | None = None) -> Delivery:
        """Put something into an input of the top modal (or of the Home tab when no modal is open)."""
        top = self.workspace.top_view(user) or self.workspace.homes.get(user)
        if top is None:
            raise Impossible(f"{user} has nothing open to fill in")
        return self.select(user=user, action_id=action_id, option=value, block_id=block_id, view_id=top.id)

    def options(self, *, user: str, action_id: str, query: str, **where: Any) -> Delivery:
        """Type into a menu that loads its options; they are in the delivery's `options`."""
        target = self.find(user=user, action_id=action_id, **where)
        return load_options(self.stage, user=user, target=target, query=query)

    def submit(self, *, user: str) -> Delivery:
        return modals.submit(self.stage, user=user)

    def close(self, *, user: str, everything: bool = False) -> list[Delivery]:
        """Cancel the top modal, or with `everything` the whole stack (the X)."""
        return modals.close(self.stage, user=user, everything=everything)

    def open_home(self, *, user: str, tab: str = "home") -> Delivery:
        return modals.open_home(self.stage, user=user, tab=tab)

    def shortcut(self, *, user: str, callback_id: str) -> Delivery:
        return shortcuts.run_shortcut(self.stage, user=user, callback_id=callback_id)

    def message_shortcut(self, *, user: str, callback_id: str, channel: str, message_ts: str) -> Delivery:
        return shortcuts.run_message_shortcut(
            self.stage, user=user, callback_id=callback_id, channel=channel, message_ts=message_ts
        )

    # -- looks -----------------------------------------------------------------------------------------

    def messages(self, *, channel: str, viewer: str | None = None) -> list[Message]:
        """What `viewer` sees there, oldest first; without a viewer, what is there for everybody."""
        with self.workspace.lock:
            if viewer is not None:
                return copy.deepcopy(self.workspace.visible(channel=channel, viewer=viewer))
            self.workspace.channel(channel)
            return copy.deepcopy([one for one in self.workspace.messages.get(channel, []) if not one.ephemeral])

    def dm(self, *, user: str) -> list[Message]:
        """The messages in the app's direct message with the person."""
        return self.messages(channel=self.workspace.dm_with(user).id, viewer=user)

    def dm_id(self, *, user: str) -> str:
        return self.workspace.dm_with(user).id

    def view(self, *, user: str) -> View | None:
        """The top modal."""
        return copy.deepcopy(self.workspace.top_view(user))

    def views(self, *, user: str) -> list[View]:
        """The whole stack, the root first."""
        with self.workspace.lock:
            return copy.deepcopy(self.workspace.stacks.get(user, []))

    def home(self, *, user: str) -> View | None:
        with self.workspace.lock:
            return copy.deepcopy(self.workspace.homes.get(user))

    def values(self, *, user: str) -> dict[str, dict[str, dict[str, Any]]]:
        """`state.values` of the top modal as it would be sent now."""
        top = self.workspace.top_view(user)
        if top is None:
            raise Impossible(f"{user} has no modal open")
        return state_of(self.stage, user=user, surface=top)

    def calls(self, method: str | None = None) -> list[Call]:
        """The Web API calls so far, or those of one method."""
        with self.workspace.lock:
            return [call for call in self.desk.calls if method in (None, call.method)]

    def deliveries(self, kind: str | None = None) -> list[Delivery]:
        """Everything that was sent to the bot, or what has this kind (`command`, `block_actions`, ...)."""
        return [one for one in list(self.stage.carrier.sent) if kind in (None, one.kind)]

    def wait_for(self, condition: Callable[[], Any], *, timeout: float = 5.0) -> Any:
        """Wait until it is true; its value. TimeoutError otherwise."""
        return self.workspace.wait_for(condition, timeout=timeout)

    # -- deliveries for tests of the edge -----------------------------------------------------------------

    def deliver_event(self, event: dict[str, Any]) -> Delivery:
        """Send this event whether or not the manifest subscribes to it. Retries follow by themselves."""
        return self.stage.events.send(event)

    def verify_url(self) -> Delivery:
        """Slack's url_verification handshake."""
        return self.stage.events.verify()

    def replay(
        self, delivery: Delivery, *, retry_num: int | None = None, retry_reason: str = "http_timeout"
    ) -> Delivery:
        """The same body with the same signature once more, as a duplicate or as Slack's retry."""
        again = replace(delivery, attempts=[], failure=None, errors={}, options=[], view=None)
        again.headers = dict(delivery.headers)
        retry = (retry_num, retry_reason) if retry_num is not None else None
        self.stage.carrier.carry(again, retry=retry, resign=False)
        return again

    def forge(
        self,
        delivery: Delivery,
        *,
        secret: str | None = None,
        body: bytes | None = None,
        at: int | None = None,
        headers: dict[str, str | None] | None = None,
    ) -> Attempt:
        """The delivery made false: signed with another secret, at another time, with another body under the old
        signature, or with headers changed (None takes one away)."""
        signed = signed_headers(secret=secret or self.stage.carrier.secret, body=delivery.raw, at=at)
        sent: dict[str, str] = {**delivery.headers, **signed}
        for name, value in (headers or {}).items():
            sent.pop(name, None)
            if value is not None:
                sent[name] = value
        return self.send_raw(delivery.raw if body is None else body, sent)

    def send_raw(self, body: bytes, headers: dict[str, str]) -> Attempt:
        """Exactly this request to the bot's URL."""
        return self.stage.carrier.send_raw(body, headers)

    def _load_if_needed(self, *, user: str, target: Target, value: Any) -> None:
        """A person types before they pick from a menu that loads its options."""
        if target.element["type"] != "external_select" or not isinstance(value, str):
            return
        known = {one["value"] for one in loaded_for(self.stage, user=user, target=target)}
        if value not in known:
            load_options(self.stage, user=user, target=target, query=value)
