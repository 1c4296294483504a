"""Templates, the audit log, requests, the organisation, and the unit of work itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from domain.audit import Filter
from domain.errors import NotFound
from domain.messages import Message
from domain.notices import WORDS_AT_MOST
from domain.policy import Sending
from domain.ports import UnitOfWorkFactory
from domain.reasons import Reason
from domain.templates import Audience, TemplateState
from domain.values import Capability
from tests.contract.conftest import Desk
from tests.factories import NOON, make_template, make_user


class TestTemplates:
    def test_the_newest_approved_version_of_each_by_name(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory
    ) -> None:
        make_template(database, organisation, key="b", version=1, name="Beta")
        newest = make_template(database, organisation, key="b", version=2, name="Beta")
        make_template(database, organisation, key="b", version=3, name="Beta", state=TemplateState.DRAFT)
        alpha = make_template(database, organisation, key="z", version=7, name="Alpha")
        make_template(database, organisation, key="c", audience=Audience.CSM)
        make_template(database, organisation, key="r", state=TemplateState.RETIRED)
        with uow() as work:
            assert work.templates.approved(Audience.SALES) == [alpha, newest]
            assert [t.key for t in work.templates.approved(Audience.CSM)] == ["c"]

    def test_any_version_is_there_for_those_that_name_it(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory
    ) -> None:
        old = make_template(database, organisation, version=1, state=TemplateState.RETIRED)
        with uow() as work:
            assert work.templates.get("friendly", 1) == old
            assert work.templates.get("friendly", 2) is None
        with other_uow() as work:
            assert work.templates.get("friendly", 1) is None
            assert work.templates.approved(Audience.SALES) == []

    def test_a_version_is_added_once_and_never_changes(self, database: Engine, uow: UnitOfWorkFactory) -> None:
        with uow() as work:
            given = replace(_template(), approved_at=NOON)
            work.templates.add(given)
            assert work.templates.get(given.key, given.version) == given
        with pytest.raises(IntegrityError), uow() as work:
            work.templates.add(replace(given, subject="Other"))


def _template():  # type: ignore[no-untyped-def]
    from domain.templates import Template

    return Template("firm", 1, "Firm", "Confident", Audience.SALES, "Invoice {invoice_number}", "{pay_link}")


class TestAudit:
    def test_it_is_kept_newest_first(self, uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory, desk: Desk) -> None:
        with uow() as work:
            work.audit.record(
                "nudge.queued", at=NOON, actor_id=desk.rep.id, subject="nudge:1", account_id=desk.account.id
            )
            work.audit.record(
                "nudge.held",
                at=NOON + timedelta(minutes=1),
                actor_id=None,
                subject="nudge:1",
                account_id=desk.account.id,
                reason=Reason.HELD_BY_PERSON,
                before={"state": "queued"},
                after={"state": "held"},
            )
            work.audit.record("sending.switched", at=NOON, actor_id=None, subject="organisation")
        with uow() as work:
            newest, oldest = work.audit_lines.newest(Filter(account_id=desk.account.id), limit=10)
        assert newest.reason == Reason.HELD_BY_PERSON
        assert (newest.before, newest.after) == ({"state": "queued"}, {"state": "held"})
        assert (oldest.actor_name, oldest.at, oldest.before) == (desk.rep.name, NOON, None)
        with other_uow() as work:
            assert work.audit_lines.newest(Filter(account_id=desk.account.id), limit=10) == []

    def test_a_reason_of_former_days_is_read_as_it_was_spelt(self, uow: UnitOfWorkFactory, desk: Desk) -> None:
        once = cast(Reason, "no_longer_given")
        with uow() as work:
            work.audit.record(
                "nudge.refused", at=NOON, actor_id=None, subject="nudge:1", account_id=desk.account.id, reason=once
            )
        with uow() as work:
            (line,) = work.audit_lines.newest(Filter(account_id=desk.account.id), limit=10)
        assert line.reason == once

    def test_it_knows_what_a_click_has_done(
        self, uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory, desk: Desk
    ) -> None:
        mine = desk.account.id
        with uow() as work:
            work.audit.record(
                "account.shared",
                at=NOON,
                actor_id=desk.rep.id,
                subject=f"account:{mine}",
                account_id=mine,
                after={"origin": "click:1"},
            )
            work.audit.record("nudge.queued", at=NOON, actor_id=desk.rep.id, subject="nudge:1", account_id=mine)
        with uow() as work:
            assert work.audit.has("account.shared", account_id=mine, origin="click:1")
            assert not work.audit.has("account.shared", account_id=mine, origin="click:2")
            assert not work.audit.has("nudge.queued", account_id=mine, origin="click:1")
            assert not work.audit.has("account.shared", account_id=mine + 1, origin="click:1")
        with other_uow() as work:
            assert not work.audit.has("account.shared", account_id=mine, origin="click:1")


class TestRequests:
    def test_the_same_question_waits_once(self, uow: UnitOfWorkFactory, desk: Desk) -> None:
        def ask(capability: Capability | None, account_id: int | None) -> tuple[int, bool]:
            with uow() as work:
                return work.requests.file(
                    asked_by=desk.rep.id,
                    reason=Reason.OUT_OF_SCOPE,
                    capability=capability,
                    account_id=account_id,
                    at=NOON,
                )

        first, again = ask(Capability.NUDGE, desk.account.id)
        assert not again
        assert ask(Capability.NUDGE, desk.account.id) == (first, True)
        other, again = ask(Capability.NUDGE, None)
        assert (other != first, again) == (True, False)

    def test_other_words_are_another_question(self, uow: UnitOfWorkFactory, desk: Desk) -> None:
        def ask(words: str) -> tuple[int, bool]:
            with uow() as work:
                return work.requests.file(
                    asked_by=desk.rep.id,
                    reason=Reason.OUT_OF_SCOPE,
                    capability=Capability.VIEW_ACCOUNTS,
                    account_id=None,
                    words=words,
                    at=NOON,
                )

        first, _ = ask("Lone  Star")
        assert ask("lone star") == (first, True)
        other, again = ask("ΐ" * WORDS_AT_MOST)
        assert (other != first, again) == (True, False)
        with uow() as work:
            found = work.requests.get(first)
        assert found is not None and (found.words, found.account_id) == ("Lone  Star", None)

    def test_the_answer_may_choose_the_account(self, uow: UnitOfWorkFactory, desk: Desk) -> None:
        with uow() as work:
            id, _again = work.requests.file(
                asked_by=desk.rep.id, reason=Reason.OUT_OF_SCOPE, capability=None, account_id=None, words="a", at=NOON
            )
            answer = {"approved": True, "why": "Yours.", "until": None, "by": "carl@plixo.example", "at": NOON}
            assert work.requests.decide(id, given="account", account_id=desk.account.id, **answer)
            found = work.requests.get(id)
        assert found is not None and (found.account_id, found.account_name) == (desk.account.id, desk.account.name)

    def test_it_names_who_asks_for_what(self, uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory, desk: Desk) -> None:
        with uow() as work:
            id, _again = work.requests.file(
                asked_by=desk.rep.id,
                reason=Reason.NOT_ALLOWED,
                capability=Capability.EXPORT,
                account_id=desk.account.id,
                at=NOON,
            )
            found = work.requests.get(id)
            assert work.requests.get(id + 1) is None
        assert found is not None
        assert (found.asked_by_name, found.asked_by_slack) == (desk.rep.name, desk.rep.slack_user_id)
        assert (found.account_name, found.capability) == (desk.account.name, Capability.EXPORT)
        assert (found.reason, found.asked_at) == (Reason.NOT_ALLOWED, NOON)
        with other_uow() as work:
            assert work.requests.get(id) is None


class TestOrganisation:
    def test_it_is_read_and_saved(self, uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory) -> None:
        with uow() as work:
            paused = replace(
                work.organisation.get(),
                sending=Sending.PAUSED,
                sending_reason="Year end",
                sending_until=NOON + timedelta(days=1),
                name="Northwind Traders",
            )
            work.organisation.save(paused)
        with uow() as work:
            assert work.organisation.get() == paused
        with other_uow() as work:
            assert work.organisation.get().sending is Sending.ON

    def test_not_into_another_one(self, uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory) -> None:
        with other_uow() as work:
            theirs = work.organisation.get()
        with pytest.raises(NotFound), uow() as work:
            work.organisation.save(theirs)


class TestUnitOfWork:
    def test_leaving_cleanly_commits_and_raising_rolls_back(
        self, uow: UnitOfWorkFactory, desk: Desk, queue: Callable[..., Message]
    ) -> None:
        kept = queue()
        with pytest.raises(RuntimeError), uow() as work:
            work.messages.add(desk.message(invoice_id=desk.other_invoice.id, id="a" * 32))
            raise RuntimeError
        with uow() as work:
            assert work.messages.find(id=kept.id) is not None
            assert work.messages.find(id="a" * 32) is None

    def test_a_reference_cannot_leave_the_organisation(
        self, database: Engine, other_organisation: int, uow: UnitOfWorkFactory, desk: Desk
    ) -> None:
        stranger = make_user(database, other_organisation)
        with pytest.raises(IntegrityError), uow() as work:
            work.messages.add(desk.message(requested_by=stranger.id))

    def test_units_may_follow_each_other_on_few_connections(self, uow: UnitOfWorkFactory) -> None:
        for _ in range(40):
            with uow() as work:
                work.organisation.get()
