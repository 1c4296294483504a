"""Take the audit log out: who did is in the log before the first line leaves."""

from __future__ import annotations

from collections.abc import Iterator

from domain.audit import Export, Filter, Line, TooLong
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reasons import Reason
from domain.usecases._asker import asker, audit_refusal
from domain.usecases._exporting import was_answered
from domain.usecases.read_audit import of_person
from domain.values import Actor, Capability

IN_SLACK = 50_000
"""Lines that are uploaded to Slack at most: a file of some ten megabytes."""
ALL = 2**62
PAGE = 2_000
"""Lines read at once: what an export holds in memory, however long it is."""


def export_audit(
    wanted: Filter,
    *,
    person: str | None = None,
    origin: str,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> Export | TooLong | Refused | None:
    """For a person in Slack. None when the click `origin` has been answered already."""
    at = clock.now()
    with uow() as work:
        asking = asker(work, actor, at, needs=Capability.EXPORT, doing="audit.export", subject="audit")
        if isinstance(asking, Refused):
            return asking
        if was_answered(work, "audit.exported", origin, asking.id, at):
            return None
        if wanted.account_id is not None and work.accounts.get(wanted.account_id) is None:
            gone = Refused(Reason.STALE_BUTTON)
            return audit_refusal(work, "audit.export.refused", gone, actor=actor, at=at, subject="audit")
        wanted = of_person(work, wanted, person, at)
        up_to = work.audit_lines.last_id()
        count = work.audit_lines.count(wanted, up_to=up_to, limit=IN_SLACK + 1)
        if count > IN_SLACK:
            return TooLong(IN_SLACK)
        work.audit.record(
            "audit.exported",
            at=at,
            actor_id=asking.id,
            subject="audit",
            account_id=wanted.account_id,
            after={**wanted.facts(), "lines": count, "up_to": up_to, "origin": origin, "to": "slack"},
        )
        return Export(wanted, up_to=up_to, count=count)


def export_audit_to_file(wanted: Filter, *, by: str, uow: UnitOfWorkFactory, clock: Clock) -> Export:
    """For whoever may use the command line, and with it the database. `by` is their login name."""
    at = clock.now()
    with uow() as work:
        up_to = work.audit_lines.last_id()
        count = work.audit_lines.count(wanted, up_to=up_to, limit=ALL)
        work.audit.record(
            "audit.exported",
            at=at,
            actor_id=None,
            subject="audit",
            account_id=wanted.account_id,
            after={**wanted.facts(), "lines": count, "up_to": up_to, "by": by, "to": "file"},
        )
        return Export(wanted, up_to=up_to, count=count)


def exported_lines(export: Export, *, uow: UnitOfWorkFactory, page: int = PAGE) -> Iterator[Line]:
    """Oldest first; what is written meanwhile does not belong to it. Each page is one short transaction."""
    last = -ALL
    while True:
        with uow() as work:
            lines = work.audit_lines.after(last, export.filter, up_to=export.up_to, limit=page)
        yield from lines
        if len(lines) < page:
            return
        last = lines[-1].id
