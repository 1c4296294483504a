"""The policy document beside what is kept: look at it, or make drafts of what it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from domain.charter import Charter, Part, Verdict, Waiting, Weighed, Wording
from domain.library import Edition, Shelf, Version, VersionState, in_use
from domain.policies import DocumentKind
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWork, UnitOfWorkFactory
from domain.usecases._charter import drafts_waiting, templates_of, weighed
from domain.usecases._library import beside, digest_of


def weigh_charter(charter: Charter, *, uow: UnitOfWorkFactory, rulebook: Rulebook) -> Weighed:
    """What applying it would do, and what does not fit. Changes nothing."""
    with uow() as work:
        return weighed(work, charter, rulebook.zones)


def apply_charter(charter: Charter, *, by: str, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook) -> Weighed:
    """A draft of every part that says something new; nothing at all while something does not fit.

    Drafts count for nothing until a Controller publishes them. Applying a document again makes none.
    """
    at = clock.now()
    with uow() as work:
        work.roles.lock()  # two who apply the same document make one draft
        found = weighed(work, charter, rulebook.zones)
        if not found.is_sound:
            return found
        wordings = {one.key: one for one in charter.wordings}
        parts = tuple(
            _drafted(work, part, wordings, by, at) if part.verdict is Verdict.CHANGED else part for part in found.parts
        )
        return replace(found, parts=parts)


def see_waiting(*, uow: UnitOfWorkFactory) -> tuple[Waiting, ...]:
    """The drafts that publishing would bring into force, with what they change."""
    with uow() as work:
        return tuple(drafts_waiting(work))


def published_texts(work: UnitOfWork, editions: Sequence[Edition]) -> list[Waiting]:
    """Each as it came into force, beside what was in force before; for those who tell of it."""
    published = []
    for edition in editions:
        versions = work.library.versions(edition.shelf, edition.key or None)
        version = next((one for one in versions if one.edition == edition), None)
        if version is not None:
            before = in_use([one for one in versions if one.edition.number < edition.number])
            published.append(beside(work, version, before))
    return published


def texts_to_export(*, with_drafts: bool, uow: UnitOfWorkFactory) -> tuple[dict[DocumentKind, str], list[Version]]:
    """What is in force, or would be if all that waits were published: texts of documents, and templates by name."""
    with uow() as work:
        coming = {waiting.draft.edition: waiting.draft for waiting in drafts_waiting(work)} if with_drafts else {}

        def chosen(versions: list[Version]) -> Version | None:
            return next((one for one in versions if one.edition in coming), None) or in_use(versions)

        texts = {}
        for kind in DocumentKind:
            version = chosen(work.library.versions(Shelf(kind.value)))
            if version is not None:
                texts[kind] = version.text
        templates = [chosen(versions) for versions in templates_of(work).values()]
        return texts, [one for one in templates if one is not None]


def _drafted(work: UnitOfWork, part: Part, wordings: Mapping[str, Wording], by: str, at: datetime) -> Part:
    if part.shelf is Shelf.TEMPLATE:
        made, action = _template_drafted(work, wordings[part.key], by, at), "template.drafted"
    else:
        kind = DocumentKind(part.shelf.value)
        made = work.library.add_document(kind, part.text, by=by, at=at, is_published=False)
        action = "document.drafted"
    after = {"hash": digest_of(part.text), "by": by}
    work.audit.record(action, at=at, actor_id=None, subject=str(made), after=after)
    return replace(part, edition=made)


def _template_drafted(work: UnitOfWork, wording: Wording, by: str, at: datetime) -> Edition:
    like = Version(
        edition=Edition(Shelf.TEMPLATE, 0, wording.key),
        text=wording.letter.text,
        state=VersionState.DRAFT,
        made_by=by,
        made_at=at,
        name=wording.name,
        audience=wording.audience,
    )
    return work.library.draft_template(like, wording.letter, by=by, at=at, needs_legal=wording.needs_legal)
