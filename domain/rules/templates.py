"""Merge tags: the only thing that changes in an approved text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from domain.accounts import Account, Invoice, PayLink
from domain.templates import Template
from domain.values import Money

TAGS = (
    "customer_name",
    "invoice_number",
    "invoice_balance",
    "due_date",
    "days_past_due",
    "pay_link",
    "sender_name",
)

_TAG = re.compile(r"\{([^{}]*)\}")
_STRAY = re.compile(r"[{}]")


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Tags that have no value or do not exist; such a text is never sent."""

    tags: tuple[str, ...]


def money_text(money: Money) -> str:
    """`EUR 12,400.00`: code first, thousands apart, all decimals. Unambiguous in any country."""
    return f"{money.currency} {money.major:,.{money.exponent}f}"


def day_text(day: date) -> str:
    """`3 October 2026`: no reader can take day for month."""
    months = "January February March April May June July August September October November December".split()
    return f"{day.day} {months[day.month - 1]} {day.year}"


def tag_values(
    *, account: Account, invoice: Invoice, pay_link: PayLink | None, sender_name: str, today: date
) -> dict[str, str]:
    """Values of all tags for one reminder. `today` is the payer's calendar day when it leaves."""
    return {
        "customer_name": account.name,
        "invoice_number": invoice.number,
        "invoice_balance": money_text(invoice.balance),
        "due_date": day_text(invoice.due_on),
        "days_past_due": str(max(0, invoice.days_past_due(today))),
        "pay_link": pay_link.url if pay_link else "",
        "sender_name": sender_name,
    }


def render(template: Template, values: Mapping[str, str]) -> Rendered | Unresolved:
    """Replace each `{tag}` once. Values are never read as templates themselves."""
    missing = [
        tag
        for tag in dict.fromkeys(_TAG.findall(template.subject) + _TAG.findall(template.body))
        if not values.get(tag, "").strip() or tag not in TAGS
    ]
    stray = _STRAY.search(_TAG.sub("", template.subject + template.body))
    if missing or stray:
        return Unresolved(tuple(missing) or (stray.group() if stray else "",))

    def fill(text: str) -> str:
        return _TAG.sub(lambda match: values[match.group(1)], text)

    return Rendered(subject=" ".join(fill(template.subject).split()), text=fill(template.body).strip() + "\n")
