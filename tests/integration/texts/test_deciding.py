"""Who may read, comment on, ask for, decide and approve texts, and that no published word ever changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from domain.library import (
    Answered,
    Catalogue,
    ChangeAsked,
    ChangeDecided,
    ChangeShown,
    Commented,
    Compared,
    Edition,
    Reading,
    Shelf,
    TemplateDecided,
    VersionState,
)
from domain.outcomes import Refused
from domain.policies import DocumentKind
from domain.reasons import Reason
from domain.rules.letters import Letter
from domain.templates import TemplateState
from domain.usecases.begin_documents import begin_documents
from domain.values import Person, Role
from handlers.cases import Cases
from storage import tables
from storage.defaults import default_documents
from tests.builders import make_policy_text
from tests.factories import make_organisation, make_template
from tests.stage import EVENING, Stage, set_the_stage

LIVE = Edition(Shelf.TEMPLATE, 1, "friendly")
POLICY = Edition(Shelf.POLICY, 1)
PROPOSED = Letter("Formal", "About {invoice_number}", "Please: {pay_link}\n").text
_clicks = count(1)


@pytest.fixture
def stage(database: Engine, organisation: int) -> Stage:
    return opened(database, organisation)


def opened(engine: Engine, org_id: int) -> Stage:
    stage = set_the_stage(engine, org_id)
    with stage.uow() as work:
        begin(work)
    return stage


def begin(work: Any, **policy: Any) -> None:
    begin_documents(work, {DocumentKind.POLICY: make_policy_text(**policy)} | default_documents(), at=EVENING)


def cases(stage: Stage, person: Person) -> Cases:
    return Cases(actor=stage.actor(person), uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook)


def origin() -> str:
    return f"view:T{next(_clicks)}"


def asked(stage: Stage, by: Person, edition: Edition = LIVE, proposed: str = PROPOSED) -> int:
    outcome = cases(stage, by).request_change(edition, proposed=proposed, why="Kinder.", origin=origin())
    assert isinstance(outcome, ChangeAsked), outcome
    return outcome.change.id


def drafted(stage: Stage, by: Person, decider: Person, *, needs_legal: bool = False) -> Edition:
    outcome = cases(stage, decider).approve_change(asked(stage, by), reason="Yes.", needs_legal=needs_legal)
    assert isinstance(outcome, ChangeDecided), outcome
    assert outcome.change.made is not None
    return outcome.change.made


READERS = set(Role) - {Role.BILLING_ADMIN}
MAY: dict[str, tuple[set[Role], Callable[[Cases, Any], Any], type]] = {
    "list": (READERS, lambda c, _: c.list_templates(), Catalogue),
    "read": (READERS, lambda c, _: c.read_text(LIVE), Reading),
    "read the policy": (READERS, lambda c, _: c.read_current(Shelf.POLICY), Reading),
    "compare": (READERS, lambda c, _: c.compare_texts(LIVE, other=1), Compared),
    "comment": (READERS - {Role.VIEWER}, lambda c, _: c.comment_on_text(LIVE, body="x", origin=origin()), Commented),
    "comment on the policy": (
        READERS - {Role.VIEWER},
        lambda c, _: c.comment_on_text(POLICY, body="x", origin=origin()),
        Commented,
    ),
    "answer": ({Role.CONTROLLER}, lambda c, there: c.answer_comment(there.comment, answer="y"), Answered),
    "ask": (READERS, lambda c, _: c.request_change(LIVE, proposed=PROPOSED, why="x", origin=origin()), ChangeAsked),
    "weigh": ({Role.CONTROLLER}, lambda c, there: c.show_change(there.change), ChangeShown),
    "approve a change": (
        {Role.CONTROLLER},
        lambda c, there: c.approve_change(there.change, reason="x", needs_legal=False),
        ChangeDecided,
    ),
    "decline a change": (
        {Role.CONTROLLER},
        lambda c, there: c.decline_change(there.change, reason="x"),
        ChangeDecided,
    ),
    "approve a draft": ({Role.CONTROLLER}, lambda c, there: c.approve_template(there.draft), TemplateDecided),
    "sign off": ({Role.LEGAL}, lambda c, there: c.sign_off_template(there.draft), TemplateDecided),
    "retire": ({Role.CONTROLLER}, lambda c, _: c.retire_template(LIVE), TemplateDecided),
}


class There:
    """What there is to act on."""

    def __init__(self, stage: Stage) -> None:
        boss = stage.person(role=Role.CONTROLLER, name="Carl Controller")
        said = cases(stage, stage.rita).comment_on_text(LIVE, body="Harsh.", origin=origin())
        assert isinstance(said, Commented)
        self.comment = said.comment.id
        self.draft = drafted(stage, stage.rita, boss, needs_legal=True)
        self.change = asked(stage, stage.rita)


@pytest.mark.parametrize("act", MAY)
def test_who_may_do_what(stage: Stage, act: str) -> None:
    """Every role, active and not; a refusal is audited and changes nothing."""
    allowed, do, done = MAY[act]
    there = There(stage)
    watched = (tables.templates, tables.documents, tables.comments, tables.change_requests, tables.notices)
    for role in sorted(Role, key=lambda role: role in allowed):
        for is_active in (False, True):
            person = stage.person(role=role, is_active=is_active)
            before, audited = [stage.rows(table) for table in watched], len(stage.actions())
            outcome = do(cases(stage, person), there)
            if role in allowed and is_active:
                assert isinstance(outcome, done), (role, outcome)
                return  # one that may is enough: much can be done only once
            assert isinstance(outcome, Refused), (role, outcome)
            assert outcome.reason in (Reason.NOT_ALLOWED, Reason.DEACTIVATED, Reason.NOT_OWNER)
            assert outcome.ask is Role.CONTROLLER
            assert [stage.rows(table) for table in watched] == before
            assert len(stage.actions()) == audited + 1
            assert stage.actions()[-1].endswith(".refused")


@pytest.mark.parametrize("act", ["list", "read", "read the policy", "compare", "comment", "ask"])
def test_every_role_that_may(stage: Stage, act: str) -> None:
    allowed, do, done = MAY[act]
    for role in allowed:
        assert isinstance(do(cases(stage, stage.person(role=role)), None), done), role


def test_the_draft_waits_for_all_it_needs(stage: Stage) -> None:
    boss, lena = stage.person(role=Role.CONTROLLER), stage.person(role=Role.LEGAL)
    made = drafted(stage, stage.rita, boss, needs_legal=True)
    first = cases(stage, boss).approve_template(made)
    assert isinstance(first, TemplateDecided)
    assert first.reading.version.state is VersionState.DRAFT
    second = cases(stage, lena).sign_off_template(made)
    assert isinstance(second, TemplateDecided)
    assert second.reading.version.state is VersionState.LIVE
    again = cases(stage, boss).approve_template(made)
    assert isinstance(again, Refused) and again.reason is Reason.ALREADY_DECIDED


def test_nobody_approves_their_own_draft_while_somebody_else_can(stage: Stage) -> None:
    carl = stage.person(role=Role.CONTROLLER, name="Carl")
    alone = drafted(stage, carl, carl)
    assert isinstance(cases(stage, carl).approve_template(alone), TemplateDecided), "there is nobody else"
    petra = stage.person(role=Role.CONTROLLER, name="Petra")
    made = drafted(stage, carl, carl)
    refused = cases(stage, carl).approve_template(made)
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.subject) == (Reason.OWN_DRAFT, "Petra")
    assert isinstance(cases(stage, petra).approve_template(made), TemplateDecided)


@pytest.mark.parametrize(
    ("body", "reason", "words"),
    [
        ("Pay {frist}\n\n{pay_link} {invoice_number}", Reason.UNKNOWN_TAG, "{frist} in line 1"),
        ("Pay {invoice_number}", Reason.MISSING_TAG, "{pay_link}"),
    ],
)
def test_a_text_that_no_mail_can_be_made_of_is_not_approved(
    stage: Stage, body: str, reason: Reason, words: str
) -> None:
    boss = stage.person(role=Role.CONTROLLER)
    make_template(
        stage.engine, stage.org_id, version=2, subject="Hello", body=body, state=TemplateState.DRAFT, approved_by=None
    )
    refused = cases(stage, boss).approve_template(replace(LIVE, number=2))
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.subject) == (reason, words)


def test_the_second_controller_is_told_who_was_first(stage: Stage) -> None:
    carl = stage.person(role=Role.CONTROLLER, name="Carl Controller")
    petra = stage.person(role=Role.CONTROLLER, name="Petra Partner")
    change = asked(stage, stage.rita)
    assert isinstance(cases(stage, carl).decline_change(change, reason="No."), ChangeDecided)
    assert isinstance(cases(stage, carl).decline_change(change, reason="No."), ChangeDecided), "delivered twice"
    late = cases(stage, petra).approve_change(change, reason="Yes.", needs_legal=False)
    assert isinstance(late, Refused)
    assert (late.reason, late.by, late.subject) == (Reason.ALREADY_DECIDED, "Carl Controller", "declined")
    assert len(stage.rows(tables.templates)) == 1


def test_a_wish_for_an_older_version_says_that_there_is_a_newer(stage: Stage) -> None:
    boss = stage.person(role=Role.CONTROLLER)
    change = asked(stage, stage.rita)
    before = cases(stage, boss).show_change(change)
    assert isinstance(before, ChangeShown) and not before.is_overtaken
    drafted(stage, stage.rita, boss)
    after = cases(stage, boss).show_change(change)
    assert isinstance(after, ChangeShown) and after.is_overtaken
    assert after.newest.edition.number == 2


def test_sent_twice_is_asked_once(stage: Stage) -> None:
    once = origin()
    ask = cases(stage, stage.rita).request_change
    first = ask(LIVE, proposed=PROPOSED, why="x", origin=once)
    second = ask(LIVE, proposed=PROPOSED, why="x", origin=once)
    assert isinstance(first, ChangeAsked) and isinstance(second, ChangeAsked)
    assert (second.change.id, second.again) == (first.change.id, True)
    assert len(stage.rows(tables.change_requests)) == 1


def test_the_same_text_is_no_wish(stage: Stage) -> None:
    with stage.uow() as work:
        version = work.library.get(LIVE)
    assert version is not None
    refused = cases(stage, stage.rita).request_change(LIVE, proposed=version.text, why="x", origin=origin())
    assert isinstance(refused, Refused) and refused.reason is Reason.NOTHING_CHANGED


def test_the_settings_make_the_first_policy_only(stage: Stage) -> None:
    with stage.uow() as work:
        begin(work, daily_cap=99)
    (policy,) = (row for row in stage.rows(tables.documents) if row["kind"] == "policy")
    assert (policy["version"], policy["state"]) == (1, "published")
    assert "daily_cap: 50" in policy["body"]
    assert stage.actions() == [], "what an organisation begins with is no change"


def test_a_document_that_cannot_be_read_is_not_asked_for(stage: Stage) -> None:
    refused = cases(stage, stage.rita).request_change(POLICY, proposed="zone: [", why="x", origin=origin())
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.UNREADABLE_DOCUMENT
    assert refused.by is not None and refused.by.startswith("line 1")


ACTS = ("comment", "answer", "ask", "approve change", "decline change", "approve", "sign off", "retire", "publish")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 3), st.integers(0, 5)), max_size=25))
def test_no_published_word_ever_changes(database: Engine, acts: list[tuple[str, int, int]]) -> None:
    """Whatever is said, asked, decided and approved, by whomever, in any order: a version's text stays, and numbers
    only grow."""
    stage = opened(database, make_organisation(database))
    people = [
        stage.rita,
        stage.person(role=Role.CONTROLLER),
        stage.person(role=Role.CONTROLLER),
        stage.person(role=Role.LEGAL),
    ]
    seen = texts(stage)
    for act, who, which in acts:
        perform(act, cases(stage, people[who]), stage, which)
        now = texts(stage)
        assert {key: now[key] for key in seen} == seen
        seen = now


def texts(stage: Stage) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    written = {}
    for row in stage.rows(tables.templates):
        if row["org_id"] == stage.org_id:
            said = (row["name"], row["tone"], row["audience"], row["subject"], row["body"], row["drafted_by"])
            written[row["key"], row["version"]] = said
    for row in stage.rows(tables.documents):
        if row["org_id"] == stage.org_id:
            written[row["kind"], row["version"]] = (row["body"], row["made_by"], row["made_at"])
    return written


def perform(act: str, by: Cases, stage: Stage, which: int) -> None:
    ids = {
        name: [row["id"] for row in stage.rows(table) if row["org_id"] == stage.org_id] or [0]
        for name, table in (("comments", tables.comments), ("changes", tables.change_requests))
    }
    comment, change = ids["comments"][which % len(ids["comments"])], ids["changes"][which % len(ids["changes"])]
    edition = POLICY if which == 5 else replace(LIVE, number=which + 1)
    match act:
        case "comment":
            by.comment_on_text(edition, body="x", origin=origin())
        case "answer":
            by.answer_comment(comment, answer="y")
        case "ask":
            text = PROPOSED.replace("Please", f"Please {which}") if edition != POLICY else "zone: x"
            by.request_change(edition, proposed=text, why="x", origin=origin())
        case "approve change":
            by.approve_change(change, reason="x", needs_legal=which % 2 == 0)
        case "decline change":
            by.decline_change(change, reason="x")
        case "approve":
            by.approve_template(edition)
        case "sign off":
            by.sign_off_template(edition)
        case "retire":
            by.retire_template(edition)
        case _:
            with stage.uow() as work:
                begin(work, daily_cap=which + 1)


def test_the_kinds_have_a_shelf_each() -> None:
    assert {Shelf(kind.value) for kind in DocumentKind} == set(Shelf) - {Shelf.TEMPLATE}
