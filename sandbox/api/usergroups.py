"""usergroups.*: which groups there are and who is in them."""

from __future__ import annotations

from typing import Any

from sandbox.api.arguments import Arguments
from sandbox.api.desk import Desk
from sandbox.api.errors import ApiError
from sandbox.shapes import group_json, members_of_group


def list_all(desk: Desk, arguments: Arguments) -> dict[str, Any]:
    with_disabled = arguments.flag("include_disabled")
    return {
        "usergroups": [
            group_json(
                group,
                workspace=desk.workspace,
                with_users=arguments.flag("include_users"),
                with_count=arguments.flag("include_count"),
            )
            for group in desk.workspace.groups.values()
            if with_disabled or not group.is_disabled
        ]
    }


def list_users(desk: Desk, arguments: Arguments) -> dict[str, Any]:
    group = desk.workspace.groups.get(arguments.text("usergroup"))
    if group is None or (group.is_disabled and not arguments.flag("include_disabled")):
        raise ApiError("no_such_subteam")
    return {"users": members_of_group(group, workspace=desk.workspace)}
