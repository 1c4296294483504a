"""The console: whether all is in order, what the queue holds, how the jobs stand, and the last day by the hour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.deliverability import SendingNow
from domain.jobs import RELEASE, JobBoard, JobStory
from domain.messages import State
from domain.policy import Workspace
from domain.readiness import Level, Row, worst


@dataclass(frozen=True, slots=True)
class Alarm:
    """A row as it stood when it was last looked at. `told_at`: when the Controllers heard that it is red."""

    row: Row
    since: datetime
    seen_at: datetime
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class QueueNow:
    """What waits, by state; instants are aware UTC, None where nothing waits."""

    counts: Mapping[State, int]
    due: int = 0
    oldest_due: datetime | None = None
    oldest_held: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hour:
    """What became of mails in one hour, from `start` on.

    `failed` are those that should have left and did not: rejected for good, or unreadable. `refused` are no failures: a
    guard said no, at the click or at the release.
    """

    start: datetime
    sent: int = 0
    failed: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Console:
    """Of one organisation at one instant. `rows` worst first; `hours` are the last 24, the present one last; `sending`
    is None where the policy in force cannot be read."""

    at: datetime
    workspace: Workspace
    rows: tuple[Row, ...]
    queue: QueueNow
    sending: SendingNow | None
    jobs: JobBoard
    hours: tuple[Hour, ...]
    looked_at: datetime | None = None

    @property
    def level(self) -> Level:
        return worst(self.rows)

    @property
    def is_stopped(self) -> bool:
        return is_stopped(self.workspace, (story for story, _ in self.jobs.jobs), self.at)


def is_stopped(workspace: Workspace, stories: Iterable[JobStory], at: datetime) -> bool:
    """Whether people, or what they were told of the provider, keep all mail from leaving."""
    is_paused = any(story.job == RELEASE and story.pause_at(at) for story in stories)
    return is_paused or workspace.closed_at(at) is not None
