"""The book is believable, agrees with itself, and is the same whenever it is made again."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.accounts import InvoiceState, SuppressionReason
from domain.commitments import DisputeState, PromiseState
from domain.currencies import CURRENCIES
from domain.timeline import Department, Source, StepState
from domain.values import Role
from sandbox.book import Book, Dispute, Promise, make_book, write_csv
from sandbox.book.model import places_of

TODAY = date(2026, 3, 2)
BOOK = make_book(seed=20, today=TODAY)

any_book = st.builds(
    lambda seed, today: make_book(seed=seed, today=today),
    st.integers(min_value=0, max_value=2**32),
    st.dates(min_value=date(2025, 1, 1), max_value=date(2037, 12, 31)),
)
a_few = settings(max_examples=12, deadline=None)


def test_there_is_enough_of_everything() -> None:
    open_now = [invoice for invoice in BOOK.invoices if invoice.state == "open"]
    assert 70 <= len(BOOK.accounts) <= 80
    assert len({account.country for account in BOOK.accounts}) >= 8
    assert len({account.zone for account in BOOK.accounts if account.country == "US"}) >= 6
    assert {"EUR", "USD", "GBP", "JPY", "BHD"} <= {invoice.currency for invoice in open_now}
    assert len(BOOK.invoices) > 600
    assert len(BOOK.notes) > 50
    assert len(open_now) > 80
    assert {note.department for note in BOOK.notes} == set(Department)
    assert {talk.source for talk in BOOK.communications} == set(Source)
    assert {step.state for step in BOOK.steps} == {StepState.SCHEDULED, StepState.SENT, StepState.SKIPPED}
    assert {"reported", "open", "kept", "broken"} <= {promise.state for promise in BOOK.promises}
    assert {dispute.state for dispute in BOOK.disputes} == set(DisputeState)


def test_every_ageing_bucket_is_filled() -> None:
    late = [(TODAY - i.due_on).days for i in BOOK.invoices if i.state == "open" and i.balance > 0]
    for low, high in ((-99, 0), (1, 30), (31, 60), (61, 90), (91, 999)):
        assert sum(low <= days <= high for days in late) >= 3, (low, high)


def test_words_are_the_ones_the_product_stores() -> None:
    assert {person.role for person in BOOK.people} == set(Role)
    assert {invoice.state for invoice in BOOK.invoices} <= set(InvoiceState)
    assert {promise.state for promise in BOOK.promises} <= set(PromiseState)
    assert {c.suppression.reason for c in BOOK.contacts if c.suppression} <= set(SuppressionReason)
    assert {step.tone for step in BOOK.steps} <= {"Formal", "Neutral", "Confident"}
    for currency in {invoice.currency for invoice in BOOK.invoices}:
        assert places_of(currency) == CURRENCIES[currency]


def test_the_prepared_contacts_are_there() -> None:
    with_contact = {contact.account_id for contact in BOOK.contacts}
    assert [account.name for account in BOOK.accounts if account.id not in with_contact] == ["Zweirad Winkler"]
    assert sum(not contact.is_valid for contact in BOOK.contacts) == 1
    suppressed = [contact.suppression for contact in BOOK.contacts if contact.suppression]
    assert [(s.reason, s.until is not None) for s in suppressed] == [("opted_out", False), ("legal_hold", True)]
    assert all(1 <= count <= 3 for count in Counter(contact.account_id for contact in BOOK.contacts).values())


def test_names_are_similar_enough_for_a_chooser() -> None:
    rita = BOOK.person("rita").email
    acm = [a.name for a in BOOK.accounts if a.name.lower().startswith("ac") and a.owner_email == rita]
    assert acm == ["Acme Robotics GmbH", "Acme Logistics", "Acumen Partners"]
    exact = [a.name for a in BOOK.accounts if "acme robotics" in {name.lower() for name in (a.name, *a.aliases)}]
    assert exact == ["Acme Robotics GmbH"]


def test_no_address_can_reach_a_real_person() -> None:
    addresses = [person.email for person in BOOK.people] + [contact.email for contact in BOOK.contacts]
    assert all(re.fullmatch(r"[a-z0-9.\-]+@[a-z0-9.\-]+\.example", address) for address in addresses), addresses
    links = [invoice.pay_link for invoice in BOOK.invoices if invoice.pay_link]
    assert all(link.startswith("https://pay.plixo.example/") for link in links)
    assert len(set(links)) == len(links)


def test_a_pay_link_is_not_shown_by_accident() -> None:
    assert "pay.plixo.example" not in repr(BOOK.invoices)


@a_few
@given(any_book)
def test_balances_and_payments_agree(book: Book) -> None:
    paid: Counter[str] = Counter()
    billed_to = {invoice.number: invoice for invoice in book.invoices}
    for payment in book.payments:
        assert payment.amount > 0
        assert payment.received_on <= book.today
        if payment.invoice_number is None:
            continue
        invoice = billed_to[payment.invoice_number]
        assert (payment.account_id, payment.currency) == (invoice.account_id, invoice.currency)
        assert payment.received_on >= invoice.issued_on
        paid[invoice.number] += payment.amount
    for invoice in book.invoices:
        assert invoice.issued_on <= book.today
        assert invoice.issued_on <= invoice.due_on
        if invoice.state == "void":
            assert (invoice.balance, paid[invoice.number]) == (0, 0)
            continue
        assert invoice.balance == invoice.amount - paid[invoice.number]
        assert (invoice.state == "paid") == (invoice.balance == 0) == (invoice.paid_on is not None)
        assert invoice.balance >= 0 or invoice.number.startswith("CN-")


@a_few
@given(any_book)
def test_everything_refers_to_something(book: Book) -> None:
    accounts = {account.id for account in book.accounts}
    contacts = {(contact.account_id, contact.email) for contact in book.contacts}
    invoices = {(invoice.account_id, invoice.number) for invoice in book.invoices}
    keys = (
        [account.id for account in book.accounts],
        [invoice.number for invoice in book.invoices],
        [payment.id for payment in book.payments],
        [note.id for note in book.notes],
        [person.slack_id for person in book.people],
    )
    assert all(len(set(found)) == len(found) for found in keys)
    assert len(contacts) == len(book.contacts)
    assert {account.owner_email for account in book.accounts} <= {person.email for person in book.people}
    claims: list[Promise | Dispute] = [*book.promises, *book.disputes]
    for claim in claims:
        assert claim.invoice_numbers
        assert all((claim.account_id, number) in invoices for number in claim.invoice_numbers)
    for talk in book.communications:
        assert talk.contact_email is None or (talk.account_id, talk.contact_email) in contacts
        assert talk.invoice_number is None or (talk.account_id, talk.invoice_number) in invoices
    assert {step.account_id for step in book.steps} | {note.account_id for note in book.notes} <= accounts
    primaries = Counter(contact.account_id for contact in book.contacts if contact.is_primary)
    assert primaries == dict.fromkeys({contact.account_id for contact in book.contacts}, 1)


@a_few
@given(any_book)
def test_nothing_that_happened_lies_beyond_the_day(book: Book) -> None:
    happened = [talk.at.date() for talk in book.communications]
    happened += [step.sent_at.date() for step in book.steps if step.sent_at]
    happened += [promise.reported_at.date() for promise in book.promises]
    happened += [dispute.opened_at.date() for dispute in book.disputes]
    happened += [note.written_on for note in book.notes]
    assert max(happened) <= book.today
    assert all(step.due_at.date() >= book.today for step in book.steps if step.state == "scheduled")
    assert all(account.renewal_on > book.today for account in book.accounts)


def test_money_and_notes_come_on_working_days() -> None:
    assert all(payment.received_on.weekday() < 5 for payment in BOOK.payments)
    assert all(note.written_on.weekday() < 5 for note in BOOK.notes)


def test_sentences_have_no_open_places() -> None:
    written = [note.body for note in BOOK.notes] + [talk.subject for talk in BOOK.communications]
    assert not [text for text in written if "{" in text or "}" in text]


def test_authors_of_notes_are_colleagues() -> None:
    assert {note.author for note in BOOK.notes} <= {person.name for person in BOOK.people}


def test_the_same_seed_and_day_give_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        write_csv(make_book(seed=20, today=TODAY), tmp_path / folder)
    for file in sorted((tmp_path / "one").iterdir()):
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()
    assert make_book(seed=20, today=TODAY) == BOOK
    assert make_book(seed=21, today=TODAY) != BOOK


def test_the_day_moves_the_book(tmp_path: Path) -> None:
    later = make_book(seed=20, today=TODAY + timedelta(days=100))
    newest = max(invoice.issued_on for invoice in later.invoices)
    assert later.today - newest < timedelta(days=10)


def test_csv_files_carry_the_rows(tmp_path: Path) -> None:
    paths = write_csv(BOOK, tmp_path)
    assert [path.name for path in paths] == [
        "customers.csv",
        "contacts.csv",
        "invoices.csv",
        "payments.csv",
        "notes.csv",
    ]
    rows = {path.stem: list(csv.DictReader(path.read_text(encoding="utf-8").splitlines())) for path in paths}
    assert {name: len(found) for name, found in rows.items()} == {
        "customers": len(BOOK.accounts),
        "contacts": len(BOOK.contacts),
        "invoices": len(BOOK.invoices),
        "payments": len(BOOK.payments),
        "notes": len(BOOK.notes),
    }
    acme = next(row for row in rows["customers"] if row["Customer ID"] == "C-1001")
    assert acme["Customer Name"] == "Acme Robotics GmbH"
    assert acme["Aliases"] == "Acme Robotics;ACME Robotik"
    dinars = [row["Balance"] for row in rows["invoices"] if row["Currency"] == "BHD"]
    assert "1850.500" in dinars and "925.250" in dinars
    yen = [row["Amount"] for row in rows["invoices"] if row["Currency"] == "JPY"]
    assert all("." not in amount for amount in yen)
