"""What is looked after now and then, organisation by organisation. A new chore gets its line in CHORES.

Every replica does them all, so each must be safe to do twice and at the same time as another: what is due stands in the
rows, and a change is conditional on what it was decided by.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from bot.slack_app import build_client
from bot.slack_groups import SlackGroups
from bot.watching import AGAIN, watch
from bot.world import World
from domain.errors import Unavailable
from domain.jobs import AUTOPILOT, NOTICES, RELEASE, JobKind
from domain.rules.morning import is_morning
from domain.usecases.apply_absences import apply_absences
from domain.usecases.decide_promises import decide_promises
from domain.usecases.drop_old_audit import drop_old_audit
from domain.usecases.give_group_role import READ_AGAIN, read_groups
from domain.usecases.judge_sending import judge_sending
from domain.usecases.plan_autopilot import plan_autopilot
from domain.usecases.queue_steps import queue_steps
from domain.usecases.raise_mornings import raise_mornings, zone_of_reader
from domain.usecases.seal_audit import seal_audit
from domain.usecases.watch_reports import watch_reports
from storage import rounds, rounds_autopilot
from storage.clock import elapsed
from storage.rounds import Due

log = logging.getLogger(__name__)

SLICE = timedelta(seconds=2)
"""How long a chore that goes in slices may keep the others waiting, and a page more."""

Who = Callable[[World, datetime], Collection[int]]
"""Which organisations have something to do, where that is more than a condition on rows."""


@dataclass(frozen=True, slots=True, eq=False)
class Chore:
    """`do` is given the world and an organisation; it looks at the rows, comes back, and says how much it did.

    `name` is the word by which people pause it, `what` says what it is for. `due` tells which organisations have
    something to do, so that the others cost nothing; without it all have. Chores `in_slack` are not done for
    organisations that took the app away. What goes in slices has a `rest`: which organisations it has begun with and
    not come to the end, so that the next beat goes on with them.
    """

    name: str
    every: timedelta
    do: Callable[[World, int], int]
    what: str
    due: Due | Who = field(default_factory=Due)
    in_slack: bool = False
    rest: Due | None = None


def _decide_promises(world: World, org_id: int) -> int:
    return decide_promises(uow=world.uow_for(org_id), clock=world.clock, rulebook=world.rulebook_for(org_id))


def _mornings(world: World, org_id: int) -> int:
    return raise_mornings(uow=world.uow_for(org_id), clock=world.clock, rulebook=world.rulebook_for(org_id))


def _who_wakes(world: World, at: datetime) -> Collection[int]:
    """Organisations with somebody on whose wall it is the digest's time, and who was not looked at today."""
    return {
        readers.workspace.org_id
        for readers in world.rounds.readers(at)
        if is_morning(
            at,
            zone=zone_of_reader(readers.zone, readers.workspace, world.rulebook),
            policy=world.rulebook.policy,
            taken=readers.taken,
        )
    }


def _watch_reports(world: World, org_id: int) -> int:
    watched = watch_reports(uow=world.uow_for(org_id), clock=world.clock, rulebook=world.rulebook_for(org_id))
    return watched.reminded + watched.escalated


def _apply_absences(world: World, org_id: int) -> int:
    return apply_absences(uow=world.uow_for(org_id), clock=world.clock)


def _read_groups(world: World, org_id: int) -> int:
    """Who is in the user groups that give a role. When Slack does not answer, the next look asks again."""
    if not world.settings.slack_bot_token:
        return 0
    groups = SlackGroups(build_client(world))
    try:
        return read_groups(groups=groups, uow=world.uow_for(org_id), clock=world.clock)
    except Unavailable as error:
        log.warning("user groups not read: %s", error.code)
        return 0


def _judge_sending(world: World, org_id: int) -> int:
    return judge_sending(uow=world.uow_for(org_id), clock=world.clock, rulebook=world.rulebook_for(org_id))


def _whose_day_ended(world: World, at: datetime) -> Collection[int]:
    """Organisations with a sending domain whose yesterday was not judged, on their own calendar."""
    zones = world.rulebook.zones
    return {
        workspace.org_id
        for workspace, judged_on in world.rounds.judged(at)
        if judged_on < at.astimezone(zones.zone(workspace.zone)).date() - timedelta(days=1)
    }


def _seal_audit(world: World, org_id: int) -> int:
    return seal_audit(uow=world.uow_for(org_id), clock=world.clock)


def _drop_old_audit(world: World, org_id: int) -> int:
    if (days := world.settings.audit_retention_days) is None:
        return 0
    return drop_old_audit(timedelta(days=days), uow=world.uow_for(org_id), clock=world.clock)


