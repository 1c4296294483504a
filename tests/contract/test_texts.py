"""Texts in versions, what is said of them, and what people want changed: on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine

from domain.library import ChangeState, Edition, Shelf, Version, VersionState
from domain.policies import DocumentKind, Terms, Unreadable
from domain.ports import UnitOfWorkFactory
from domain.rules.letters import Letter
from domain.templates import Audience, TemplateState
from domain.values import Person
from tests.factories import NOON, make_template, make_user

LETTER = Letter("Neutral", "Invoice {invoice_number}", "Please pay: {pay_link}\n")
BY = "carl@northwind.example"


@pytest.fixture
def base(database: Engine, organisation: int, uow: UnitOfWorkFactory) -> Version:
    make_template(database, organisation, key="firm", name="Firm", audience=Audience.CSM)
    with uow() as work:
        found = work.library.get(Edition(Shelf.TEMPLATE, 1, "firm"))
    assert found is not None
    return found


@pytest.fixture
def rita(database: Engine, organisation: int) -> Person:
    return make_user(database, organisation, email="rita@northwind.example")


def draft(uow: UnitOfWorkFactory, base: Version, *, needs_legal: bool = False) -> Edition:
    with uow() as work:
        return work.library.draft_template(base, LETTER, by=BY, at=NOON, needs_legal=needs_legal)


class TestTemplates:
    def test_a_draft_gets_the_next_number_and_keeps_name_and_audience(
        self, uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory, base: Version
    ) -> None:
        made = draft(uow, base, needs_legal=True)
        assert made == Edition(Shelf.TEMPLATE, 2, "firm")
        with uow() as work:
            found = work.library.get(made)
            assert found is not None
            assert found == replace(
                base,
                edition=made,
                text=LETTER.text,
                state=VersionState.DRAFT,
                made_by=BY,
                made_at=NOON,
                approved_by=None,
                approved_at=None,
                needs_legal=True,
            )
            assert [one.edition.number for one in work.library.versions(Shelf.TEMPLATE, "firm")] == [2, 1]
            assert work.templates.approved(Audience.CSM)[0].version == 1, "a draft can't be nudged with"
        with other_uow() as work:
            assert work.library.get(made) is None
            assert work.library.versions(Shelf.TEMPLATE) == []

    def test_approved_by_the_controller_alone_where_legal_is_not_needed(
        self, uow: UnitOfWorkFactory, base: Version
    ) -> None:
        made = draft(uow, base)
        with uow() as work:
            assert work.library.approve(made, by=BY, at=NOON, for_legal=False)
            assert not work.library.approve(made, by="other@x.example", at=NOON, for_legal=False)
            found = work.library.get(made)
            assert found is not None and (found.state, found.approved_by) == (VersionState.LIVE, BY)
            assert work.templates.approved(Audience.CSM)[0].version == 2

    @pytest.mark.parametrize("legal_first", [True, False])
    def test_both_approvals_in_any_order(self, uow: UnitOfWorkFactory, base: Version, legal_first: bool) -> None:
        made = draft(uow, base, needs_legal=True)
        for for_legal, state in ((legal_first, VersionState.DRAFT), (not legal_first, VersionState.LIVE)):
            with uow() as work:
                assert work.library.approve(made, by=BY, at=NOON, for_legal=for_legal)
                found = work.library.get(made)
                assert found is not None and found.state is state

    def test_retired_once_and_never_approved_after(self, uow: UnitOfWorkFactory, base: Version) -> None:
        made = draft(uow, base)
        with uow() as work:
            assert not work.library.retire(made, was=VersionState.LIVE)
            assert not work.library.retire(base.edition, was=VersionState.DRAFT)
            assert work.library.retire(made, was=VersionState.DRAFT)
            assert not work.library.retire(made, was=VersionState.DRAFT)
            assert not work.library.approve(made, by=BY, at=NOON, for_legal=False)
            assert not work.library.approve(made, by=BY, at=NOON, for_legal=True)
            assert work.library.retire(base.edition, was=VersionState.LIVE)
            assert work.templates.approved(Audience.CSM) == []
            old = work.templates.get("firm", 1)
            assert old is not None and old.state is TemplateState.RETIRED

    def test_two_drafts_at_once_get_two_numbers(self, uow: UnitOfWorkFactory, base: Version) -> None:
        start, made = Barrier(4), []

        def make() -> None:
            start.wait()
            made.append(draft(uow, base).number)

        threads = [Thread(target=make) for _ in range(4)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert sorted(made) == [2, 3, 4, 5]


class TestDocuments:
    def test_versions_count_up_by_kind(self, uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory) -> None:
        with uow() as work:
            for number, is_published in ((1, True), (2, False), (3, True)):
                made = work.library.add_document(
                    DocumentKind.POLICY, f"text {number}", by=BY, at=NOON, is_published=is_published
                )
                assert made == Edition(Shelf.POLICY, number)
            first = work.library.add_document(DocumentKind.SEGMENTS, "s", by=BY, at=NOON, is_published=True)
            assert first.number == 1
            newest, middle, _oldest = work.library.versions(Shelf.POLICY)
        assert (newest.state, newest.approved_by, newest.text) == (VersionState.LIVE, BY, "text 3")
        assert (middle.state, middle.approved_by) == (VersionState.DRAFT, None)
        with other_uow() as work:
            assert work.library.versions(Shelf.POLICY) == []

    def test_a_draft_comes_into_force_once_and_sets_older_ones_aside(
        self, uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory
    ) -> None:
        with uow() as work:
            for number in (1, 2, 3, 4):
                work.library.add_document(
                    DocumentKind.POLICY, f"text {number}", by="a@x.example", at=NOON, is_published=number == 1
                )
            work.library.add_document(DocumentKind.SEGMENTS, "s", by=BY, at=NOON, is_published=False)
        with other_uow() as work:
            assert not work.documents.publish(DocumentKind.POLICY, 3, by=BY, at=NOON)
        with uow() as work:
            assert work.documents.publish(DocumentKind.POLICY, 3, by=BY, at=NOON)
            assert not work.documents.publish(DocumentKind.POLICY, 3, by="b@x.example", at=NOON)
            assert not work.documents.publish(DocumentKind.POLICY, 2, by=BY, at=NOON)
            versions = work.library.versions(Shelf.POLICY)
            assert [one.state for one in versions] == [
                VersionState.DRAFT,
                VersionState.LIVE,
                VersionState.RETIRED,
                VersionState.LIVE,
            ]
            assert (versions[1].approved_by, versions[1].approved_at, versions[1].text) == (BY, NOON, "text 3")
            assert work.documents.in_force(DocumentKind.POLICY) == (3, "text 3")
            assert work.library.versions(Shelf.SEGMENTS)[0].state is VersionState.DRAFT

    def test_it_reads_them(self, uow: UnitOfWorkFactory) -> None:
        with uow() as work:
            read = work.library.read(DocumentKind.POLICY, "zone: Europe/Berlin")
        assert isinstance(read, Unreadable)
        assert not isinstance(read, Terms)


class TestComments:
    def test_one_for_each_origin_answered_once(
        self, uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory, base: Version, rita: Person
    ) -> None:
        def say(body: str, origin: str, minutes: int = 0) -> tuple[int, bool]:
            with uow() as work:
                at = NOON + timedelta(minutes=minutes)
                return work.comments.add(base.edition, author_id=rita.id, body=body, at=at, origin=origin)

        first, again = say("Harsh", "view:1")
        assert (say("Harsh", "view:1"), again) == ((first, True), False)
        say("Later", "view:2", minutes=1)
        with uow() as work:
            assert work.comments.answer(first, by=rita.id, answer="True", at=NOON)
            assert not work.comments.answer(first, by=rita.id, answer="Not true", at=NOON)
            harsh, later = work.comments.of(base.edition)
            assert (harsh.body, harsh.author, harsh.answer, harsh.answered_by) == (
                "Harsh",
                rita.name,
                "True",
                rita.name,
            )
            assert (later.body, later.answer, later.answered_at) == ("Later", None, None)
            assert [one.body for one in work.comments.of(base.edition, limit=1)] == ["Later"]
            assert work.comments.of(replace(base.edition, number=2)) == []
            assert work.comments.get(first) == harsh
        with other_uow() as work:
            assert work.comments.get(first) is None
            assert not work.comments.answer(first, by=rita.id, answer="x", at=NOON)


class TestChanges:
    def test_asked_once_decided_once(
        self, uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory, base: Version, rita: Person
    ) -> None:
        def ask(origin: str) -> tuple[int, bool]:
            with uow() as work:
                return work.changes.add(
                    base.edition,
                    present="a",
                    proposed="b",
                    why="because",
                    asked_by=rita.id,
                    at=NOON,
                    origin=origin,
                )

        id, again = ask("view:1")
        assert (ask("view:1"), again) == ((id, True), False)
        other, _ = ask("view:2")
        with uow() as work:
            assert [one.id for one in work.changes.waiting()] == [id, other]
            assert work.changes.decide(id, ChangeState.APPROVED, by=rita.id, reason="fine", at=NOON)
            assert not work.changes.decide(id, ChangeState.DECLINED, by=rita.id, reason="no", at=NOON)
            work.changes.note_draft(id, replace(base.edition, number=2))
            found = work.changes.get(id)
            assert found is not None
            assert (found.state, found.decision, found.decided_by) == (ChangeState.APPROVED, "fine", rita.name)
            assert (found.made, found.asker, found.present) == (replace(base.edition, number=2), rita.name, "a")
            assert [one.id for one in work.changes.waiting()] == [other]
        with other_uow() as work:
            assert work.changes.get(id) is None
            assert work.changes.waiting() == []
            assert not work.changes.decide(other, ChangeState.APPROVED, by=rita.id, reason="x", at=NOON)
