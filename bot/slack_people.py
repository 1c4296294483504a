"""What Slack says about its users (`domain.ports.Profiles`)."""

from __future__ import annotations

from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from domain.errors import Unavailable
from domain.notices import Profile


class SlackProfiles:
    """One `users.info` call per question."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def profile(self, slack_user_id: str) -> Profile | None:
        try:
            answer = self._client.users_info(user=slack_user_id, include_locale=True)
        except SlackApiError as error:
            if error.response.get("error") in ("user_not_found", "user_not_visible", "users_not_found"):
                return None
            raise Unavailable("Slack did not say who this is.", code=str(error.response.get("error"))) from error
        except (URLError, TimeoutError, OSError) as error:
            raise Unavailable("Slack could not be reached.", code=type(error).__name__) from error
        user = answer.get("user") or {}
        return None if user.get("is_bot") else profile_of(user)


def profile_of(user: dict[str, Any]) -> Profile:
    """A Slack user object as the domain knows it."""
    details = user.get("profile") or {}
    return Profile(
        email=details.get("email") or None,
        name=details.get("real_name") or user.get("real_name") or user.get("name") or "",
        zone=user.get("tz") or None,
        locale=user.get("locale") or None,
        is_active=not user.get("deleted", False),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted") or user.get("is_stranger")),
    )
