"""What would leave if the nudge were queued now."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from domain.facts import AccountFacts
from domain.outcomes import AlreadyQueued, NudgePreview, Refused
from domain.policy import Rulebook, Workspace
from domain.ports import Clock, UnitOfWork, UnitOfWorkFactory
from domain.reasons import Reason
from domain.rules.access import sees
from domain.rules.allowance import sending_domain, slot_of
from domain.rules.guards import Wait
from domain.rules.nudging import choose_contact, plan_nudge, write_mail, zones_of
from domain.rules.objections import contact_objection
from domain.templates import Audience, Template
from domain.timeline import Source
from domain.usecases._asker import asker, audit_refusal
from domain.values import Actor, Capability, Person, Role


def preview_nudge(
    account_id: int,
    *,
    template_key: str | None = None,
    contact_id: int | None = None,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> NudgePreview | AlreadyQueued | Refused:
    """The guards' answer and the exact text, nothing written but the audit of a refusal.

    Without ids the contact, the latest eligible invoice and the first approved template are picked.
    """
    at = clock.now()
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.NUDGE, doing="nudge", subject=f"account:{account_id}")
        if isinstance(person, Refused):
            return person
        facts = work.accounts.facts([account_id], at=at).get(account_id)
        if facts is None:
            return Refused(Reason.STALE_BUTTON)
        workspace = work.organisation.get()
        plan = plan_nudge(
            workspace=workspace,
            person=person,
            facts=facts,
            rulebook=rulebook,
            at=at,
            volume=work.sending.volume(sending_domain(rulebook), around=at.date()),
            planned=planned_today(work, at, workspace, rulebook),
            contact_id=contact_id,
        )
        assert not isinstance(plan, Wait)
        if isinstance(plan, Refused):
            if plan.reason is Reason.NUDGE_QUEUED and sees(person, facts.account, rulebook.policy.scope):
                waiting = _waiting(work, facts, contact_id, person, at, zones_of(facts.account, workspace, rulebook))
                if waiting:
                    return waiting
            return _audited(work, plan, actor, account_id, at)
        templates = approved_for(work, person)
        template = next((t for t in templates if t.key == template_key), templates[0] if templates else None)
        if template is None:
            missing = Refused(Reason.NO_TEMPLATE, ask=Role.CONTROLLER)
            return _audited(work, missing, actor, account_id, at)
        mail = write_mail(
            template,
            facts=facts,
            invoice=plan.invoice,
            contact=plan.contact,
            person=person,
            rulebook=rulebook,
            zone=plan.departure.zone,
            leaves_at=plan.departure.at,
            message_id="preview",
        )
        if isinstance(mail, Refused):
            return _audited(work, mail, actor, account_id, at)
        return NudgePreview(
            facts=facts,
            contact=plan.contact,
            invoice=plan.invoice,
            passed_over=plan.passed_over,
            template=template,
            templates=tuple(templates),
            contacts=tuple(
                c for c in facts.contacts if contact_objection(c, at=plan.departure.at, zones=plan.case.zones) is None
            ),
            mail=mail,
            departure=plan.departure,
            person=person,
        )


def planned_today(work: UnitOfWork, at: datetime, workspace: Workspace, rulebook: Rulebook) -> int:
    """Autopilot's steps that are still to leave today, as far as the day's cap reaches."""
    return work.quota.planned(before=slot_of(at, workspace, rulebook).day_ends, most=rulebook.policy.daily_cap)


def approved_for(work: UnitOfWork, person: Person) -> list[Template]:
    """Customer Success nudges under its own name, everybody else with the sales texts."""
    return work.templates.approved(Audience.CSM if person.role is Role.CSM else Audience.SALES)


def _waiting(
    work: UnitOfWork,
    facts: AccountFacts,
    contact_id: int | None,
    person: Person,
    at: datetime,
    zones: tuple[ZoneInfo, ...],
) -> AlreadyQueued | None:
    contact = facts.contact(contact_id) if contact_id is not None else choose_contact(facts, at, zones)
    theirs = (
        nudge
        for nudge in facts.nudges
        if contact is not None and nudge.contact_id == contact.id and nudge.source is Source.NUDGE
    )
    message = min(theirs, key=lambda nudge: nudge.leaves_at, default=None)
    return already_queued(work, message.id, person) if message else None


def already_queued(work: UnitOfWork, message_id: str, person: Person) -> AlreadyQueued | None:
    """The nudge that is there, with the names that belong to it."""
    found = work.messages.stories([message_id])
    if not found:
        return None
    story = found[0]
    assert story.requested_by is not None  # a nudge
    return AlreadyQueued(
        message=story.message,
        account=story.account,
        contact=story.contact,
        invoice=story.invoice,
        by=story.requested_by,
        is_mine=story.requested_by.id == person.id,
    )


def _audited(work: UnitOfWork, refusal: Refused, actor: Actor, account_id: int, at: datetime) -> Refused:
    known = account_id if work.accounts.get(account_id) else None
    return audit_refusal(
        work, "nudge.refused", refusal, actor=actor, at=at, subject=f"account:{account_id}", account_id=known
    )
