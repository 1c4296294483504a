"""What the preconditions ask of each segment's customers, counted over the whole book."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from domain.autopilot import SegmentHealth
from domain.policies import Segments
from domain.policy import Rulebook, Workspace
from domain.ports import UnitOfWork, UnitOfWorkFactory
from domain.rules.autopilot import position_of, segment_for
from domain.rules.autopilot_course import health_of, payer_of
from domain.usecases._autopilot import pages
from domain.usecases._in_parts import in_parts

REVERSED_WITHIN = timedelta(days=7)
"""The trailing week in which payments that were taken back count (the product's rule)."""


def segment_health(
    segments: Segments, workspace: Workspace, *, uow: UnitOfWorkFactory, rulebook: Rulebook, at: datetime
) -> Mapping[str, SegmentHealth]:
    """By name, of segments that have customers. Read in pages, each a transaction by itself."""
    healths: dict[str, SegmentHealth] = defaultdict(SegmentHealth)
    for ids in pages(uow):
        with uow() as work:
            found = health_of_some(work, ids, segments, workspace, rulebook=rulebook, at=at)
        for name, health in found.items():
            healths[name] += health
    return healths


def health_of_some(
    work: UnitOfWork,
    ids: Sequence[int],
    segments: Segments,
    workspace: Workspace,
    *,
    rulebook: Rulebook,
    at: datetime,
) -> Mapping[str, SegmentHealth]:
    """The same of some customers only. One whose rows cannot be read is in no segment, and counts nowhere."""
    healths: dict[str, SegmentHealth] = defaultdict(SegmentHealth)
    payments = work.standings.payments(ids, since=(at - REVERSED_WITHIN).date())

    def read(some: Sequence[int]) -> list[tuple[str, SegmentHealth]]:
        found = []
        for id, known in work.accounts.facts(some, at=at).items():
            payer = payer_of(known, workspace, rulebook, at=at)
            position = position_of(known, minimums=rulebook.policy.minimum_balances, at=at)
            segment = segment_for(position, segments, today=payer.today)
            if segment is not None:
                found.append((segment.name, health_of(known, payer, payments.get(id))))
        return found

    for part in in_parts(ids, read, pass_over=lambda _: None):
        for name, health in part:
            healths[name] += health
    return healths
