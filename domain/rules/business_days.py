"""Business days of a customer: days on which they could pay or answer, by their own calendar.

A business day is one of the days of the week on which the workspace writes to customers, and no public holiday of the
customer's country and region. Days are days of the customer's own clock; an instant comes out only at the end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.accounts import Account
from domain.calendars import Holidays
from domain.errors import InvalidValue
from domain.policy import Rulebook, Workspace
from domain.rules.nudging import zone_of
from domain.values import require_aware

_DAY = timedelta(days=1)
# A country that rests for a year is a mistake in the data; without a limit it would be an endless loop.
_HORIZON = 366


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """Whose days they are: the zones of the customer (several where only the country is known), and whose holidays."""

    zones: tuple[ZoneInfo, ...]
    open_days: frozenset[int]
    holidays: Holidays
    country: str | None = None
    region: str | None = None

    def is_business_day(self, day: date) -> bool:
        if day.weekday() not in self.open_days:
            return False
        return self.country is None or self.holidays.holiday(day, self.country, self.region) is None

    def after(self, day: date, count: int) -> date:
        """The `count`-th business day after `day`; `day` itself for 0. Raises InvalidValue when a year has too few."""
        left, found = count, day
        while left > 0:
            found += _DAY
            if (found - day).days > _HORIZON:
                raise InvalidValue("A year has not enough business days; look at the days of the week that are open.")
            left -= self.is_business_day(found)
        return found

    def day_of(self, at: datetime) -> date:
        """The customer's day at an instant: the earliest one where several zones are possible."""
        utc = require_aware(at)
        return min(utc.astimezone(zone).date() for zone in self.zones)

    def latest_day_of(self, at: datetime) -> date:
        """The latest day that it may be for the customer at an instant."""
        utc = require_aware(at)
        return max(utc.astimezone(zone).date() for zone in self.zones)

    def end_of(self, day: date) -> datetime:
        """The instant at which `day` is over everywhere the customer may be, in UTC.

        Midnight inside a gap of the clock is the moment of the change; of two midnights the first counts.
        """
        following = day + _DAY
        return max(datetime.combine(following, time(0), tzinfo=zone).astimezone(UTC) for zone in self.zones)


def calendar_of(account: Account, workspace: Workspace, rulebook: Rulebook) -> BusinessCalendar:
    """The account's own calendar, by the same rules that pick the zone for a nudge (without a contact's)."""
    choice = zone_of(account, None, workspace, rulebook)
    return BusinessCalendar(
        zones=tuple(map(rulebook.zones.zone, _distinct(choice.names))),
        open_days=rulebook.policy.quiet.open_days,
        holidays=rulebook.holidays,
        country=account.country,
        region=account.region,
    )


def _distinct(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
