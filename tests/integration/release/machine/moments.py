"""Time as it really passes beside the clock that the product reads, which may step."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sandbox.clock import MovableClock


@dataclass(frozen=True, slots=True)
class Moment:
    """`at`: what the product's clock showed. `elapsed`: how much time had really passed."""

    at: datetime
    elapsed: timedelta


@dataclass
class Time:
    clock: MovableClock
    elapsed: timedelta = timedelta(0)
    steps: list[tuple[timedelta, timedelta]] = field(default_factory=list)

    def now(self) -> Moment:
        return Moment(self.clock.now(), self.elapsed)

    def passes(self, by: timedelta) -> None:
        self.elapsed += by
        self.clock.advance(by)

    def steps_by(self, by: timedelta) -> None:
        """The clock is put forward or back; no time passes."""
        self.steps.append((self.elapsed, abs(by)))
        self.clock.advance(by)

    def slack(self, first: Moment, last: Moment) -> timedelta:
        """By how much the clock may have misjudged the time between two moments."""
        return sum((by for at, by in self.steps if first.elapsed <= at <= last.elapsed), timedelta(0))


def is_business_hours(at: datetime, zone: str) -> bool:
    """A plain reading of the wall clock: Monday to Friday, eight to six."""
    wall = at.astimezone(ZoneInfo(zone))
    return wall.weekday() < 5 and 8 <= wall.hour < 18
