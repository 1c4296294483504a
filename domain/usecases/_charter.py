"""What the use cases of the policy document share: it beside what is kept, and whether the whole fits together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby

from domain.calendars import Zones
from domain.charter import TEMPLATES, Charter, Finding, Part, Verdict, Waiting, Weighed, Wording
from domain.errors import InvalidValue
from domain.library import Shelf, Version, VersionState, in_use
from domain.policies import Cadences, CadenceStep, Content, DocumentKind, Segments, Terms, Tone, Unreadable
from domain.ports import UnitOfWork
from domain.rules.coherence import Texts, Unfit, unfit_cadences, unfit_segments, used_cadences
from domain.rules.differences import differences
from domain.rules.letters import Letter
from domain.usecases._library import beside


def weighed(work: UnitOfWork, charter: Charter, zones: Zones) -> Weighed:
    """Every part of the document beside what is kept. Writes nothing."""
    parts = [_section(work, kind, charter) for kind in DocumentKind if kind in charter.sections]
    kept = templates_of(work)
    parts += [_wording(one, kept.get(one.key, [])) for one in charter.wordings]
    contents = {kind: section.content for kind, section in charter.sections.items()}
    for kind in DocumentKind:
        if kind not in contents:
            coming = _coming(work.library.versions(Shelf(kind.value)))
            content = work.library.read(kind, coming.text) if coming else None
            if content is not None and not isinstance(content, Unreadable):
                contents[kind] = content
    drafted = {key: version for key, versions in kept.items() if (version := _coming(versions))}
    written = {one.key: one.letter.tone for one in charter.wordings}
    texts = Texts(
        approved={key for key, versions in kept.items() if in_use(versions)},
        drafted=drafted.keys() | written.keys(),
        tones=tones_of(drafted) | written,
    )
    findings = [
        Finding(
            unfit.sentence,
            Shelf(kind.value),
            charter.line_of((kind.value, *unfit.path)) if kind in charter.sections else None,
            unfit.is_warning,
        )
        for kind, unfit in unfit_in(contents, zones, texts, kept=steps_in_force(work))
    ]
    return Weighed(tuple(parts), tuple(findings + _tones(charter, kept)))


def unfit_in(
    contents: Mapping[DocumentKind, Content], zones: Zones, texts: Texts, *, kept: Collection[CadenceStep]
) -> Iterator[tuple[DocumentKind, Unfit]]:
    """What does not fit in the documents together. `kept`: steps that are in force already."""
    terms, segments, cadences = (contents.get(kind) for kind in DocumentKind)
    if isinstance(terms, Terms):
        try:
            zones.zone(terms.zone)
        except InvalidValue as error:
            yield DocumentKind.POLICY, Unfit(("zone",), str(error))
    if isinstance(segments, Segments) and isinstance(cadences, Cadences):
        yield from ((DocumentKind.SEGMENTS, one) for one in unfit_segments(segments, cadences))
    if isinstance(cadences, Cadences):
        used = used_cadences(segments) if isinstance(segments, Segments) else {one.name for one in cadences.each}
        yield from ((DocumentKind.CADENCES, one) for one in unfit_cadences(cadences, texts, used, kept=kept))


def tones_of(versions: Mapping[str, Version]) -> dict[str, str]:
    """Of templates, by key."""
    return {key: letter.tone for key, version in versions.items() if (letter := Letter.of(version.text))}


def steps_in_force(work: UnitOfWork) -> set[CadenceStep]:
    present = in_use(work.library.versions(Shelf.CADENCES))
    content = work.library.read(DocumentKind.CADENCES, present.text) if present else None
    return {step for one in content.each for step in one.steps} if isinstance(content, Cadences) else set()


def templates_of(work: UnitOfWork) -> dict[str, list[Version]]:
    """All versions of each, newest first, by key."""
    versions = work.library.versions(Shelf.TEMPLATE)
    return {key: list(group) for key, group in groupby(versions, key=lambda one: one.edition.key)}


def drafts_waiting(work: UnitOfWork) -> list[Waiting]:
    """Of each text the newest draft that is newer than what is in force."""
    texts = [work.library.versions(Shelf(kind.value)) for kind in DocumentKind]
    waiting = []
    for versions in (*texts, *templates_of(work).values()):
        present = in_use(versions)
        draft = next(iter(_newer_drafts(versions)), None)
        if draft is not None:
            waiting.append(beside(work, draft, present))
    return waiting


def _newer_drafts(versions: Iterable[Version]) -> list[Version]:
    """Newest first."""
    listed = list(versions)
    present = in_use(listed)
    least = present.edition.number if present else 0
    drafts = [one for one in listed if one.state is VersionState.DRAFT and one.edition.number > least]
    return sorted(drafts, key=lambda one: -one.edition.number)


def _coming(versions: list[Version]) -> Version | None:
    """What would be in force if everything that waits were published."""
    return next(iter(_newer_drafts(versions)), None) or in_use(versions)


def _section(work: UnitOfWork, kind: DocumentKind, charter: Charter) -> Part:
    """What it says counts, not how it is laid out: another comment makes no draft."""
    section = charter.sections[kind]
    versions = work.library.versions(Shelf(kind.value))
    drafts = _newer_drafts(versions)
    says = [one for one in versions if work.library.read(kind, one.text) == section.content]
    return _part(Shelf(kind.value), section.text, says, drafts, in_use(versions))


def _wording(wording: Wording, versions: list[Version]) -> Part:
    says = [
        one
        for one in versions
        if (one.text, one.name, one.audience) == (wording.letter.text, wording.name, wording.audience)
        and (one.state is VersionState.LIVE or one.needs_legal or not wording.needs_legal)
    ]
    present, drafts = in_use(versions), _newer_drafts(versions)
    return _part(Shelf.TEMPLATE, wording.letter.text, says, drafts, present, key=wording.key, name=wording.name)


def _part(
    shelf: Shelf,
    text: str,
    says: list[Version],
    drafts: list[Version],
    present: Version | None,
    *,
    key: str = "",
    name: str = "",
) -> Part:
    """`says`: the versions that say what the document says. Only what counts, or is about to, makes it no change."""
    drafted = drafts[0] if drafts and drafts[0] in says else None
    if present is not None and present in says:
        verdict, edition = Verdict.SAME, present.edition
    elif drafted is not None:
        verdict, edition = Verdict.DRAFTED, drafted.edition
    else:
        verdict, edition = Verdict.CHANGED, None
    waiting = tuple(one.edition for one in drafts if one.edition != edition)
    before = present.text if present else ""
    hunks = () if verdict is Verdict.SAME else differences(before, text)
    return Part(shelf, verdict, text, present, hunks, key, name, edition, waiting)


def _tones(charter: Charter, kept: Mapping[str, list[Version]]) -> list[Finding]:
    """A new text has one of our tones; older ones say it in other words, and may stay."""
    findings = []
    for index, one in enumerate(charter.wordings):
        known = {letter.tone for version in kept.get(one.key, []) if (letter := Letter.of(version.text))}
        if one.letter.tone not in {tone.value for tone in Tone} | known:
            sentence = f"tone is one of {', '.join(Tone)}; “{one.letter.tone}” is not."
            findings.append(Finding(sentence, Shelf.TEMPLATE, charter.line_of((TEMPLATES, index, "tone"))))
    return findings
