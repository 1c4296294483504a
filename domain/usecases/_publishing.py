"""What bringing documents into force shares: whether the whole fits together then, and who hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.library import Shelf, Version, in_use
from domain.notices import NoticeKind, Telling
from domain.outcomes import Refused
from domain.policies import Content, DocumentKind, Mode, Segments, Unreadable
from domain.policy import Rulebook
from domain.ports import UnitOfWork
from domain.reasons import Reason
from domain.usecases._charter import templates_of, unfit_in
from domain.values import Person, Role


def unfit_with(work: UnitOfWork, drafts: Sequence[Version], rulebook: Rulebook) -> Refused | None:
    """Why the whole would not fit together. What is not changed is not held against what is."""
    chosen = {draft.edition.shelf: draft for draft in drafts if not draft.is_template}
    contents: dict[DocumentKind, Content] = {}
    for kind in DocumentKind:
        version = chosen.get(Shelf(kind.value)) or in_use(work.library.versions(Shelf(kind.value)))
        content = work.library.read(kind, version.text) if version else None
        if content is not None and not isinstance(content, Unreadable):
            contents[kind] = content
    if {Shelf.SEGMENTS, Shelf.CADENCES}.isdisjoint(chosen):
        contents = {kind: content for kind, content in contents.items() if kind is DocumentKind.POLICY}
    if Shelf.POLICY not in chosen:
        contents.pop(DocumentKind.POLICY, None)
    approved = {key for key, versions in templates_of(work).items() if in_use(versions)}
    approved |= {one.edition.key for one in drafts if one.is_template and not _waits_for_legal(one)}
    for _, unfit in unfit_in(contents, rulebook.zones, approved=approved, drafted=set()):
        if not unfit.is_warning:
            return Refused(Reason.DOES_NOT_FIT, by=unfit.sentence.rstrip("."))
    return None


def _waits_for_legal(draft: Version) -> bool:
    return draft.needs_legal and draft.signed_off_by is None


def forget_standings(work: UnitOfWork, version: Version) -> None:
    """A segment that is not to be on Autopilot any more is judged anew before it ever is again."""
    content = work.library.read(DocumentKind.SEGMENTS, version.text)
    if isinstance(content, Segments):
        work.standings.keep([one.name for one in content.each if one.mode is Mode.AUTOPILOT])


def tell_published(work: UnitOfWork, now: Sequence[Version], person: Person, at: datetime) -> None:
    """Whoever answers for chasing, and whoever wrote a draft; one message for what came into force together."""
    documents = [one for one in now if not one.is_template]
    if not documents:
        return
    concerned = {one.id for one in work.people.holding({Role.CONTROLLER, Role.AR_MANAGER}, at)}
    writers = {one.made_by for one in documents if one.made_by is not None and "@" in one.made_by}
    authors = [work.people.by_email(email, at) for email in sorted(writers)]
    concerned |= {one.id for one in authors if one is not None and one.is_active}
    subject = " ".join(str(one.edition) for one in documents)
    work.notices.raise_all(
        Telling(f"published:{subject}:{id}", NoticeKind.PUBLISHED, subject, id, at)
        for id in sorted(concerned - {person.id})
    )
