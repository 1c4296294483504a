"""What Slack knows of us and what we answer are the same things: ids, registry, manifest, scopes."""

from __future__ import annotations

import ast
import inspect
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from slack_bolt import App
from slack_bolt.kwargs_injection.args import Args
from slack_bolt.listener.custom_listener import CustomListener
from slack_sdk import WebClient

from bot import doctor
from handlers import ids, registry
from handlers.listeners.plixo import SUBCOMMANDS
from tests.unit.handlers import pages

ROOT = Path(__file__).parents[2]
MANIFEST = ROOT / "manifest.yaml"

ROOMS = (
    registry.COMMANDS,
    registry.SHORTCUTS,
    registry.MESSAGE_SHORTCUTS,
    registry.ACTIONS,
    registry.SUBMISSIONS,
    registry.OPTIONS,
)

SCOPES = {
    "auth.test": None,
    "chat.getPermalink": None,
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "users.info": "users:read",
    "users.lookupByEmail": "users:read.email",
    "views.open": None,
    "views.publish": None,
    "views.push": None,
    "views.update": None,
    "files.upload_v2": "files:write",
    "usergroups.list": "usergroups:read",
    "usergroups.users.list": "usergroups:read",
}
"""Every Web API method we call, and the scope it needs."""

FOR_FEATURES = {"commands": "slash commands and shortcuts"}
"""Scopes that no method needs but a feature does."""


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load(MANIFEST.read_text())
    return parsed


@pytest.fixture(scope="module")
def app() -> App:
    app = App(
        client=WebClient(token="xoxb-none"),
        signing_secret="none",
        process_before_response=True,
        token_verification_enabled=False,
    )
    registry.register(app, desk=None)  # type: ignore[arg-type]
    return app


def listeners(app: App) -> list[CustomListener]:
    return [one for one in app._listeners if isinstance(one, CustomListener)]


def test_commands_are_those_of_the_manifest(manifest: dict[str, Any]) -> None:
    assert {one["command"] for one in manifest["features"]["slash_commands"]} == set(registry.COMMANDS)


def test_shortcuts_are_those_of_the_manifest(manifest: dict[str, Any]) -> None:
    assert {one["callback_id"] for one in manifest["features"]["shortcuts"]} == (
        set(registry.SHORTCUTS) | set(registry.MESSAGE_SHORTCUTS)
    )
    of_messages = {one["callback_id"] for one in manifest["features"]["shortcuts"] if one["type"] == "message"}
    assert of_messages == set(registry.MESSAGE_SHORTCUTS)


def test_events_are_those_of_the_manifest(manifest: dict[str, Any]) -> None:
    assert set(manifest["settings"]["event_subscriptions"]["bot_events"]) == ids.EVENTS
    assert set(registry.EVENTS) < ids.EVENTS


NAMES = {name: value for name, value in vars(ids).items() if name.isupper() and isinstance(value, str)}


def test_every_id_has_a_listener_and_every_listener_an_id() -> None:
    listened_to = {name for room in ROOMS for name in room}
    blocks = {value for name, value in NAMES.items() if name.endswith("_BLOCK")}
    assert set(NAMES.values()) - blocks == listened_to | ids.EVENTS | ids.FIELDS
    assert not listened_to & ids.FIELDS


def test_ids_are_told_apart() -> None:
    names = list(NAMES.values())
    assert len(names) == len(set(names))
    assert all(len(name) <= 255 for name in names)


def test_what_the_pages_offer_is_what_is_listened_to() -> None:
    offered = set(_action_ids(_everything_shown()))
    assert offered == {*registry.ACTIONS, *registry.OPTIONS, *ids.FIELDS}
    assert {view["callback_id"] for view in pages.modals().values() if "callback_id" in view} == set(
        registry.SUBMISSIONS
    )


def test_everything_registered_runs_in_the_error_boundary_and_for_a_known_person(app: App) -> None:
    counted = len(listeners(app))
    wanted = ROOMS
    assert counted == sum(map(len, wanted)) + len(ids.EVENTS)
    boundaries = {"answering.<locals>.run", "noting.<locals>.run"}
    assert {one.ack_function.__qualname__ for one in listeners(app)} == boundaries
    for one in listeners(app):
        identified = [middleware.name for middleware in one.middleware if "identification" in middleware.name]
        assert bool(identified) == (one.ack_function.__qualname__ == "answering.<locals>.run")


def test_nothing_is_lazy(app: App) -> None:
    assert not [one for one in listeners(app) if one.lazy_functions]


