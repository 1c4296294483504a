"""What both ways of keeping duties do: in Slack by a person, on the command line by whoever runs the installation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from domain.duties import Absence, AbsenceSet, DutyHolder, DutySet, DutyShare, InvalidAbsence
from domain.notices import NoticeKind, Telling
from domain.ports import UnitOfWork
from domain.rules.duty import share_of
from domain.usecases._alerting import hand_over
from domain.values import Person, Role

LONGEST = timedelta(days=366)


def absence_of(work: UnitOfWork, person: Person, at: datetime) -> tuple[Absence | None, str | None]:
    """Theirs that runs now, and the name of who stands in."""
    absence = next((one for one in work.absences.standing(at) if one.user_id == person.id and one.covers(at)), None)
    if absence is None or absence.stand_in is None:
        return absence, None
    stand_in = work.people.by_ids([absence.stand_in], at).get(absence.stand_in)
    return absence, stand_in.name if stand_in else None


def roster(work: UnitOfWork, at: datetime) -> tuple[DutyHolder, ...]:
    """Every active Operator and A/R Manager, and whoever keeps an account without being one; by name. A handful of
    statements.
    """
    keepers, absences = work.duties.keepers(), work.absences.standing(at)
    people = {person.id: person for person in work.people.holding({Role.OPERATOR, Role.AR_MANAGER}, at)}
    others = {keeper.user_id for keeper in keepers} | {one.stand_in for one in absences if one.stand_in}
    named = people | work.people.by_ids(sorted(others - people.keys()), at)
    shown = people.keys() | {keeper.user_id for keeper in keepers if keeper.user_id in named}
    holders = []
    for id in shown:
        absence = next((one for one in absences if one.user_id == id), None)
        stand_in = named.get(absence.stand_in) if absence is not None and absence.stand_in else None
        theirs = [keeper for keeper in keepers if keeper.user_id == id]
        holders.append(
            DutyHolder(
                person=named[id],
                accounts=tuple(sorted(one.account_name for one in theirs if one.account_name)),
                keeps_the_rest=any(one.account_id is None for one in theirs),
                absence=absence,
                stand_in=stand_in.name if stand_in else None,
            )
        )
    return tuple(sorted(holders, key=lambda holder: (holder.person.name.casefold(), holder.person.id)))


def shares_of(work: UnitOfWork, readers: Iterable[Person], at: datetime) -> dict[int, DutyShare]:
    """What falls to each Operator among them, by id; everybody else looks at the whole house. Two reads at most."""
    mine = [person for person in readers if person.role is Role.OPERATOR]
    if not mine:
        return {}
    operators, absences = work.people.holding({Role.OPERATOR}, at), work.absences.standing(at)
    return {person.id: share_of(person, absences=absences, people=operators, at=at) for person in mine}


def keep_duty(
    work: UnitOfWork, user_id: int, account_id: int | None, *, keeps: bool, actor_id: int | None, by: str, at: datetime
) -> DutySet:
    """Doing it twice changes nothing."""
    if keeps:
        changed = work.duties.assign(user_id, account_id, at=at)
    else:
        changed = work.duties.take_off(user_id, account_id)
    if changed:
        hand_over(work, at, of={account_id})
        tell_of_duty(work, user_id, {user_id} - {actor_id}, at)
        work.audit.record(
            "duty.assigned" if keeps else "duty.taken_off",
            at=at,
            actor_id=actor_id,
            subject=f"user:{user_id}",
            account_id=account_id,
            before={"keeps": not keeps},
            after={"keeps": keeps, "of": "account" if account_id else "everything", "by": by},
        )
    return DutySet(tuple(work.duties.keepers()))


def keep_absence(
    work: UnitOfWork,
    person: Person,
    *,
    starts_at: datetime,
    ends_at: datetime | None,
    stand_in: int | None,
    actor_id: int | None,
    by: str,
    at: datetime,
) -> AbsenceSet | InvalidAbsence:
    """`ends_at` None: they are back."""
    before = _absences(work, person, at)

    def note(action: str) -> None:
        after = {**_absences(work, person, at), "by": by}
        work.audit.record(action, at=at, actor_id=actor_id, subject=f"user:{person.id}", before=before, after=after)

    if ends_at is None:
        stand_ins = {one.stand_in for one in work.absences.standing(at) if one.user_id == person.id and one.stand_in}
        if work.absences.end(person.id, at=at):
            note("absence.ended")
            hand_over(work, at)
            tell_of_duty(work, person.id, ({person.id} | stand_ins) - {actor_id}, at)
        return AbsenceSet(None)
    if problem := _problem(person, starts_at, ends_at, stand_in, at):
        return InvalidAbsence(problem)
    absence = Absence(person.id, starts_at, ends_at, stand_in)
    work.absences.enter(absence, at=at)
    note("absence.set")
    hand_over(work, at)
    tell_of_duty(work, person.id, {person.id, *([stand_in] if stand_in else [])} - {actor_id}, at)
    return AbsenceSet(absence)


def tell_of_duty(work: UnitOfWork, user_id: int, whom: Iterable[int], at: datetime) -> None:
    """Whose duty changed, and who stands in; not whoever changed it. Each change is a message of its own."""
    work.notices.raise_all(
        Telling(f"roster:{user_id}:{id}:{at.isoformat()}", NoticeKind.ROSTER, str(user_id), id, at) for id in whom
    )


def _absences(work: UnitOfWork, person: Person, at: datetime) -> dict[str, object]:
    """Theirs that have not ended."""
    return {"absences": [one.facts() for one in work.absences.standing(at) if one.user_id == person.id]}


def _problem(person: Person, starts_at: datetime, ends_at: datetime, stand_in: int | None, at: datetime) -> str | None:
    if ends_at <= starts_at:
        return "An absence ends after it starts. Choose a later end."
    if ends_at <= at:
        return "This absence is over already. Choose an end that is still to come."
    if ends_at - starts_at > LONGEST:
        return "An absence lasts a year at most. Choose an earlier end, or take the duty off."
    if stand_in == person.id:
        return "Nobody stands in for themselves. Choose somebody else, or nobody."
    return None
