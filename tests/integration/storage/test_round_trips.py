"""How many statements an answer takes: each is a way to the database and back while somebody waits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, event

from domain.outcomes import AccountCard
from domain.usecases.find_account import find_account
from domain.usecases.open_account import open_account
from tests.stage import Stage, set_the_stage


@pytest.fixture
def stage(database: Engine, organisation: int) -> Stage:
    return set_the_stage(database, organisation)


@pytest.fixture
def sent(database: Engine) -> Iterator[list[str]]:
    """What goes to the database, BEGIN included; a COMMIT is the driver's."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(database, "before_cursor_execute", note)
    yield statements
    event.remove(database, "before_cursor_execute", note)


def test_a_card(stage: Stage, sent: list[str]) -> None:
    """Begin, who asks, the card."""
    sent.clear()
    card = open_account(
        stage.account.id,
        actor=stage.actor(stage.rita),
        uow=stage.uow,
        clock=stage.clock,
        rulebook=stage.rulebook,
    )
    assert isinstance(card, AccountCard)
    assert len(sent) <= 3, sent


def test_a_search_by_name_and_its_card(stage: Stage, sent: list[str]) -> None:
    """Three more: keys, words, the accounts."""
    sent.clear()
    card = find_account(
        "Acme Robotics GmbH",
        actor=stage.actor(stage.rita),
        uow=stage.uow,
        clock=stage.clock,
        rulebook=stage.rulebook,
    )
    assert isinstance(card, AccountCard)
    assert len(sent) <= 6, sent


def test_the_guards_facts_of_many_accounts(stage: Stage, sent: list[str]) -> None:
    with stage.uow() as work:
        sent.clear()
        work.accounts.facts([stage.account.id, stage.account.id + 1], at=stage.clock.now())
        assert len(sent) == 1
        sent.clear()
        work.accounts.facts([stage.account.id], at=stage.clock.now(), lock=True)
        assert len(sent) == 2
