"""views.*: what an app does with modals and the Home tab."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox import stacks
from sandbox.api.arguments import Arguments, missing
from sandbox.api.desk import Desk
from sandbox.api.errors import ApiError
from sandbox.people import View
from sandbox.shapes import view_json
from sandbox.triggers import TriggerRefused


def open_view(desk: Desk, arguments: Arguments) -> dict[str, Any]:
    return _with_trigger(desk, arguments, act=stacks.open_root)


def push(desk: Desk, arguments: Arguments) -> dict[str, Any]:
    return _with_trigger(desk, arguments, act=stacks.push)


def update(desk: Desk, arguments: Arguments) -> dict[str, Any]:
    view_id, external_id = arguments.text("view_id", ""), arguments.text("external_id", "")
    if not view_id and not external_id:
        raise missing("view_id")
    given = _given(arguments)
    with desk.workspace.lock:
        view = desk.workspace.find_view(view_id=view_id or None, external_id=external_id or None)
        if view is None:
            raise ApiError("not_found")
        found = view
        return _answer(
            desk,
            lambda: stacks.update(desk.workspace, view=found, given=given, hash=arguments.text("hash", "") or None),
        )


def publish(desk: Desk, arguments: Arguments) -> dict[str, Any]:
    user = arguments.text("user_id")
    given = _given(arguments)
    person = desk.workspace.people.get(user)
    if person is None or person.deactivated:
        raise ApiError("user_not_found")
    if not desk.app_home.get("home_tab_enabled", False):
        raise ApiError("not_enabled")
    hash = arguments.text("hash", "") or None
    return _answer(desk, lambda: stacks.publish(desk.workspace, user=user, given=given, hash=hash))


def _with_trigger(desk: Desk, arguments: Arguments, *, act: Callable[..., View]) -> dict[str, Any]:
    given = _given(arguments)
    name = arguments.get("trigger_id")
    if name is None:
        raise missing("trigger_id")
    try:
        user = desk.triggers.use(name)
    except TriggerRefused as refused:
        raise ApiError(str(refused)) from refused
    return _answer(desk, lambda: act(desk.workspace, user=user, given=given))


def _answer(desk: Desk, act: Callable[[], View]) -> dict[str, Any]:
    try:
        view = act()
    except stacks.ViewRefused as refused:
        raise ApiError(refused.code, messages=refused.messages) from refused
    return {"view": view_json(view, workspace=desk.workspace)}


def _given(arguments: Arguments) -> Any:
    if "view" not in arguments:
        raise missing("view")
    return arguments.thing("view")
