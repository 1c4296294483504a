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
from tests.scenario.fuzz_ground import CAST, Ground, Token, open_ground
from tests.scenario.fuzz_hand import Hand, Payload
from tests.scenario.fuzz_rights import objection
from tests.scenario.office import AR, SALES

WORDS = ["help", "policies", "templates", "audit", "segments", "cadences"]
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
        self.ground, self.hand = ground, Hand(ground.office.slack)
        self.chance = random.Random(seed)
        self.watch = ground.watch()

    def go(self, rounds: int, *, with_wrong_types: bool) -> None:
        for _ in range(rounds):
            for role in Role:
                for name, payload in self._requests(role):
                    self._send(role, name, payload, is_broken=with_wrong_types and self._spoil(payload))
                self.ground.gather()

    # -- requests, as Slack would send them ----------------------------------------------------------------

    def _requests(self, role: Role) -> Iterator[tuple[str, Payload]]:
        user, hand, pick = CAST[role], self.hand, self.chance.choice
        for command in registry.COMMANDS:
            yield command, hand.command(user, command, pick([*WORDS, *ODD]))
        for callback in registry.SHORTCUTS:
            yield callback, hand.shortcut(user, callback)
        for callback in registry.MESSAGE_SHORTCUTS:
            yield callback, hand.message_shortcut(user, callback, pick([one for one in ODD if one.strip()]))
        for action in registry.ACTIONS:
            yield action, self._click(role, action)
        for callback in registry.SUBMISSIONS:
            yield callback, hand.submission(user, self._window(role, callback))
        for select in registry.OPTIONS:
            yield select, hand.suggestion(user, select, pick(ODD))
        for event in registry.EVENTS:
            yield event, hand.event(user, {"type": event, "user": user, "tab": pick(["home", "messages", *ODD])})

    def _click(self, role: Role, action: str) -> Payload:
        user, where = CAST[role], self.chance.choice(["own", "message", "modal", "home"])
        if where in ("own", "message"):
            place = self.hand.message(user, channel=self.chance.choice([AR, SALES]), is_own=where == "own")
        else:
            place = self.hand.in_window(self._window(role)) if where == "modal" else self.hand.home(user)
        return self.hand.click(user, action, self._value(role), where=place, is_menu=self.chance.random() < 0.2)

    def _window(self, role: Role, callback: str | None = None) -> Payload:
        """A window that is open, with what it was opened with, or with something else."""
        known = self.ground.windows.get(callback or self.chance.choice(list(self.ground.windows) or [""]))
        metadata = known["private_metadata"] if known and self.chance.random() < 0.6 else self._value(role)
        fields = self._fields(role, known["blocks"] if known else [])
        return self.hand.window(CAST[role], callback or "none", metadata, fields)

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
        parts = [payload.get(name, {}) for name in ("message", "view", "event")]
        whole: list[dict[str, Any]] = [*payload.get("actions", []), *parts]
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

    def _send(self, role: Role, name: str, payload: Payload, *, is_broken: bool) -> None:
        person, where = self.ground.people[role], f"{role} {name}: {payload}"
        seen = self.watch.send(payload)
        assert seen.delivery.status == 200, where
        assert seen.has_words or name in registry.EVENTS, where
        assert is_broken or "Something went wrong" not in seen.said, where
        owners = self.watch.owners() if seen.changes else {}
        for change in seen.changes:
            wrong = objection(change, person=person, org_id=self.ground.org_id, owners=owners)
            assert wrong is None, f"{wrong} by {where}: {change}"


@pytest.fixture
def no_incident(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A fault of ours has a number in the log; nothing that a person can do may cause one."""
    yield
    incidents = [record.getMessage() for record in caplog.get_records("call") if "incident" in record.getMessage()]
    assert incidents == []


@pytest.mark.usefixtures("no_incident")
def test_nobody_does_what_they_may_not(ground: Ground) -> None:
    fuzz = Fuzz(ground, seed=int(os.environ.get("FUZZ_SEED", "1")))
    fuzz.go(1, with_wrong_types=False)
    assert fuzz.watch.sent >= len(registry.ACTIONS) * len(Role)


# How a wrong type is answered has little to do with the database; the long round asks both.
@pytest.mark.parametrize("ground", ["sqlite_url"], indirect=True)
def test_fields_of_a_wrong_type_are_answered_all_the_same(ground: Ground, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    Fuzz(ground, seed=2).go(1, with_wrong_types=True)


@pytest.mark.slow
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("seed", range(10, 14))
def test_for_long(ground: Ground, seed: int) -> None:
    Fuzz(ground, seed=seed).go(40, with_wrong_types=False)
    Fuzz(ground, seed=seed).go(20, with_wrong_types=True)
