"""The clock, the mail, and Slack."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from domain.mail import Mail
from domain.notices import Notice, Profile
from domain.roles import UserGroup


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, aware UTC. On PostgreSQL it is the database's own clock."""
        ...


class Mailer(Protocol):
    """Carries one mail. Knows how far it got."""

    def send(self, mail: Mail) -> str:
        """Hand over and return the other side's answer.

        Raises Rejected (final), Unavailable (certainly not sent) or Unknown (may have been sent).
        """
        ...

    def check(self) -> None:
        """Reach the server and log in, sending nothing. Raises Unavailable or Rejected."""
        ...

    def cut(self) -> None:
        """End every hand-over that is under way: each raises what it then knows. For a stop that may not wait."""
        ...

    def close(self) -> None: ...


class Names(Protocol):
    """The domain name system."""

    def texts(self, name: str, *, within: float) -> list[str]:
        """TXT records of a name, each whole; none when there are none. Raises Unavailable, after `within` seconds at
        the latest.
        """
        ...


class Profiles(Protocol):
    def profile(self, slack_user_id: str) -> Profile | None:
        """One call to Slack; None for bots and strangers. Raises Unavailable."""
        ...


class UserGroups(Protocol):
    """Slack's user groups. One call to Slack each; raises Unavailable."""

    def all(self) -> list[UserGroup]:
        """Those that are in use, by name."""
        ...

    def members(self, usergroup_id: str) -> list[str]:
        """Slack ids. Nobody is in a group that is switched off or gone."""
        ...


class Announcer(Protocol):
    """Posts notices to Slack. Raises Rejected, Unavailable(retry_after) or Unknown."""

    def post(self, notice: Notice) -> tuple[str, str]:
        """Post or edit; returns (channel, ts)."""
        ...
