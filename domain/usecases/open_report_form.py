"""What a report's form offers."""

from __future__ import annotations

from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reporting import ReportForm
from domain.values import Actor


def open_report_form(
    account_id: int,
    *,
    report_id: int | None = None,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> ReportForm | Refused:
    """The account as it stands now. With `report_id` the report to correct, for Operators, unless it is settled."""
    raise NotImplementedError
