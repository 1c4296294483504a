"""What a report must say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.accounts import Invoice
from domain.policy import Policy
from domain.reporting import DisputeDraft, Draft, Field, PromiseDraft
from domain.rules.reporting import LOG_WITHIN, SOONEST, Known, checked, unready
from domain.values import Money
from tests.builders import MONDAY_TEN, make_contact, make_invoice

TODAY = MONDAY_TEN.date()
DAY = timedelta(days=1)
KNOWN = Known(
    invoices=(
        make_invoice(id=1, balance=Money(1_000, "EUR")),
        make_invoice(id=2, balance=Money(500, "EUR")),
        make_invoice(id=3, balance=Money(700, "USD")),
        make_invoice(id=4, balance=Money(-200, "EUR")),
    ),
    contacts=(make_contact(id=1),),
    at=MONDAY_TEN,
    today=TODAY,
)


def promise(**changes: Any) -> PromiseDraft:
    given: dict[str, Any] = {
        "account_id": 1,
        "invoice_ids": frozenset({1}),
        "amount": Money(1_000, "EUR"),
        "due_on": TODAY + 4 * DAY,
        "contact_id": 1,
        "said_at": MONDAY_TEN,
    }
    return PromiseDraft(**given | changes)


def dispute(**changes: Any) -> DisputeDraft:
    given: dict[str, Any] = {
        "account_id": 1,
        "invoice_ids": frozenset({1}),
        "reason": "Too much.",
        "amount": None,
        "contact_id": None,
        "said_at": MONDAY_TEN,
    }
    return DisputeDraft(**given | changes)


CASES: list[tuple[str, dict[str, Any], set[Field]]] = [
    ("as it should be", {}, set()),
    ("all unknown", {"invoice_ids": frozenset(), "amount": None, "due_on": None, "contact_id": None}, set()),
    ("to the cent what is owed", {"invoice_ids": frozenset({1, 2}), "amount": Money(1_500, "EUR")}, set()),
    ("a cent more", {"invoice_ids": frozenset({1, 2}), "amount": Money(1_501, "EUR")}, {Field.AMOUNT}),
    ("a credit lowers nothing", {"invoice_ids": frozenset({1, 4}), "amount": Money(1_000, "EUR")}, set()),
    ("nothing", {"amount": Money(0, "EUR")}, {Field.AMOUNT}),
    ("less than nothing", {"amount": Money(-1, "EUR")}, {Field.AMOUNT}),
    ("another currency", {"amount": Money(1, "USD")}, {Field.AMOUNT}),
    ("two currencies with an amount", {"invoice_ids": frozenset({1, 3})}, {Field.INVOICES}),
    ("two currencies without one", {"invoice_ids": frozenset({1, 3}), "amount": None}, set()),
    ("all that is open", {"invoice_ids": frozenset(), "amount": Money(1_500, "EUR")}, set()),
    ("a cent more than all", {"invoice_ids": frozenset(), "amount": Money(1_501, "EUR")}, {Field.AMOUNT}),
    ("nothing open in it", {"invoice_ids": frozenset(), "amount": Money(1, "JPY")}, {Field.AMOUNT}),
    ("an invoice that is not there", {"invoice_ids": frozenset({1, 99})}, {Field.INVOICES}),
    ("today", {"due_on": TODAY}, set()),
    ("yesterday", {"due_on": TODAY - DAY}, {Field.DUE_ON}),
    ("in 366 days", {"due_on": TODAY + 366 * DAY}, set()),
    ("in 367 days", {"due_on": TODAY + 367 * DAY}, {Field.DUE_ON}),
    ("the last day there is", {"due_on": date.max}, {Field.DUE_ON}),
    ("said within the minute to come", {"said_at": MONDAY_TEN + timedelta(minutes=1)}, set()),
    ("said later", {"said_at": MONDAY_TEN + timedelta(seconds=61)}, {Field.SAID_AT}),
    ("said a year ago", {"said_at": MONDAY_TEN - 366 * DAY}, set()),
    ("said longer ago", {"said_at": MONDAY_TEN - 367 * DAY}, {Field.SAID_AT}),
    ("a stranger", {"contact_id": 9}, {Field.CONTACT}),
    ("a novel", {"evidence": "x" * 3_001}, {Field.EVIDENCE}),
    ("all wrong at once", {"amount": Money(-1, "EUR"), "due_on": TODAY - DAY}, {Field.AMOUNT, Field.DUE_ON}),
]


@pytest.mark.parametrize("changes, wanted", [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_promise(changes: dict[str, Any], wanted: set[Field]) -> None:
    problems = checked(promise(**changes), KNOWN)
    assert {problem.field for problem in problems} == wanted
    assert len(problems) == len(wanted), "each field once"
    assert all(problem.told(str).endswith(".") for problem in problems)


def test_what_is_still_owed_is_written_as_its_reader_writes_it() -> None:
    (problem,) = checked(promise(amount=Money(1_001, "EUR")), KNOWN)
    assert problem.told(lambda owed: f"<{owed.minor}>") == "That is more than these invoices still owe: <1000>."


@pytest.mark.parametrize(
    "amount, invoices, sentence",
    [
        (Money(1_501, "EUR"), KNOWN.invoices, "That is more than this customer has open in EUR: <1500 EUR>."),
        (Money(1, "JPY"), KNOWN.invoices, "This customer has nothing open in JPY, only in EUR and USD."),
        (Money(1, "JPY"), KNOWN.invoices[:2], "This customer has nothing open in JPY. Open are <1500 EUR>."),
        (Money(1, "EUR"), KNOWN.invoices[3:], "This customer has nothing open. Leave the amount out."),
    ],
)
@pytest.mark.parametrize("draft", [promise, dispute])
def test_without_an_invoice_an_amount_is_held_against_all_that_is_open(
    draft: Callable[..., Draft], amount: Money, invoices: tuple[Invoice, ...], sentence: str
) -> None:
    (problem,) = checked(draft(invoice_ids=frozenset(), amount=amount), replace(KNOWN, invoices=invoices))
    assert problem.field is Field.AMOUNT
    assert problem.told(lambda owed: f"<{owed.minor} {owed.currency}>") == sentence


@pytest.mark.parametrize("reason, fits", [("Too much.", True), (" ", False), ("x" * 500, True), ("x" * 501, False)])
def test_a_dispute_says_why(reason: str, fits: bool) -> None:
    assert [problem.field for problem in checked(dispute(reason=reason), KNOWN)] == ([] if fits else [Field.REASON])


def test_the_record_asks_for_more() -> None:
    assert unready(promise()) == unready(dispute()) == []
    assert [p.field for p in unready(promise(due_on=None, amount=None))] == [Field.DUE_ON]
    assert [p.field for p in unready(dispute(invoice_ids=frozenset()))] == [Field.INVOICES]


def test_the_managers_hear_before_it_is_too_late() -> None:
    policy = Policy()
    assert SOONEST < policy.remind_after < policy.escalate_after < LOG_WITHIN == timedelta(minutes=15)
