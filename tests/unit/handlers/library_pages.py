"""Everything that is shown about policies and templates, rendered from one set of outcomes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal
from typing import Any

from domain.charter import PublicationShown, Published, Waiting
from domain.library import (
    Answered,
    Catalogue,
    Change,
    ChangeAsked,
    ChangeDecided,
    ChangeShown,
    ChangeState,
    Comment,
    Commented,
    Compared,
    Edition,
    Reading,
    SegmentSet,
    SegmentShown,
    Shelf,
    TemplateDecided,
    Version,
    VersionState,
)
from domain.policies import DocumentKind, Mode, Segment, Segments, Unreadable
from domain.rules.differences import differences
from domain.rules.letters import Letter
from domain.rules.quiet_hours import DEFAULT
from domain.templates import Audience
from domain.values import Person, Role
from handlers import library_announcements
from handlers.listeners.plixo import SUBCOMMANDS
from handlers.presenters import changes, guide, library, publishing, segments, talk
from handlers.presenters.differing import ROWS, Places
from handlers.views.blocks import Page, View, modal
from storage.defaults import default_documents
from storage.notation import read_document
from tests.builders import make_person, make_policy_text
from tests.unit.handlers.outcomes import MIA, NOW, SEAL, make_reader, make_signet

Change_ = Callable[[Any], Any]
CARL = make_person(id=9, name="Carl Controller", email="carl@northwind.example", role=Role.CONTROLLER)
LENA = make_person(id=10, name="Lena Legal", email="lena@northwind.example", role=Role.LEGAL)
LETTER = Letter("Confident", "Invoice {invoice_number} is late", "Pay {invoice_number} now.\n\n{pay_link}\n")
SOFTER = replace(LETTER, tone="Neutral", body="Could you look at {invoice_number}?\n\n{pay_link}\n")
EDITION = Edition(Shelf.TEMPLATE, 1, "firm")
LONG = differences(*("\n".join(f"{number}\n{word} {number}" for number in range(60)) for word in ("was", "is")))


def make_version(**changed: Any) -> Version:
    given: dict[str, Any] = {
        "edition": EDITION,
        "text": LETTER.text,
        "state": VersionState.LIVE,
        "made_by": None,
        "made_at": None,
        "approved_by": CARL.email,
        "approved_at": NOW - timedelta(days=30),
        "name": "Overdue reminder",
        "audience": Audience.SALES,
    }
    return Version(**given | changed)


def make_draft(**changed: Any) -> Version:
    given: dict[str, Any] = {
        "edition": replace(EDITION, number=2),
        "text": SOFTER.text,
        "state": VersionState.DRAFT,
        "made_by": MIA.email,
        "made_at": NOW,
        "approved_by": None,
        "approved_at": None,
        "needs_legal": True,
    }
    return make_version(**given | changed)


def make_comments() -> tuple[Comment, ...]:
    first = Comment(1, EDITION, MIA.id, MIA.name, "Too harsh for new customers.", NOW - timedelta(days=1))
    return (replace(first, answer="Ask for a change.", answered_by=CARL.name, answered_at=NOW), replace(first, id=2))


def make_reading(version: Version, reader: Person = CARL, **changed: Any) -> Reading:
    given: dict[str, Any] = {
        "reader": reader,
        "version": version,
        "versions": (make_draft(), make_version()),
        "comments": make_comments(),
        "names": {CARL.email: CARL.name},
        "letter": Letter.of(version.text),
    }
    return Reading(**given | changed)


def make_documents() -> dict[str, Reading]:
    texts = {DocumentKind.POLICY: make_policy_text(), **default_documents()}
    readings = {}
    for kind, text in texts.items():
        edition = Edition(Shelf(kind.value), 3)
        live = Version(edition, text, VersionState.LIVE, "installation", NOW, "installation", NOW)
        draft = replace(live, edition=replace(edition, number=4), state=VersionState.DRAFT, made_by=MIA.email)
        given: dict[str, Any] = {"versions": (draft, live), "letter": None, "content": read_document(kind, text)}
        readings[kind.value] = make_reading(live, MIA, **given)
        readings[f"draft of {kind.value}"] = make_reading(draft, MIA, **given)
        readings[f"draft of {kind.value} for the Controller"] = make_reading(draft, CARL, **given)
    broken = replace(readings["policy"], content=Unreadable("daily_cap is missing.", 1))
    full = make_segments_with_everything()
    manager = make_person(name="Olga", role=Role.AR_MANAGER)
    return readings | {
        "unreadable": broken,
        "full segments": replace(readings["segments"], content=full),
        "full segments for the A/R Manager": replace(readings["segments"], content=full, reader=manager),
        "many segments for the A/R Manager": replace(
            readings["segments"], content=Segments(full.each * 12), reader=manager
        ),
    }


def make_segments_with_everything() -> Segments:
    text = default_documents()[DocumentKind.SEGMENTS]
    segments = read_document(DocumentKind.SEGMENTS, text)
    assert isinstance(segments, Segments)
    first = replace(
        segments.each[0], balance_to=Decimal("90000"), industries=("Retail",), regions=("EMEA",), risks=("high",)
    )
    return Segments((first, replace(first, ageing=("current",)), *segments.each))


def make_change(state: ChangeState = ChangeState.WAITING, **changed: Any) -> Change:
    given: dict[str, Any] = {
        "id": 5,
        "edition": EDITION,
        "present": LETTER.text,
        "proposed": SOFTER.text,
        "why": "Too harsh.",
        "asked_by": MIA.id,
        "asker": MIA.name,
        "asked_at": NOW - timedelta(hours=3),
        "state": state,
    }
    if state is not ChangeState.WAITING:
        given |= {"decided_by": CARL.name, "decided_at": NOW, "decision": "Kinder is fine."}
    if state is ChangeState.APPROVED:
        given["made"] = replace(EDITION, number=2)
    return Change(**given | changed)


def make_shown(state: ChangeState = ChangeState.WAITING, newest: Version | None = None) -> ChangeShown:
    change = make_change(state)
    return ChangeShown(
        change, "Overdue reminder", newest or make_version(), differences(change.present, change.proposed)
    )


def messages(change: Change_) -> dict[str, Page]:
    s = make_signet()
    pages = {
        "commented": talk.commented_page(change(Commented(make_comments()[0], told=2))),
        "commented, nobody told": talk.commented_page(change(Commented(make_comments()[0], told=0))),
        "answered": talk.answered_page(change(Answered(make_comments()[0]))),
        "change asked": changes.asked_page(change(ChangeAsked(make_change(), told=2))),
        "change asked, no controller": changes.asked_page(change(ChangeAsked(make_change(), told=0))),
        "catalogue": library.catalogue_page(
            change(Catalogue(CARL, ((make_draft(), make_version()), (make_draft(approved_by=CARL.email),)))), signet=s
        ),
        "catalogue, empty": library.catalogue_page(Catalogue(MIA, ()), signet=s),
    }
    both = (make_version(), make_version(edition=replace(EDITION, number=7)))
    pages["published here"] = publishing.done_page(change(Published(both)), signet=s)
    for state in (ChangeState.APPROVED, ChangeState.DECLINED):
        pages[f"change {state}"] = changes.decided_page(change(ChangeDecided(make_change(state), "Firm")), signet=s)
    for role in Role:
        person = replace(MIA, role=role)
        lines = [guide.Line(word, one.usage, one.what) for word, one in SUBCOMMANDS.items()]
        pages[f"guide {role}"] = guide.guide_page(change(person), lines, unknown=change(EDITION_WORD).name, near="help")
    return pages


EDITION_WORD = make_person(name="templats")


def views(change: Change_) -> dict[str, View]:
    r, s = make_reader(), make_signet()
    shown: dict[str, View] = {}
    readings = {
        "live template": make_reading(make_version()),
        "draft for the Controller": make_reading(make_draft()),
        "draft for Legal": make_reading(make_draft(), LENA),
        "half approved": make_reading(make_draft(approved_by=CARL.email, approved_at=NOW)),
        "retired": make_reading(make_version(state=VersionState.RETIRED)),
        "only one": make_reading(make_version(), versions=(make_version(),), comments=()),
        **make_documents(),
    }
    for name, reading in readings.items():
        shown[name] = library.reading_view(change(reading), reader=r, signet=s, at=NOW)
    for version in (make_version(), make_draft(), make_version(state=VersionState.RETIRED)):
        outcome = TemplateDecided(make_reading(version), VersionState.DRAFT)
        shown[f"decided {version.state}"] = library.reading_view(
            outcome.reading, reader=r, signet=s, at=NOW, notice=library.decided_words(outcome)
        )
    compared = Compared(make_version(), make_draft(), differences(LETTER.text, SOFTER.text), ())
    draft, live = readings["draft of segments"].version, readings["segments"].version
    waiting = Waiting(draft, live, differences("a\nb", "a\nc"))
    first = replace(waiting, present=None, draft=replace(draft, edition=replace(draft.edition, shelf=Shelf.POLICY)))
    for name, others in (("alone", ()), ("with another", (change(first),))):
        shown[f"publishing {name}"] = publishing.weighing_form(PublicationShown(change(waiting), others), signet=s)
    first = make_segments_with_everything().each[0]
    for name, one, drafts in (
        ("with everything", replace(first, daily_cap=20, quiet=(time(20), time(7))), (4, 5)),
        ("with nothing", Segment("All", Mode.OFF), ()),
    ):
        settings = SegmentShown(readings["segments"].version, 0, one, DEFAULT, drafts)
        shown[f"settings of a segment {name}"] = segments.settings_form(change(settings), signet=s)
        done = segments.set_page(change(SegmentSet(settings.version, one, DEFAULT)), signet=s)
        shown[f"segment set {name}"] = modal(done)
    shown["compared"] = library.compared_view(change(compared), Places(EDITION, 2, 0, is_in_place=True), signet=s)
    shown["compared, page 2"] = library.compared_view(
        change(replace(compared, hunks=LONG)), Places(EDITION, 2, ROWS), signet=s
    )
    asked = change(replace(make_shown(), hunks=LONG))
    shown["all that is asked for"] = modal(changes.places_page(asked, Places(None, 1, start=0), signet=s))
    shown["compared, the same"] = library.compared_view(replace(compared, hunks=()), Places(EDITION, 2, 0), signet=s)
    shown["comment form"] = talk.comment_form(change(readings["live template"]), signet=s)
    shown["answer form"] = talk.answer_form(1, signet=s)
    shown["change form"] = changes.change_form(readings["live template"], signet=s)
    shown["change form of a document"] = changes.change_form(readings["cadences"], signet=s)
    for newest in (make_version(), make_version(edition=replace(EDITION, number=7))):
        for approve in (True, False):
            shown[f"deciding {approve} {newest.edition.number}"] = changes.deciding_form(
                change(make_shown(newest=newest)), approve=approve, signet=s
            )
    return shown


def posted(change: Change_) -> dict[str, tuple[str, list[dict[str, Any]]]]:
    given: dict[str, Any] = {"seal": SEAL, "at": NOW, "zone": "Europe/Berlin"}
    pages = {}
    for index, comment in enumerate(make_comments()):
        pages[f"comment {index}"] = library_announcements.render_comment(change(comment), "Firm", CARL, **given)
    pages["comment answered"] = library_announcements.render_answer(change(make_comments()[0]), "Firm", MIA, **given)
    for state in ChangeState:
        pages[f"change {state}"] = library_announcements.render_change(change(make_shown(state)), CARL, **given)
        pages[f"decision {state}"] = library_announcements.render_decision(change(make_shown(state)), MIA, **given)
    long = change(replace(make_shown(), hunks=LONG))
    pages["change, a long one"] = library_announcements.render_change(long, CARL, **given)
    newer = change(make_shown(newest=make_version(edition=replace(EDITION, number=7))))
    pages["change overtaken"] = library_announcements.render_change(newer, CARL, **given)
    for version in (make_draft(), make_version(state=VersionState.RETIRED)):
        pages[f"sign-off {version.state}"] = library_announcements.render_sign_off(
            change(version), LENA, seal=SEAL, at=NOW
        )
    discarded = change(make_draft(state=VersionState.RETIRED))
    pages["discarded"] = library_announcements.render_discarded(discarded, MIA, seal=SEAL, at=NOW)
    first = Waiting(make_version(), None, differences("", make_version().text))
    later = Waiting(make_version(edition=replace(EDITION, number=7)), make_version(), differences("a", "b"))
    for name, published in (("first", [first]), ("several", [first, later])):
        pages[f"published {name}"] = library_announcements.render_published(
            [change(one) for one in published], "Petra", CARL, seal=SEAL, at=NOW
        )
    return pages
