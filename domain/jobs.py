"""The jobs of the loop: what became of them, and what people told them to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

RELEASE, NOTICES = "release", "notices"
"""The two jobs that are no chores: mail that is due, and what Slack has to say."""

AUTOPILOT = "autopilot"
"""The chore that runs in slices."""

CHORES_TASK = "chores"
BEATS = (RELEASE, NOTICES, CHORES_TASK)
"""What beats. The chores are the third beat's, each a job that can be paused by itself."""

LONGEST_PAUSE = timedelta(days=7)
"""Longer than a week nobody remembers a pause; whoever still wants it says so again (decided)."""


@dataclass(frozen=True, slots=True)
class JobKind:
    """What a job is for, and how often it looks; zero is every beat of the loop."""

    what: str
    every: timedelta = timedelta(0)


class Outcome(StrEnum):
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job for one organisation. `did` counts what it did; `error` is the kind of a failure."""

    org_id: int
    job: str
    started_at: datetime
    ended_at: datetime
    outcome: Outcome
    did: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """`by` is who paused it: a person's name, or the login of whoever used the command line."""

    since: datetime
    until: datetime
    because: str
    by: str


@dataclass(frozen=True, slots=True)
class JobStory:
    """How a job stands for one organisation; `last` is its last run that did something or failed.

    `looked_at`: when any replica last looked whether there is something to do, for whatever organisation.
    """

    job: str
    last: Run | None = None
    pause: Pause | None = None
    asked_at: datetime | None = None
    asked_by: str = ""
    looked_at: datetime | None = None

    def next_at(self, every: timedelta, at: datetime) -> datetime | None:
        """When it looks next, `at` the earliest; None when no replica ever looked. A pause puts it off."""
        if (pause := self.pause_at(at)) is not None:
            return pause.until
        if self.asked_at is not None:
            return at
        return None if self.looked_at is None else max(at, self.looked_at + every)

    def pause_at(self, at: datetime) -> Pause | None:
        """The pause in force: it ends by itself."""
        return self.pause if self.pause is not None and at < self.pause.until else None


class Order(StrEnum):
    """What people tell a job."""

    PAUSE = "pause"
    RESUME = "resume"
    RUN = "run"


@dataclass(frozen=True, slots=True)
class JobOrder:
    """`lasts` and `because` belong to a pause."""

    do: Order
    job: str
    lasts: timedelta | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class JobBoard:
    """Every job as it stands at an instant (UTC). `held_until`: maintenance holds them all so long."""

    jobs: tuple[tuple[JobStory, JobKind], ...]
    at: datetime
    held_until: datetime | None = None

    def next_look(self, story: JobStory, kind: JobKind) -> datetime | None:
        """When it looks next; None when no replica ever looked."""
        comes = story.next_at(kind.every, self.at)
        return comes if comes is None or self.held_until is None else max(comes, self.held_until)


@dataclass(frozen=True, slots=True)
class JobOrdered:
    """What an order did. `was`: the pause in force before it. `is_new` False: it was so already, nothing changed."""

    board: JobBoard
    order: JobOrder
    was: Pause | None
    is_new: bool

    @property
    def story(self) -> JobStory:
        """Of the job that was told."""
        return next(story for story, _ in self.board.jobs if story.job == self.order.job)


@dataclass(frozen=True, slots=True)
class Mark:
    """What sets a job of an organisation apart: it is paused, a run is asked for, or its last run failed.

    `is_served`: the organisation has the app in Slack, or never had a Slack at all.
    """

    org_id: int
    job: str
    is_paused: bool
    has_failed: bool
    is_served: bool = True
    asked_at: datetime | None = None
