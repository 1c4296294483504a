"""What the use cases of Shadow Mode share: drafts are made and run out, and are read as they would leave now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.audit import Entry
from domain.autopilot import Pending, Skipped, Stop
from domain.facts import AccountFacts
from domain.notices import NoticeKind, Telling
from domain.outcomes import Departure, Refused
from domain.policy import Rulebook
from domain.ports import UnitOfWork
from domain.reasons import Reason
from domain.rules.allowance import sending_domain
from domain.rules.guards import Wait
from domain.rules.nudging import plan_nudge, write_mail, zone_of
from domain.shadow import Draft, NewDraft, Weighed
from domain.templates import Template
from domain.timeline import Source, StepState
from domain.usecases._asker import asker, audit_refusal
from domain.usecases._autopilot import Book, open_book
from domain.usecases._step_mail import step_departure
from domain.values import Actor, Capability, Person, Role
from domain.warming import Volume

_ENDS = {
    Stop.PAID: Reason.INVOICE_PAID,
    Stop.DISPUTED: Reason.INVOICE_DISPUTED,
    Stop.PROMISED: Reason.INVOICE_PROMISED,
    Stop.BELOW_MINIMUM: Reason.BELOW_MINIMUM,
    Stop.LEGAL_HOLD: Reason.LEGAL_HOLD,
    Stop.SUPPRESSED: Reason.CONTACT_SUPPRESSED,
}


def make_drafts(work: UnitOfWork, drafts: Sequence[NewDraft], steps: Mapping[int, Pending], *, at: datetime) -> int:
    """Returns how many were made. A/R hears of it when none was waiting before: one message for all that follow."""
    if not drafts:
        return 0
    is_news = not work.drafts.waiting(at=at, start=0, limit=1).total
    made = work.drafts.make(drafts)
    work.audit.record_all(
        Entry(
            "draft.made",
            at=at,
            actor_id=None,
            subject=steps[one.step_id].subject,
            account_id=steps[one.step_id].account_id,
            after={
                "template": steps[one.step_id].template,
                "version": one.template_version,
                "expires_at": one.expires_at.isoformat(),
            },
        )
        for one in drafts
        if one.step_id in made
    )
    if made and is_news:
        # Named by the hour: replicas that find them at once tell it once.
        key = f"drafts:{at.replace(minute=0, second=0, microsecond=0).isoformat()}"
        work.notices.raise_all([Telling(key, NoticeKind.DRAFTS_WAIT, "drafts", None, at)])
    return len(made)


def drop_late(work: UnitOfWork, *, at: datetime, limit: int) -> list[Pending]:
    """Drafts that nobody decided in time are not sent: returns their steps, whose sequences go on."""
    late = work.drafts.run_out(at=at, limit=limit)
    dropped = work.steps.skip(Skipped(one.id, Reason.EXPIRED) for one in late)
    ended = [one for one in late if one.id in dropped]
    work.audit.record_all(
        Entry(
            "draft.expired",
            at=at,
            actor_id=None,
            subject=one.subject,
            account_id=one.account_id,
            after={"why": Reason.EXPIRED.value},
        )
        for one in ended
    )
    return ended


def facts_for(work: UnitOfWork, drafts: Iterable[Draft], *, at: datetime, lock: bool) -> dict[int, AccountFacts]:
    """What the guards read of them; locked, nobody else decides, pays or sends meanwhile."""
    drafts = list(drafts)
    ids, invoices = [one.account_id for one in drafts], [one.invoice_id for one in drafts]
    return work.accounts.facts(ids, at=at, invoice_ids=invoices, with_open=True, lock=lock) if drafts else {}


@dataclass(frozen=True, slots=True)
class Scales:
    """What drafts are weighed by: the facts, the documents, and who would approve them."""

    work: UnitOfWork
    book: Book
    person: Person
    rulebook: Rulebook
    at: datetime

    def weigh(self, drafts: Collection[Draft], facts: Mapping[int, AccountFacts]) -> dict[int, Weighed]:
        """By step. `facts` are those of `facts_for`."""
        templates = {
            named: self.work.templates.get(*named) for named in {(one.template, one.template_version) for one in drafts}
        }
        volume = self.work.sending.volume(sending_domain(self.rulebook), around=self.at.date())
        others = self.work.sequences.of_another([one.account_id for one in drafts])
        weighed = {
            one.step_id: self._weighed(
                one, facts[one.account_id], templates[one.template, one.template_version], volume
            )
            for one in drafts
        }
        return {id: _left_to_another(one) if one.account.id in others else one for id, one in weighed.items()}

    def _departure(self, draft: Draft, facts: AccountFacts, volume: Volume) -> Departure | Refused:
        """What the guards say of it, to the person who would approve it."""
        workspace, rulebook = self.book.workspace, self.rulebook
        plan = plan_nudge(
            workspace=workspace,
            person=self.person,
            facts=facts,
            rulebook=rulebook,
            at=self.at,
            volume=volume,
            contact_id=draft.contact_id,
            invoice_id=draft.invoice_id,
            source=Source.AUTOPILOT,
        )
        assert not isinstance(plan, Wait)
        if isinstance(plan, Refused):
            return plan
        return step_departure(plan.departure, draft.step_id, org_id=workspace.org_id, rulebook=rulebook)

    def _weighed(self, draft: Draft, facts: AccountFacts, template: Template | None, volume: Volume) -> Weighed:
        book, at = self.book, self.at
        contact, invoice = facts.contact(draft.contact_id), facts.invoice(draft.invoice_id)
        assert invoice is not None, "invoices are never deleted"
        departure = self._departure(draft, facts, volume)
        objection = departure if isinstance(departure, Refused) else None
        mail, zone = None, zone_of(facts.account, contact, book.workspace, self.rulebook)
        if template is None or not template.is_approved:
            objection = objection or Refused(Reason.NO_TEMPLATE, ask=Role.CONTROLLER)
        if template is not None and contact is not None:
            written = write_mail(
                draft.wording.over(template) if draft.wording else template,
                facts=facts,
                invoice=invoice,
                contact=contact,
                person=None,
                rulebook=self.rulebook,
                zone=zone,
                leaves_at=departure.at if isinstance(departure, Departure) else at,
                message_id="preview",
            )
            if isinstance(written, Refused):
                objection = objection or written
            else:
                mail = written
        return Weighed(
            draft=draft,
            account=facts.account,
            contact=contact,
            invoice=invoice,
            template=template,
            mode=book.mode_named(draft.segment),
            zone=zone,
            mail=mail,
            departure=departure if isinstance(departure, Departure) and objection is None else None,
            objection=objection,
        )


@dataclass(frozen=True, slots=True)
class OneDraft:
    """A draft as it stands, and what it would be weighed by once it is changed."""

    weighed: Weighed
    scales: Scales
    facts: Mapping[int, AccountFacts]


def one_draft(
    work: UnitOfWork, step_id: int, *, doing: str, actor: Actor, rulebook: Rulebook, at: datetime, lock: bool
) -> OneDraft | Refused:
    """For whoever may decide about drafts; refusals are audited. Locked, nobody else decides it meanwhile."""
    subject = f"step:{step_id}"
    person = asker(work, actor, at, needs=Capability.APPROVE_DRAFTS, doing=doing, subject=subject)
    if isinstance(person, Refused):
        return person
    found, book = work.drafts.find([step_id]), open_book(work)
    if step_id not in found or book is None:
        stale = Refused(Reason.STALE_BUTTON)
        return audit_refusal(work, f"{doing}.refused", stale, actor=actor, at=at, subject=subject)
    facts, scales = facts_for(work, found.values(), at=at, lock=lock), Scales(work, book, person, rulebook, at)
    draft = work.drafts.find([step_id])[step_id] if lock else found[step_id]
    return OneDraft(scales.weigh([draft], facts)[step_id], scales, facts)


def _left_to_another(one: Weighed) -> Weighed:
    return replace(one, departure=None, objection=Refused(Reason.ANOTHER_SENDER))


def gone(one: Weighed) -> Refused:
    """Why a draft does not wait any more: who was faster, or what ended it."""
    draft = one.draft
    if draft.decided_by is not None:
        word = "skipped" if draft.reason is Reason.DRAFT_SKIPPED else "approved"
        return Refused(Reason.DRAFT_DECIDED, subject=word, by=draft.decided_by, at=draft.decided_at)
    if draft.reason is Reason.EXPIRED or draft.state is StepState.DRAFTED:
        return Refused(Reason.EXPIRED)
    if draft.reason is Reason.SUPERSEDED:
        return Refused(Reason.DRAFT_WITHDRAWN)
    if draft.ended in _ENDS:
        reason = _ENDS[draft.ended]
        subject = None if reason is Reason.CONTACT_SUPPRESSED else one.invoice.number
        least = one.objection.least if one.objection and one.objection.reason is reason else None
        return Refused(reason, subject=subject, least=least)
    return Refused(Reason.DRAFT_WITHDRAWN)
