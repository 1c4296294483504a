"""Hand a report that waits for the record to an Operator who is there: whoever it was escalated to does not record."""

from __future__ import annotations

from datetime import datetime

from domain.duties import HandingShown, ReportHanded
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWork, UnitOfWorkFactory
from domain.reasons import Reason
from domain.reporting import ReportStory
from domain.rules.access import may
from domain.rules.duty import DUTY_SETTERS
from domain.usecases._alerting import hand_to, operators_there
from domain.usecases._asker import asker, audit_refusal
from domain.usecases._settling import waiting_report
from domain.values import Actor, Capability, Person, Role

DOING = "report.handed"


def show_handing(
    report_id: int, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> HandingShown | Refused:
    """To whom it can be handed now, for whoever may."""
    at = clock.now()
    with uow() as work:
        found = _to_hand(work, report_id, actor=actor, at=at, rulebook=rulebook)
        if isinstance(found, Refused):
            return found
        there = operators_there(work, at)
        return HandingShown(found[1], tuple(there), are_away=len(work.people.holding({Role.OPERATOR}, at)) > len(there))


def hand_report(
    report_id: int, user_id: int, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> ReportHanded | Refused:
    """By A/R Managers and Controllers. It is that Operator's from now on, and they hear of it; the account's duty stays
    as it is. When they are away, or others keep the account, it goes to whoever is on duty then.
    """
    at, subject = clock.now(), f"report:{report_id}"
    with uow() as work:
        found = _to_hand(work, report_id, actor=actor, at=at, rulebook=rulebook)
        if isinstance(found, Refused):
            return found
        person, story = found
        operator = next((one for one in operators_there(work, at) if one.id == user_id), None)
        if operator is None:
            named = work.people.by_ids([user_id], at).get(user_id)
            is_away = named is not None and may(named, Capability.RECORD)
            no = Refused(
                Reason.OPERATOR_AWAY if is_away else Reason.NOT_AN_OPERATOR,
                by=named.name if named else None,
                ask=None if is_away else Role.CONTROLLER,
            )
            return audit_refusal(
                work, f"{DOING}.refused", no, actor=actor, at=at, subject=subject, account_id=story.account.id
            )
        if story.report.handed_by is None or {story.report.operator_id, story.report.taken_by} != {operator.id}:
            work.audit.record(
                DOING,
                at=at,
                actor_id=person.id,
                subject=subject,
                account_id=story.account.id,
                before={"operator": story.report.operator_id},
                after={"operator": operator.id},
            )
            hand_to(work, story.report, operator, by=person, at=at)
        return ReportHanded(work.reports.stories([report_id])[0], operator)


def _to_hand(
    work: UnitOfWork, report_id: int, *, actor: Actor, at: datetime, rulebook: Rulebook
) -> tuple[Person, ReportStory] | Refused:
    subject = f"report:{report_id}"
    person = asker(work, actor, at, needs=Capability.VIEW_ACCOUNTS, doing=DOING, subject=subject)
    if isinstance(person, Refused):
        return person
    if person.role not in DUTY_SETTERS:
        no = Refused(Reason.NOT_ALLOWED, ask=Role.CONTROLLER)
        return audit_refusal(work, f"{DOING}.refused", no, actor=actor, at=at, subject=subject)
    return waiting_report(work, person, report_id, doing=DOING, actor=actor, at=at, rulebook=rulebook)
