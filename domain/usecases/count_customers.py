"""The customers of segments that are to come into force are counted, slice by slice and with nothing locked."""

from __future__ import annotations

from domain.charter import Counted, Uncounted
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.usecases._segment_health import segment_health


def count_customers(uncounted: Uncounted, *, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook) -> Counted:
    """It takes a minute or more where there are many. Nothing is changed."""
    with uow() as work:
        workspace = work.organisation.get()
    return segment_health(uncounted.segments, workspace, uow=uow, rulebook=rulebook, at=clock.now())
