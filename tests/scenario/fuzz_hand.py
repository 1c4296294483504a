"""Requests as Slack would send them: of any person, for any listener, with anything in them.

The sandbox lets people click only what they see. This hand needs no button: whatever is put into it is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers import registry
from sandbox.people import Message
from sandbox.server import SandboxServer
from tests.scenario.office import AR, SALES

Payload = dict[str, Any]


@dataclass(frozen=True)
class Hand:
    slack: SandboxServer

    def command(self, user: str, command: str, text: str) -> Payload:
        url, _ = self.slack.stage.hooks.issue(kind="commands", user=user, channel=SALES)
        return {
            "command": command,
            "text": text,
            "user_id": user,
            "team_id": self.slack.workspace.team_id,
            "channel_id": SALES,
            "response_url": url,
            "trigger_id": self._trigger(user),
        }

    def shortcut(self, user: str, callback: str) -> Payload:
        return {**self._common(user), "type": "shortcut", "callback_id": callback}

    def message_shortcut(self, user: str, callback: str, text: str) -> Payload:
        said = self.slack.say(user=user, channel=SALES, text=text)
        url, _ = self.slack.stage.hooks.issue(kind="actions", user=user, channel=SALES, source=said)
        return {
            **self._common(user),
            "type": "message_action",
            "callback_id": callback,
            "channel": {"id": SALES, "name": "sales"},
            "message_ts": said.ts,
            "message": {"type": "message", "ts": said.ts, "user": user, "text": said.text},
            "response_url": url,
        }

    def click(self, user: str, action: str, value: str, *, where: Payload, is_menu: bool = False) -> Payload:
        """`where` is one of the places below. A menu has its value in an option."""
        # A click has its own time: the same one delivered twice is one click.
        said: Payload = {"action_id": action, "block_id": "b", "action_ts": self.slack.workspace.next_ts()}
        if is_menu:
            said |= {"type": "static_select", "selected_option": option(value)}
        else:
            said |= {"type": "button", "value": value}
        return {**self._common(user), "type": "block_actions", "actions": [said], **where}

    def submission(self, user: str, view: Payload) -> Payload:
        return {**self._common(user), "type": "view_submission", "view": view}

    def suggestion(self, user: str, select: str, typed: str) -> Payload:
        view = {"id": "V1", "type": "modal", "state": {"values": {}}, "private_metadata": ""}
        return {**self._common(user), "type": "block_suggestion", "action_id": select, "value": typed, "view": view}

    def event(self, user: str, event: Payload) -> Payload:
        """As it arrives at the app: what is new, in an envelope."""
        workspace = self.slack.workspace
        return {
            "token": "sandbox",
            "team_id": workspace.team_id,
            "api_app_id": workspace.app_id,
            "type": "event_callback",
            "event_id": workspace.ids.make("Ev0"),
            "event_time": 1,
            "authorizations": [{"team_id": workspace.team_id, "user_id": workspace.bot_user_id, "is_bot": True}],
            "event": event,
        }

    # -- places ----------------------------------------------------------------------------------------------

    def message(self, user: str, *, channel: str = AR, is_own: bool = False) -> Payload:
        """A message of the app, in a channel or for this person only."""
        source: Message = self.slack.workspace.add_message(
            channel=channel,
            user=self.slack.workspace.bot_user_id,
            text="x",
            from_app=True,
            visible_to=user if is_own else None,
        )
        url, _ = self.slack.stage.hooks.issue(kind="actions", user=user, channel=channel, source=source)
        return {
            "container": {
                "type": "message",
                "message_ts": source.ts,
                "channel_id": channel,
                "is_ephemeral": is_own,
            },
            "channel": {"id": channel, "name": "x"},
            "response_url": url,
        }

    def window(self, user: str, callback: str, metadata: str, values: Mapping[str, Any]) -> Payload:
        """A window that stands open, with what is filled into it."""
        self.slack.workspace.stacks[user] = []
        view = {
            "type": "modal",
            "title": {"type": "plain_text", "text": "x"},
            "callback_id": callback,
            "private_metadata": metadata[:3_000],
            "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x"}}],
        }
        opened = self.slack.api.call(
            "views.open", given={"trigger_id": self._trigger(user), "view": view}, token=self.slack.tokens.bot
        ).body["view"]
        return {**opened, "state": {"values": values}}

    def in_window(self, view: Payload) -> Payload:
        return {"container": {"type": "view", "view_id": view["id"]}, "view": view}

    def home(self, user: str) -> Payload:
        home = self.slack.workspace.homes[user]
        view = {
            "id": home.id,
            "type": "home",
            "hash": home.hash,
            "state": {"values": {}},
            "private_metadata": "",
        }
        return self.in_window(view)

    def _common(self, user: str) -> Payload:
        common = self.slack.stage.common(self.slack.workspace.person(user))
        return {**common, "trigger_id": self._trigger(user)}

    def _trigger(self, user: str) -> str:
        return self.slack.stage.triggers.issue(user=user)


def option(value: str) -> Payload:
    return {"text": {"type": "plain_text", "text": "x"}, "value": value}


def listeners() -> dict[str, frozenset[str]]:
    """Everything that Slack can reach, by the kind of request."""
    return {
        "command": frozenset(registry.COMMANDS),
        "shortcut": frozenset(registry.SHORTCUTS),
        "message_action": frozenset(registry.MESSAGE_SHORTCUTS),
        "block_actions": frozenset(registry.ACTIONS),
        "view_submission": frozenset(registry.SUBMISSIONS),
        "block_suggestion": frozenset(registry.OPTIONS),
        "event_callback": frozenset(registry.EVENTS),
    }
