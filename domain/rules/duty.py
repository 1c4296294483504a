"""Who is on duty for an account at an instant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from domain.duties import Absence, Keeper
from domain.values import Person, Role

FALLBACK = (Role.OPERATOR, Role.AR_MANAGER, Role.CONTROLLER)
"""Whom a report goes to when nobody keeps the account: all Operators, else all A/R Managers, else all Controllers."""

DUTY_SETTERS = frozenset({Role.AR_MANAGER, Role.CONTROLLER})
"""Who says who keeps which account, and enters other people's absences (decided)."""


def on_duty(
    account_id: int,
    *,
    keepers: Sequence[Keeper],
    absences: Iterable[Absence],
    people: Mapping[int, Person],
    at: datetime,
) -> list[Person]:
    """Everybody whose duty the account is, by id: its keepers or their stand-ins, else the keepers of everything, else
    FALLBACK. Absent, deactivated and people who no longer keep records (Operators do) are passed over; when that leaves
    nobody at all, those who are absent are asked after all. Empty only when there is nobody to ask.
    """
    raise NotImplementedError