def test_bolt_knows_every_argument_we_ask_for(app: App) -> None:
    """A misspelt one would arrive as None."""
    known = set(inspect.signature(Args.__init__).parameters) - {"self", "kwargs"}
    for listener in listeners(app):
        assert set(listener.arg_names) <= known, listener.ack_function
        for middleware in listener.middleware:
            assert set(getattr(middleware, "arg_names", [])) <= known, middleware.name


def test_listeners_are_short() -> None:
    for room in ROOMS:
        for listener in room.values():
            assert len(inspect.getsource(listener).splitlines()) <= 25, listener.__name__


def test_scopes_are_exactly_what_is_called(manifest: dict[str, Any]) -> None:
    called = {method for room in ("handlers", "bot", "connectors") for method in _called(ROOT / room)}
    assert called <= set(SCOPES), "a method without a line in SCOPES"
    needed = {scope for method in called if (scope := SCOPES[method])} | set(FOR_FEATURES)
    asked = set(manifest["oauth_config"]["scopes"]["bot"])
    # `users:read.email` also makes `users.info` tell the address.
    assert asked == needed | {"users:read.email"}
    assert asked == doctor.SCOPES, "what the doctor looks for"


def test_nothing_leaves_slacks_limits(manifest: dict[str, Any]) -> None:
    shown, features = manifest["display_information"], manifest["features"]
    assert len(shown["name"]) <= 35 and len(shown["description"]) <= 140
    assert 175 <= len(shown["long_description"]) <= 4_000
    assert len(features["shortcuts"]) <= 10 and all(len(one["name"]) <= 24 for one in features["shortcuts"])
    assert len(features["slash_commands"]) <= 50
    for command in features["slash_commands"]:
        assert len(command["description"]) <= 2_000 and len(command["usage_hint"]) <= 1_000
    assert features["app_home"]["home_tab_enabled"] and features["app_home"]["messages_tab_enabled"]
    assert not features["app_home"]["messages_tab_read_only_enabled"]


def test_slack_hints_at_every_word_that_plixo_takes_in_the_order_of_its_help(manifest: dict[str, Any]) -> None:
    hints = {one["command"]: one["usage_hint"] for one in manifest["features"]["slash_commands"]}
    assert hints["/plixo"].split(" · ") == [*SUBCOMMANDS, "help"]


def test_the_http_variant_is_in_the_comments(manifest: dict[str, Any]) -> None:
    """One source for both: with the marked lines it is the HTTP manifest."""
    text = MANIFEST.read_text().replace("# HTTP: ", "")
    http = yaml.safe_load(text.replace("socket_mode_enabled: true", "socket_mode_enabled: false"))
    url = "https://plixo.example.com/slack/events"
    assert http["settings"]["interactivity"]["message_menu_options_url"] == url
    assert http["settings"]["interactivity"]["request_url"] == url
    assert http["settings"]["event_subscriptions"]["request_url"] == url
    assert http["features"]["slash_commands"][0]["url"] == url
    assert manifest["settings"]["socket_mode_enabled"] and not http["settings"]["socket_mode_enabled"]


@pytest.mark.skipif(
    "SLACK_MANIFEST_SCHEMA" not in os.environ,
    reason="Slack's own schema is not part of this project: point SLACK_MANIFEST_SCHEMA to a copy to check against it.",
)
@pytest.mark.parametrize("variant", ["socket", "http"])
def test_slacks_own_schema_accepts_it(variant: str) -> None:
    schema = json.loads(Path(os.environ["SLACK_MANIFEST_SCHEMA"]).read_text())
    text = MANIFEST.read_text()
    parsed = yaml.safe_load(text if variant == "socket" else text.replace("# HTTP: ", ""))
    checker = jsonschema.validators.validator_for(schema)(schema)
    assert not [f"{list(error.path)}: {error.message}" for error in checker.iter_errors(parsed)]


def _everything_shown() -> list[Any]:
    shown: list[Any] = list(pages.modals().values())
    shown += [page.blocks for page in pages.messages().values()]
    shown += [page.blocks for page in pages.homes().values()]
    return [*shown, *(blocks for _, blocks in pages.posted().values())]


def _action_ids(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if "action_id" in part:
            yield part["action_id"]
        for inner in part.values():
            yield from _action_ids(inner)
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from _action_ids(inner)


def _called(room: Path) -> Iterator[str]:
    """Web API methods named in a room: `client.views_open(…)`, or "chat.update" as a string."""
    by_function = {method.replace(".", "_"): method for method in SCOPES}
    python_names = {name for name in vars(WebClient) if "_" in name and not name.startswith("_")} - {"api_call"}
    for path in room.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and (node.attr in python_names or node.attr in by_function):
                yield by_function.get(node.attr) or _method(node.attr)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in SCOPES:
                yield node.value


def _method(function: str) -> str:
    first, _, rest = function.partition("_")
    return f"{first}.{rest}"
