"""What was taken out already: found within the hour, and never looked for in the whole log."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.ports import UnitOfWorkFactory
from domain.usecases._exporting import was_answered
from tests.contract.conftest import Desk
from tests.factories import NOON


@pytest.mark.parametrize(
    ("origin", "minutes", "is_found"),
    [("click-1", 0, True), ("click-1", 60, True), ("click-1", 61, False), ("click-2", 5, False)],
)
def test_a_second_delivery_is_known_for_an_hour(
    uow: UnitOfWorkFactory, desk: Desk, origin: str, minutes: int, is_found: bool
) -> None:
    with uow() as work:
        work.audit.record(
            "summary.exported", at=NOON, actor_id=desk.rep.id, subject="summary", after={"origin": "click-1"}
        )
    with uow() as work:
        at = NOON + timedelta(minutes=minutes)
        assert was_answered(work, "summary.exported", origin, desk.rep.id, at) is is_found
