"""App Home: the parts of the reader's role, each read by its own reader."""

from __future__ import annotations

from domain.homing import Home, Part
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.readiness import worst_first
from domain.rules.access import may
from domain.rules.duty import sees_duty
from domain.rules.home import SHOWN, parts_for
from domain.usecases._asker import asker
from domain.usecases._duties import absence_of
from domain.usecases._parts import READERS, Looking
from domain.values import Actor, Capability


def open_home(*, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook) -> Home | Refused:
    """What this person's role sees, as rows know the role now; see `rules.home`."""
    at = clock.now()
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.VIEW_ACCOUNTS, doing="home")
        if isinstance(person, Refused):
            return person
        parts = parts_for(person)
        workspace = work.organisation.get()
        look = Looking(work, person, at, rulebook, workspace, parts, limit=0)
        contents: dict[Part, object] = {}
        for part in parts:
            look.limit = SHOWN.get(part, 0)
            contents[part] = READERS[part](look)
        alarms = None
        if may(person, Capability.VIEW_OPERATIONS):
            alarms = tuple(worst_first(alarm.row for alarm in work.house.alarms() if not alarm.row.is_ok))
        absence, stand_in = absence_of(work, person, at) if sees_duty(person) else (None, None)
        return Home(
            reader=person,
            at=at,
            contents=contents,
            maintenance=workspace.maintenance_at(at),
            alarms=alarms,
            absence=absence,
            stand_in=stand_in,
        )
