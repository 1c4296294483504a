"""Legal's answer to a dispute."""

from __future__ import annotations

from domain.commitments import DisputeState
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reporting import DisputeChanged, Field, Unacceptable
from domain.rules.reporting import said
from domain.usecases._alerting import whose_duty
from domain.usecases._disputing import changed, legal_telling, refuse_state, to_change
from domain.values import Actor, Capability


def answer_dispute(
    dispute_id: int, *, text: str, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> DisputeChanged | Unacceptable | Refused:
    """A remark in its history; whoever is on duty for the account hears of it and resolves the dispute."""
    at, doing, text = clock.now(), "dispute.answered", text.strip()
    with uow() as work:
        found = to_change(
            work,
            dispute_id,
            needs=Capability.RECORD_DISPUTE_INPUT,
            doing=doing,
            actor=actor,
            at=at,
            rulebook=rulebook,
        )
        if isinstance(found, Refused):
            return found
        person, story = found
        state = story.dispute.state
        if state is DisputeState.RESOLVED:
            return refuse_state(work, story, doing=doing, actor=actor, at=at)
        if problems := said(text, Field.TEXT, "Write what the Operator should know."):
            return Unacceptable(tuple(problems))
        work.disputes.remark(dispute_id, text, state=state, actor_id=person.id, at=at)
        work.audit.record(
            doing,
            at=at,
            actor_id=person.id,
            subject=f"dispute:{dispute_id}",
            account_id=story.account.id,
            before={"state": state.value},
            after={"state": state.value, "length": len(text)},
        )
        changed(work, dispute_id, at)
        on_duty = whose_duty(work, story.account.id, at)
        work.notices.raise_all(legal_telling(dispute_id, "answered", each, at) for each in on_duty)
        after = work.disputes.story(dispute_id)
        assert after is not None
        return DisputeChanged(after, was=state)
