"""The audit log: an entry before it is written, a line as it is read, and which lines are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.actions import check
from domain.reasons import Reason


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what to which thing, and why. `actor_id` None: the house itself.

    `subject` is like `nudge:4f…`; `before` and `after` are facts of the row, never a body, address or link. Raises
    InvalidValue for an action or a fact that `domain.actions` does not know.
    """

    action: str
    at: datetime
    actor_id: int | None
    subject: str
    account_id: int | None = None
    reason: Reason | None = None
    before: Mapping[str, object] | None = None
    after: Mapping[str, object] | None = None

    def __post_init__(self) -> None:
        check(self.action, self.before or (), self.after or ())


@dataclass(frozen=True, slots=True)
class Line:
    """One line as people read it. Names are None where nobody or nothing is named."""

    id: int
    at: datetime
    actor_id: int | None
    actor_name: str | None
    actor_email: str | None
    action: str
    subject: str
    account_id: int | None
    account_external_id: str | None
    account_name: str | None
    reason: str | None
    before: Mapping[str, object] | None
    after: Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which lines: all that fit everything that is given.

    `action` is a whole name (`nudge.held`), or the beginning of several up to a dot (`nudge.`); `since` is included,
    `until` is not.
    """

    actor_id: int | None = None
    account_id: int | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def facts(self) -> dict[str, object]:
        """What was asked for, as the log keeps it."""
        return {
            "actor_id": self.actor_id,
            "account_id": self.account_id,
            "action": self.action,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
        }


@dataclass(frozen=True, slots=True)
class AuditPage:
    """The newest lines, newest first, and whether there are older ones. `at` is the instant of the look."""

    lines: tuple[Line, ...]
    more: bool
    filter: Filter
    at: datetime


@dataclass(frozen=True, slots=True)
class Export:
    """Lines to be written to a file, and from whom. `up_to` is the highest id that belongs to it."""

    filter: Filter
    up_to: int
    count: int


@dataclass(frozen=True, slots=True)
class TooLong:
    """More lines than Slack is given at once."""

    limit: int
