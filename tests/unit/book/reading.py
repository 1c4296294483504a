"""The book as the guards read it, without a database."""

from __future__ import annotations

from datetime import datetime, timedelta

from connectors.calendars import PublicHolidays, TzdataZones
from domain import accounts as d
from domain import commitments, timeline
from domain.facts import AccountFacts, Touch
from domain.outcomes import Refused
from domain.policy import Policy, Rulebook, Workspace
from domain.rules.guards import Wait
from domain.rules.nudging import Plan, plan_nudge
from domain.values import Money, Person, Role
from sandbox.book import Account, Book
from tests.builders import make_volume

RULEBOOK = Rulebook(policy=Policy(), zones=TzdataZones(), holidays=PublicHolidays())
WORKSPACE = Workspace(org_id=1, name="Northwind Machines", zone="Europe/Berlin", country="DE")


def facts_of(book: Book, account: Account, *, at: datetime) -> AccountFacts:
    """What the store would answer about the account at `at`, synced then."""
    mine = [invoice for invoice in book.invoices if invoice.account_id == account.id]
    invoice_ids = {invoice.number: place for place, invoice in enumerate(mine, start=1)}
    contacts = [contact for contact in book.contacts if contact.account_id == account.id]
    contact_ids = {contact.email: place for place, contact in enumerate(contacts, start=1)}
    talks = [talk for talk in book.communications if talk.account_id == account.id]
    unapplied: dict[str, int] = {}
    for payment in book.payments:
        if payment.account_id == account.id and payment.invoice_number is None:
            unapplied[payment.currency] = unapplied.get(payment.currency, 0) + payment.amount
    return AccountFacts(
        account=d.Account(
            id=1,
            external_id=account.id,
            name=account.name,
            country=account.country,
            region=account.region,
            zone=account.zone,
            owner_email=account.owner_email,
            legal_hold=account.legal_hold,
            synced_at=at,
        ),
        contacts=tuple(
            d.Contact(
                id=contact_ids[contact.email],
                account_id=1,
                name=contact.name,
                email=contact.email,
                is_primary=contact.is_primary,
                is_valid=contact.is_valid,
                zone=contact.zone,
                suppression=d.Suppression(d.SuppressionReason(contact.suppression.reason), contact.suppression.until)
                if contact.suppression
                else None,
            )
            for contact in contacts
        ),
        invoices=tuple(
            d.Invoice(
                id=invoice_ids[invoice.number],
                account_id=1,
                number=invoice.number,
                issued_on=invoice.issued_on,
                due_on=invoice.due_on,
                amount=Money(invoice.amount, invoice.currency),
                balance=Money(invoice.balance, invoice.currency),
                state=d.InvoiceState(invoice.state),
                pay_link=d.PayLink(invoice.pay_link, invoice.pay_link_expires_at) if invoice.pay_link else None,
            )
            for invoice in mine
            if invoice.state == "open"
        ),
        promises=tuple(
            commitments.Promise(
                id=place,
                invoice_ids=frozenset(invoice_ids[number] for number in promise.invoice_numbers),
                amount=Money(promise.amount, promise.currency),
                due_on=promise.due_on,
                state=commitments.PromiseState(promise.state),
                reported_at=promise.reported_at,
                hold_until=promise.hold_until,
            )
            for place, promise in enumerate(book.promises, start=1)
            if promise.account_id == account.id
        ),
        disputes=tuple(
            commitments.Dispute(
                id=place,
                invoice_ids=frozenset(invoice_ids[number] for number in dispute.invoice_numbers),
                reason=dispute.reason,
                amount=Money(dispute.amount, dispute.currency),
                state=commitments.DisputeState(dispute.state),
                opened_at=dispute.opened_at,
                owner=dispute.owner,
                answer_due_at=dispute.answer_due_at,
            )
            for place, dispute in enumerate(book.disputes, start=1)
            if dispute.account_id == account.id
        ),
        touches=tuple(
            Touch(contact_ids[talk.contact_email], timeline.Source(talk.source), talk.at)
            for talk in talks
            if talk.contact_email and talk.source != "customer" and talk.at > at - timedelta(days=7)
        ),
        steps=tuple(
            timeline.AutopilotStep(
                place, step.name, step.tone, timeline.StepState(step.state), step.due_at, step.sent_at
            )
            for place, step in enumerate(book.steps, start=1)
            if step.account_id == account.id
        ),
        unapplied=unapplied,
    )


def owner_of(book: Book, account: Account) -> Person:
    """The colleague who owns the account, as Plixo knows them."""
    who = next(person for person in book.people if person.email == account.owner_email)
    return Person(
        org_id=1, id=7, email=who.email, name=who.name, role=Role(who.role), is_active=who.is_active, zone=who.zone
    )


def nudge(book: Book, account: Account, *, at: datetime) -> Plan | Refused | Wait:
    """What the owner hears when they nudge the account at `at`."""
    return plan_nudge(
        workspace=WORKSPACE,
        person=owner_of(book, account),
        facts=facts_of(book, account, at=at),
        rulebook=RULEBOOK,
        at=at,
        volume=make_volume(),
    )
