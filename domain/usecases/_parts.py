"""One reader for each part of App Home. Shared by the whole page and by a part looked at by itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from domain.homing import Abilities, Cut, Part
from domain.messages import State
from domain.outcomes import NudgeStory
from domain.policy import Rulebook, Workspace
from domain.ports import UnitOfWork
from domain.rules.access import MATRIX, may
from domain.rules.keeping import RATED_OVER, kept_rate
from domain.rules.nudging import day_of, placed
from domain.usecases._duties import shares_of
from domain.usecases.my_accounts import worst_accounts
from domain.values import Person

DUE_WITHIN = timedelta(days=2)
"""Promises due by then are listed (decided): today's, and those that a weekend hides."""
MISSED_WITHIN = timedelta(days=14)

_ALL_GROUPS: Mapping[Part, Collection[State]] = {
    Part.UNCONFIRMED: (State.UNCONFIRMED,),
    Part.HELD: (State.HELD,),
    Part.ON_THEIR_WAY: (State.QUEUED, State.CLAIMED, State.SENDING),
}
_OWN_GROUPS: Mapping[Part, Collection[State]] = {
    Part.MY_NUDGES: (State.QUEUED, State.CLAIMED, State.SENDING, State.HELD, State.UNCONFIRMED),
    Part.MY_LATEST: (State.SENT, State.REFUSED, State.CANCELLED, State.EXPIRED, State.FAILED),
}
NUDGES_SHOWN = 12
"""Nudges of a group are read together, at most so many; each part shows as many as it has room for."""


@dataclass
class Looking:
    """What one look at Home reads with. `parts` are those that are shown; what two of them need is read once."""

    work: UnitOfWork
    person: Person
    at: datetime
    rulebook: Rulebook
    workspace: Workspace
    parts: Collection[Part]
    limit: int
    start: int = 0
    _nudges: dict[str, Cut[NudgeStory]] | None = field(default=None, init=False)

    def nudges(self, part: Part) -> Cut[NudgeStory]:
        """One of the groups, all of which are read at the first question."""
        if self._nudges is None:
            self._nudges = {}
            for groups, of_person in ((_ALL_GROUPS, None), (_OWN_GROUPS, self.person.id)):
                wanted = {one.value: groups[one] for one in self.parts if one in groups}
                if wanted:
                    limit = max(self.limit, NUDGES_SHOWN)
                    self._nudges |= self.work.home.nudges(wanted, of_person=of_person, limit=limit, start=self.start)
        cut = self._nudges[part.value]
        shown = tuple(placed(story, self.workspace, self.rulebook) for story in cut.items[: self.limit])
        return replace(cut, items=shown)


Reader = Callable[[Looking], object]


def _nudges(part: Part) -> Reader:
    return lambda look: look.nudges(part)


def _queue(look: Looking) -> object:
    """The whole queue, or what is left of it where the escalated ones are listed before."""
    escalated = False if Part.ESCALATED in look.parts else None
    return look.work.home.reports_waiting(limit=look.limit, start=look.start, escalated=escalated)


def _escalated(look: Looking) -> object:
    return look.work.home.reports_waiting(limit=look.limit, start=look.start, escalated=True)


def _accounts(look: Looking) -> object:
    return worst_accounts(look.work, look.person, at=look.at, rulebook=look.rulebook, limit=look.limit)


def _my_reports(look: Looking) -> object:
    return look.work.home.reports_of(look.person.id, limit=look.limit, start=look.start)


def _promises_due(look: Looking) -> object:
    today = day_of(look.at, look.workspace, look.rulebook).date()
    return look.work.home.promises_due(by=today + DUE_WITHIN, limit=look.limit, start=look.start)


def _promises_missed(look: Looking) -> object:
    return look.work.home.promises_missed(since=look.at - MISSED_WITHIN, limit=look.limit, start=look.start)


def _kept_rate(look: Looking) -> object:
    return kept_rate(look.work.keeping.tally(since=look.at - RATED_OVER))


def _duty(look: Looking) -> object:
    return look.work.office.on_duty(look.at, limit=look.limit, start=look.start)


def _access_requests(look: Looking) -> object:
    return look.work.office.access_waiting(limit=look.limit, start=look.start)


def _change_requests(look: Looking) -> object:
    return look.work.office.changes_waiting(limit=look.limit, start=look.start)


def _drafts(look: Looking) -> object:
    return look.work.office.drafts_waiting(for_legal=False, limit=look.limit, start=look.start)


def _step_drafts(look: Looking) -> object:
    """The number, and the first of them: each is a whole mail, and has a window of its own."""
    return look.work.drafts.waiting(at=look.at, start=0, limit=1)


def _sign_offs(look: Looking) -> object:
    return look.work.office.drafts_waiting(for_legal=True, limit=look.limit, start=look.start)


def _people(look: Looking) -> object:
    return look.work.office.staff(look.at)


def _disputes(look: Looking) -> object:
    """An Operator's are those of the accounts they keep."""
    of = shares_of(look.work, [look.person], look.at).get(look.person.id)
    return look.work.home.disputes(limit=look.limit, start=look.start, of=of)


def _legal_holds(look: Looking) -> object:
    return look.work.office.legal_holds(limit=look.limit, start=look.start)


def _abilities(look: Looking) -> object:
    able = tuple(capability for capability in MATRIX if may(look.person, capability))
    return Abilities(look.person.role, able)


READERS: dict[Part, Reader] = {
    Part.ESCALATED: _escalated,
    Part.REPORT_QUEUE: _queue,
    Part.UNCONFIRMED: _nudges(Part.UNCONFIRMED),
    Part.HELD: _nudges(Part.HELD),
    Part.ON_THEIR_WAY: _nudges(Part.ON_THEIR_WAY),
    Part.MY_NUDGES: _nudges(Part.MY_NUDGES),
    Part.MY_LATEST: _nudges(Part.MY_LATEST),
    Part.ACCOUNTS: _accounts,
    Part.MY_REPORTS: _my_reports,
    Part.PROMISES_DUE: _promises_due,
    Part.PROMISES_MISSED: _promises_missed,
    Part.KEPT_RATE: _kept_rate,
    Part.DUTY: _duty,
    Part.ACCESS_REQUESTS: _access_requests,
    Part.CHANGE_REQUESTS: _change_requests,
    Part.DRAFTS: _drafts,
    Part.STEP_DRAFTS: _step_drafts,
    Part.SIGN_OFFS: _sign_offs,
    Part.PEOPLE: _people,
    Part.DISPUTES: _disputes,
    Part.LEGAL_HOLDS: _legal_holds,
    Part.ABLE: _abilities,
    Part.HELP: _abilities,
}
