"""Every listener, every role, payloads altered in each field: nothing the role may not do, and a sentence always.

Signed requests against a real bot and a real database with two organisations in it. After each one the rows are
compared with those before: what changed must be allowed to this role (`fuzz_rights`), in accounts it sees, and in no
other organisation. Whatever came in, the person reads something.
"""

from __future__ import annotations

import logging
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.values import Role
from handlers import registry
from handlers.seal import Kind
from sandbox.delivery.records import Delivery
from sandbox.people import Message
from tests.scenario.fuzz_ground import CAST, Ground, Token, open_ground
from tests.scenario.fuzz_rights import changes, objection
from tests.scenario.office import AR, SALES

TELLING = frozenset(
    {"views.open", "views.push", "views.update", "views.publish", "chat.postMessage", "chat.postEphemeral"}
)
ODD = [
    "",
    " ",
    "acme",
    "C-00001",
    "x" * 3_000,
    "\u202e\u0000'; --",
    "<!channel> <@U1>",
    "=1+1",
    "1e999",
    "-5",
    "12.400,00",
]
DAYS = [None, "2026-12-01", "1900-01-01", "9999-12-31"]
WRONG: list[Any] = [None, 5, True, [], {}, "x" * 5_000, ["p"], {"value": 1}, -1]
KEPT = frozenset(
    "type team user token api_app_id trigger_id response_url command callback_id enterprise channel message_ts".split()
    + "is_enterprise_install user_id team_id app_installed_team_id id hash action_id block_id channel_id".split()
)
"""What Slack's envelope is known by, and what an answer needs: never taken out."""


