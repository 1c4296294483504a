"""Who is on duty for an account at an instant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from domain.duties import Absence, DutyShare, Keeper
from domain.rules.access import may
from domain.values import Capability, Person, Role

FALLBACK = (Role.OPERATOR, Role.AR_MANAGER, Role.CONTROLLER)
"""Whom a report goes to when nobody keeps the account: all Operators, else all A/R Managers, else all Controllers."""

ABOVE = (Role.AR_MANAGER, Role.CONTROLLER)
"""Whom a report is escalated to."""

DUTY_SETTERS = frozenset({Role.AR_MANAGER, Role.CONTROLLER})
"""Who says who keeps which account, and enters other people's absences (decided)."""


def sees_duty(person: Person) -> bool:
    """Who keeps the record or says who does: App Home leads them to who is on duty, and says when they are away."""
    return may(person, Capability.RECORD) or person.role in DUTY_SETTERS


def on_duty(
    account_id: int,
    *,
    keepers: Sequence[Keeper],
    absences: Iterable[Absence],
    people: Mapping[int, Person],
    at: datetime,
) -> list[Person]:
    """Everybody whose duty the account is, by id: its keepers or their stand-ins, else the keepers of everything or
    theirs, else FALLBACK.

    Passed over are people who are absent, deactivated, or no longer record promises. When that leaves nobody at all,
    those of FALLBACK who are absent are asked after all. `people` are all who may be asked. Empty only when there is
    nobody.
    """
    away = {absence.user_id: absence.stand_in for absence in absences if absence.covers(at)}
    for wanted in (account_id, None):
        kept_by = {_present(keeper.user_id, away) for keeper in keepers if keeper.account_id == wanted}
        found = [people[id] for id in sorted(id for id in kept_by if id is not None and id in people)]
        able = [person for person in found if may(person, Capability.RECORD)]
        if able:
            return able
    present = [person for _, person in sorted(people.items()) if person.is_active and person.id not in away]
    anybody = [person for _, person in sorted(people.items()) if person.is_active]
    for those in (present, anybody):
        for role in FALLBACK:
            if able := [person for person in those if person.role is role]:
                return able
    return []


def above_the_record(people: Collection[Person], *, absences: Iterable[Absence], at: datetime) -> list[Person]:
    """The A/R Managers who are there, else the Controllers who are; when all of them are away, whoever there is."""
    away = {absence.user_id for absence in absences if absence.covers(at)}
    for those in ([one for one in people if one.id not in away], people):
        for role in ABOVE:
            if found := [one for one in those if one.role is role]:
                return found
    return []


def present_operators(people: Iterable[Person], *, absences: Iterable[Absence], at: datetime) -> list[Person]:
    """Who could record something now, by name."""
    away = {absence.user_id for absence in absences if absence.covers(at)}
    able = (person for person in people if may(person, Capability.RECORD) and person.id not in away)
    return sorted(able, key=lambda person: (person.name.casefold(), person.id))


def share_of(person: Person, *, absences: Iterable[Absence], people: Iterable[Person], at: datetime) -> DutyShare:
    """What falls to the person by the same rule as `on_duty`. `people` are all who keep the record."""
    away = {absence.user_id: absence.stand_in for absence in absences if absence.covers(at)}
    able = {one.id for one in people if may(one, Capability.RECORD)}
    done_by = {id: _present(id, away) for id in able | away.keys()}
    return DutyShare(
        theirs=frozenset(id for id, by in done_by.items() if by == person.id and by in able),
        acting=frozenset(id for id, by in done_by.items() if by in able),
    )


def _present(user_id: int, away: Mapping[int, int | None]) -> int | None:
    """Themselves, or who stands in for them, or who stands in for that one; None when that ends with nobody."""
    seen: set[int] = set()
    found: int | None = user_id
    while found is not None and found in away and found not in seen:
        seen.add(found)
        found = away[found]
    return None if found is None or found in away else found


def least_burdened(
    people: Iterable[Person], *, absences: Iterable[Absence], burdens: Iterable[str | None], at: datetime
) -> Person | None:
    """Whoever is there and owns the fewest of `burdens` (owners' addresses), by id among equals.

    Somebody absent when all are; None when there is nobody.
    """
    away = {absence.user_id for absence in absences if absence.covers(at)}
    carried = Counter(email.casefold() for email in burdens if email)
    ranked = sorted(people, key=lambda p: (p.id in away, carried[p.email.casefold()], p.id))
    return ranked[0] if ranked else None
