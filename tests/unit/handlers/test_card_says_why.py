"""Where nothing can be chased or nothing is planned, the card says why."""

from __future__ import annotations

from typing import Any

import pytest

from domain.accounts import dues_of
from domain.facts import AccountFacts
from domain.outcomes import CardNudge, Refused
from domain.reasons import Reason
from domain.simulation import Stay
from domain.values import Money
from handlers.presenters import card
from handlers.views.blocks import message_blocks
from handlers.views.card import card_page
from tests.builders import make_invoice
from tests.unit.handlers.outcomes import full_card, full_facts, make_card, make_reader, make_signet
from tests.unit.handlers.reading import as_text


def shown(facts: AccountFacts, refused: Reason, *, stay: Stay | None = None, **changes: Any) -> str:
    nudge = CardNudge(Refused(refused), None, None)
    outcome = make_card(card=full_card(facts=facts, **changes), nudge=nudge, stay=stay)
    return as_text(message_blocks(card_page(card.card(outcome, reader=make_reader(), signet=make_signet()))))


def test_where_only_a_credit_is_open_nothing_is_owed() -> None:
    credit = (make_invoice(balance=Money(-5_000, "EUR")),)
    facts = full_facts(invoices=credit, disputes=(), promises=(), steps=())
    said = shown(facts, Reason.NO_ELIGIBLE_INVOICE, stay=Stay.NOTHING_OPEN, dues=dues_of(credit))
    assert "*No nudge now.* Nothing is owed, so there is nothing to chase." in said
    assert "One open credit" in said and "Nothing planned: nothing open to chase." in said


@pytest.mark.parametrize(
    ("stay", "refused", "why"),
    [
        (Stay.LEGAL_HOLD, Reason.LEGAL_HOLD, ": on legal hold"),
        (Stay.DISPUTED, Reason.INVOICE_DISPUTED, ": all that is open is disputed"),
        (Stay.BELOW_MINIMUM, Reason.BELOW_MINIMUM, ": every open invoice is below the minimum balance"),
        (None, Reason.CONTACT_INVALID, ": nobody to write to"),
        (None, Reason.STALE_DATA, ""),
    ],
)
def test_where_no_step_is_planned(stay: Stay | None, refused: Reason, why: str) -> None:
    assert f"Nothing planned{why}." in shown(full_facts(steps=()), refused, stay=stay)
