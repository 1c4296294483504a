"""App Home: what somebody is told that they can do."""

from __future__ import annotations

import pytest

from domain.homing import Abilities
from domain.values import Capability, Role
from handlers.presenters import home_help
from handlers.presenters.frame import Frame
from tests.unit.handlers.limits import texts_of
from tests.unit.handlers.outcomes import NOW, VIK, make_reader, make_signet


@pytest.mark.parametrize(("granted", "only_looks"), [((), True), ((Capability.NUDGE,), False)])
def test_a_viewer_who_may_nudge_is_not_told_that_they_only_look(
    granted: tuple[Capability, ...], only_looks: bool
) -> None:
    frame = Frame(viewer=VIK, reader=make_reader(), signet=make_signet(), at=NOW)
    blocks = home_help.able(Abilities(Role.VIEWER, (Capability.VIEW_ACCOUNTS, *granted)), frame)
    said = "\n".join(texts_of(blocks))
    assert ("You look, others decide." in said) is only_looks and "Need more?" in said
