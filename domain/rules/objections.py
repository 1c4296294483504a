"""What speaks against citing an invoice, and against writing to a contact: guards 3 and 4, for one of them alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo

from domain.accounts import Contact, Invoice, InvoiceState, SuppressionReason
from domain.facts import AccountFacts
from domain.outcomes import Refused
from domain.policy import Policy
from domain.reasons import Reason
from domain.values import Role


def by_newest(invoice: Invoice) -> tuple[date, date, str]:
    """Sort key of “latest”: newest issued, ties by due date, then number."""
    return invoice.issued_on, invoice.due_on, invoice.number


OF_THE_INVOICE = frozenset(
    {
        Reason.INVOICE_DISPUTED,
        Reason.INVOICE_PROMISED,
        Reason.BELOW_MINIMUM,
        Reason.UNAPPLIED_CASH,
        Reason.NO_PAY_LINK,
        Reason.PAY_LINK_DEAD,
        Reason.NO_ELIGIBLE_INVOICE,
    }
)
"""Why none of the open invoices can be cited."""


def invoice_objection(
    invoice: Invoice, *, facts: AccountFacts, policy: Policy, at: datetime, leaves_at: datetime
) -> Refused | None:
    """Why this invoice cannot be cited by a nudge that leaves at `leaves_at`; None when it can."""
    number = invoice.number
    if invoice.state is InvoiceState.PAID:
        return Refused(Reason.INVOICE_PAID, subject=number)
    if invoice.state is InvoiceState.VOID:
        return Refused(Reason.INVOICE_VOID, subject=number)
    if dispute := facts.dispute_on(invoice.id):
        return Refused(Reason.INVOICE_DISPUTED, subject=number, ask=Role.OPERATOR, at=dispute.opened_at)
    if promise := facts.promise_on(invoice.id, leaves_at):
        return Refused(
            Reason.INVOICE_PROMISED,
            subject=number,
            until=promise.held_until,
            ask=Role.OPERATOR,
            at=promise.reported_at,
        )
    if not policy.minimum_balances.are_met_by(invoice.balance):
        least = policy.minimum_balances.for_currency(invoice.balance.currency)
        return Refused(Reason.BELOW_MINIMUM, subject=number, least=least)
    if facts.unapplied.get(invoice.balance.currency, 0) >= invoice.balance.minor:
        return Refused(Reason.UNAPPLIED_CASH, subject=number, ask=Role.OPERATOR)
    if invoice.pay_link is None:
        return Refused(Reason.NO_PAY_LINK, subject=number, ask=Role.OPERATOR)
    if not invoice.pay_link.is_live(max(at, leaves_at)):
        return Refused(Reason.PAY_LINK_DEAD, subject=number, ask=Role.OPERATOR, at=invoice.pay_link.expires_at)
    return None


def contact_objection(contact: Contact | None, *, at: datetime, zones: tuple[tzinfo, ...] = (UTC,)) -> Refused | None:
    """Why this contact cannot be written to at `at`; None when it can.

    A suppression ends with the beginning of its day in the account's zone; of several possible zones in the last.
    """
    if contact is None:
        return Refused(Reason.NO_CONTACT, ask=Role.OPERATOR)
    if not contact.is_valid:
        return Refused(Reason.CONTACT_INVALID, subject=contact.name, ask=Role.OPERATOR)
    suppression = contact.suppression
    if suppression and suppression.holds_on(min(at.astimezone(zone).date() for zone in zones)):
        ask = Role.LEGAL if suppression.reason is SuppressionReason.LEGAL_HOLD else Role.OPERATOR
        until = (
            max(datetime.combine(suppression.until, time(0), tzinfo=zone).astimezone(UTC) for zone in zones)
            if suppression.until
            else None
        )
        return Refused(Reason.CONTACT_SUPPRESSED, subject=suppression.reason.value, until=until, ask=ask)
    return None
