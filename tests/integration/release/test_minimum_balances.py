"""What is too small in its own currency is passed over at the click, and refused when its time comes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, update

from domain.accounts import Invoice
from domain.messages import State
from domain.minimums import MinimumBalances
from domain.outcomes import NudgePreview, PassedOver, Refused
from domain.reasons import Reason
from domain.usecases.preview_nudge import preview_nudge
from domain.values import Money
from storage import tables
from tests import factories
from tests.stage import AFTER, Stage, set_the_stage

BY_CURRENCY = MinimumBalances(Decimal(0), (Money(25_00, "EUR"), Money(3_000, "JPY")))


@pytest.fixture
def stage(database: Engine, organisation: int) -> Stage:
    """Acme's own invoice is older than those that the tests add."""
    return set_the_stage(database, organisation, minimum_balances=BY_CURRENCY)


def newer(stage: Stage, balance: Money, *, day: int = 1) -> Invoice:
    issued = date(2026, 11, day)
    return factories.make_invoice(stage.engine, stage.org_id, stage.account.id, amount=balance, issued_on=issued)


def preview(stage: Stage) -> NudgePreview:
    given: dict[str, Any] = {"uow": stage.uow, "clock": stage.clock, "rulebook": stage.rulebook}
    shown = preview_nudge(stage.account.id, contact_id=stage.contact.id, actor=stage.actor(stage.rita), **given)
    assert isinstance(shown, NudgePreview), shown
    return shown


def test_the_preview_passes_over_what_is_too_small_and_names_the_minimum(stage: Stage) -> None:
    yen = newer(stage, Money(3_000, "JPY"), day=1)
    few_yen, few_euros = newer(stage, Money(2_999, "JPY"), day=2), newer(stage, Money(24_99, "EUR"), day=3)
    shown = preview(stage)
    assert shown.invoice.id == yen.id
    assert shown.passed_over == tuple(
        PassedOver(one, Refused(Reason.BELOW_MINIMUM, subject=one.number, least=least))
        for one, least in ((few_euros, Money(25_00, "EUR")), (few_yen, Money(3_000, "JPY")))
    )


def test_a_click_for_what_is_too_small_is_refused_with_the_minimum(stage: Stage) -> None:
    small = newer(stage, Money(2_999, "JPY"))
    assert stage.click(invoice=small) == Refused(Reason.BELOW_MINIMUM, subject=small.number, least=Money(3_000, "JPY"))
    assert stage.rows(tables.messages) == []


@pytest.mark.parametrize(
    ("was", "left", "state"),
    [
        (Money(5_000, "JPY"), 2_999, State.REFUSED),
        (Money(5_000, "JPY"), 3_000, State.SENT),
        (Money(50_00, "EUR"), 24_99, State.REFUSED),
        (Money(50_00, "EUR"), 25_00, State.SENT),
        (Money(50_00, "USD"), 1, State.SENT),
    ],
)
def test_what_was_paid_in_part_meanwhile_is_weighed_again(stage: Stage, was: Money, left: int, state: State) -> None:
    cited = newer(stage, was)
    message = stage.queued(invoice=cited)
    with stage.engine.begin() as connection:
        connection.execute(update(tables.invoices).where(tables.invoices.c.id == cited.id).values(balance=left))
        connection.execute(update(tables.accounts).values(synced_at=AFTER))
    stage.release(AFTER)
    released = stage.message(message.id)
    assert released.state is state
    assert released.reason is (Reason.BELOW_MINIMUM if state is State.REFUSED else None)
