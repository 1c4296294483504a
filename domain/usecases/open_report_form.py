"""What a report's form offers."""

from __future__ import annotations

from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reasons import Reason
from domain.reporting import ReportForm
from domain.usecases._asker import asker, audit_refusal, visible_account
from domain.usecases._settling import refuse_settled
from domain.values import Actor, Capability


def open_report_form(
    account_id: int,
    *,
    report_id: int | None = None,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> ReportForm | Refused:
    """The account as it stands now. With `report_id` the report to correct, for Operators, unless it is settled."""
    at, doing = clock.now(), "report.form"
    subject = f"account:{account_id}" if report_id is None else f"report:{report_id}"
    needs = Capability.REPORT if report_id is None else Capability.RECORD
    with uow() as work:
        person = asker(work, actor, at, needs=needs, doing=doing, subject=subject)
        if isinstance(person, Refused):
            return person
        account = visible_account(work, person, account_id, rulebook.policy.scope, at=at, doing=doing)
        if isinstance(account, Refused):
            return account
        facts = work.accounts.facts([account_id], at=at)[account_id]
        invoices = {invoice.id: invoice for invoice in facts.invoices if invoice.is_open}
        story = None
        if report_id is not None:
            story = next(iter(work.reports.stories([report_id])), None)
            if story is None or story.account.id != account_id:
                stale = Refused(Reason.STALE_BUTTON)
                return audit_refusal(
                    work, f"{doing}.refused", stale, actor=actor, at=at, subject=subject, account_id=account_id
                )
            if story.report.is_settled:
                return refuse_settled(work, story, doing=doing, actor=actor, at=at)
            invoices |= {invoice.id: invoice for invoice in story.invoices if invoice.id not in invoices}
        return ReportForm(
            account=account,
            invoices=tuple(sorted(invoices.values(), key=lambda each: (each.due_on, each.number))),
            contacts=facts.contacts,
            person=person,
            at=at,
            story=story,
        )
