"""The summary is of one instant: what changes while it is read is on none of its lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, event, update

from domain.accounts import InvoiceState
from domain.summary import Summary
from domain.usecases.export_summary import export_summary, export_summary_to_file
from domain.values import Role
from storage import tables
from storage.directory import Directory
from storage.engine import ORGANISATION
from tests.factories import NOON
from tests.stage import Stage, set_the_stage

BERLIN = ZoneInfo("Europe/Berlin")


def for_carl(stage: Stage) -> object:
    carl = stage.actor(stage.person(email="carl@northwind.example", role=Role.CONTROLLER))
    given = {"uow": stage.uow, "clock": stage.clock, "rulebook": stage.rulebook}
    return export_summary(origin="click-1", zone=BERLIN, actor=carl, **given)  # type: ignore[arg-type]


def to_a_file(stage: Stage) -> object:
    given = {"uow": stage.uow, "clock": stage.clock, "rulebook": stage.rulebook}
    return export_summary_to_file(by="otto", zone=BERLIN, **given)  # type: ignore[arg-type]


@pytest.mark.postgres
@pytest.mark.parametrize("take", [for_carl, to_a_file])
def test_a_payment_while_it_is_read_is_on_none_of_its_lines(postgres: Engine, take: Callable[[Stage], object]) -> None:
    organisation = Directory(postgres).create_organisation("Northwind", "Europe/Berlin", "DE", NOON)
    stage = set_the_stage(postgres, organisation)
    paid: list[str] = []

    @event.listens_for(postgres, "after_cursor_execute")
    def after_its_first_sum(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if "invoices" in statement and not paid:
            paid.append(statement)
            with postgres.connect().execution_options(**{ORGANISATION: organisation}) as other, other.begin():
                other.execute(update(tables.invoices).values(state=InvoiceState.PAID.value, balance=0))

    summary = take(stage)
    assert paid and isinstance(summary, Summary)
    (currency,) = summary.ageing
    assert sum(one.owed.minor for one in summary.largest) == currency.total.minor > 0
