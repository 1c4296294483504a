"""An A/R Manager sets how one segment runs: its mode, its cap, its quiet hours. Nothing else of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.charter import Counted, Uncounted
from domain.library import Edition, SegmentSet, SegmentShown, Shelf, Version, VersionState, in_use
from domain.outcomes import Refused
from domain.policies import DocumentKind, Mode, Segment, Segments, Settings
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWork, UnitOfWorkFactory
from domain.reasons import Reason
from domain.rules.documents import written_settings
from domain.usecases._asker import asker, audit_refusal
from domain.usecases._library import digest_of, objection
from domain.usecases._publishing import (
    FEW,
    forget_standings,
    tell_published,
    too_few_contacts,
    unfit_with,
)
from domain.values import Actor, Capability, Person

DOING = "segment.set"


def set_segment(
    number: int,
    index: int,
    settings: Settings,
    *,
    why: str,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
    few: int = FEW,
) -> SegmentSet | Refused | Uncounted:
    """A new version of the segments, in force at once, that says the same as version `number` but for these settings
    of the segment at `index`. Refused where another version is in force by now.

    `why` is a few words, and not empty; the audit log keeps it. Drafts of the segments are set aside: they are older.
    Uncounted: nothing was done yet, for there are more than `few` customers to count, and `count_customers` is next.
    """
    return _set_segment(
        number,
        index,
        settings,
        counted=None,
        why=why,
        actor=actor,
        uow=uow,
        clock=clock,
        rulebook=rulebook,
        few=few,
    )


def set_counted_segment(
    number: int,
    index: int,
    settings: Settings,
    counted: Counted,
    *,
    why: str,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> SegmentSet | Refused:
    """The same, after the customers of the segments were counted."""
    outcome = _set_segment(
        number, index, settings, counted=counted, why=why, actor=actor, uow=uow, clock=clock, rulebook=rulebook
    )
    assert not isinstance(outcome, Uncounted)
    return outcome


def _set_segment(
    number: int,
    index: int,
    settings: Settings,
    *,
    counted: Counted | None,
    why: str,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
    few: int = FEW,
) -> SegmentSet | Refused | Uncounted:
    at, subject = clock.now(), f"segments:{number}"
    with uow() as work:
        work.roles.lock()  # as for publishing: whoever comes second sees the version of whoever came first
        person = asker(work, actor, at, needs=Capability.SET_SEGMENTS, doing=DOING, subject=subject)
        if isinstance(person, Refused):
            return person
        outcome = _set(
            work,
            number,
            index,
            settings,
            counted=counted,
            why=why,
            person=person,
            rulebook=rulebook,
            at=at,
            few=few,
        )
        if isinstance(outcome, Refused):
            return audit_refusal(work, f"{DOING}.refused", outcome, actor=actor, at=at, subject=subject)
        return outcome


def show_segment(
    number: int, index: int, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> SegmentShown | Refused:
    """How it runs by the version in force, for whoever may set it."""
    at, subject = clock.now(), f"segments:{number}"
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.SET_SEGMENTS, doing=DOING, subject=subject)
        if isinstance(person, Refused):
            return person
        shown = _shown(work, number, index, rulebook, at)
        if isinstance(shown, Refused):
            return audit_refusal(work, f"{DOING}.refused", shown, actor=actor, at=at, subject=subject)
        return shown


def _shown(work: UnitOfWork, number: int, index: int, rulebook: Rulebook, at: datetime) -> SegmentShown | Refused:
    versions = work.library.versions(Shelf.SEGMENTS)
    present = in_use(versions)
    content = work.library.read(DocumentKind.SEGMENTS, present.text) if present else None
    if present is None or not isinstance(content, Segments):
        return Refused(Reason.STALE_BUTTON)
    if present.edition.number != number:
        by = work.people.by_email(present.approved_by, at) if present.approved_by else None
        name = by.name if by else present.approved_by
        return Refused(Reason.SEGMENTS_MOVED, subject=str(present.edition.number), by=name, at=present.approved_at)
    if not 0 <= index < len(content.each):
        return Refused(Reason.STALE_BUTTON)
    drafts = tuple(
        one.edition.number for one in versions if one.state is VersionState.DRAFT and one.edition.number > number
    )
    return SegmentShown(present, index, content.each[index], rulebook.policy.quiet, drafts)


def _set(
    work: UnitOfWork,
    number: int,
    index: int,
    settings: Settings,
    *,
    counted: Counted | None,
    why: str,
    person: Person,
    rulebook: Rulebook,
    at: datetime,
    few: int,
) -> SegmentSet | Refused | Uncounted:
    shown = _shown(work, number, index, rulebook, at)
    if isinstance(shown, Refused):
        return _set_already(work, number, index, settings, person, rulebook) or shown
    segment, present = shown.segment, shown.version
    if settings == segment.settings:
        return Refused(Reason.SAME_SETTINGS)
    if settings.mode is not Mode.OFF and segment.cadence is None:
        return Refused(Reason.NEEDS_CADENCE, subject=segment.name)
    text = work.documents.reworded(present.text, index, settings)
    changed = [replace(present, text=text)]
    no = (
        objection(work, present.edition, text)
        or unfit_with(work, changed, rulebook)
        or too_few_contacts(work, changed, counted, rulebook=rulebook, at=at, few=few)
    )
    if no is not None:
        return no
    made = _in_force(work, text, person, at)
    work.audit.record(
        DOING,
        at=at,
        actor_id=person.id,
        subject=str(made.edition),
        before={"version": number, **_facts(segment, segment.settings)},
        after={"version": made.edition.number, **_facts(segment, settings), "why": why},
    )
    tell_published(work, [made], person, at)
    return SegmentSet(made, _as_set(segment, settings), rulebook.policy.quiet)


def _set_already(
    work: UnitOfWork, number: int, index: int, settings: Settings, person: Person, rulebook: Rulebook
) -> SegmentSet | None:
    """The same window, delivered once more: what is in force now is what it made, by the same person."""
    versions = work.library.versions(Shelf.SEGMENTS)
    present = in_use(versions)
    before = next((one for one in versions if one.edition.number == number), None)
    if present is None or before is None or present.approved_by != person.email:
        return None
    content = work.library.read(DocumentKind.SEGMENTS, before.text)
    if not isinstance(content, Segments) or not 0 <= index < len(content.each):
        return None
    if present.text != work.documents.reworded(before.text, index, settings):
        return None
    return SegmentSet(present, _as_set(content.each[index], settings), rulebook.policy.quiet)


def _as_set(segment: Segment, settings: Settings) -> Segment:
    return replace(segment, mode=settings.mode, daily_cap=settings.daily_cap, quiet=settings.quiet)


def _in_force(work: UnitOfWork, text: str, person: Person, at: datetime) -> Version:
    """Made and published in one step, with the number after all there are."""
    kind = DocumentKind.SEGMENTS
    edition: Edition = work.library.add_document(kind, text, by=person.email, at=at, is_published=False)
    work.documents.publish(kind, edition.number, by=person.email, at=at)
    made = work.library.get(edition)
    assert made is not None
    forget_standings(work, made)
    work.audit.record(
        "document.published",
        at=at,
        actor_id=person.id,
        subject=str(edition),
        after={"state": made.state.value, "hash": digest_of(text)},
    )
    return made


def _facts(segment: Segment, settings: Settings) -> dict[str, object]:
    return {"segment": segment.name, **written_settings(settings)}
