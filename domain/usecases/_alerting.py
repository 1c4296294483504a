"""Who hears what of a report: whoever is on duty, those above them, and whoever reported it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from domain.notices import NoticeKind, Telling
from domain.ports import UnitOfWork
from domain.reporting import Report
from domain.rules.duty import ABOVE, FALLBACK, above_the_record, on_duty, present_operators
from domain.values import Person, Role

MOST_HANDED_OVER = 500
"""Reports that wait at once; whoever has more waiting finds the rest on App Home."""


def whose_duty(work: UnitOfWork, account_id: int, at: datetime) -> list[Person]:
    """As the rows know it at this instant."""
    people = {person.id: person for person in work.people.holding(FALLBACK, at)}
    return on_duty(
        account_id,
        keepers=work.duties.keepers(account_id),
        absences=work.absences.standing(at),
        people=people,
        at=at,
    )


def operators_there(work: UnitOfWork, at: datetime) -> list[Person]:
    """Who could record something at this instant, by name."""
    return present_operators(work.people.holding({Role.OPERATOR}, at), absences=work.absences.standing(at), at=at)


def alert(work: UnitOfWork, report_id: int, people: Iterable[Person], at: datetime) -> None:
    """A report came in."""
    work.notices.raise_all(_telling(report_id, "duty", person, at) for person in people)


def hand_over(work: UnitOfWork, at: datetime, *, of: Collection[int | None] = ()) -> None:
    """Duties have changed: what waits for the record goes to whoever has it now. Who has heard of it does not again.

    What somebody took in hand or was given stays theirs while they are there, unless its own account's keepers are
    others now: `of` are the accounts of which that is so, None all that nobody keeps by name.
    """
    people = {person.id: person for person in work.people.holding(FALLBACK, at)}
    keepers, absences = work.duties.keepers(), work.absences.standing(at)
    there = {person.id for person in present_operators(people.values(), absences=absences, at=at)}
    told: list[Telling] = []
    moved: list[str] = []
    for report in (story.report for story in work.reports.stories(waiting=True, limit=MOST_HANDED_OVER)):
        theirs = [keeper for keeper in keepers if keeper.account_id in (report.account_id, None)]
        kept_as = report.account_id if any(keeper.account_id for keeper in theirs) else None
        if report.taken_by in there and not {report.account_id, kept_as}.intersection(of):
            continue
        asked = on_duty(report.account_id, keepers=theirs, absences=absences, people=people, at=at)
        operator = asked[0].id if len(asked) == 1 else None
        if operator != report.operator_id or report.acknowledged_by not in (None, operator):
            work.duties.hand_over(report.id, operator)
            moved += _posts_about(report)
        told += [_telling(report.id, "duty", person, at) for person in asked]
    work.notices.retell(moved, people.keys(), at=at)
    work.notices.raise_all(told)


def hand_to(work: UnitOfWork, report: Report, operator: Person, *, by: Person, at: datetime) -> None:
    """Somebody says whose it is: they hear, each time in a post of its own, and what others read of it is edited."""
    work.duties.hand_over(report.id, operator.id, by=by.id)
    retell(work, report, at)
    work.notices.raise_all([_telling(report.id, f"handed:{report.handings + 1}", operator, at)])


def remind(work: UnitOfWork, report: Report, at: datetime) -> bool:
    """Nobody has it in hand yet: whoever it was handed to, else whoever is on duty by now, hears of it again. Once for
    each report.
    """
    if not work.reports.mark(report.id, reminded_at=at):
        return False
    retell(work, report, at)
    asked = [one for one in operators_there(work, at) if one.id == report.operator_id] or whose_duty(
        work, report.account_id, at
    )
    work.notices.raise_all(_telling(report.id, "reminder", person, at) for person in asked)
    _audit(work, "report.reminded", report, asked, at)
    return True


def escalate(work: UnitOfWork, report: Report, at: datetime) -> bool:
    """It is about to miss its 15 minutes: those above the record hear of it. Once for each report."""
    if not work.reports.mark(report.id, escalated_at=at):
        return False
    retell(work, report, at)
    asked = above_the_record(work.people.holding(ABOVE, at), absences=work.absences.standing(at), at=at)
    work.notices.raise_all(_telling(report.id, "escalation", person, at) for person in asked)
    _audit(work, "report.escalated", report, asked, at)
    return True


def retell(work: UnitOfWork, report: Report, at: datetime) -> None:
    """The report has moved: what was posted about it is edited, and nobody new is told."""
    people = [person.id for person in work.people.holding(FALLBACK, at)]
    work.notices.retell(_posts_about(report), people, at=at)


def _posts_about(report: Report) -> list[str]:
    """All that there can be; whoever was told adds their id."""
    handed = (f"handed:{number + 1}" for number in range(report.handings))
    return [_post(report.id, what) for what in ("duty", "reminder", "escalation", *handed)]


def _post(report_id: int, what: str) -> str:
    return f"report:{report_id}:{what}"


def tell_reporter(work: UnitOfWork, report: Report, outcome: str, *, by: int | None, at: datetime) -> None:
    """In the thread of their report; not of what they did themselves. Each outcome is a message of its own."""
    if report.reported_by != by:
        key = f"report:{report.id}:outcome:{outcome}"
        told = Telling(key, NoticeKind.REPORT_OUTCOME, str(report.id), report.reported_by, at)
        work.notices.raise_all([told])


def _telling(report_id: int, what: str, person: Person, at: datetime) -> Telling:
    """`what` is a post of its own: an edit of the one before would wake nobody."""
    key = f"{_post(report_id, what)}:{person.id}"
    kind = NoticeKind.REPORT_ESCALATION if what == "escalation" else NoticeKind.REPORT_DUTY
    return Telling(key, kind, subject=str(report_id), recipient=person.id, at=at)


def _audit(work: UnitOfWork, action: str, report: Report, asked: list[Person], at: datetime) -> None:
    work.audit.record(
        action,
        at=at,
        actor_id=None,
        subject=f"report:{report.id}",
        account_id=report.account_id,
        after={"told": [person.id for person in asked]},
    )
