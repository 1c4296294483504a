"""A Bolt app with our registry, prepared outcomes behind it, and a stub of Slack in front."""

from __future__ import annotations

import inspect
import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from domain.maintenance import Maintenance
from domain.notices import Profile
from domain.outcomes import Refused
from domain.values import Person
from handlers.cases import Cases
from handlers.desk import Desk
from handlers.registry import register
from handlers.seal import Signet
from tests.builders import make_rulebook, make_workspace
from tests.unit.handlers.outcomes import MIA, NOW, SEAL, make_signet
from tests.unit.handlers.slack_stub import SlackStub

SECRET = "not-a-secret"


class FixedClock:
    def now(self) -> datetime:
        return NOW


@dataclass
class Prepared:
    """What the use cases answer, by name, and with what they were called. An exception is raised."""

    outcomes: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = field(default_factory=list)
    person: Person | Refused | Exception = MIA
    maintenance: Maintenance | None = None
    org_ids: dict[str, int] = field(default_factory=lambda: {"T1": 1})
    changed_users: list[tuple[int, str, Profile]] = field(default_factory=list)
    uninstalled: list[tuple[str, str | None]] = field(default_factory=list)

    def answer(self, name: str, *args: Any, **kwargs: Any) -> Any:
        self.asked.append((name, args, kwargs))
        outcome = self.outcomes[name]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def org_of(self, team_id: str, enterprise_id: str | None) -> int | None:
        return self.org_ids.get(team_id)

    def identify(self, slack_user_id: str, **_: Any) -> Person | Refused:
        if isinstance(self.person, Exception):
            raise self.person
        return self.person


class PreparedCases:
    """Every use case answers what was prepared for it; a call that the real one would not take fails."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared

    def __getattr__(self, name: str) -> Any:
        wanted = inspect.signature(getattr(Cases, name))

        def call(*args: Any, **kwargs: Any) -> Any:
            wanted.bind(self, *args, **kwargs)
            return self._prepared.answer(name, *args, **kwargs)

        return call


class NoBooks:
    """A unit of work that knows the workspace and nothing else."""

    class organisation:
        get = staticmethod(make_workspace)


@contextmanager
def no_books() -> Iterator[Any]:
    yield NoBooks


@dataclass
class Bench:
    """An app, what stands behind it, and Slack in front of it."""

    app: App
    prepared: Prepared
    slack: SlackStub
    aside: list[Callable[[], None]] = field(default_factory=list)

    def send(self, body: dict[str, Any]) -> BoltResponse:
        """One signed request, as Slack sends it, and all that follows its acknowledgement."""
        acknowledged = self.acknowledge(body)
        while self.aside:
            self.aside.pop(0)()
        return acknowledged

    def acknowledge(self, body: dict[str, Any]) -> BoltResponse:
        """One signed request; what follows its acknowledgement waits in `aside`."""
        if "command" in body:
            raw, kind = urlencode(body), "application/x-www-form-urlencoded"
        elif body.get("type") == "event_callback":
            raw, kind = json.dumps(body), "application/json"
        else:
            raw, kind = urlencode({"payload": json.dumps(body)}), "application/x-www-form-urlencoded"
        stamp = str(int(time.time()))
        signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=raw)
        headers = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature or "",
        }
        return self.app.dispatch(BoltRequest(body=raw, headers=headers))

    def command(self, text: str = "", **changes: Any) -> dict[str, Any]:
        given = {
            "command": "/account",
            "text": text,
            "team_id": "T1",
            "user_id": "U7",
            "channel_id": "C1",
            "response_url": f"{self.slack.url}/response",
            "trigger_id": "1.1",
        }
        return said(self.send(given | changes))

    def click(self, action: str, value: str, *, where: str = "ephemeral", **changes: Any) -> BoltResponse:
        return self.send(self.clicked(action, value, where=where) | changes)

    def clicked(self, action: str, value: str, *, where: str = "ephemeral") -> dict[str, Any]:
        body: dict[str, Any] = {
            "type": "block_actions",
            "team": {"id": "T1"},
            "user": {"id": "U7", "team_id": "T1"},
            "trigger_id": "2.2",
            "actions": [
                {"type": "button", "action_id": action, "block_id": "b", "value": value, "action_ts": "1795.1"}
            ],
        }
        if where in ("home", "modal"):
            body["view"] = {"id": "V9", "hash": "h9", "type": where, "private_metadata": "", "state": {"values": {}}}
            body["container"] = {"type": "view", "view_id": "V9"}
        else:
            body["response_url"] = f"{self.slack.url}/response"
            body["channel"] = {"id": "C1"}
            body["container"] = {"type": "message", "message_ts": "1.2", "is_ephemeral": where == "ephemeral"}
        return body

    def submit(self, callback: str, *, metadata: str = "", values: dict[str, Any] | None = None) -> dict[str, Any]:
        return said(self.send(self.submitted(callback, metadata=metadata, values=values)))

    def submitted(self, callback: str, *, metadata: str = "", values: dict[str, Any] | None = None) -> dict[str, Any]:
        view = {
            "id": "V42",
            "type": "modal",
            "callback_id": callback,
            "private_metadata": metadata,
            "state": {"values": values or {}},
            "hash": "h",
        }
        user = {"id": "U7", "team_id": "T1"}
        return {"type": "view_submission", "team": {"id": "T1"}, "user": user, "view": view}

    def event(self, event: dict[str, Any]) -> BoltResponse:
        return self.send(
            {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": {"event_ts": "1.0"} | event}
        )


def said(response: BoltResponse) -> dict[str, Any]:
    assert response.status == 200
    answer: dict[str, Any] = json.loads(response.body) if response.body else {}
    return answer


@pytest.fixture
def slack() -> Iterator[SlackStub]:
    stub = SlackStub()
    yield stub
    stub.close()


@pytest.fixture
def signet() -> Signet:
    return make_signet()


@pytest.fixture
def bench(slack: SlackStub, caplog: pytest.LogCaptureFixture) -> Bench:
    caplog.set_level(logging.INFO)
    prepared = Prepared()
    aside: list[Callable[[], None]] = []
    app = App(
        client=WebClient(token="xoxb-test", base_url=f"{slack.url}/api/", retry_handlers=[]),
        signing_secret=SECRET,
        process_before_response=True,
        token_verification_enabled=False,
    )
    desk = Desk(
        uow_for=lambda org_id: no_books,
        clock=FixedClock(),
        rulebook_for=lambda org_id: make_rulebook(),
        teams=prepared,
        profiles_for=lambda client: None,  # type: ignore[arg-type,return-value]
        seal=SEAL,
        on_user_change=lambda org_id, user, profile: prepared.changed_users.append((org_id, user, profile)),
        on_uninstalled=lambda team, enterprise: prepared.uninstalled.append((team, enterprise)),
        aside=aside.append,
        maintenance_of=lambda org_id: prepared.maintenance,
    )
    register(app, desk=desk, identify=prepared.identify, cases=lambda **_: PreparedCases(prepared))  # type: ignore[arg-type,return-value]
    return Bench(app, prepared, slack, aside)
