"""What Autopilot's use cases share: the documents by which it works, and carrying out what is decided for customers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.audit import Entry
from domain.autopilot import Course, Decided, Judged, NewStep, Skipped, Stop
from domain.errors import UnreadableDocument
from domain.facts import AccountFacts
from domain.library import Edition, Shelf
from domain.messages import State
from domain.policies import Cadence, Cadences, Content, DocumentKind, Mode, Segment, Segments, Unreadable
from domain.policy import Rulebook, Workspace
from domain.ports import Move, UnitOfWork, UnitOfWorkFactory
from domain.reasons import Reason
from domain.rules.autopilot_course import Payer, decide, due_of, payer_of
from domain.templates import Audience, Template
from domain.usecases._yours_now import hand_to_people
from domain.usecases.released import Released
from domain.usecases.telling import report

AT_ONCE = 500
"""Customers looked at in one transaction; locks on them are held for a moment only."""


@dataclass(slots=True)
class Book:
    """What is published, how segments stand, and the versions of cadences by which sequences run.

    `version` is that of the cadences in force. `templates`: the newest approved of each, by key.
    """

    workspace: Workspace
    segments: Segments
    version: int
    standings: Mapping[str, Judged]
    templates: Mapping[str, Template]
    cadences: dict[int, Mapping[str, Cadence]] = field(default_factory=dict)

    def mode_of(self, segment: Segment) -> Mode:
        """Autopilot only where the segment was judged and nothing was missing."""
        if segment.mode is not Mode.AUTOPILOT:
            return segment.mode
        judged = self.standings.get(segment.name)
        return judged.mode if judged is not None and judged.mode is Mode.AUTOPILOT else Mode.SHADOW

    def mode_named(self, name: str) -> Mode:
        """Of a segment by its name; one that is not there any more is off."""
        return next((self.mode_of(one) for one in self.segments.each if one.name == name), Mode.OFF)

    def cadence_of(self, name: str, version: int) -> Cadence | None:
        return self.cadences.get(version, {}).get(name)

    def is_at_work(self) -> bool:
        """In Shadow it plans, too."""
        return any(segment.mode is not Mode.OFF for segment in self.segments.each)


def open_book(work: UnitOfWork) -> Book | None:
    """None: nothing is published by which Autopilot could work. Raises InvalidValue for what cannot be read."""
    _, text = work.documents.in_force(DocumentKind.SEGMENTS)
    version, cadences = work.documents.in_force(DocumentKind.CADENCES)
    if text is None or cadences is None:
        return None
    segments = _read(work, DocumentKind.SEGMENTS, text)
    assert isinstance(segments, Segments)
    approved = [*work.templates.approved(Audience.CSM), *work.templates.approved(Audience.SALES)]
    book = Book(
        workspace=work.organisation.get(),
        segments=segments,
        version=version,
        standings=work.standings.all(),
        templates={template.key: template for template in approved},
    )
    book.cadences[version] = _cadences(work, cadences)
    return book


def pages(uow: UnitOfWorkFactory) -> Iterator[list[int]]:
    """Everybody whom Autopilot may have to do with, `AT_ONCE` at a time, by id."""
    after = 0
    while True:
        with uow() as work:
            ids = work.sequences.book(after=after, limit=AT_ONCE)
        if not ids:
            return
        yield ids
        after = ids[-1]


def _read(work: UnitOfWork, kind: DocumentKind, text: str) -> Content:
    content = work.library.read(kind, text)
    if isinstance(content, Unreadable):
        raise UnreadableDocument(f"The {kind} in force cannot be read: {content.words}")
    return content


def _cadences(work: UnitOfWork, text: str) -> Mapping[str, Cadence]:
    content = _read(work, DocumentKind.CADENCES, text)
    assert isinstance(content, Cadences)
    return {cadence.name: cadence for cadence in content.each}


def learn_versions(work: UnitOfWork, book: Book, courses: Mapping[int, Course]) -> None:
    """Read the older cadences by which some of them run: each version once for a run."""
    for version in {course.running.version for course in courses.values() if course.running} - set(book.cadences):
        edition = work.library.get(Edition(Shelf.CADENCES, version))
        book.cadences[version] = _cadences(work, edition.text) if edition else {}


@dataclass(frozen=True, slots=True)
class Planned:
    """What was read of some customers, locked, and what was decided."""

    facts: Mapping[int, AccountFacts]
    payers: Mapping[int, Payer]
    decided: Mapping[int, Decided]


def plan_accounts(
    work: UnitOfWork, account_ids: Collection[int], *, book: Book, rulebook: Rulebook, at: datetime
) -> Planned:
    """Decide each customer's sequence and write what follows, in a handful of statements however many there are."""
    ids = sorted(set(account_ids) - work.sequences.of_another(account_ids))
    if not ids:
        return Planned({}, {}, {})
    facts = work.accounts.facts(ids, at=at, lock=True)
    courses = dict(work.sequences.of(ids))
    learn_versions(work, book, courses)
    decided: dict[int, Decided] = {}
    payers = {id: payer_of(known, book.workspace, rulebook, at=at) for id, known in facts.items()}
    for id, known in facts.items():
        verdict = decide(
            known,
            courses.get(id, Course()),
            segments=book.segments,
            mode_of=book.mode_of,
            cadence_of=book.cadence_of,
            version=book.version,
            minimums=rulebook.policy.minimum_balances,
            payer=payers[id],
            at=at,
        )
        if verdict != Decided():
            decided[id] = verdict
    _carry_out(work, decided, facts, courses, payers, book=book, rulebook=rulebook, at=at)
    return Planned(facts, payers, decided)


