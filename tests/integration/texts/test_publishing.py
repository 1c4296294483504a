"""A document makes drafts, a Controller brings them into force, and nothing that does not fit together ever counts."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import Engine

from domain.charter import Charter, Published, Uncounted, Verdict, Weighed
from domain.library import Edition, Shelf, VersionState
from domain.outcomes import Refused
from domain.policies import DocumentKind
from domain.reasons import Reason
from domain.rules.charter import trees_of
from domain.templates import Audience
from domain.usecases.apply_charter import apply_charter, see_waiting, texts_to_export, weigh_charter
from domain.usecases.begin_documents import begin_documents
from domain.usecases.publish_texts import publish_texts
from domain.values import Person, Role
from storage import tables
from storage.charter import read_charter, write_charter
from storage.defaults import default_documents, default_templates
from tests.builders import make_policy_text
from tests.stage import EVENING, Stage, set_the_stage

POLICY, SEGMENTS, CADENCES = (DocumentKind.POLICY, DocumentKind.SEGMENTS, DocumentKind.CADENCES)


@pytest.fixture
def stage(database: Engine, organisation: int) -> Stage:
    stage = set_the_stage(database, organisation)
    with stage.uow() as work:
        for template in default_templates():
            work.templates.add(template)
        begin_documents(work, {POLICY: make_policy_text()} | default_documents(), at=EVENING)
    return stage


@pytest.fixture
def petra(stage: Stage) -> Person:
    return stage.person(role=Role.CONTROLLER, name="Petra")


def exported(stage: Stage, *, with_drafts: bool = False) -> str:
    texts, templates = texts_to_export(with_drafts=with_drafts, uow=stage.uow)
    return write_charter(texts, trees_of(one for one in templates if one.edition.key != "friendly"))


def charter(stage: Stage, *changes: tuple[str, str]) -> Charter:
    text = exported(stage)
    for was, now in changes:
        assert was in text, was
        text = text.replace(was, now)
    read = read_charter(text)
    assert isinstance(read, Charter), read
    return read


def applied(stage: Stage, *changes: tuple[str, str], by: str = "ops") -> Weighed:
    return apply_charter(charter(stage, *changes), by=by, uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook)


def publish(stage: Stage, by: Person, *editions: Edition) -> Published | Refused:
    chosen = editions or tuple(one.draft.edition for one in see_waiting(uow=stage.uow))
    outcome = publish_texts(chosen, by="ops", **asking(stage, by))
    assert not isinstance(outcome, Uncounted)
    return outcome


def asking(stage: Stage, by: Person) -> dict[str, Any]:
    return {"actor": stage.actor(by), "uow": stage.uow, "clock": stage.clock, "rulebook": stage.rulebook}


def in_force(stage: Stage, kind: DocumentKind) -> int:
    with stage.uow() as work:
        return work.documents.in_force(kind)[0]


def editions(weighed: Weighed) -> list[str]:
    return [str(part.edition) for part in weighed.changed]


RENAMED = (("name: Firm", "name: Firmer"), ("cadence: Firm", "cadence: Firmer"))


def test_what_is_exported_changes_nothing_when_it_is_applied(stage: Stage) -> None:
    before = [stage.rows(table) for table in (tables.documents, tables.templates, tables.audit)]
    weighed = applied(stage)
    assert {part.verdict for part in weighed.parts} == {Verdict.SAME} and len(weighed.parts) == 9
    assert weighed.findings == ()
    assert [stage.rows(table) for table in (tables.documents, tables.templates, tables.audit)] == before


def test_a_change_makes_one_draft_of_what_changed_and_applying_it_again_none(stage: Stage) -> None:
    changes = (("daily_cap: 50", "daily_cap: 80"), ("a quick question", "a question"))
    assert editions(applied(stage, *changes)) == ["policy:2", "template:friendly_check_in:2"]
    again = applied(stage, *changes)
    assert again.changed == ()
    assert [part.verdict for part in again.parts].count(Verdict.DRAFTED) == 2
    assert in_force(stage, POLICY) == 1, "a draft counts for nothing"
    assert stage.actions() == ["document.drafted", "template.drafted"]
    back = applied(stage)
    assert back.changed == () and back.parts[0].waiting == (Edition(Shelf.POLICY, 2),)
    assert "daily_cap: 80" in exported(stage, with_drafts=True) and "daily_cap: 80" not in exported(stage)


def test_two_who_apply_the_same_document_make_one_draft(stage: Stage) -> None:
    read, start = charter(stage, ("daily_cap: 50", "daily_cap: 80")), Barrier(3)

    def apply() -> None:
        start.wait()
        apply_charter(read, by="ops", uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook)

    threads = [Thread(target=apply) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [row["version"] for row in stage.rows(tables.documents) if row["kind"] == "policy"] == [1, 2]


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        ("cadence: Firm", "cadence: Frim", "did you mean “Firm”"),
        ("template: overdue_statement", "template: overdue_statment", "did you mean “overdue_statement”"),
        ("zone: Europe/Berlin", "zone: Europe/berlin", "did you mean Europe/Berlin"),
        ("template: overdue_statement, tone: Formal", "template: overdue_statement, tone: Neutral", "write Formal"),
        ("tone: Formal\n  subject", "tone: Rude\n  subject", "tone is one of Formal, Neutral, Confident"),
        ("when: {ageing: [31-60, 61-90, 90+]}", "when: {}", "“Freshly due” can never fit"),
    ],
)
def test_what_does_not_fit_is_not_applied(stage: Stage, was: str, now: str, words: str) -> None:
    before = stage.rows(tables.documents)
    weighed = applied(stage, (was, now))
    assert not weighed.is_sound
    (found, *_) = [one for one in weighed.findings if not one.is_warning]
    assert words in found.sentence
    assert found.line is not None and found.line > 3
    assert stage.rows(tables.documents) == before


def test_a_section_alone_is_held_against_what_is_kept(stage: Stage) -> None:
    read = read_charter("segments:\n- {name: All, mode: shadow, cadence: Frim}\n")
    assert isinstance(read, Charter)
    (found, *_) = weigh_charter(read, uow=stage.uow, rulebook=stage.rulebook).findings
    assert "did you mean “Firm”" in found.sentence and found.line == 2


def test_published_together_and_told_to_whom_it_concerns(stage: Stage, petra: Person) -> None:
    others = [stage.person(role=role, name=role.value) for role in (Role.CONTROLLER, Role.AR_MANAGER, Role.OPERATOR)]
    author = stage.person(role=Role.SALES, name="Ann")
    applied(stage, ("daily_cap: 50", "daily_cap: 80"), *RENAMED, ("a quick question", "a question"), by=author.email)
    done = publish(stage, petra)
    assert isinstance(done, Published)
    assert [str(one.edition) for one in done.versions] == [
        "policy:2",
        "segments:2",
        "cadences:2",
        "template:friendly_check_in:2",
    ]
    assert {one.approved_by for one in done.versions} == {petra.email}
    assert [in_force(stage, kind) for kind in DocumentKind] == [2, 2, 2]
    with stage.uow() as work:
        assert ("friendly_check_in", 2) in [(one.key, one.version) for one in work.templates.approved(Audience.SALES)]
    published = [row for row in stage.rows(tables.audit) if row["action"] == "document.published"]
    assert {row["actor_id"] for row in published} == {petra.id} and len(published) == 3
    told = {row["recipient"]: row["subject"] for row in stage.rows(tables.notices)}
    assert set(told) == {others[0].id, others[1].id, author.id}
    assert set(told.values()) == {"policy:2 segments:2 cadences:2"}
    assert see_waiting(uow=stage.uow) == ()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.CONTROLLER}))
def test_nobody_but_a_controller_publishes(stage: Stage, role: Role) -> None:
    applied(stage, ("daily_cap: 50", "daily_cap: 80"))
    refused = publish(stage, stage.person(role=role))
    assert isinstance(refused, Refused) and refused.reason is Reason.NOT_ALLOWED
    assert in_force(stage, POLICY) == 1
    assert stage.actions()[-1] == "document.published.refused"


def test_a_controller_who_has_gone_does_not_either(stage: Stage) -> None:
    applied(stage, ("daily_cap: 50", "daily_cap: 80"))
    refused = publish(stage, stage.person(role=Role.CONTROLLER, is_active=False))
    assert isinstance(refused, Refused) and refused.reason is Reason.DEACTIVATED
    assert in_force(stage, POLICY) == 1


def test_nobody_publishes_their_own_draft_while_another_could(stage: Stage, petra: Person) -> None:
    applied(stage, ("daily_cap: 50", "daily_cap: 80"), by=petra.email)
    other = stage.person(role=Role.CONTROLLER, name="Carl")
    refused = publish(stage, petra)
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.subject, in_force(stage, POLICY)) == (Reason.OWN_DRAFT, "Carl", 1)
    assert isinstance(publish(stage, other), Published)


def test_parts_that_fit_only_together_are_not_published_apart(stage: Stage, petra: Person) -> None:
    applied(stage, *RENAMED)
    for alone, words in ((Shelf.SEGMENTS, "“Firmer”, which does not exist"), (Shelf.CADENCES, "“Firm”, which")):
        refused = publish(stage, petra, Edition(alone, 2))
        assert isinstance(refused, Refused) and refused.reason is Reason.DOES_NOT_FIT, refused
        assert refused.by is not None and words in refused.by
    assert [in_force(stage, kind) for kind in DocumentKind] == [1, 1, 1]
    assert isinstance(publish(stage, petra), Published)


def test_a_cadence_waits_for_the_approval_of_its_template(stage: Stage, petra: Person) -> None:
    new = """\
