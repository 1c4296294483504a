"""A draft that nobody wants any more is set aside: it can be read for ever, and never comes into force."""

from __future__ import annotations

from datetime import datetime

from domain.library import DraftDiscarded, Edition, Version, VersionState
from domain.notices import NoticeKind, Telling
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWork, UnitOfWorkFactory
from domain.reasons import Reason
from domain.usecases._asker import asker, audit_refusal
from domain.usecases._library import digest_of, found, reading_of
from domain.usecases._publishing import decided_already
from domain.values import Actor, Capability, Person, Role


def discard_draft(
    edition: Edition, *, by: str | None = None, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> DraftDiscarded | Refused:
    """Older drafts that wait go on waiting; whoever wrote it, or asked for it, is told.

    `by`: the login name at the command line.
    """
    at, doing = clock.now(), "template.discarded" if edition.key else "document.discarded"
    with uow() as work:
        work.roles.lock()  # as for publishing: whoever comes second sees what the first one did
        person = asker(work, actor, at, needs=Capability.EDIT_POLICIES, doing=doing, subject=str(edition))
        if isinstance(person, Refused):
            return person
        version = found(work, edition, actor=actor, at=at, doing=doing)
        if isinstance(version, Refused):
            return version
        is_done = _set_aside(work, version)
        now = work.library.get(edition) or version
        if not is_done:
            no = decided_already(work, now, at) or Refused(Reason.STALE_BUTTON)
            return audit_refusal(work, f"{doing}.refused", no, actor=actor, at=at, subject=str(edition))
        work.audit.record(
            doing,
            at=at,
            actor_id=person.id,
            subject=str(edition),
            before={"state": VersionState.DRAFT.value},
            after={"state": now.state.value, "hash": digest_of(now.text)} | ({"by": by} if by else {}),
        )
        _tell_author(work, now, person, at)
        if version.needs_legal:
            # Legal was asked, and is not any more.
            work.notices.raise_all(
                Telling(f"signoff:{edition}:{one.id}", NoticeKind.SIGN_OFF, str(edition), one.id, at, only_edit=True)
                for one in work.people.holding({Role.LEGAL}, at)
            )
        return DraftDiscarded(reading_of(work, person, now, at))


def _tell_author(work: UnitOfWork, draft: Version, person: Person, at: datetime) -> None:
    """A draft that an approved request made is written by whoever asked for it."""
    author = work.people.by_email(draft.made_by, at) if draft.made_by else None
    if author is not None and author.is_active and author.id != person.id:
        subject = str(draft.edition)
        key = f"discarded:{subject}:{author.id}"
        work.notices.raise_all([Telling(key, NoticeKind.DISCARDED, subject, author.id, at)])


def _set_aside(work: UnitOfWork, version: Version) -> bool:
    """False when it is no draft any more. Whoever approves a template takes no lock, so the row itself is asked."""
    edition = version.edition
    if version.is_template:
        return work.library.retire(edition, was=VersionState.DRAFT)
    return work.documents.set_aside(edition.shelf_kind, edition.number)