def _carry_out(
    work: UnitOfWork,
    decided: Mapping[int, Decided],
    facts: Mapping[int, AccountFacts],
    courses: Mapping[int, Course],
    payers: Mapping[int, Payer],
    *,
    book: Book,
    rulebook: Rulebook,
    at: datetime,
) -> None:
    stops: dict[int, Stop] = {}
    for id, verdict in decided.items():
        running = courses.get(id, Course()).running
        if verdict.stop is not None and running is not None:
            stops[running.id] = verdict.stop
    begins = {id: verdict.begin for id, verdict in decided.items() if verdict.begin is not None}
    overtaken = [
        Skipped(pending.id, Reason.SUPERSEDED)
        for id, verdict in decided.items()
        if verdict.is_overtaken and (pending := courses[id].pending) is not None
    ]
    work.steps.skip(overtaken)
    work.sequences.end(stops, at=at)
    _take_back(work, decided, courses, at)
    work.sequences.begin(begins, version=book.version, at=at)
    fresh = work.sequences.of(list(begins)) if begins else {}
    steps: list[NewStep] = []
    for id, verdict in decided.items():
        running = fresh.get(id, courses.get(id, Course())).running
        if verdict.step is None or running is None:
            continue
        step = verdict.step.step
        key = f"{id}:{running.invoice_id}:{step.day}"
        pending = courses[id].pending if verdict.is_overtaken else None
        overtakes = pending.due_at if pending is not None else None
        due_at = due_of(verdict.step.on, facts[id], payers[id], rulebook, key=key, at=at, overtakes=overtakes)
        if due_at is not None:
            template = book.templates.get(step.template)
            name = template.name if template else step.template
            steps.append(NewStep(id, running.id, step.day, step.template, step.tone.value, name[:100], due_at))
    work.steps.schedule(steps)
    work.audit.record_all(_entries(decided, facts, courses, book, at))
    done = {id: courses[id].running for id, verdict in decided.items() if verdict.stop is Stop.EXHAUSTED}
    hand_to_people(work, {id: running.invoice_id for id, running in done.items() if running is not None}, at=at)


def _take_back(work: UnitOfWork, decided: Mapping[int, Decided], courses: Mapping[int, Course], at: datetime) -> None:
    """Whoever switches a segment off means what waits in the queue too. Of every other end the guards know."""
    taken = [
        pending.message_id
        for id, verdict in decided.items()
        if verdict.stop is Stop.OUT_OF_SEGMENT and (pending := courses[id].pending) is not None and pending.message_id
    ]
    found = [message for id in taken if (message := work.messages.find(id=id)) and message.state is State.QUEUED]
    moves = [Move(id=one.id, was=one.state, to=State.CANCELLED, at=at, reason=Reason.SUPERSEDED) for one in found]
    if moves:
        report(work, found, moves, work.messages.move(moves), at=at, done=Released())


def _entries(
    decided: Mapping[int, Decided],
    facts: Mapping[int, AccountFacts],
    courses: Mapping[int, Course],
    book: Book,
    at: datetime,
) -> Iterator[Entry]:
    for id, verdict in decided.items():
        running, pending = courses.get(id, Course()).running, courses.get(id, Course()).pending
        if pending is not None and pending.is_drafted and (verdict.is_overtaken or verdict.stop is not None):
            yield Entry(
                "draft.withdrawn",
                at=at,
                actor_id=None,
                subject=pending.subject,
                account_id=id,
                after={"why": verdict.stop.value if verdict.stop else Reason.SUPERSEDED.value},
            )
        if verdict.stop is not None and running is not None:
            yield Entry(
                "sequence.ended",
                at=at,
                actor_id=None,
                subject=f"sequence:{running.id}",
                account_id=id,
                before={"segment": running.segment, "cadence": running.cadence, "version": running.version},
                after={"why": verdict.stop.value},
            )
        if verdict.begin is not None:
            cited = facts[id].invoice(verdict.begin.invoice_id)
            yield Entry(
                "sequence.begun",
                at=at,
                actor_id=None,
                subject=f"account:{id}",
                account_id=id,
                after={
                    "invoice": cited.number if cited else "",
                    "segment": verdict.begin.segment,
                    "cadence": verdict.begin.cadence,
                    "version": book.version,
                },
            )
