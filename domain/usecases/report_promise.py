"""File a promise that somebody heard."""

from __future__ import annotations

from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reporting import PromiseDraft, Reported, Unacceptable
from domain.values import Actor


def report_promise(
    draft: PromiseDraft, *, origin: str, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> Reported | Unacceptable | Refused:
    """Once per `origin`. It holds nudges on its invoices at once, and whoever is on duty is alerted."""
    raise NotImplementedError