@pytest.fixture(params=["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.postgres)])
def ground(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ground]:
    with open_ground(tmp_path, database_url=request.getfixturevalue(request.param)) as opened:
        yield opened


class Fuzz:
    """One course of altered requests, the same for the same seed."""

    def __init__(self, ground: Ground, seed: int) -> None:
        self.ground, self.slack = ground, ground.office.slack
        self.chance = random.Random(seed)
        self.rows = ground.rows()
        self.sent = 0

    def go(self, rounds: int, *, with_wrong_types: bool) -> None:
        for _ in range(rounds):
            for role in Role:
                for name, payload in self._requests(role):
                    self._send(role, name, payload, is_broken=with_wrong_types and self._spoil(payload))
                self.ground.gather()

    # -- requests, as Slack would send them ----------------------------------------------------------------

    def _requests(self, role: Role) -> Iterator[tuple[str, dict[str, Any]]]:
        user = CAST[role]
        for command in registry.COMMANDS:
            yield command, self._command(user, command)
        for callback in registry.SHORTCUTS:
            yield callback, {**self._common(user), "type": "shortcut", "callback_id": callback}
        for callback in getattr(registry, "MESSAGE_SHORTCUTS", {}):
            yield callback, self._message_shortcut(user, callback)
        for action in registry.ACTIONS:
            yield action, self._click(role, action)
        for callback in registry.SUBMISSIONS:
            yield callback, self._submission(role, callback)
        for select in registry.OPTIONS:
            yield select, self._suggestion(user, select)

    def _common(self, user: str) -> dict[str, Any]:
        stage = self.slack.stage
        return {**stage.common(self.slack.workspace.person(user)), "trigger_id": stage.triggers.issue(user=user)}

    def _command(self, user: str, command: str) -> dict[str, Any]:
        url, _ = self.slack.stage.hooks.issue(kind="commands", user=user, channel=SALES)
        words = ["help", "policies", "templates", "requests", "roles", "reports", "queue", "notes", *ODD]
        return {
            "command": command,
            "text": self.chance.choice(words),
            "user_id": user,
            "team_id": self.slack.workspace.team_id,
            "channel_id": SALES,
            "response_url": url,
            "trigger_id": self.slack.stage.triggers.issue(user=user),
        }

    def _message_shortcut(self, user: str, callback: str) -> dict[str, Any]:
        said = self.slack.say(user=user, channel=SALES, text=self.chance.choice([one for one in ODD if one.strip()]))
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

    def _click(self, role: Role, action: str) -> dict[str, Any]:
        user = CAST[role]
        said: dict[str, Any] = {"type": "button", "action_id": action, "block_id": "b", "action_ts": "1.0"}
        value = self._value(role)
        if self.chance.random() < 0.8:
            said["value"] = value
        else:
            chosen = {"text": {"type": "plain_text", "text": "x"}, "value": value}
            said |= {"type": "static_select", "selected_option": chosen}
        payload = {**self._common(user), "type": "block_actions", "actions": [said]}
        where = self.chance.choice(["own", "message", "modal", "home"])
        if where in ("own", "message"):
            return payload | self._in_message(user, is_own=where == "own")
        view = self._window(role) if where == "modal" else self._home(user)
        return payload | {"container": {"type": "view", "view_id": view["id"]}, "view": view}

    def _in_message(self, user: str, *, is_own: bool) -> dict[str, Any]:
        channel = self.chance.choice([AR, SALES])
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

    def _window(self, role: Role, callback: str | None = None) -> dict[str, Any]:
        """A window that is open, with what it was opened with, or with something else."""
        user = CAST[role]
        known = self.ground.windows.get(callback or self.chance.choice(list(self.ground.windows) or [""]))
        metadata = known["private_metadata"] if known and self.chance.random() < 0.6 else self._value(role)
        self.slack.workspace.stacks[user] = []
        view = {
            "type": "modal",
            "title": {"type": "plain_text", "text": "x"},
            "callback_id": callback or "none",
            "private_metadata": metadata[:3_000],
            "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x"}}],
        }
        opened = self.slack.api.call(
            "views.open",
            given={"trigger_id": self.slack.stage.triggers.issue(user=user), "view": view},
            token=self.slack.tokens.bot,
        ).body["view"]
        opened["state"] = {"values": self._fields(role, known["blocks"] if known else [])}
        return dict(opened)

    def _home(self, user: str) -> dict[str, Any]:
        home = self.slack.workspace.homes[user]
        return {"id": home.id, "type": "home", "hash": home.hash, "state": {"values": {}}, "private_metadata": ""}

    def _submission(self, role: Role, callback: str) -> dict[str, Any]:
        return {**self._common(CAST[role]), "type": "view_submission", "view": self._window(role, callback)}

    def _suggestion(self, user: str, select: str) -> dict[str, Any]:
        typed = self.chance.choice(ODD)
        view = {"id": "V1", "type": "modal", "state": {"values": {}}, "private_metadata": ""}
        return {**self._common(user), "type": "block_suggestion", "action_id": select, "value": typed, "view": view}

    # -- what they hold ------------------------------------------------------------------------------------

    def _value(self, role: Role) -> str:
        tokens = list(self.ground.tokens.values())
        kinds: dict[Kind, list[Token]] = {}
        for one in tokens:
            kinds.setdefault(one.kind, []).append(one)
        token = self.chance.choice(kinds[self.chance.choice(list(kinds))])
        which = self.chance.random()
        if which < 0.35:
            return token.text
        if which < 0.75:
            return self.ground.sealed(token, self.ground.people[role], self.chance)
        if which < 0.92:
            return self.ground.foreign(token, self.chance)
        return self.chance.choice([*ODD[:5], token.text[:-1], token.text + "x", token.text.swapcase()])

    def _fields(self, role: Role, blocks: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            block["block_id"]: {block["element"]["action_id"]: self._field(role, block["element"])}
            for block in blocks
            if block["type"] == "input" and self.chance.random() < 0.9
        }

    def _field(self, role: Role, element: dict[str, Any]) -> dict[str, Any]:
        kind, pick = element["type"], self.chance.choice
        offered = [one["value"] for one in element.get("options", [])]
        value = pick(offered) if offered and self.chance.random() < 0.7 else self._value(role)
        option = {"text": {"type": "plain_text", "text": "x"}, "value": value}
        nothing = self.chance.random() < 0.15
        match kind:
            case "static_select" | "external_select" | "radio_buttons":
                return {"type": kind, "selected_option": None if nothing else option}
            case "multi_static_select" | "multi_external_select" | "checkboxes":
                return {"type": kind, "selected_options": [] if nothing else [option] * pick([1, 1, 2])}
            case "datepicker":
                return {"type": kind, "selected_date": pick(DAYS)}
            case "timepicker":
                return {"type": kind, "selected_time": pick([None, "08:00", "23:59"])}
            case "datetimepicker":
                return {"type": kind, "selected_date_time": pick([None, 0, 1_795_000_000])}
            case "users_select":
                return {"type": kind, "selected_user": pick([None, "U404", *CAST.values()])}
            case "multi_users_select":
                return {"type": kind, "selected_users": pick([[], ["U404"], list(CAST.values())])}
            case _:
                return {"type": kind, "value": pick([None, "500", "tomorrow", *ODD])}

    def _spoil(self, payload: dict[str, Any]) -> bool:
        """Put something of another type into one field somewhere; Slack would never send it."""
        whole: list[dict[str, Any]] = [*payload.get("actions", []), payload.get("message", {}), payload.get("view", {})]
        part = self.chance.choice([one for one in whole if one] or [payload])
        for _ in range(self.chance.randint(1, 5)):
            names = [name for name in part if name not in KEPT]
            if not names:
                return False
            name = self.chance.choice(names)
            if isinstance(part[name], dict) and part[name] and self.chance.random() < 0.7:
                part = part[name]
            else:
                part[name] = self.chance.choice(WRONG)
                return True
        return False

    # -- what comes of them --------------------------------------------------------------------------------

    def _send(self, role: Role, name: str, payload: dict[str, Any], *, is_broken: bool) -> None:
        person, carrier = self.ground.people[role], self.slack.stage.carrier
        calls, told = len(self.slack.desk.calls), self._told()
        delivery: Delivery = carrier.command(payload) if "command" in payload else carrier.interaction(payload)
        carrier.carry(delivery)
        self.sent += 1
        where = f"{role} {name}: {payload}"
        assert delivery.status == 200, where
        new = self.slack.desk.calls[calls:]
        said = [one for one in new if one.method in TELLING and one.ok]
        has_words = bool(said) or self._told() > told or '"text"' in delivery.text or '"errors"' in delivery.text
        assert has_words or '"options"' in delivery.text, where
        assert is_broken or "Something went wrong" not in f"{delivery.text}{[one.arguments for one in said]}", where
        after = self.ground.rows()
        owners = {row["id"]: row["owner_email"] for row in after["accounts"].values()}
        for change in changes(self.rows, after):
            wrong = objection(change, person=person, org_id=self.ground.org_id, owners=owners)
            assert wrong is None, f"{wrong} by {where}: {change}"
        self.rows = after

    def _told(self) -> float:
        """Changes with everything that is said on a response URL, in a new message or in place of one."""
        workspace = self.slack.workspace
        with workspace.lock:
            held = [one for messages in workspace.messages.values() for one in messages]
            return len(held) + sum(float(one.edited_at or 0) for one in held)


@pytest.fixture
def no_incident(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A fault of ours has a number in the log; nothing that a person can do may cause one."""
    yield
    incidents = [record.getMessage() for record in caplog.records if "incident" in record.getMessage()]
    assert incidents == []


@pytest.mark.usefixtures("no_incident")
def test_nobody_does_what_they_may_not(ground: Ground) -> None:
    fuzz = Fuzz(ground, seed=int(os.environ.get("FUZZ_SEED", "1")))
    fuzz.go(1, with_wrong_types=False)
    assert fuzz.sent >= len(registry.ACTIONS) * len(Role)


def test_fields_of_a_wrong_type_are_answered_all_the_same(ground: Ground, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    Fuzz(ground, seed=2).go(1, with_wrong_types=True)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 14))
def test_for_long(ground: Ground, seed: int) -> None:
    Fuzz(ground, seed=seed).go(40, with_wrong_types=False)
    Fuzz(ground, seed=seed).go(20, with_wrong_types=True)