def _plan_autopilot(world: World, org_id: int) -> int:
    until = elapsed() + SLICE.total_seconds()
    return plan_autopilot(
        uow=world.uow_for(org_id),
        clock=world.clock,
        rulebook=world.rulebook_for(org_id),
        keep_going=lambda: elapsed() < until,
        pass_over=_unreadable,
    )


def _queue_steps(world: World, org_id: int) -> int:
    return queue_steps(
        uow=world.uow_for(org_id),
        clock=world.clock,
        rulebook=world.rulebook_for(org_id),
        pass_over=_unreadable,
    )


def _unreadable(account_id: int) -> None:
    log.warning("autopilot: what the books say of account %s cannot be read, nothing is planned for it", account_id)


def _who_has_old_audit(world: World, at: datetime) -> Collection[int]:
    if (days := world.settings.audit_retention_days) is None:
        return ()
    return world.rounds.with_something_to_do({"old": rounds.sealed_before(timedelta(days=days))}, at)["old"]


_OFTEN, _EACH_MINUTE = timedelta(seconds=30), timedelta(minutes=1)

CHORES: tuple[Chore, ...] = (
    Chore(
        "reports", timedelta(0), _watch_reports, "reminds of reports and escalates them", rounds.REPORTS, in_slack=True
    ),
    Chore("absences", _OFTEN, _apply_absences, "hands over when somebody's absence begins or ends", rounds.ABSENCES),
    Chore("promises", timedelta(minutes=5), _decide_promises, "decides promises by payments", rounds.PROMISES),
    Chore("mornings", _EACH_MINUTE, _mornings, "tells people of their day", _who_wakes, in_slack=True),
    Chore("groups", _OFTEN, _read_groups, "reads Slack's user groups", rounds.groups_read_before(READ_AGAIN), True),
    Chore("warm-up", timedelta(minutes=5), _judge_sending, "judges the sending domain by its days", _whose_day_ended),
    Chore(
        AUTOPILOT,
        timedelta(minutes=15),
        _plan_autopilot,
        "plans Autopilot's steps",
        rounds_autopilot.AUTOPILOT,
        rest=rounds_autopilot.UNFINISHED,
    ),
    Chore("steps", _OFTEN, _queue_steps, "puts Autopilot's due steps into the queue", rounds_autopilot.STEPS),
    Chore("seals", _EACH_MINUTE, _seal_audit, "seals the audit log", rounds.UNSEALED),
    Chore("retention", timedelta(hours=6), _drop_old_audit, "drops audit rows past their time", _who_has_old_audit),
    # The last one: it asks the mail server and Slack, which may take their time.
    Chore("watch", _OFTEN, watch, "looks whether all is in order, tells the Controllers", rounds.watched_before(AGAIN)),
)

JOBS: dict[str, JobKind] = {
    RELEASE: JobKind("sends the mail that is due"),
    NOTICES: JobKind("posts alerts and messages to Slack"),
    **{chore.name: JobKind(chore.what, chore.every) for chore in CHORES},
}
"""Every job that can be paused and run."""


@dataclass(slots=True)
class Rota:
    """When this process last did which chore."""

    chores: tuple[Chore, ...] = CHORES
    _done: dict[str, float] = field(default_factory=dict)

    def due(self) -> Iterator[Chore]:
        """Those whose time has come; each counts as done when it is handed out."""
        for chore in self.chores:
            if monotonic() - self._done.get(chore.name, float("-inf")) >= chore.every.total_seconds():
                self._done[chore.name] = monotonic()
                yield chore

    def forget(self) -> None:
        """All are due now: a clock was moved."""
        self._done.clear()


def who_is_due(
    world: World, chores: Collection[Chore], at: datetime, *, resting: Collection[Chore] = ()
) -> Mapping[str, Collection[int]]:
    """Organisations by chore: one statement for all that a condition decides, and one for each of the others.

    `resting`: those whose time has not come, and which have the rest of their last run to do.
    """
    asked = {chore.name: chore.due for chore in chores if isinstance(chore.due, Due)}
    asked |= {chore.name: chore.rest for chore in resting if chore.rest is not None}
    in_slack = {chore.name for chore in (*chores, *resting) if chore.in_slack}
    found: dict[str, Collection[int]] = dict(world.rounds.with_something_to_do(asked, at, in_slack=in_slack))
    for chore in chores:
        if not isinstance(chore.due, Due):
            found[chore.name] = chore.due(world, at)
    return found
