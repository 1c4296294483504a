"""Approve or decline a request for another text. An approval makes a draft, never touches what is live."""

from __future__ import annotations

from datetime import datetime

from domain.library import (
    Change,
    ChangeDecided,
    ChangeShown,
    ChangeState,
    Edition,
    Shelf,
    Version,
    VersionState,
)
from domain.notices import NoticeKind, Telling
from domain.outcomes import Refused
from domain.policies import DocumentKind
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWork, UnitOfWorkFactory
from domain.reasons import Reason
from domain.rules.differences import differences
from domain.rules.letters import Letter
from domain.usecases._asker import asker, audit_refusal
from domain.usecases._library import contents_of, digest_of, objection
from domain.values import Actor, Capability, Person, Role


def show_change(
    change_id: int,
    *,
    to_decide: bool = True,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> ChangeShown | Refused:
    """The request as it stands, for whoever may decide it. `to_decide`: refused once somebody has."""
    at, subject, doing = clock.now(), f"change:{change_id}", "change.read"
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.DECIDE_REQUESTS, doing=doing, subject=subject)
        if isinstance(person, Refused):
            return person
        shown = shown_change(work, change_id)
        if shown is None:
            return audit_refusal(
                work, f"{doing}.refused", Refused(Reason.STALE_BUTTON), actor=actor, at=at, subject=subject
            )
        return _decided(shown.change) if to_decide and shown.change.state is not ChangeState.WAITING else shown


def shown_change(work: UnitOfWork, change_id: int) -> ChangeShown | None:
    """With the newest version there is now that is not retired; also for those who tell of it."""
    change = work.changes.get(change_id)
    if change is None:
        return None
    versions = work.library.versions(change.edition.shelf, change.edition.key or None)
    read = next((one for one in versions if one.edition == change.edition), None)
    if read is None:
        return None
    newest = next((one for one in versions if one.state is not VersionState.RETIRED), read)
    return ChangeShown(
        change,
        read.name,
        newest,
        differences(change.present, change.proposed),
        needs_legal=newest.needs_legal,
        contents=contents_of(work, change.edition.shelf, change.present, change.proposed),
    )


def approve_change(
    change_id: int,
    *,
    reason: str,
    needs_legal: bool,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> ChangeDecided | Refused:
    """The proposed text becomes a draft with the next number, written by whoever asked for it.

    `needs_legal`: of a template, Legal has to sign the draft off as well before anybody can nudge with it.
    """
    return _decide(change_id, ChangeState.APPROVED, reason, needs_legal, actor=actor, uow=uow, clock=clock)


def decline_change(
    change_id: int, *, reason: str, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> ChangeDecided | Refused:
    """Nothing is made; the asker hears why."""
    return _decide(change_id, ChangeState.DECLINED, reason, False, actor=actor, uow=uow, clock=clock)


def _decide(
    change_id: int,
    to: ChangeState,
    reason: str,
    needs_legal: bool,
    *,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
) -> ChangeDecided | Refused:
    at, subject, doing = clock.now(), f"change:{change_id}", f"change.{to.value}"
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.DECIDE_REQUESTS, doing=doing, subject=subject)
        if isinstance(person, Refused):
            return person
        change = work.changes.get(change_id)
        version = work.library.get(change.edition) if change else None
        if change is None or version is None:
            no: Refused | None = Refused(Reason.STALE_BUTTON)
        elif change.state is ChangeState.WAITING and to is ChangeState.APPROVED:
            # It was fine when it was asked for; the tags and names that exist may have changed since.
            no = objection(work, change.edition, change.proposed)
        else:
            no = None
        if no is not None or change is None or version is None:
            refusal = no or Refused(Reason.STALE_BUTTON)
            return audit_refusal(work, f"{doing}.refused", refusal, actor=actor, at=at, subject=subject)
        if not work.changes.decide(change_id, to, by=person.id, reason=reason, at=at):
            now = work.changes.get(change_id) or change
            if now.state is to and now.decided_by == person.name and now.decision == reason:
                return ChangeDecided(now, version.name)  # the same decision, delivered again
            return audit_refusal(work, f"{doing}.refused", _decided(now), actor=actor, at=at, subject=subject)
        if to is ChangeState.APPROVED:
            made = _draft(work, change, version, at, needs_legal=needs_legal)
            work.changes.note_draft(change_id, made)
            if needs_legal and made.shelf is Shelf.TEMPLATE:
                work.notices.raise_all(
                    Telling(f"signoff:{made}:{one.id}", NoticeKind.SIGN_OFF, str(made), one.id, at)
                    for one in work.people.holding({Role.LEGAL}, at)
                )
        now = work.changes.get(change_id) or change
        _recorded(work, now, person, at)
        return ChangeDecided(now, version.name)


def _draft(work: UnitOfWork, change: Change, base: Version, at: datetime, *, needs_legal: bool) -> Edition:
    asker = work.people.by_ids([change.asked_by], at).get(change.asked_by)
    by = asker.email if asker else change.asker
    if change.edition.shelf is Shelf.TEMPLATE:
        letter = Letter.of(change.proposed)
        assert letter is not None, "objection() has looked at it"
        return work.library.draft_template(base, letter, by=by, at=at, needs_legal=needs_legal)
    kind = DocumentKind(change.edition.shelf.value)
    return work.library.add_document(kind, change.proposed, by=by, at=at, is_published=False)


def _recorded(work: UnitOfWork, change: Change, person: Person, at: datetime) -> None:
    """Audit, the asker's answer, and the messages of all Controllers edited in place."""
    work.audit.record(
        f"change.{change.state.value}",
        at=at,
        actor_id=person.id,
        subject=f"change:{change.id}",
        before={"state": ChangeState.WAITING.value, "text": str(change.edition), "hash": digest_of(change.present)},
        after={
            "state": change.state.value,
            "draft": str(change.made) if change.made else None,
            "hash": digest_of(change.proposed),
            "why": change.decision,
        },
    )
    told = [
        Telling(f"change:{change.id}:{one.id}", NoticeKind.CHANGE_REQUEST, str(change.id), one.id, at, only_edit=True)
        for one in work.people.holding({Role.CONTROLLER}, at)
    ]
    if change.asked_by != person.id:
        key = f"change:{change.id}:decision"
        told.append(Telling(key, NoticeKind.CHANGE_DECISION, str(change.id), change.asked_by, at))
    work.notices.raise_all(told)


def _decided(change: Change) -> Refused:
    """Somebody was faster."""
    return Refused(Reason.ALREADY_DECIDED, subject=change.state.value, by=change.decided_by, at=change.decided_at)
