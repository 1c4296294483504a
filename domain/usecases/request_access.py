"""“Ask the Controller”: file the question that a refusal leaves open."""

from __future__ import annotations

from domain.notices import NoticeKind, Telling
from domain.outcomes import Refused, RequestFiled
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reasons import Reason
from domain.usecases._asker import audit_refusal
from domain.values import Actor, Capability, Role


def request_access(
    *,
    reason: Reason,
    capability: Capability | None,
    account_id: int | None,
    words: str = "",
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> RequestFiled | Refused:
    """File it once and tell every Controller; asking again finds the question that is already waiting.

    `words`: by which they looked for an account in vain; the answer is the same whether or not somebody has such a one.
    """
    at = clock.now()
    with uow() as work:
        person = work.people.by_ids([actor.user_id], at).get(actor.user_id)
        if person is None:
            # As in `asker`: an actor without a row cannot be referred to.
            return Refused(Reason.UNKNOWN_PERSON, ask=Role.CONTROLLER)
        no: Refused | None = None
        if not person.is_active:
            no = Refused(Reason.DEACTIVATED, ask=Role.CONTROLLER)
        elif account_id is not None and work.accounts.get(account_id) is None:
            no = Refused(Reason.STALE_BUTTON)
        if no is not None:
            return audit_refusal(work, "access.requested.refused", no, actor=actor, at=at, subject="person")
        request_id, again = work.requests.file(
            asked_by=person.id, reason=reason, capability=capability, account_id=account_id, words=words, at=at
        )
        if not again:
            work.audit.record(
                "access.requested",
                at=at,
                actor_id=person.id,
                subject=f"request:{request_id}",
                account_id=account_id,
                reason=reason,
                after={"state": "waiting", "capability": capability.value if capability else None}
                | ({"words": words} if words else {}),
            )
            work.notices.raise_all(
                Telling(f"request:{request_id}:{one.id}", NoticeKind.ACCESS_REQUEST, str(request_id), one.id, at)
                for one in work.people.holding({Role.CONTROLLER}, at)
            )
        return RequestFiled(request_id=request_id, again=again)
