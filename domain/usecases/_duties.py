"""What both ways of keeping duties do: in Slack by a person, on the command line by whoever runs the installation."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.duties import Absence, AbsenceSet, DutySet, InvalidAbsence
from domain.ports import UnitOfWork
from domain.values import Person

LONGEST = timedelta(days=366)


def keep_duty(
    work: UnitOfWork, user_id: int, account_id: int | None, *, keeps: bool, actor_id: int | None, by: str, at: datetime
) -> DutySet:
    """Doing it twice changes nothing."""
    if keeps:
        changed = work.duties.assign(user_id, account_id, at=at)
    else:
        changed = work.duties.take_off(user_id, account_id)
    if changed:
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
        if work.duties.end_absence(person.id, at=at):
            note("absence.ended")
        return AbsenceSet(None)
    if problem := _problem(person, starts_at, ends_at, stand_in, at):
        return InvalidAbsence(problem)
    absence = Absence(person.id, starts_at, ends_at, stand_in)
    work.duties.set_absence(absence)
    note("absence.set")
    return AbsenceSet(absence)


def _absences(work: UnitOfWork, person: Person, at: datetime) -> dict[str, object]:
    """Theirs that have not ended."""
    return {"absences": [one.facts() for one in work.duties.absences(at) if one.user_id == person.id]}


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
