"""The scheduler that beats, whatever happens to the host's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler


class Heart(BackgroundScheduler):  # type: ignore[misc]  # APScheduler has no types
    """Beats on when the host's clock is set back; by itself APScheduler would be silent until it has caught up."""

    def __init__(self, *, every: timedelta, **options: Any) -> None:
        super().__init__(**options)
        self._every = every

    def _process_jobs(self) -> float | None:
        now = datetime.now(UTC)
        for job in self.get_jobs():
            if job.next_run_time > now + self._every:
                job.modify(next_run_time=now)
        wait: float | None = super()._process_jobs()
        return None if wait is None else min(wait, self._every.total_seconds())

    def hurry(self) -> None:
        """Every job beats now."""
        for job in self.get_jobs():
            job.modify(next_run_time=datetime.now(UTC))
