"""The audit log for those who may export: the newest lines that fit."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.audit import AuditPage, Filter
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWork, UnitOfWorkFactory
from domain.usecases._asker import asker
from domain.values import Actor, Capability

NEWEST = 20
_NOBODY = 0


def read_audit(
    wanted: Filter,
    *,
    person: str | None = None,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> AuditPage | Refused:
    """`person`: only what somebody did, by their Slack id; who is not known here did nothing."""
    at = clock.now()
    with uow() as work:
        reader = asker(work, actor, at, needs=Capability.EXPORT, doing="audit.read", subject="audit")
        if isinstance(reader, Refused):
            return reader
        wanted = of_person(work, wanted, person, at)
        lines = work.audit_lines.newest(wanted, limit=NEWEST + 1)
        return AuditPage(tuple(lines[:NEWEST]), more=len(lines) > NEWEST, filter=wanted, at=at)


def of_person(work: UnitOfWork, wanted: Filter, slack_user_id: str | None, at: datetime) -> Filter:
    """The same question about one person."""
    if slack_user_id is None:
        return wanted
    found = work.people.by_slack(slack_user_id, at)
    return replace(wanted, actor_id=found.id if found else _NOBODY)
