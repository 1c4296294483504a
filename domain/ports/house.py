"""The house itself: its jobs, its alarms, its queue as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from domain.console import Alarm, Hour, QueueNow
from domain.depth import Depth
from domain.jobs import JobStory, Pause


class Jobs(Protocol):
    """What people told the jobs, and how each last ran."""

    def stories(self) -> list[JobStory]:
        """Of those that ever did something or were told something, by name."""
        ...

    def looked(self) -> dict[str, datetime]:
        """By name, when any replica last looked whether there is something to do; written twice a minute at most."""
        ...

    def pause(self, job: str, pause: Pause) -> None: ...
    def resume(self, job: str) -> None: ...
    def ask(self, job: str, *, by: str, at: datetime) -> None:
        """Whichever replica comes first runs it."""
        ...

    def reached(self, job: str) -> int | None:
        """The last id that its run in slices has behind it; None: none is under way."""
        ...

    def go_on(self, job: str, *, was: int | None, to: int | None) -> bool:
        """It has come from one id to another, or to its end (None). False: another replica took it on meanwhile."""
        ...


class House(Protocol):
    """What the console shows."""

    def alarms(self, *, lock: bool = False) -> list[Alarm]:
        """Every row that was ever looked at, by name; `lock`ed for whoever decides whom to tell."""
        ...

    def keep(self, alarms: Iterable[Alarm]) -> None: ...
    def forget(self, names: Iterable[str]) -> None:
        """Rows of which nobody waits to hear."""
        ...

    def depth(self, at: datetime) -> Depth: ...
    def queue(self, at: datetime) -> QueueNow: ...
    def hours(self, at: datetime) -> list[Hour]:
        """The last 24, the present one last, as far as the newest 20,000 entries of the audit log reach."""
        ...
