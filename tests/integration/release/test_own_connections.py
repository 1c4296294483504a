"""People and the loop have connections of their own: neither can use up the other's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.demo import demo_settings
from bot.loop import Loop
from bot.world import THREADS_OF_THE_LOOP, World, build_world
from domain.errors import Busy
from domain.messages import State
from tests.stage import AFTER, Stage, release_by, set_the_stage

PEOPLE = 4


@pytest.fixture
def stage(database: Engine, organisation: int) -> Stage:
    return set_the_stage(database, organisation)


@pytest.fixture
def world(stage: Stage, tmp_path: Path) -> Iterator[World]:
    url = stage.engine.url.render_as_string(hide_password=False)
    settings = demo_settings(tmp_path, api_url="", secret="s", database_url=url, http_threads=PEOPLE)
    with build_world(settings, clock=stage.clock) as world:
        yield replace(world, mailer=stage.mailer, rulebook=stage.rulebook)


def use_up(engine: Engine, count: int, taken: ExitStack) -> None:
    for _ in range(count):
        taken.enter_context(engine.connect())


def test_the_loop_goes_on_when_people_have_used_up_theirs(stage: Stage, world: World) -> None:
    message = stage.queued()
    stage.clock.set(AFTER)
    loop = Loop(world, lambda org_id: pytest.fail("nothing is posted"))
    with ExitStack() as taken:
        use_up(world.hurried, PEOPLE, taken)
        with pytest.raises(Busy), world.for_people().uow_for(stage.org_id)():
            pytest.fail("there was one left")
        release_by(loop)
        assert stage.state(message.id) is State.SENT
        loop._beat("release", loop.release)
        assert [beat.job for beat in world.directory.heartbeats()] == ["release"]
    loop.stop()


def test_people_are_answered_when_the_loop_has_used_up_its_own(stage: Stage, world: World) -> None:
    message = stage.queued()
    with ExitStack() as taken:
        use_up(world.engine, THREADS_OF_THE_LOOP, taken)
        with world.for_people().uow_for(stage.org_id)() as work:
            assert work.messages.find(id=message.id) is not None
