"""What Slack says about its user groups (`domain.ports.UserGroups`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from domain.errors import Unavailable
from domain.roles import UserGroup


class SlackGroups:
    """One `usergroups.*` call per question; Slack takes twenty of them a minute."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def all(self) -> list[UserGroup]:
        answer = _asked(lambda: self._client.usergroups_list())
        groups = [
            UserGroup(str(one["id"]), str(one.get("name") or one["id"]), str(one.get("handle") or ""))
            for one in answer.get("usergroups") or []
            if not one.get("date_delete")
        ]
        return sorted(groups, key=lambda one: (one.name.casefold(), one.id))

    def members(self, usergroup_id: str) -> list[str]:
        try:
            answer = _asked(lambda: self._client.usergroups_users_list(usergroup=usergroup_id))
        except Unavailable as error:
            if error.code in ("no_such_subteam", "subteam_not_found"):
                return []
            raise
        return [str(one) for one in answer.get("users") or []]


def _asked(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except SlackApiError as error:
        code = str(error.response.get("error"))
        raise Unavailable("Slack did not tell about its user groups.", code=code) from error
    except (URLError, TimeoutError, OSError) as error:
        raise Unavailable("Slack could not be reached.", code=type(error).__name__) from error
