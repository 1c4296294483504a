"""Steps whose time has come go into the queue; those whose mail has left, or will not, are settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from domain.audit import Entry
from domain.autopilot import Pending, Skipped
from domain.autopilot import Sequence as Running
from domain.messages import Message, State
from domain.outcomes import Refused
from domain.policies import Mode
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWork, UnitOfWorkFactory
from domain.reasons import Reason
from domain.rules.allowance import sending_domain
from domain.rules.autopilot import segment_for
from domain.rules.autopilot_course import position_of
from domain.rules.guards import Wait
from domain.rules.nudging import departure_of, plan_nudge
from domain.timeline import Source
from domain.usecases._autopilot import Book, Planned, open_book, plan_accounts
from domain.warming import Volume

AT_ONCE = 200
"""Steps put into the queue in one transaction."""

OF_THE_HOUSE = frozenset(
    {Reason.MAINTENANCE, Reason.SENDING_PAUSED, Reason.DEGRADED, Reason.DOMAIN_STOPPED, Reason.STALE_DATA}
)
"""No fault of the step's: it stays planned, until it can leave or the next one overtakes it."""


def queue_steps(*, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook) -> int:
    """Returns how many steps were settled, queued or refused. May run twice and on several replicas at once.

    Raises InvalidValue when the documents in force cannot be read.
    """
    with uow() as work:
        book = open_book(work)
    if book is None:
        return 0
    did = 0
    while True:
        with uow() as work:
            settled = work.steps.settle(limit=AT_ONCE)
            plan_accounts(work, settled, book=book, rulebook=rulebook, at=clock.now())
        did += len(settled)
        if len(settled) < AT_ONCE:
            break
    after: tuple[datetime, int] | None = None
    while True:
        at = clock.now()
        with uow() as work:
            due = work.steps.due(at=at, after=after, limit=AT_ONCE)
            if due:
                did += _Batch(work, book, rulebook, at).queue(due)
        if len(due) < AT_ONCE:
            return did
        after = due[-1].due_at, due[-1].id


class _Batch:
    """Some due steps in one transaction."""

    def __init__(self, work: UnitOfWork, book: Book, rulebook: Rulebook, at: datetime) -> None:
        self._work, self._book, self._rulebook, self._at = work, book, rulebook, at
        self._skipped: list[Skipped] = []
        self._entries: list[Entry] = []

    def queue(self, due: Sequence[Pending]) -> int:
        work, at = self._work, self._at
        # What has changed since they were planned counts first: a sequence that ends takes its step with it.
        planned = plan_accounts(
            work, {step.account_id for step in due}, book=self._book, rulebook=self._rulebook, at=at
        )
        still = [id for id in planned.facts if id not in planned.decided]
        courses = work.sequences.of(still) if still else {}
        volume = work.sending.volume(sending_domain(self._rulebook), around=at.date())
        messages: dict[int, Message] = {}
        for step in due:
            course = courses.get(step.account_id)
            if course is not None and course.running is not None and course.pending == step:
                message = self._message(step, course.running, planned, volume)
                if message is not None:
                    messages[step.id] = message
        work.steps.skip(self._skipped)
        queued = work.steps.queue(messages)
        self._entries += [_queued(message) for id, message in messages.items() if id in queued]
        work.audit.record_all(self._entries)
        return len(self._entries)

    def _message(self, step: Pending, running: Running, planned: Planned, volume: Volume) -> Message | None:
        """None: it was refused, or it stays where it is."""
        at, book, rulebook = self._at, self._book, self._rulebook
        facts, today = planned.facts[step.account_id], planned.payers[step.account_id].today
        segment = segment_for(position_of(facts, at=at), book.segments, today=today)
        if segment is None or book.mode_of(segment) is not Mode.AUTOPILOT:
            return None
        template = book.templates.get(step.template)
        if template is None:
            self._refuse(step, Reason.NO_TEMPLATE)
            return None
        plan = plan_nudge(
            workspace=book.workspace,
            person=None,
            facts=facts,
            rulebook=rulebook,
            at=at,
            volume=volume,
            invoice_id=running.invoice_id,
            source=Source.AUTOPILOT,
        )
        if isinstance(plan, Refused):
            if plan.reason not in OF_THE_HOUSE:
                self._refuse(step, plan.reason)
            return None
        assert not isinstance(plan, Wait)
        new_id = uuid5(NAMESPACE_URL, f"plixo:{book.workspace.org_id}:step:{step.id}").hex
        departure = departure_of(plan, message_id=new_id, policy_spread=rulebook.policy.spread)
        return Message(
            id=new_id,
            account_id=step.account_id,
            contact_id=plan.contact.id,
            invoice_id=plan.invoice.id,
            template_key=template.key,
            template_version=template.version,
            requested_by=None,
            requested_at=at,
            origin=f"step:{step.id}",
            state=State.QUEUED,
            leaves_at=departure.at,
            expires_at=departure.opening.at + rulebook.policy.expiry,
            source=Source.AUTOPILOT,
        )

    def _refuse(self, step: Pending, reason: Reason) -> None:
        self._skipped.append(Skipped(step.id, reason))
        self._entries.append(
            Entry(
                "autopilot.refused",
                at=self._at,
                actor_id=None,
                subject=f"step:{step.id}",
                account_id=step.account_id,
                reason=reason,
            )
        )


def _queued(message: Message) -> Entry:
    facts: Mapping[str, object] = {
        "template": message.template_key,
        "version": message.template_version,
        "leaves_at": message.leaves_at.isoformat(),
    }
    return Entry(
        "autopilot.queued",
        at=message.requested_at,
        actor_id=None,
        subject=message.subject,
        account_id=message.account_id,
        after=facts,
    )
