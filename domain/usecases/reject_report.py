"""Not valid, with a reason that the reporter hears."""

from __future__ import annotations

from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reporting import Settled, Unacceptable
from domain.values import Actor


def reject_report(
    report_id: int, *, why: str, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> Settled | Unacceptable | Refused:
    """The promise is withdrawn, the dispute resolved as invalid; the invoices may be chased again."""
    raise NotImplementedError