templates:
- {key: last, name: Last notice, audience: sales, tone: Formal, subject: Pay,
   needs_legal: yes, text: "{pay_link} {invoice_number}"}
cadences:
- {name: Gentle, steps: [{day: 3, template: last, tone: Formal}]}
- {name: Standard, steps: [{day: 3, template: overdue_reminder, tone: Confident}]}
- {name: Firm, steps: [{day: 3, template: overdue_reminder, tone: Confident}]}
"""
    read = read_charter(new)
    assert isinstance(read, Charter), read
    weighed = apply_charter(read, by="ops", uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook)
    assert [one.is_warning for one in weighed.findings] == [True], "it is said at once"
    refused = publish(stage, petra)
    assert isinstance(refused, Refused) and refused.reason is Reason.DOES_NOT_FIT
    approved = publish(stage, petra, Edition(Shelf.TEMPLATE, 1, "last"))
    assert isinstance(approved, Published) and not approved.versions and len(approved.for_legal) == 1
    assert isinstance(publish(stage, petra, Edition(Shelf.CADENCES, 2)), Refused), "Legal has not signed it off"
    with stage.uow() as work:
        assert work.library.approve(Edition(Shelf.TEMPLATE, 1, "last"), by="l@x.example", at=EVENING, for_legal=True)
    assert isinstance(publish(stage, petra, Edition(Shelf.CADENCES, 2)), Published)


def test_what_is_older_never_takes_the_place_of_what_is_newer(stage: Stage, petra: Person) -> None:
    for cap in (60, 70, 80):
        applied(stage, ("daily_cap: 50", f"daily_cap: {cap}"))
    assert isinstance(publish(stage, petra, Edition(Shelf.POLICY, 3)), Published)
    for number, reason in ((2, Reason.ALREADY_DECIDED), (3, Reason.ALREADY_DECIDED), (9, Reason.STALE_BUTTON)):
        refused = publish(stage, petra, Edition(Shelf.POLICY, number))
        assert isinstance(refused, Refused) and refused.reason is reason, number
    with stage.uow() as work:
        states = [one.state for one in work.library.versions(Shelf.POLICY)]
    assert states == [VersionState.DRAFT, VersionState.LIVE, VersionState.RETIRED, VersionState.LIVE]
    assert isinstance(publish(stage, petra), Published) and in_force(stage, POLICY) == 4


def test_the_workspace_follows_the_policys_zone(stage: Stage, petra: Person) -> None:
    applied(stage, ("zone: Europe/Berlin", "zone: America/New_York"), ("country: DE", "country: US"))
    assert isinstance(publish(stage, petra), Published)
    with stage.uow() as work:
        workspace = work.organisation.get()
    assert (workspace.zone, workspace.country) == ("America/New_York", "US")
    assert "organisation.changed" in stage.actions()


def test_another_organisations_drafts_are_not_seen(stage: Stage, petra: Person, database: Engine) -> None:
    from tests.factories import make_organisation

    applied(stage, ("daily_cap: 50", "daily_cap: 80"))
    other = set_the_stage(database, make_organisation(database))
    stranger = other.person(role=Role.CONTROLLER)
    refused = publish(other, stranger, Edition(Shelf.POLICY, 2))
    assert isinstance(refused, Refused) and refused.reason is Reason.STALE_BUTTON
    assert see_waiting(uow=other.uow) == () and in_force(stage, POLICY) == 1
