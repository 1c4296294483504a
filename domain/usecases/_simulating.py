"""What looking ahead shares: by which documents, and one customer as it stands and goes on. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.autopilot import Course, Position
from domain.errors import InvalidValue
from domain.facts import AccountFacts
from domain.library import Edition, Shelf
from domain.policies import Cadences, DocumentKind, Segment, Segments, Terms, Unreadable
from domain.policy import Rulebook
from domain.ports import UnitOfWork
from domain.rules.autopilot import position_of, segment_for
from domain.rules.autopilot_course import Payer, payer_of
from domain.rules.foretelling import Walked, foretell
from domain.rules.letters import Letter
from domain.rules.staying_out import stay_of
from domain.rules.terms import policy_of
from domain.simulation import Basis, Foretold, Proposed, Stay
from domain.usecases._autopilot import Book, learn_versions, open_book
from domain.warming import Volume


@dataclass(frozen=True, slots=True)
class Ahead:
    """One customer as it is now, and its next steps; `stay`: why there are none, now or later."""

    facts: AccountFacts
    course: Course
    position: Position
    payer: Payer
    segment: Segment | None
    steps: tuple[Foretold, ...]
    stay: Stay | None


def open_basis(work: UnitOfWork, rulebook: Rulebook, proposed: Proposed) -> tuple[Book, Basis]:
    """The book with what is proposed in it. Raises InvalidValue where nothing is published, or cannot be read."""
    book = open_book(work)
    if book is None:
        raise InvalidValue("No segments and cadences are published yet, so there is nothing to look ahead by.")
    contents = proposed.contents
    terms, segments, cadences = (contents.get(kind) for kind in DocumentKind)
    if isinstance(segments, Segments):
        book.segments = segments
    if isinstance(cadences, Cadences):
        book.version = max(one.edition.number for one in work.library.versions(Shelf.CADENCES)) + 1
        book.cadences[book.version] = {cadence.name: cadence for cadence in cadences.each}
    if isinstance(terms, Terms):
        book.workspace = replace(book.workspace, zone=terms.zone, country=terms.country)
        rulebook = replace(rulebook, policy=policy_of(terms, rulebook.policy))
    basis = Basis(
        workspace=book.workspace,
        rulebook=replace(rulebook, segments=book.segments),
        segments=book.segments,
        version=book.version,
        cadence_of=book.cadence_of,
        titles={key: one.name for key, one in book.templates.items()} | dict(proposed.titles),
        standings=book.standings,
        is_proposed=proposed != Proposed(),
    )
    return book, basis


def proposed_by(work: UnitOfWork, editions: Sequence[Edition]) -> Proposed | None:
    """What these versions say. None: one of them is gone. Raises InvalidValue for one that cannot be read."""
    contents, titles = {}, {}
    for edition in editions:
        version = work.library.get(edition)
        if version is None:
            return None
        if version.is_template:
            if Letter.of(version.text) is not None:
                titles[edition.key] = version.name
            continue
        content = work.library.read(edition.shelf_kind, version.text)
        if isinstance(content, Unreadable):
            raise InvalidValue(f"{edition} cannot be read: {content.words}")
        contents[edition.shelf_kind] = content
    return Proposed(contents, titles)


def look_ahead(
    work: UnitOfWork,
    ids: Sequence[int],
    *,
    book: Book,
    basis: Basis,
    volume: Volume,
    at: datetime,
    until: datetime,
    most: int,
) -> Iterator[Ahead]:
    """Each customer, in a handful of statements for all of them."""
    others = work.sequences.of_another(ids)
    known = work.accounts.facts(ids, at=at)
    courses: Mapping[int, Course] = work.sequences.of(ids)
    learn_versions(work, book, courses)
    minimums = basis.rulebook.policy.minimum_balances
    for id, facts in known.items():
        course, is_anothers = courses.get(id, Course()), id in others
        position = position_of(facts, minimums=minimums, at=at)
        payer = payer_of(facts, basis.workspace, basis.rulebook, at=at)
        segment = segment_for(position, basis.segments, today=payer.today)
        walked = Walked()
        if not is_anothers:
            walked = foretell(facts, course, basis=basis, volume=volume, at=at, until=until, most=most)
        stay = None
        if not walked.steps and not walked.is_running:
            stay = stay_of(facts, position, segment, payer, minimums=minimums, is_anothers=is_anothers)
        yield Ahead(facts, course, position, payer, segment, walked.steps, stay)
