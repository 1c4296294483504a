"""The demo's drafts: a few wait from the beginning, for customers of whom no story is told."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy import select

from bot.demo import demo_settings, fill
from bot.world import build_world
from domain.shadow import DraftList
from domain.usecases.see_drafts import see_drafts
from domain.values import Actor
from sandbox.book import make_book
from sandbox.clock import MovableClock
from storage import tables
from tests.stage import AFTER, EVENING


@pytest.mark.parametrize("at", [EVENING, AFTER], ids=["in the evening", "in the morning"])
def test_a_few_drafts_wait_and_a_second_start_adds_none(tmp_path: Path, at: object) -> None:
    out = Console(file=StringIO())
    with build_world(
        demo_settings(tmp_path, api_url="", secret="s"), clock=MovableClock(start=at, frozen=True)
    ) as world:
        org_id = fill(world, out=out)
        assert fill(world, out=out) == org_id
        with world.across.connect() as connection:
            operators = select(tables.users.c.id).where(tables.users.c.role == "operator").limit(1)
            operator = connection.execute(operators).scalar_one()
        given = {"uow": world.uow_for(org_id), "clock": world.clock, "rulebook": world.rulebook_for(org_id)}
        shown = see_drafts(actor=Actor(org_id, operator, "Europe/Berlin"), **given)
    assert isinstance(shown, DraftList)
    names = {one.account.name for one in shown.drafts}
    assert len(names) == shown.total == 3
    assert not names & {story.account for story in make_book(seed=20, today=EVENING.date()).stories}
    assert all(one.mail is not None for one in shown.drafts), "each can be read"
    assert any(one.objection is None for one in shown.drafts), "and at least one approved"
