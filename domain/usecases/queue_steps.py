"""Steps whose time has come go into the queue, or become drafts in Shadow; those whose mail has left, or will not, and
drafts that nobody decided in time are settled.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.audit import Entry
from domain.autopilot import Pending, Skipped
from domain.autopilot import Sequence as Running
from domain.messages import Message
from domain.outcomes import Refused
from domain.policies import Mode, Segment
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWork, UnitOfWorkFactory
from domain.reasons import Reason
from domain.rules.allowance import sending_domain
from domain.rules.autopilot import position_of, segment_for
from domain.rules.autopilot_course import OF_THE_HOUSE
from domain.rules.guards import Wait
from domain.rules.nudging import Plan, day_of, plan_nudge
from domain.shadow import NewDraft
from domain.templates import Template
from domain.timeline import Source
from domain.usecases._autopilot import Book, Planned, open_book, plan_accounts
from domain.usecases._drafting import drop_late, make_drafts
from domain.usecases._in_parts import in_parts
from domain.usecases._step_mail import queued_entry, step_departure, step_mail
from domain.warming import Volume

AT_ONCE = 200
"""Steps put into the queue in one transaction."""


def queue_steps(
    *,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
    pass_over: Callable[[int], None] = lambda account_id: None,
) -> int:
    """Returns how many steps were settled, queued, drafted or refused. May run twice and on several replicas at once.

    A customer whose rows cannot be read is told to `pass_over`, and their step is refused; the sequence goes on after
    it. Raises InvalidValue when the documents in force, or the workspace, cannot be read.
    """
    with uow() as work:
        opened = open_book(work)
    if opened is None:
        return 0
    book = opened
    day_of(clock.now(), book.workspace, rulebook)

    def plan(ids: Sequence[int]) -> None:
        with uow() as work:
            plan_accounts(work, ids, book=book, rulebook=rulebook, at=clock.now())

    def queue(due: Sequence[Pending]) -> int:
        with uow() as work:
            return _Batch(work, book, rulebook, clock.now()).queue(due)

    def set_aside(step: Pending) -> None:
        pass_over(step.account_id)
        with uow() as work:
            if work.steps.skip([Skipped(step.id, Reason.UNREADABLE)]):
                work.audit.record_all([_refused(step, Reason.UNREADABLE, clock.now())])

    did = 0
    for end in (_settle, _drop):
        ended = AT_ONCE
        while ended == AT_ONCE:
            with uow() as work:
                ids = end(work, clock.now())
            # Not in that transaction: whoever decides for a customer locks the customer first and their steps then.
            list(in_parts(ids, plan, pass_over=pass_over))
            ended = len(ids)
            did += ended
    after: tuple[datetime, int] | None = None
    while True:
        with uow() as work:
            due = work.steps.due(at=clock.now(), after=after, limit=AT_ONCE)
        did += sum(in_parts(due, queue, pass_over=set_aside))
        if len(due) < AT_ONCE:
            return did
        after = due[-1].due_at, due[-1].id


def _settle(work: UnitOfWork, at: datetime) -> list[int]:
    return work.steps.settle(limit=AT_ONCE)


def _drop(work: UnitOfWork, at: datetime) -> list[int]:
    return [one.account_id for one in drop_late(work, at=at, limit=AT_ONCE)]


@dataclass
class _Batch:
    """Some due steps in one transaction."""

    work: UnitOfWork
    book: Book
    rulebook: Rulebook
    at: datetime
    _messages: dict[int, Message] = field(default_factory=dict, init=False)
    _drafts: list[NewDraft] = field(default_factory=list, init=False)
    _skipped: list[Skipped] = field(default_factory=list, init=False)
    _refused: list[Entry] = field(default_factory=list, init=False)

    def queue(self, due: Sequence[Pending]) -> int:
        work, at = self.work, self.at
        # What has changed since they were planned counts first: a sequence that ends takes its step with it.
        planned = plan_accounts(work, {step.account_id for step in due}, book=self.book, rulebook=self.rulebook, at=at)
        still = [id for id in planned.facts if id not in planned.decided]
        courses = work.sequences.of(still) if still else {}
        volume = work.sending.volume(sending_domain(self.rulebook), around=at.date())
        steps = {step.id: step for step in due}
        for step in due:
            course = courses.get(step.account_id)
            if course is not None and course.running is not None and course.pending == step:
                self._decide(step, course.running, planned, volume)
        work.steps.skip(self._skipped)
        queued = work.steps.queue(self._messages)
        made = make_drafts(work, self._drafts, steps, at=at)
        work.audit.record_all(
            [*self._refused, *(queued_entry(message) for id, message in self._messages.items() if id in queued)]
        )
        return len(self._refused) + len(queued) + made

    def _decide(self, step: Pending, running: Running, planned: Planned, volume: Volume) -> None:
        """It is to be queued, drafted or skipped; or it stays where it is."""
        at, book, rulebook = self.at, self.book, self.rulebook
        facts, today = planned.facts[step.account_id], planned.payers[step.account_id].today
        position = position_of(facts, minimums=rulebook.policy.minimum_balances, at=at)
        segment = segment_for(position, book.segments, today=today)
        mode = Mode.OFF if segment is None else book.mode_of(segment)
        if mode is Mode.OFF:
            return
        template = book.templates.get(step.template)
        if template is None:
            self._refuse(step, Reason.NO_TEMPLATE)
            return
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
            return
        assert not isinstance(plan, Wait)
        if mode is Mode.SHADOW:
            expires_at = plan.departure.opening.at + rulebook.policy.expiry
            self._drafts.append(NewDraft(step.id, plan.contact.id, template.version, at, expires_at))
        else:
            self._messages[step.id] = self._message(step, plan, template, segment)

    def _message(self, step: Pending, plan: Plan, template: Template, segment: Segment | None) -> Message:
        org_id, rulebook = self.book.workspace.org_id, self.rulebook
        return step_mail(
            step.id,
            step_departure(plan.departure, step.id, org_id=org_id, rulebook=rulebook),
            template,
            account_id=step.account_id,
            contact_id=plan.contact.id,
            invoice_id=plan.invoice.id,
            approved_by=None,
            segment=segment,
            org_id=org_id,
            rulebook=rulebook,
            at=self.at,
        )

    def _refuse(self, step: Pending, reason: Reason) -> None:
        self._skipped.append(Skipped(step.id, reason))
        self._refused.append(_refused(step, reason, self.at))


def _refused(step: Pending, reason: Reason, at: datetime) -> Entry:
    return Entry(
        "autopilot.refused",
        at=at,
        actor_id=None,
        subject=step.subject,
        account_id=step.account_id,
        reason=reason,
    )
