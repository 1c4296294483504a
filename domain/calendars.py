"""Ports for zone and holiday data, which live outside the standard library."""

from __future__ import annotations

from datetime import date
from typing import Protocol
from zoneinfo import ZoneInfo


class Zones(Protocol):
    """IANA zone data. Answers of one object never change, so they may be remembered."""

    def __hash__(self) -> int: ...

    def zone(self, name: str) -> ZoneInfo:
        """The zone of that exact IANA name. Raises InvalidValue for unknown names, offsets, paths and 'localtime'."""
        ...

    def of_country(self, country: str) -> tuple[str, ...]:
        """IANA zones in use in an ISO 3166 alpha-2 country, sorted; empty when the country is unknown."""
        ...


class Holidays(Protocol):
    """Public holidays. Answers of one object never change, so they may be remembered."""

    def __hash__(self) -> int: ...

    def holiday(self, day: date, country: str, region: str | None) -> str | None:
        """The name of the public holiday on `day` in the country (and its region), or None."""
        ...
