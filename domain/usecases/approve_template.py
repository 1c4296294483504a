"""A draft becomes a text that can be nudged with: the Controller's approval, and Legal's where the draft needs it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from domain.library import Edition, TemplateDecided, Version, VersionState
from domain.notices import NoticeKind, Telling
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWork, UnitOfWorkFactory
from domain.reasons import Reason
from domain.usecases._asker import asker, audit_refusal
from domain.usecases._library import digest_of, found, objection, own_draft, reading_of
from domain.values import Actor, Capability, Person, Role

Step = Callable[[UnitOfWork, Version, Person, datetime], Refused | None]


def approve_template(
    edition: Edition, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> TemplateDecided | Refused:
    """The Controller's approval. Both approvals count in any order; the last one that is needed makes it live."""
    return _change(edition, "template.approved", Capability.EDIT_POLICIES, _approve, actor=actor, uow=uow, clock=clock)


def sign_off_template(
    edition: Edition, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> TemplateDecided | Refused:
    """Legal's approval."""
    return _change(
        edition, "template.signed_off", Capability.SIGN_OFF_POLICIES, _sign_off, actor=actor, uow=uow, clock=clock
    )


def retire_template(
    edition: Edition, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> TemplateDecided | Refused:
    """Nobody can nudge with a live version any more, and what is queued with it is refused when its time comes.

    The newest version that is still approved takes its place, when there is one.
    """
    return _change(edition, "template.retired", Capability.EDIT_POLICIES, _retire, actor=actor, uow=uow, clock=clock)


def _approve(work: UnitOfWork, version: Version, person: Person, at: datetime) -> Refused | None:
    no = own_draft(work, version, person, Role.CONTROLLER, at) or objection(work, version.edition, version.text)
    if no is not None:
        return no
    done = work.library.approve(version.edition, by=person.email, at=at, for_legal=False)
    return None if done else _late(work, version, at, for_legal=False)


def _sign_off(work: UnitOfWork, version: Version, person: Person, at: datetime) -> Refused | None:
    no = own_draft(work, version, person, Role.LEGAL, at) or objection(work, version.edition, version.text)
    if no is not None:
        return no
    done = work.library.approve(version.edition, by=person.email, at=at, for_legal=True)
    if not done:
        return _late(work, version, at, for_legal=True)
    work.notices.raise_all(
        Telling(f"signoff:{version.edition}:{one.id}", NoticeKind.SIGN_OFF, str(version.edition), one.id, at, True)
        for one in work.people.holding({Role.LEGAL}, at)
    )
    return None


def _retire(work: UnitOfWork, version: Version, person: Person, at: datetime) -> Refused | None:
    if version.state is VersionState.DRAFT:
        return Refused(Reason.STALE_BUTTON)  # a draft is discarded
    done = work.library.retire(version.edition, was=VersionState.LIVE)
    return None if done else Refused(Reason.ALREADY_DECIDED, subject=VersionState.RETIRED.value)


def _late(work: UnitOfWork, version: Version, at: datetime, *, for_legal: bool) -> Refused:
    """It is no draft any more, or has this approval already: whose, and since when."""
    now = work.library.get(version.edition) or version
    email, since = (now.signed_off_by, now.signed_off_at) if for_legal else (now.approved_by, now.approved_at)
    if now.state is VersionState.RETIRED or email is None:
        return Refused(Reason.ALREADY_DECIDED, subject=now.state.value)
    by = work.people.by_email(email, at)
    said = "signed off" if for_legal else "approved"
    return Refused(Reason.ALREADY_DECIDED, subject=said, by=by.name if by else email, at=since)


def _change(
    edition: Edition,
    action: str,
    needs: Capability,
    step: Step,
    *,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
) -> TemplateDecided | Refused:
    at, subject = clock.now(), str(edition)
    with uow() as work:
        person = asker(work, actor, at, needs=needs, doing=action, subject=subject)
        if isinstance(person, Refused):
            return person
        version = found(work, edition, actor=actor, at=at, doing=action)
        if isinstance(version, Refused):
            return version
        if not version.is_template:
            stale = Refused(Reason.STALE_BUTTON)
            return audit_refusal(work, f"{action}.refused", stale, actor=actor, at=at, subject=subject)
        no = step(work, version, person, at)
        if no is not None:
            return audit_refusal(work, f"{action}.refused", no, actor=actor, at=at, subject=subject)
        now = work.library.get(edition) or version
        work.audit.record(
            action,
            at=at,
            actor_id=person.id,
            subject=subject,
            before={"state": version.state.value},
            after={"state": now.state.value, "hash": digest_of(now.text)},
        )
        return TemplateDecided(reading_of(work, person, now, at), was=version.state)
