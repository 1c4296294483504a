"""Merge tags: filled once, never guessed, never a programming language."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rules.templates import TAGS, Rendered, Unresolved, day_text, money_text, render, tag_values
from domain.values import Money
from tests.builders import make_account, make_invoice, make_template

VALUES = dict.fromkeys(TAGS, "x")


def test_fills_every_tag() -> None:
    invoice = make_invoice()
    values = tag_values(
        account=make_account(),
        invoice=invoice,
        pay_link=invoice.pay_link,
        sender_name="Rita Rep",
        today=date(2026, 11, 23),
    )
    body = " | ".join(f"{{{tag}}}" for tag in TAGS)
    assert render(make_template(body=body), values) == Rendered(
        subject="Invoice INV-1",
        text="Acme Robotics GmbH | INV-1 | EUR 12,400.00 | 31 October 2026 | 23 | "
        "https://pay.plixo.example/abc | Rita Rep\n",
    )


@pytest.mark.parametrize(
    ("body", "tags"),
    [
        ("{unknown}", ("unknown",)),
        ("{pay_link.__class__}", ("pay_link.__class__",)),
        ("{0}", ("0",)),
        ("{}", ("",)),
        ("{{customer_name}}", ("{",)),
        ("a } b", ("}",)),
        ("{ customer_name }", (" customer_name ",)),
    ],
)
def test_refuses_what_is_no_tag(body: str, tags: tuple[str, ...]) -> None:
    assert render(make_template(body=body), VALUES) == Unresolved(tags)


@pytest.mark.parametrize("tag", TAGS)
def test_refuses_a_tag_without_a_value(tag: str) -> None:
    assert render(make_template(subject="Hello", body=f"{{{tag}}}"), VALUES | {tag: " "}) == Unresolved((tag,))


@given(st.text(max_size=60))
def test_a_value_is_never_read_as_a_template(name: str) -> None:
    """A customer called `{pay_link}` gets its own name in the mail and nobody's link."""
    values = VALUES | {"customer_name": name}
    rendered = render(make_template(subject="Hello", body="<{customer_name}>"), values)
    assert rendered == (Rendered("Hello", f"<{name}>\n") if name.strip() else Unresolved(("customer_name",)))


def test_before_the_due_date_nothing_is_past_due() -> None:
    values = tag_values(
        account=make_account(), invoice=make_invoice(), pay_link=None, sender_name="R", today=date(2026, 10, 1)
    )
    assert values["days_past_due"] == "0"
    assert values["pay_link"] == ""


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(1_240_000, "EUR"), "EUR 12,400.00"),
        (Money(1_240_000, "JPY"), "JPY 1,240,000"),
        (Money(1_240_001, "BHD"), "BHD 1,240.001"),
        (Money(-5, "USD"), "USD -0.05"),
    ],
)
def test_money_is_unambiguous(money: Money, text: str) -> None:
    assert money_text(money) == text


def test_days_are_unambiguous() -> None:
    assert day_text(date(2026, 3, 4)) == "4 March 2026"
