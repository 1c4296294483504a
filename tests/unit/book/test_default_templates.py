"""The reminder texts that every organisation begins with can be sent as they are."""

from __future__ import annotations

import re
from datetime import date

import pytest

from domain.accounts import Account, Invoice, InvoiceState, PayLink
from domain.rules.templates import TAGS, Rendered, render, tag_values
from domain.templates import Audience, Template, TemplateState
from domain.values import Money
from storage.defaults import default_templates

TEMPLATES = default_templates()
LINK = "https://pay.plixo.example/i/0123456789abcdef"
VALUES = tag_values(
    account=Account(id=1, external_id="C-1", name="Müller & Söhne {GmbH}"),
    invoice=Invoice(
        id=1,
        account_id=1,
        number="INV-1",
        issued_on=date(2026, 1, 1),
        due_on=date(2026, 1, 31),
        amount=Money(744000, "EUR"),
        balance=Money(744000, "EUR"),
        state=InvoiceState.OPEN,
    ),
    pay_link=PayLink(LINK),
    sender_name="Rita Rep",
    today=date(2026, 2, 6),
)


def test_both_audiences_and_all_tones_have_a_text() -> None:
    assert 4 <= len(TEMPLATES) <= 6
    assert {template.audience for template in TEMPLATES} == set(Audience)
    assert {template.tone for template in TEMPLATES} == {"Formal", "Neutral", "Confident"}
    assert len({template.key for template in TEMPLATES}) == len(TEMPLATES)
    assert len({template.name for template in TEMPLATES}) == len(TEMPLATES)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.key)
def test_it_is_approved_and_cites_the_invoice_and_its_link(template: Template) -> None:
    assert (template.version, template.state) == (1, TemplateState.APPROVED)
    assert template.approved_by == "Plixo default"
    assert template.approved_at is not None and template.approved_at.tzinfo is not None
    assert "{invoice_number}" in template.body
    assert template.body.split("\n\n").count("{pay_link}") == 1
    assert "{pay_link}" not in template.subject
    assert set(re.findall(r"\{(\w+)\}", template.subject + template.body)) <= set(TAGS)
    assert len(template.key) <= 64 and len(template.name) <= 100 and len(template.subject) <= 300


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.key)
def test_it_reads_well(template: Template) -> None:
    rendered = render(template, VALUES)
    assert isinstance(rendered, Rendered)
    assert LINK in rendered.text.splitlines()
    assert len(rendered.subject) < 78
    assert "EUR 7,440.00" in rendered.text
    assert rendered.text.strip().splitlines()[-1] in ("Rita Rep", "Customer Success")
    assert not re.search(r"[—–!]| {2}|\t", rendered.text)
