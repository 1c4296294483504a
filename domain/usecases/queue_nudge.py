"""Queue one nudge."""

from __future__ import annotations

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from domain.messages import Message, State
from domain.notices import NoticeKind, Telling
from domain.outcomes import AlreadyQueued, Queued, Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWork, UnitOfWorkFactory
from domain.reasons import Reason
from domain.rules.access import sees
from domain.rules.allowance import sending_domain
from domain.rules.guards import Wait
from domain.rules.nudging import choose_invoice, departure_of, plan_nudge, segment_today, write_mail
from domain.usecases._asker import asker, audit_refusal
from domain.usecases.preview_nudge import already_queued, approved_for, planned_today
from domain.values import Actor, Capability, Role


def queue_nudge(
    account_id: int,
    *,
    contact_id: int,
    invoice_id: int,
    template_key: str,
    template_version: int,
    origin: str,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> Queued | AlreadyQueued | Refused:
    """Everything is checked again as rows stand now; the same `origin` always finds the same message.

    The account's row is taken first, so that of two people who click at once one queues and the other is shown
    what is already there.
    """
    at = clock.now()
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.NUDGE, doing="nudge", subject=f"account:{account_id}")
        if isinstance(person, Refused):
            return person
        facts = work.accounts.facts([account_id], at=at, lock=True).get(account_id)
        if facts is None:
            return _refuse(work, Refused(Reason.STALE_BUTTON), actor, account_id, at)
        if not sees(person, facts.account, rulebook.policy.scope):
            return _refuse(work, Refused(Reason.OUT_OF_SCOPE, ask=Role.CONTROLLER), actor, account_id, at)
        there = work.messages.find(origin=origin) or work.messages.find(open_for=(account_id, contact_id, invoice_id))
        if there is not None:
            return already_queued(work, there.id, person) or Refused(Reason.STALE_BUTTON)
        if facts.invoice(invoice_id) is None or facts.contact(contact_id) is None:
            # Paid, void or gone since the preview: read it by id so that the refusal can say which.
            facts = work.accounts.facts([account_id], at=at, invoice_ids=[invoice_id], with_open=True)[account_id]
            if facts.invoice(invoice_id) is None or facts.contact(contact_id) is None:
                return _refuse(work, Refused(Reason.STALE_BUTTON), actor, account_id, at)
        template = next((t for t in approved_for(work, person) if t.key == template_key), None)
        if template is None or template.version != template_version:
            return _refuse(work, Refused(Reason.NO_TEMPLATE, ask=Role.CONTROLLER), actor, account_id, at)
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
            invoice_id=invoice_id,
        )
        assert not isinstance(plan, Wait)
        if isinstance(plan, Refused):
            return _refuse(work, plan, actor, account_id, at)
        latest, _ = choose_invoice(plan.case)
        if latest is not None and latest.id != invoice_id:
            # Read since the preview: a nudge cites the latest, and nobody sends what they have not seen.
            return _refuse(work, Refused(Reason.NEWER_INVOICE, subject=latest.number), actor, account_id, at)
        new_id = uuid5(NAMESPACE_URL, f"plixo:{actor.org_id}:{origin}").hex
        departure = departure_of(plan.departure, message_id=new_id, policy_spread=rulebook.policy.spread)
        mail = write_mail(
            template,
            facts=facts,
            invoice=plan.invoice,
            contact=plan.contact,
            person=person,
            rulebook=rulebook,
            zone=departure.zone,
            leaves_at=departure.at,
            message_id=new_id,
        )
        if isinstance(mail, Refused):
            return _refuse(work, mail, actor, account_id, at)
        segment = segment_today(facts, workspace, rulebook, at=at)
        message = work.messages.add(
            Message(
                id=new_id,
                account_id=account_id,
                contact_id=contact_id,
                invoice_id=invoice_id,
                template_key=template.key,
                template_version=template.version,
                requested_by=person.id,
                requested_at=at,
                origin=origin,
                state=State.QUEUED,
                leaves_at=departure.at,
                expires_at=departure.opening.at + rulebook.policy.expiry,
                segment=segment.name if segment else None,
            )
        )
        if message is None:
            there = work.messages.find(origin=origin) or work.messages.find(
                open_for=(account_id, contact_id, invoice_id)
            )
            return (there and already_queued(work, there.id, person)) or Refused(Reason.BUSY)
        work.audit.record(
            "nudge.queued",
            at=at,
            actor_id=person.id,
            subject=f"nudge:{message.id}",
            account_id=account_id,
            after={
                "invoice": plan.invoice.number,
                "template": template.key,
                "version": template.version,
                "leaves_at": departure.at.isoformat(),
            },
        )
        work.notices.raise_all([Telling(f"nudge:{message.id}:alert", NoticeKind.AR_ALERT, message.id, None, at)])
        return Queued(
            message=message, account=facts.account, contact=plan.contact, invoice=plan.invoice, departure=departure
        )


def _refuse(work: UnitOfWork, refusal: Refused, actor: Actor, account_id: int, at: datetime) -> Refused:
    known = account_id if work.accounts.get(account_id) else None
    return audit_refusal(
        work, "nudge.refused", refusal, actor=actor, at=at, subject=f"account:{account_id}", account_id=known
    )
