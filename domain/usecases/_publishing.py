"""What bringing documents into force shares: whether the whole fits together, whether enough of a segment's
customers can be written to, and who hears of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.autopilot import SegmentHealth
from domain.charter import Counted, Uncounted
from domain.library import Shelf, Version, VersionState, in_use
from domain.notices import NoticeKind, Telling
from domain.outcomes import Refused
from domain.policies import Content, DocumentKind, Mode, Segments, Unreadable
from domain.policy import Rulebook
from domain.ports import UnitOfWork
from domain.reasons import Reason
from domain.rules.autopilot import is_reached, newly_chased
from domain.rules.coherence import Texts
from domain.usecases._charter import steps_in_force, templates_of, tones_of, unfit_in
from domain.usecases._segment_health import health_of_some
from domain.values import Person, Role

FEW = 500
"""So many customers are counted while somebody waits: within Slack's three seconds."""


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
    approved = {key: version for key, versions in templates_of(work).items() if (version := in_use(versions))}
    approved |= {one.edition.key: one for one in drafts if one.is_template and not _waits_for_legal(one)}
    texts = Texts(approved.keys(), set(), tones_of(approved))
    for _, unfit in unfit_in(contents, rulebook.zones, texts, kept=steps_in_force(work)):
        if not unfit.is_warning:
            return Refused(Reason.DOES_NOT_FIT, by=unfit.sentence.rstrip("."))
    return None


def too_few_contacts(
    work: UnitOfWork,
    drafts: Sequence[Version],
    counted: Counted | None,
    *,
    rulebook: Rulebook,
    at: datetime,
    few: int,
) -> Refused | Uncounted | None:
    """Why segments among them may not begin to write: too few of their customers have somebody to write to.

    Those that write already are not held up. `counted` None: that has yet to be done, here when `few` are open.
    """
    now = next((_segments(work, one) for one in drafts if one.edition.shelf is Shelf.SEGMENTS), Segments())
    fresh = newly_chased(now, _segments(work, in_use(work.library.versions(Shelf.SEGMENTS)))) if now.each else ()
    if fresh and counted is None:
        ids = work.sequences.book(after=0, limit=few + 1)
        if len(ids) > few:
            return Uncounted(now)
        counted = health_of_some(work, ids, now, work.organisation.get(), rulebook=rulebook, at=at)
    for one in fresh:
        health = (counted or {}).get(one.name, SegmentHealth())
        if not is_reached(health):
            return Refused(Reason.FEW_CONTACTS, subject=one.name, share=(health.reachable, health.accounts))
    return None


def decided_already(work: UnitOfWork, version: Version, at: datetime) -> Refused | None:
    """It is no draft any more: by whom, and since when."""
    if version.state is VersionState.DRAFT:
        return None
    by = work.people.by_email(version.approved_by, at) if version.approved_by else None
    in_force = "approved" if version.is_template else "published"
    state = in_force if version.state is VersionState.LIVE else "set aside"
    return Refused(
        Reason.ALREADY_DECIDED, subject=state, by=by.name if by else version.approved_by, at=version.approved_at
    )


def _segments(work: UnitOfWork, version: Version | None) -> Segments:
    content = work.library.read(DocumentKind.SEGMENTS, version.text) if version else None
    return content if isinstance(content, Segments) else Segments()


def _waits_for_legal(draft: Version) -> bool:
    return draft.needs_legal and draft.signed_off_by is None


def forget_standings(work: UnitOfWork, version: Version) -> None:
    """A segment that is not to be on Autopilot any more is judged anew before it ever is again."""
    work.standings.keep([one.name for one in _segments(work, version).each if one.mode is Mode.AUTOPILOT])


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
