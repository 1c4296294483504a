"""A Controller answers a question: yes with what it gives, or no; always with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.accounts import Account
from domain.notices import AccessRequest, NoticeKind, Telling
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWork, UnitOfWorkFactory
from domain.reasons import Reason
from domain.roles import NOTHING, Gift, GiftKind, RequestDecided, RequestToDecide, granted
from domain.rules.granting import gifts, takes_the_last_controller
from domain.usecases._asker import asker, audit_refusal
from domain.usecases._finding import CHOICES, plausible
from domain.values import Actor, Capability, Person

DOING = "access.decide"


def open_request(
    request_id: int, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> RequestToDecide | Refused:
    """What is asked, and what an approval would do."""
    at = clock.now()
    with uow() as work:
        return _to_decide(work, request_id, actor, at)


def decide_request(
    request_id: int,
    *,
    approved: bool,
    gift: Gift,
    why: str,
    until: datetime | None,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> RequestDecided | Refused:
    """Once, by whoever is first; the asker hears of it, and the message of every Controller says who decided and why.

    What is given is worked out anew from the rows, so nothing goes beyond the matrix whatever the window offered.
    `until` counts for a role or a capability, which then fall back by themselves.
    """
    at = clock.now()
    given, ends = (gift, until if gift.may_end else None) if approved else (NOTHING, None)
    with uow() as work:
        if given.kind is GiftKind.ROLE:
            work.roles.lock()
        found = _to_decide(work, request_id, actor, at)
        if isinstance(found, Refused):
            request = work.requests.get(request_id)
            mine = work.people.by_ids([actor.user_id], at).get(actor.user_id)
            if request and mine and _is_the_same(request, mine, approved, given, why):
                return RequestDecided(request, again=True)
            return found
        subject = f"request:{request_id}"
        refusal = _refusal(work, found, given, ends, at)
        decider = work.people.by_ids([actor.user_id], at)[actor.user_id]
        if refusal is None and not work.requests.decide(
            request_id,
            approved=approved,
            why=why,
            given=given.spelt if approved else None,
            account_id=given.account_id,
            until=ends,
            by=decider.email,
            at=at,
        ):
            refusal = _decided(work.requests.get(request_id) or found.request)
        if refusal is not None:
            return audit_refusal(
                work,
                f"{DOING}.refused",
                refusal,
                actor=actor,
                at=at,
                subject=subject,
                account_id=found.request.account_id,
            )
        work.audit.record(
            "access.approved" if approved else "access.declined",
            at=at,
            actor_id=decider.id,
            subject=subject,
            account_id=found.request.account_id,
            reason=found.request.reason,
            before={"state": "waiting"},
            after={
                "state": "approved" if approved else "declined",
                "given": given.spelt,
                "until": ends.isoformat() if ends else None,
                "why": why,
            },
        )
        _give(work, found, given, ends, decider, at)
        work.notices.raise_all(_tellings(work, found.request, at))
        return RequestDecided(work.requests.get(request_id) or found.request)


def _to_decide(work: UnitOfWork, request_id: int, actor: Actor, at: datetime) -> RequestToDecide | Refused:
    subject = f"request:{request_id}"
    person = asker(work, actor, at, needs=Capability.DECIDE_REQUESTS, doing=DOING, subject=subject)
    if isinstance(person, Refused):
        return person
    request = work.requests.get(request_id)
    who = work.people.by_ids([request.asked_by], at).get(request.asked_by) if request else None
    if request is None or who is None:
        return audit_refusal(
            work, f"{DOING}.refused", Refused(Reason.STALE_BUTTON), actor=actor, at=at, subject=subject
        )
    refusal = None
    if not request.is_waiting:
        refusal = _decided(request)
    elif who.id == person.id:
        refusal = Refused(Reason.OWN_RIGHTS)
    if refusal is not None:
        return audit_refusal(
            work, f"{DOING}.refused", refusal, actor=actor, at=at, subject=subject, account_id=request.account_id
        )
    accounts = _accounts(work, request)
    return RequestToDecide(request, who, accounts, gifts(request, who, [one.id for one in accounts]))


def _accounts(work: UnitOfWork, request: AccessRequest) -> tuple[Account, ...]:
    if request.account_id is not None:
        named = work.accounts.get(request.account_id)
        return (named,) if named else ()
    if not request.words:
        return ()
    return tuple(hit.account for hit in plausible(work.accounts.search(request.words, owner_email=None, limit=CHOICES)))


def _is_the_same(request: AccessRequest, person: Person, approved: bool, given: Gift, why: str) -> bool:
    """A retry or a double click of the one who decided."""
    return (
        not request.is_waiting
        and request.decided_by == person.email
        and request.is_approved is approved
        and request.decision == why
        and (not approved or request.given == given.spelt)
    )


def _decided(request: AccessRequest) -> Refused:
    return Refused(Reason.ALREADY_DECIDED, subject=request.state, at=request.decided_at, by=request.decided_by_name)


def _refusal(
    work: UnitOfWork, found: RequestToDecide, given: Gift, ends: datetime | None, at: datetime
) -> Refused | None:
    if given not in found.gifts and given != NOTHING:
        return Refused(Reason.NOT_GRANTABLE)
    if ends is not None and ends <= at:
        return Refused(Reason.END_PASSED)
    if given.role is not None:
        lasting = work.roles.lasting_controllers(at)
        if takes_the_last_controller(lasting, found.asker.id, role=given.role, is_active=True):
            return Refused(Reason.LAST_CONTROLLER, subject=found.asker.name)
    return None


def _give(
    work: UnitOfWork, found: RequestToDecide, given: Gift, ends: datetime | None, decider: Person, at: datetime
) -> None:
    """What the approval does by itself, each with its own line in the audit log."""
    who, request, account = found.asker, found.request, found.account_of(given)

    def note(action: str, before: dict[str, object], after: dict[str, object], subject: str) -> None:
        work.audit.record(
            action,
            at=at,
            actor_id=decider.id,
            subject=subject,
            account_id=account.id if account else request.account_id,
            before=before,
            after={**after, "request": request.id},
        )

    match given.kind:
        case GiftKind.NOTHING:
            return
        case GiftKind.CAPABILITY if request.capability is not None:
            work.people.grant(who.id, role=None, capability=request.capability, until=ends, by=decider.email)
            before, after = granted(who, request.capability, ends)
            note("capability.granted", before, after, f"user:{who.id}")
        case GiftKind.ROLE if given.role is not None:
            was = work.roles.of([who.id], at)[who.id]
            work.people.grant(who.id, role=given.role, capability=None, until=ends, by=decider.email)
            note("role.set", was.facts(), work.roles.of([who.id], at)[who.id].facts(), f"user:{who.id}")
        case GiftKind.ACCOUNT if account is not None:
            work.requests.hand_over(account.id, owner_email=who.email)
            note("account.handed_over", {"owner": account.owner_email}, {"owner": who.email}, f"account:{account.id}")
        case _:
            raise AssertionError(f"{given.spelt} was not offered for this request.")


def _tellings(work: UnitOfWork, request: AccessRequest, at: datetime) -> list[Telling]:
    """The asker hears; whoever has the question in front of them sees the answer in its place."""
    about = Telling(
        key=f"request:{request.id}:decision",
        kind=NoticeKind.ACCESS_DECISION,
        subject=str(request.id),
        recipient=request.asked_by,
        at=at,
    )
    told = [
        replace(
            about,
            key=f"request:{request.id}:{person_id}",
            kind=NoticeKind.ACCESS_REQUEST,
            recipient=person_id,
            only_edit=True,
        )
        for person_id in work.requests.told(request.id)
    ]
    return [about, *told]
