"""App Home costs as many statements with a full house as with one of everything, for each role and each part."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event

from domain.commitments import DisputeState, PromiseState
from domain.homing import Home, OnePart
from domain.messages import State
from domain.outcomes import RequestFiled
from domain.reasons import Reason
from domain.reporting import Reported
from domain.rules.home import parts_for
from domain.values import Money, Person, Role
from handlers.cases import Cases
from storage import tables
from tests import factories
from tests.integration.reporting.newsroom import Newsroom, open_newsroom
from tests.stage import Stage

FEW, MANY = 1, 12
"""The long list is longer than any part shows."""


@pytest.fixture
def news(database: Engine, organisation: int) -> Newsroom:
    return open_newsroom(database, organisation)


@pytest.fixture
def sent(database: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(database, "before_cursor_execute", note)
    yield statements
    event.remove(database, "before_cursor_execute", note)


def fill(news: Newsroom, people: dict[Role, Person], number: int) -> None:
    """So many of everything that stands in any part."""
    for count in range(number):
        _one_of_everything(news, people, f"{number}-{count}")


def _one_of_everything(news: Newsroom, people: dict[Role, Person], name: str) -> None:
    stage, at = news.stage, news.stage.clock.now()
    account, contact, invoices = factories.make_customer(
        stage.engine, stage.org_id, invoices=6, owner_email=people[Role.SALES].email, name=f"Customer {name}"
    )
    factories.make_account(stage.engine, stage.org_id, owner_email=people[Role.CSM].email, name=f"Success {name}")
    for invoice, state in zip(
        invoices, (State.QUEUED, State.HELD, State.UNCONFIRMED, State.SENT, State.REFUSED), strict=False
    ):
        for asker in (Role.SALES, Role.CSM) if state is State.SENT else (Role.SALES,):
            factories.make_message(
                stage.engine,
                stage.org_id,
                account_id=account.id,
                contact_id=contact.id,
                invoice_id=invoice.id,
                requested_by=people[asker].id,
                requested_at=at,
                leaves_at=at + timedelta(hours=1),
                expires_at=at + timedelta(days=3),
                state=state,
            )
    given = {"account_id": account.id, "contact_id": contact.id, "invoice_ids": frozenset({invoices[0].id})}
    for reporter in (Role.SALES, Role.CSM, Role.LEGAL, Role.OPERATOR):
        outcome = news.file(news.promise(**given, amount=Money(500, "EUR")), by=people[reporter])
        assert isinstance(outcome, Reported) or reporter is Role.CSM, outcome
    news.watch(at + timedelta(minutes=13))
    for state in (DisputeState.OPEN, DisputeState.IN_REVIEW):
        owner = people[Role.LEGAL] if state is DisputeState.IN_REVIEW else None
        id = factories.make_dispute(stage.engine, stage.org_id, account.id, [invoices[1].id], state=state)
        if owner:
            _own(stage, id, owner)
    for state in (PromiseState.OPEN, PromiseState.KEPT, PromiseState.BROKEN):
        factories.make_promise(
            stage.engine,
            stage.org_id,
            account.id,
            [invoices[2].id],
            state=state,
            amount=Money(500, "EUR"),
            due_on=at.date(),
            recorded_at=at,
            decided_at=None if state is PromiseState.OPEN else at,
        )
    _of_the_controller(stage, people, account.id, name)


def _of_the_controller(stage: Stage, people: dict[Role, Person], account_id: int, name: str) -> None:
    asker = factories.make_user(stage.engine, stage.org_id, role=Role.VIEWER, name=f"Viewer {name}")
    cases = Cases(actor=stage.actor(asker), uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook)
    asked = cases.request_access(reason=Reason.OUT_OF_SCOPE, capability=None, account_id=account_id)
    assert isinstance(asked, RequestFiled)
    add = {"engine": stage.engine, "org_id": stage.org_id}
    factories.add_row(
        table=tables.change_requests,
        subject="template:friendly:1",
        present="a",
        proposed="b",
        why="Kinder.",
        asked_by=asker.id,
        asked_at=stage.clock.now(),
        origin=f"view:{name}",
        state="waiting",
        **add,
    )
    for needs_legal in (False, True):
        draft = {"name": "A draft", "tone": "Neutral", "audience": "sales", "subject": "x", "body": "{pay_link}"}
        factories.add_row(
            table=tables.templates,
            key=f"draft-{name}-{needs_legal}",
            version=1,
            state="draft",
            needs_legal=needs_legal,
            drafted_by=asker.email,
            drafted_at=stage.clock.now(),
            **draft,
            **add,
        )
    legal = people[Role.LEGAL].id
    factories.add_row(
        table=tables.legal_holds,
        account_id=account_id,
        why="In court.",
        placed_by=legal,
        placed_at=stage.clock.now(),
        **add,
    )
    keeper = people[Role.OPERATOR].id
    factories.add_row(table=tables.duties, user_id=keeper, account_id=account_id, since=stage.clock.now(), **add)


def _own(stage: Stage, dispute_id: int, owner: Person) -> None:
    with stage.engine.begin() as connection:
        connection.execute(
            tables.disputes.update()
            .where(tables.disputes.c.id == dispute_id)
            .values(owner=owner.name, owner_email=owner.email)
        )


def test_the_statements_of_app_home_do_not_grow_with_rows(news: Newsroom, sent: list[str]) -> None:
    stage = news.stage
    known = {Role.SALES: stage.rita, Role.OPERATOR: news.olga, Role.AR_MANAGER: news.mona, Role.LEGAL: news.lena}
    people = {role: known.get(role) or stage.person(role=role, name=f"The {role}") for role in Role}

    def counted() -> dict[str, int]:
        counts = {}
        for role, person in people.items():
            cases = Cases(actor=stage.actor(person), uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook)
            sent.clear()
            assert isinstance(cases.open_home(), Home)
            counts[f"{role}"] = len(sent)
            for part in parts_for(person):
                sent.clear()
                assert isinstance(cases.see_part(part, start=0), OnePart)
                counts[f"{role}: {part}"] = len(sent)
        return counts

    fill(news, people, FEW)
    few = counted()
    fill(news, people, MANY)
    assert counted() == few
