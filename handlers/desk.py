"""What listeners need from the world, handed in once by the composition root."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Protocol

from slack_sdk import WebClient

from domain.jobs import JobKind
from domain.maintenance import Maintenance
from domain.notices import Profile
from domain.policy import Rulebook
from domain.ports import Clock, Profiles, UnitOfWorkFactory, UserGroups
from domain.readiness import Row
from domain.roles import UserGroup
from domain.rules.sender_records import Record
from handlers.seal import Seal


class Teams(Protocol):
    """Which organisation a Slack workspace belongs to."""

    def org_of(self, team_id: str, enterprise_id: str | None) -> int | None:
        """None when the app is not (or no longer) installed there."""
        ...


@dataclass(slots=True)
class Watch:
    """How a request ended, for whoever watches: `answered`, `refused`, or what the error boundary says."""

    outcome: str = "answered"


def _unwatched(listener: str, body: Mapping[str, Any]) -> AbstractContextManager[Watch]:
    """Default of `Desk.watching`."""
    return nullcontext(Watch())


def _at_once(work: Callable[[], None]) -> None:
    """Default of `Desk.aside`: before the acknowledgement leaves, which suits tests."""
    work()


class Permalinks(Protocol):
    """Where a message of Slack stands."""

    def of(self, channel: str, ts: str) -> str | None:
        """None when Slack does not say: the app sees only channels it is in."""
        ...


class NoPermalinks:
    """Default of `Desk.permalinks_for`."""

    def of(self, channel: str, ts: str) -> str | None:
        return None


def _nothing_to_note(org_id: int, slack_user_id: str, profile: Profile) -> None:
    """Default of `Desk.on_user_change`."""


def _no_group_to_note(org_id: int, usergroup_id: str, came: Sequence[str], went: Sequence[str]) -> None:
    """Default of `Desk.on_group_change`."""


class NoProfiles:
    """Default of `Request.profiles`."""

    def profile(self, slack_user_id: str) -> Profile | None:
        return None


class NoGroups:
    """Default of `Desk.groups_for`."""

    def all(self) -> list[UserGroup]:
        return []

    def members(self, usergroup_id: str) -> list[str]:
        return []


def _nothing_to_remove(team_id: str, enterprise_id: str | None) -> None:
    """Default of `Desk.on_uninstalled`."""


def _never_closed(org_id: int) -> Maintenance | None:
    """Default of `Desk.maintenance_of`."""
    return None


@dataclass(frozen=True, slots=True)
class Desk:
    """`uow_for` gives the unit of work of one organisation, `rulebook_for` the rules it goes by now; `profiles_for` and
    `permalinks_for` ask Slack with that workspace's token.

    `ar_channel` is where A/R is told of every nudge. `on_user_change(org_id, slack_user_id, profile)` and
    `on_uninstalled(team_id, enterprise_id)` are called for Slack's events of that name. Every request is answered
    inside `watching(listener, body)`. `aside` runs what is said to Slack once the acknowledgement may leave.
    `groups_for` asks Slack for its user groups; `on_group_change(org_id, usergroup_id, came, went)` is called when
    people join or leave one. `maintenance_of` an organisation is read whenever somebody is about to change something.
    `jobs`: every job that can be paused; `readiness`: rows of the console that are looked at when it is opened.
    `sender_records` of a domain are looked up when somebody wants to see them.
    """

    uow_for: Callable[[int], UnitOfWorkFactory]
    clock: Clock
    rulebook_for: Callable[[int], Rulebook]
    teams: Teams
    profiles_for: Callable[[WebClient], Profiles]
    seal: Seal
    permalinks_for: Callable[[WebClient], Permalinks] = lambda client: NoPermalinks()
    ar_channel: str | None = None
    on_user_change: Callable[[int, str, Profile], None] = _nothing_to_note
    on_uninstalled: Callable[[str, str | None], None] = _nothing_to_remove
    groups_for: Callable[[WebClient], UserGroups] = lambda client: NoGroups()
    on_group_change: Callable[[int, str, Sequence[str], Sequence[str]], None] = _no_group_to_note
    maintenance_of: Callable[[int], Maintenance | None] = _never_closed
    readiness: Callable[[], Sequence[Row]] = tuple
    jobs: Mapping[str, JobKind] = field(default_factory=dict)
    sender_records: Callable[[str], tuple[Record, ...]] = lambda domain: ()
    aside: Callable[[Callable[[], None]], None] = _at_once
    watching: Callable[[str, Mapping[str, Any]], AbstractContextManager[Watch]] = _unwatched
