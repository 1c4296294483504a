"""A card is shared once for each click, however often Slack delivers it and whatever happened since."""

from __future__ import annotations

from sqlalchemy import Engine

from domain.outcomes import SharedCard
from domain.usecases.share_account import share_account
from tests.stage import Stage, set_the_stage


def share(stage: Stage, click: str) -> bool:
    outcome = share_account(
        stage.account.id,
        origin=click,
        actor=stage.actor(stage.rita),
        uow=stage.uow,
        clock=stage.clock,
        rulebook=stage.rulebook,
    )
    assert outcome is None or isinstance(outcome, SharedCard)
    return outcome is not None


def test_a_click_that_is_delivered_again_is_known_however_much_happened_since(
    database: Engine, organisation: int
) -> None:
    stage = set_the_stage(database, organisation)
    assert share(stage, "click:1")
    for _ in range(60):
        with stage.uow() as work:
            work.audit.record(
                "note.written",
                at=stage.clock.now(),
                actor_id=stage.rita.id,
                subject="note:1",
                account_id=stage.account.id,
                after={"department": "sales", "length": 1, "mentioned": []},
            )
    assert not share(stage, "click:1")
    assert share(stage, "click:2"), "another click is meant"
    assert stage.actions().count("account.shared") == 2
