"""What the guards and the readers are told about accounts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, select, update

from domain.accounts import InvoiceState, PayLink, Suppression, SuppressionReason, Undeliverable
from domain.commitments import DisputeState, PromiseState
from domain.facts import AccountFacts
from domain.messages import State
from domain.ports import UnitOfWorkFactory
from domain.timeline import Communication, SentMail, Source, StepState
from domain.values import Money
from storage.tables import communications, invoices
from tests.contract.conftest import Desk
from tests.factories import (
    NOON,
    TODAY,
    make_account,
    make_communication,
    make_contact,
    make_customer,
    make_dispute,
    make_invoice,
    make_message,
    make_note,
    make_payment,
    make_promise,
    make_step,
    make_suppression,
    make_user,
)

DAY = timedelta(days=1)


def facts_of(uow: UnitOfWorkFactory, desk: Desk, **more: object) -> AccountFacts:
    with uow() as work:
        return work.accounts.facts([desk.account.id], at=NOON, **more)[desk.account.id]  # type: ignore[arg-type]


class TestOne:
    def test_it_is_read_whole_and_only_by_its_own(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory
    ) -> None:
        account = make_account(
            database, organisation, region="BE", industry="Robots", domain="acme.example", renewal_on=TODAY + DAY
        )
        with uow() as work:
            assert work.accounts.get(account.id) == account
            assert work.accounts.get(account.id + 1) is None
        with other_uow() as work:
            assert work.accounts.get(account.id) is None
            assert work.accounts.facts([account.id], at=NOON) == {}
            assert work.accounts.card(account.id, sending_domain="example.com", at=NOON) is None


class TestFacts:
    def test_contacts_with_their_suppression_primary_first(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory
    ) -> None:
        account = make_account(database, organisation)
        make_contact(database, organisation, account.id, is_primary=False, email="Second@Acme.example")
        make_contact(database, organisation, account.id, is_primary=True, email="first@acme.example")
        make_suppression(
            database,
            organisation,
            email="second@acme.example",
            reason=SuppressionReason.OPTED_OUT,
            until=TODAY + DAY,
        )
        with uow() as work:
            first, second = work.accounts.facts([account.id], at=NOON)[account.id].contacts
        assert (first.email, first.suppression) == ("first@acme.example", None)
        assert second.suppression == Suppression(SuppressionReason.OPTED_OUT, TODAY + DAY)

    def test_open_invoices_with_their_pay_link(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, desk: Desk
    ) -> None:
        paid = make_invoice(database, organisation, desk.account.id, state=InvoiceState.PAID, paid_on=TODAY)
        bare = make_invoice(database, organisation, desk.account.id, pay_link=None, amount=Money(5_000, "JPY"))
        facts = facts_of(uow, desk)
        assert {i.id: i for i in facts.invoices} == {i.id: i for i in (desk.invoice, desk.other_invoice, bare)}
        named = facts_of(uow, desk, invoice_ids=[paid.id, desk.invoice.id])
        assert {i.id for i in named.invoices} == {paid.id, desk.invoice.id}
        assert named.invoice(paid.id) == paid

    def test_a_link_keeps_its_end(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, desk: Desk
    ) -> None:
        link = PayLink("https://pay.example/x", NOON + DAY)
        invoice = make_invoice(database, organisation, desk.account.id, pay_link=link)
        found = facts_of(uow, desk).invoice(invoice.id)
        assert found is not None and found.pay_link is not None and found.pay_link.expires_at == NOON + DAY

    def test_promises_that_are_not_decided(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, desk: Desk
    ) -> None:
        both = [desk.invoice.id, desk.other_invoice.id]
        make_promise(
            database,
            organisation,
            desk.account.id,
            both,
            state=PromiseState.REPORTED,
            hold_until=NOON + DAY,
            amount=Money(1, "EUR"),
        )
        make_promise(database, organisation, desk.account.id, [], state=PromiseState.OPEN)
        make_promise(database, organisation, desk.account.id, both, state=PromiseState.BROKEN)
        facts = facts_of(uow, desk)
        assert [p.state for p in facts.promises] == [PromiseState.OPEN, PromiseState.REPORTED]
        assert facts.promises[1].invoice_ids == frozenset(both)
        assert facts.promises[1].amount == Money(1, "EUR")
        assert facts.promise_on(desk.invoice.id, NOON) == facts.promises[1]
        assert facts.promise_on(desk.invoice.id, NOON + DAY) is None

    def test_disputes_that_are_not_resolved(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, desk: Desk
    ) -> None:
        make_dispute(database, organisation, desk.account.id, [desk.invoice.id], state=DisputeState.IN_REVIEW)
        make_dispute(database, organisation, desk.account.id, [desk.other_invoice.id], state=DisputeState.RESOLVED)
        facts = facts_of(uow, desk)
        assert facts.dispute_on(desk.invoice.id) is not None
        assert facts.dispute_on(desk.other_invoice.id) is None

    def test_touches_are_outbound_to_a_contact_within_eight_days(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, desk: Desk
    ) -> None:
        def said(**more: object) -> None:
            make_communication(database, organisation, desk.account.id, **more)  # type: ignore[arg-type]

        said(contact_id=desk.contact.id, source=Source.OPERATOR, at=NOON - DAY)
        said(contact_id=desk.contact.id, source=Source.NUDGE, at=NOON - 8 * DAY)
        said(contact_id=desk.contact.id, source=Source.AUTOPILOT, at=NOON - 8 * DAY - timedelta(seconds=1))
        said(contact_id=desk.contact.id, source=Source.CUSTOMER, at=NOON - DAY)
        said(contact_id=None, source=Source.OPERATOR, at=NOON - DAY)
        touches = facts_of(uow, desk).touches
        assert [(t.source, t.at) for t in touches] == [(Source.NUDGE, NOON - 8 * DAY), (Source.OPERATOR, NOON - DAY)]

    def test_nudges_that_are_open(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, desk: Desk
    ) -> None:
        for state in State:
            invoice = make_invoice(database, organisation, desk.account.id)
            given = desk.message(state=state, invoice_id=invoice.id)
            make_message(database, organisation, **{name: getattr(given, name) for name in given.__slots__})
        nudges = facts_of(uow, desk).nudges
        assert {n.state for n in nudges} == {
            State.QUEUED,
            State.CLAIMED,
            State.SENDING,
            State.HELD,
            State.UNCONFIRMED,
        }

    def test_steps_scheduled_and_lately_sent(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, desk: Desk
    ) -> None:
        def step(name: str, **more: object) -> None:
            make_step(database, organisation, desk.account.id, name=name, **more)  # type: ignore[arg-type]

        step("next", due_at=NOON + DAY)
        step("overdue", due_at=NOON - 90 * DAY)
        step("sent", state=StepState.SENT, due_at=NOON - DAY, sent_at=NOON - DAY)
        step("long ago", state=StepState.SENT, due_at=NOON - 9 * DAY, sent_at=NOON - 9 * DAY)
        step("skipped", state=StepState.SKIPPED, due_at=NOON - DAY)
        facts = facts_of(uow, desk)
        assert [s.name for s in facts.steps] == ["overdue", "sent", "next"]
        first = facts.next_step(NOON)
        assert first is not None and first.name == "next"

    def test_unapplied_cash_by_currency(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, desk: Desk
    ) -> None:
        for amount in (Money(100, "EUR"), Money(50, "EUR"), Money(7, "USD")):
            make_payment(database, organisation, desk.account.id, amount=amount)
        make_payment(
            database, organisation, desk.account.id, amount=Money(999, "EUR"), invoice_id=desk.other_invoice.id
        )
        assert facts_of(uow, desk).unapplied == {"EUR": 150, "USD": 7}

    @pytest.mark.parametrize("lock", [False, True])
    def test_a_batch_costs_no_more_statements_than_one(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, lock: bool
    ) -> None:
        made = [make_customer(database, organisation) for _ in range(15)]
        ids = [account.id for account, _contact, _invoices in made]
        asked: list[str] = []
        event.listen(database, "before_cursor_execute", lambda _c, _cu, statement, *_: asked.append(statement))
        with uow() as work:
            asked.clear()
            facts = work.accounts.facts(ids, at=NOON, lock=lock)
        assert len(asked) <= 10
        assert {id: (f.contacts, f.invoices) for id, f in facts.items()} == {
            account.id: ((contact,), tuple(invoices)) for account, contact, invoices in made
        }

    def test_nobody_asked_nothing_read(self, uow: UnitOfWorkFactory) -> None:
        with uow() as work:
            assert work.accounts.facts([], at=NOON) == {}


class TestCard:
    def test_the_owner_is_named_when_they_are_one_of_ours(
        self, database: Engine, organisation: int, other_organisation: int, uow: UnitOfWorkFactory
    ) -> None:
        make_user(database, organisation, email="rita@northwind.example", name="Rita Rep")
        make_user(database, other_organisation, email="sam@northwind.example", name="Somebody Else")
        for email, name in (("rita@northwind.example", "Rita Rep"), ("sam@northwind.example", None), (None, None)):
            account, _, _ = make_customer(database, organisation, owner_email=email)
            with uow() as work:
                card = work.accounts.card(account.id, sending_domain="example.com", at=NOON)
            assert card is not None and card.owner == name

    def test_notes_pinned_first_then_newest(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, desk: Desk
    ) -> None:
        for age in range(25):
            make_note(database, organisation, desk.account.id, body=str(age), written_at=NOON - age * DAY)
        make_note(database, organisation, desk.account.id, body="pin", written_at=NOON - 99 * DAY, is_pinned=True)
        with uow() as work:
            card = work.accounts.card(desk.account.id, sending_domain="example.com", at=NOON)
        assert card is not None
        assert [note.body for note in card.notes] == ["pin", *map(str, range(19))]

    def test_communications_newest_first_with_their_invoice(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, desk: Desk
    ) -> None:
        for age in range(32):
            make_communication(
                database,
                organisation,
                desk.account.id,
                subject=str(age),
                at=NOON - age * DAY,
                invoice_id=desk.invoice.id,
            )
        with uow() as work:
            card = work.accounts.card(desk.account.id, sending_domain="example.com", at=NOON)
        assert card is not None
        assert [said.subject for said in card.communications] == [str(age) for age in range(30)]
        assert card.communications[0].invoice_number == desk.invoice.number

    def test_decided_promises_and_finished_nudges_are_shown(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, desk: Desk
    ) -> None:
        make_promise(database, organisation, desk.account.id, [desk.invoice.id], state=PromiseState.BROKEN)
        make_dispute(database, organisation, desk.account.id, [desk.invoice.id], state=DisputeState.RESOLVED)
        old, new = desk.message(state=State.SENT, requested_at=NOON - DAY), desk.message(state=State.REFUSED)
        for given in (old, new, desk.message()):
            make_message(database, organisation, **{name: getattr(given, name) for name in given.__slots__})
        with uow() as work:
            card = work.accounts.card(desk.account.id, sending_domain="example.com", at=NOON)
        assert card is not None
        assert [p.state for p in card.facts.promises] == [PromiseState.BROKEN]
        assert [d.state for d in card.facts.disputes] == [DisputeState.RESOLVED]
        assert [n.id for n in card.past_nudges] == [new.id, old.id]
        assert len(card.facts.nudges) == 1
        assert card.number_of(desk.invoice.id) == desk.invoice.number and card.settled_numbers == {}
        with database.begin() as connection:
            connection.execute(update(invoices).values(state=InvoiceState.PAID.value, balance=0, paid_on=TODAY))
        with uow() as work:
            card = work.accounts.card(desk.account.id, sending_domain="example.com", at=NOON)
        assert card is not None and card.facts.invoice(desk.invoice.id) is None
        assert card.number_of(desk.invoice.id) == desk.invoice.number, "it is paid, and still spoken of"

    def test_health_weighs_days_late_by_amount(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, desk: Desk
    ) -> None:
        def paid(minor: int, late: int, ago: int = 10) -> None:
            day = TODAY - ago * DAY
            make_invoice(
                database,
                organisation,
                desk.account.id,
                amount=Money(minor, "EUR"),
                state=InvoiceState.PAID,
                paid_on=day,
                due_on=day - late * DAY,
            )

        with uow() as work:
            card = work.accounts.card(desk.account.id, sending_domain="example.com", at=NOON)
            assert card is not None and card.health is None
        paid(30_000, late=10)
        paid(10_000, late=-4)
        paid(99_999, late=90, ago=366)
        with uow() as work:
            card = work.accounts.card(desk.account.id, sending_domain="example.com", at=NOON)
        assert card is not None and card.health is not None
        assert (card.health.paid_invoices, card.health.paid_on_time) == (2, 1)
        assert card.health.average_days_late == pytest.approx(7.5)


class TestSummaries:
    def test_worst_first_with_their_number(self, database: Engine, organisation: int, uow: UnitOfWorkFactory) -> None:
        for name, late, minor in (("B", 40, 100), ("A", 40, 900), ("C", 3, 9_000), ("D", -5, 70)):
            account = make_account(database, organisation, name=name)
            make_invoice(database, organisation, account.id, due_on=TODAY - late * DAY, amount=Money(minor, "EUR"))
        make_account(database, organisation, name="nothing open")
        with uow() as work:
            summaries, total = work.accounts.summaries(owner_email=None, today=TODAY, limit=3)
            everything, _ = work.accounts.summaries(owner_email=None, today=TODAY, limit=10)
        assert [s.account.name for s in summaries] == ["A", "B", "C"]
        assert total == 4
        assert (summaries[0].oldest_days_past_due, summaries[0].past_due_minor) == (40, 900)
        last = everything[-1]
        assert (last.account.name, last.oldest_days_past_due, last.past_due_minor, last.past_due_invoices) == (
            "D",
            0,
            0,
            0,
        )

    def test_one_line_for_an_account_in_its_largest_currency(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory
    ) -> None:
        account = make_account(database, organisation)
        for amount in (Money(100, "USD"), Money(200, "EUR"), Money(250, "EUR"), Money(-900, "EUR")):
            make_invoice(database, organisation, account.id, amount=amount)
        make_dispute(database, organisation, account.id)
        with uow() as work:
            [line], total = work.accounts.summaries(owner_email=None, today=TODAY, limit=5)
        assert (total, line.currency, line.past_due_minor) == (1, "EUR", 450)
        assert (line.open_invoices, line.past_due_invoices) == (4, 3)
        assert (line.has_dispute, line.has_promise) == (True, False)

    def test_only_the_owners_in_any_case(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory
    ) -> None:
        ours, _, _ = make_customer(database, organisation, owner_email="rita@northwind.example")
        make_customer(database, organisation, owner_email="sam@northwind.example")
        make_customer(database, organisation, owner_email=None)
        with uow() as work:
            lines, total = work.accounts.summaries(owner_email="Rita@Northwind.example", today=TODAY, limit=5)
            assert work.accounts.summaries(owner_email="nobody@x.example", today=TODAY, limit=5) == ([], 0)
        assert ([line.account.id for line in lines], total) == ([ours.id], 1)
        with other_uow() as work:
            assert work.accounts.summaries(owner_email=None, today=TODAY, limit=5) == ([], 0)


class TestMarks:
    def test_our_own_mail_stands_in_the_timeline_once(
        self, database: Engine, uow: UnitOfWorkFactory, desk: Desk
    ) -> None:
        said = Communication(Source.NUDGE, desk.contact.id, "Invoice INV-1", NOON)
        for _ in range(2):
            with uow() as work:
                work.accounts.log([SentMail(desk.account.id, desk.invoice.id, "a" * 32, said)])
        with database.connect() as connection:
            assert len(connection.execute(select(communications)).all()) == 1
        [touch] = facts_of(uow, desk).touches
        assert (touch.is_nudge, touch.contact_id, touch.at) == (True, desk.contact.id, NOON)

    def test_a_dead_address_is_suppressed_for_every_account(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory, desk: Desk
    ) -> None:
        colleague = make_account(database, organisation)
        twin = make_contact(database, organisation, colleague.id, email=desk.contact.email.upper())
        dead = Undeliverable(desk.contact.id, SuppressionReason.INVALID, "The mail server answered RCPT with 550.")
        with other_uow() as work:
            work.accounts.suppress([dead], at=NOON)
        with uow() as work:
            assert work.accounts.facts([desk.account.id], at=NOON)[desk.account.id].contacts[0].suppression is None
            work.accounts.suppress([dead, replace(dead, contact_id=twin.id)], at=NOON)
            facts = work.accounts.facts([desk.account.id, colleague.id], at=NOON)
        for account_id in (desk.account.id, colleague.id):
            suppression = facts[account_id].contacts[0].suppression
            assert suppression is not None
            assert (suppression.reason, suppression.until) == (SuppressionReason.INVALID, None)

    def test_what_somebody_asked_for_is_not_overwritten_and_what_was_to_end_is(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, desk: Desk
    ) -> None:
        other = make_contact(database, organisation, desk.account.id, email="paul@acme.example")
        make_suppression(database, organisation, email=desk.contact.email, reason=SuppressionReason.OPTED_OUT)
        make_suppression(
            database,
            organisation,
            email=other.email,
            reason=SuppressionReason.OPTED_OUT,
            until=NOON.date() - timedelta(days=1),
        )
        with uow() as work:
            dead = [Undeliverable(id, SuppressionReason.INVALID, "550") for id in (desk.contact.id, other.id)]
            work.accounts.suppress(dead, at=NOON)
            contacts = {c.id: c for c in work.accounts.facts([desk.account.id], at=NOON)[desk.account.id].contacts}
        assert contacts[desk.contact.id].suppression == Suppression(SuppressionReason.OPTED_OUT, None)
        assert contacts[other.id].suppression == Suppression(SuppressionReason.INVALID, None)
