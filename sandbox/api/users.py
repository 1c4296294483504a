"""users.*, auth.test, api.test and apps.connections.open."""

from __future__ import annotations

from typing import Any

from sandbox.api.arguments import Arguments, page_of
from sandbox.api.desk import Desk
from sandbox.api.errors import ApiError
from sandbox.people import Person
from sandbox.shapes import bot_json, user_json


def api_test(desk: Desk, arguments: Arguments) -> dict[str, Any]:
    if "error" in arguments:
        raise ApiError(arguments.text("error"), args=dict(arguments))
    return {"args": {key: value for key, value in arguments.items() if key != "token"}}


def auth_test(desk: Desk, arguments: Arguments) -> dict[str, Any]:
    workspace = desk.workspace
    return {
        "url": f"{desk.url()}/",
        "team": workspace.team_name,
        "user": bot_json(workspace)["name"],
        "team_id": workspace.team_id,
        "user_id": workspace.bot_user_id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


def connections_open(desk: Desk, arguments: Arguments) -> dict[str, Any]:
    return {"url": desk.open_socket()}


def info(desk: Desk, arguments: Arguments) -> dict[str, Any]:
    user = arguments.text("user")
    if user == desk.workspace.bot_user_id:
        return {"user": bot_json(desk.workspace)}
    person = desk.workspace.people.get(user)
    if person is None:
        raise ApiError("user_not_found")
    return {"user": _shown(desk, person, with_locale=arguments.flag("include_locale"))}


def list_all(desk: Desk, arguments: Arguments) -> dict[str, Any]:
    with_locale = arguments.flag("include_locale")
    everybody = [_shown(desk, person, with_locale=with_locale) for person in desk.workspace.people.values()]
    page, cursor = page_of([*everybody, bot_json(desk.workspace)], arguments)
    return {
        "members": page,
        "cache_ts": int(desk.workspace.now().timestamp()),
        "response_metadata": {"next_cursor": cursor},
    }


def lookup_by_email(desk: Desk, arguments: Arguments) -> dict[str, Any]:
    email = arguments.text("email").strip().lower()
    for person in desk.workspace.people.values():
        if person.email.lower() == email and not person.deactivated:
            return {"user": _shown(desk, person)}
    raise ApiError("users_not_found")


def _shown(desk: Desk, person: Person, *, with_locale: bool = False) -> dict[str, Any]:
    return user_json(person, workspace=desk.workspace, with_email=desk.may("users:read.email"), with_locale=with_locale)
