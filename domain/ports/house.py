"""The house itself: its jobs."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from domain.jobs import JobStory, Pause


class Jobs(Protocol):
    """What people told the jobs, and how each last ran."""

    def stories(self) -> list[JobStory]:
        """Of those that ever did something or were told something, by name."""
        ...

    def pause(self, job: str, pause: Pause) -> None: ...
    def resume(self, job: str) -> None: ...
    def ask(self, job: str, *, by: str, at: datetime) -> None:
        """Whichever replica comes first runs it."""
        ...
