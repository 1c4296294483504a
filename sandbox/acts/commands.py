"""Slash commands and plain messages."""

from __future__ import annotations

import json
import re

from sandbox import words
from sandbox.api.errors import ApiError
from sandbox.delivery.hooks import Hook
from sandbox.delivery.records import Delivery
from sandbox.people import Impossible, Message
from sandbox.stage import Stage, name_in_payload


def run_command(stage: Stage, *, user: str, command: str, text: str, channel: str) -> Delivery:
    """Send a slash command and show its answer, or Slack's word for the lack of one."""
    person, place = stage.actor(user), stage.place(channel, user=user)
    spec = stage.manifest.command(command)
    if spec is None:
        raise Impossible(words.not_a_command(command))
    workspace = stage.workspace
    url, hook = stage.hooks.issue(kind="commands", user=user, channel=channel)
    delivery = stage.carrier.command(
        {
            "token": "sandbox",
            "team_id": workspace.team_id,
            "team_domain": "sandbox",
            "channel_id": channel,
            "channel_name": name_in_payload(place),
            "user_id": user,
            "user_name": person.handle,
            "command": command,
            "text": _escaped(stage, text) if spec.should_escape else text,
            "api_app_id": workspace.app_id,
            "is_enterprise_install": "false",
            "response_url": url,
            "trigger_id": stage.triggers.issue(user=user),
        }
    )
    with workspace.waiting(user=user, what=command):
        attempt = stage.carrier.carry(delivery)
    code = attempt.code if not attempt.ok else _show(stage, delivery, hook=hook)
    if code is not None:
        delivery.failure = words.command_failed(command, code=code)
        workspace.add_failure(channel=channel, user=user, text=delivery.failure)
    return delivery


def say(stage: Stage, *, user: str, channel: str, text: str, thread_ts: str | None = None) -> Message:
    """Write a message; the app hears of it when the manifest subscribes to it."""
    stage.actor(user)
    place = stage.place(channel, user=user)
    if place.is_archived:
        raise Impossible(f"{place.name} is archived")
    if not text.strip():
        raise Impossible("a message needs some text")
    message = stage.workspace.add_message(channel=channel, user=user, text=text, thread_ts=thread_ts)
    event = {"user": user, "text": text, "ts": message.ts, "channel": channel, "event_ts": message.ts}
    if thread_ts:
        event["thread_ts"] = thread_ts
    kind = "im" if place.is_dm else "group" if place.is_private else "channel"
    name = {"im": "message.im", "group": "message.groups", "channel": "message.channels"}[kind]
    if place.bot_is_member and name in stage.manifest.events:
        stage.events.send({"type": "message", **event, "channel_type": kind, "team": stage.workspace.team_id})
    mention = f"<@{stage.workspace.bot_user_id}>"
    if place.bot_is_member and mention in text and not place.is_dm and "app_mention" in stage.manifest.events:
        stage.events.send({"type": "app_mention", **event})
    return message


def _show(stage: Stage, delivery: Delivery, *, hook: Hook) -> str | None:
    """Show the body of the ack; the code of Slack's complaint when it is no answer."""
    text = delivery.text
    if not text.strip():
        return None
    if "json" in delivery.last.headers.get("content-type", ""):
        try:
            given = json.loads(text)
        except ValueError:
            return "invalid_command_response"
    else:
        given = {"text": text}
    if isinstance(given, str):
        given = {"text": given}
    if not isinstance(given, dict):
        return "invalid_command_response"
    if not given.get("text") and not given.get("blocks"):
        return None
    try:
        stage.hooks.answer(hook, given)
    except ApiError as refused:
        delivery.errors = dict(enumerate_errors(refused))
        return "invalid_command_response"
    return None


def enumerate_errors(refused: ApiError) -> list[tuple[str, str]]:
    """The places an answer was wrong in, for tests to read."""
    return [(refused.code, "; ".join(refused.messages) or refused.code)]


def _escaped(stage: Stage, text: str) -> str:
    """`@rita` and `#general` as Slack writes them when a command escapes its text."""
    for person in stage.workspace.people.values():
        text = re.sub(rf"@{re.escape(person.handle)}\b", f"<@{person.id}|{person.handle}>", text)
    for channel in stage.workspace.channels.values():
        if not channel.is_dm:
            text = re.sub(rf"#{re.escape(channel.name)}\b", f"<#{channel.id}|{channel.name}>", text)
    return text
