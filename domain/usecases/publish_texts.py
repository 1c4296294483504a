"""Drafts come into force: the Controller publishes documents, and approves the templates they need, together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.charter import Counted, PublicationShown, Published, Uncounted
from domain.library import Edition, Shelf, Version, VersionState, in_use
from domain.outcomes import Refused
from domain.policies import Terms
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWork, UnitOfWorkFactory
from domain.reasons import Reason
from domain.usecases._asker import asker, audit_refusal
from domain.usecases._charter import drafts_waiting
from domain.usecases._library import beside, digest_of, objection, own_draft
from domain.usecases._publishing import (
    FEW,
    decided_already,
    forget_standings,
    tell_published,
    too_few_contacts,
    unfit_with,
)
from domain.values import Actor, Capability, Person, Role

DOING = "document.published"
_APPROVED = "template.approved"


def publish_texts(
    editions: Sequence[Edition],
    *,
    by: str | None = None,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
    few: int = FEW,
) -> Published | Refused | Uncounted:
    """All of them or none. What would be in force afterwards has to fit together.

    Drafts that are older than what comes into force are set aside. `by`: the login name at the command line.
    Uncounted: nothing was done yet, for there are more than `few` customers to count, and `count_customers` is next.
    """
    return _publish(editions, counted=None, by=by, actor=actor, uow=uow, clock=clock, rulebook=rulebook, few=few)


def publish_counted(
    editions: Sequence[Edition],
    counted: Counted,
    *,
    by: str | None = None,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> Published | Refused:
    """The same, after the customers of the segments among them were counted."""
    outcome = _publish(editions, counted=counted, by=by, actor=actor, uow=uow, clock=clock, rulebook=rulebook)
    assert not isinstance(outcome, Uncounted)
    return outcome


def _publish(
    editions: Sequence[Edition],
    *,
    counted: Counted | None,
    by: str | None,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
    few: int = FEW,
) -> Published | Refused | Uncounted:
    at, subject = clock.now(), str(editions[0]) if editions else "document"
    with uow() as work:
        work.roles.lock()  # two who publish parts that fit only apart wait for each other
        person = asker(work, actor, at, needs=Capability.EDIT_POLICIES, doing=DOING, subject=subject)
        if isinstance(person, Refused):
            return person
        drafts = []
        for edition in dict.fromkeys(editions):
            draft = _draft(work, edition, person, at)
            if isinstance(draft, Refused):
                return audit_refusal(work, f"{DOING}.refused", draft, actor=actor, at=at, subject=str(edition))
            drafts.append(draft)
        no = unfit_with(work, drafts, rulebook) or too_few_contacts(
            work, drafts, counted, rulebook=rulebook, at=at, few=few
        )
        if isinstance(no, Refused):
            return audit_refusal(work, f"{DOING}.refused", no, actor=actor, at=at, subject=subject)
        if no is not None:
            return no
        now = [_published(work, draft, person, by, at) for draft in drafts]
        tell_published(work, now, person, at)
        return Published(
            tuple(one for one in now if one.state is VersionState.LIVE),
            tuple(one for one in now if one.state is VersionState.DRAFT),
        )


def show_publication(
    edition: Edition, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> PublicationShown | Refused:
    """What publishing a document's draft would change, for whoever may; and what else waits."""
    at, subject = clock.now(), str(edition)
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.EDIT_POLICIES, doing=DOING, subject=subject)
        if isinstance(person, Refused):
            return person
        draft = (
            _draft(work, edition, person, at) if edition.shelf is not Shelf.TEMPLATE else Refused(Reason.STALE_BUTTON)
        )
        if isinstance(draft, Refused):
            return audit_refusal(work, f"{DOING}.refused", draft, actor=actor, at=at, subject=subject)
        present = in_use(work.library.versions(edition.shelf))
        others = [one for one in drafts_waiting(work) if not one.draft.is_template]
        return PublicationShown(
            beside(work, draft, present),
            tuple(one for one in others if one.draft.edition.shelf is not edition.shelf),
        )


def _draft(work: UnitOfWork, edition: Edition, person: Person, at: datetime) -> Version | Refused:
    """The draft if it can be published by this person."""
    version = work.library.get(edition)
    if version is None:
        return Refused(Reason.STALE_BUTTON)
    if (decided := decided_already(work, version, at)) is not None:
        return decided
    present = in_use(work.library.versions(edition.shelf, edition.key or None))
    if present is not None and present.edition.number > edition.number:
        return Refused(Reason.OVERTAKEN, subject=str(present.edition.number))
    return own_draft(work, version, person, Role.CONTROLLER, at) or objection(work, edition, version.text) or version


def _published(work: UnitOfWork, draft: Version, person: Person, by: str | None, at: datetime) -> Version:
    edition = draft.edition
    if draft.is_template:
        if draft.approved_by is None:
            work.library.approve(edition, by=person.email, at=at, for_legal=False)
    else:
        work.documents.publish(edition.shelf_kind, edition.number, by=person.email, at=at)
        _follow(work, draft, person, at)
        if edition.shelf is Shelf.SEGMENTS:
            forget_standings(work, draft)
    now = work.library.get(edition) or draft
    after = {"state": now.state.value, "hash": digest_of(now.text)} | ({"by": by} if by else {})
    work.audit.record(
        _APPROVED if draft.is_template else DOING,
        at=at,
        actor_id=person.id,
        subject=str(edition),
        before={"state": draft.state.value},
        after=after,
    )
    return now


def _follow(work: UnitOfWork, draft: Version, person: Person, at: datetime) -> None:
    """The workspace's zone and country are the policy's."""
    content = work.library.read(draft.edition.shelf_kind, draft.text)
    if not isinstance(content, Terms):
        return
    before = work.organisation.get()
    if (before.zone, before.country) == (content.zone, content.country):
        return
    work.organisation.save(replace(before, zone=content.zone, country=content.country))
    work.audit.record(
        "organisation.changed",
        at=at,
        actor_id=person.id,
        subject="organisation",
        before={"zone": before.zone, "country": before.country},
        after={"zone": content.zone, "country": content.country},
    )
