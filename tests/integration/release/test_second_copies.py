"""A provider that drops second copies by a key, and what it may think of a second copy that is not like the first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from domain.errors import Rejected, Unknown
from domain.messages import State
from domain.reasons import Reason
from storage import tables
from tests.stage import AFTER, Stage, set_the_stage


@pytest.fixture
def stage(database: Engine, organisation: int) -> Stage:
    return set_the_stage(database, organisation, deduplicates=True)


@pytest.mark.parametrize("code", ["409", "554"])
def test_a_provider_that_refuses_the_second_copy_says_nothing_about_the_first(stage: Stage, code: str) -> None:
    message = stage.queued()
    stage.mailer.answers.append(Unknown("no answer", code="timeout"))
    stage.release(AFTER)
    assert stage.state(message.id) is State.QUEUED, "handed over again by itself"

    stage.mailer.answers.append(Rejected("this key was used with another body", code=code))
    stage.release(AFTER + timedelta(hours=1))
    asked = stage.message(message.id)
    assert (asked.state, asked.reason) == (State.UNCONFIRMED, Reason.MAIL_UNKNOWN)
    assert "duty" in stage.notice_keys(), "a person is asked"
    assert stage.rows(tables.suppressions) == [], "it was not about the address"

    tried: list[None] = []
    stage.mailer.during = lambda: tried.append(None)
    for hours in (2, 24, 48):
        stage.release(AFTER + timedelta(hours=hours))
    assert (stage.state(message.id), tried) == (State.UNCONFIRMED, []), "and never tried again by itself"
