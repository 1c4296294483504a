"""What somebody may begin to do with an account's record."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.accounts import Account
from domain.reporting import DisputeStory, PromiseStory, ReportStory
from domain.rules.reporting import HOLD_PLACERS
from domain.values import Capability, Person, Role


class Act(StrEnum):
    """Each begins with a form, and is decided when that is sent."""

    REJECT = "reject"
    WITHDRAW = "withdraw"
    RESOLVE = "resolve"
    ANSWER = "answer"
    PLACE_HOLD = "place_hold"
    LIFT_HOLD = "lift_hold"


NEEDS: dict[Act, Capability] = {
    Act.REJECT: Capability.RECORD,
    Act.WITHDRAW: Capability.RECORD,
    Act.RESOLVE: Capability.RECORD,
    Act.ANSWER: Capability.RECORD_DISPUTE_INPUT,
    Act.PLACE_HOLD: Capability.VIEW_ACCOUNTS,
    Act.LIFT_HOLD: Capability.VIEW_ACCOUNTS,
}
OF_LEGAL_HOLDS = frozenset({Act.PLACE_HOLD, Act.LIFT_HOLD})

WATCHERS = frozenset({Role.CONTROLLER, Role.AR_MANAGER, Role.OPERATOR})
"""Who sees all that waits for the record; only Operators change it."""


def watches_queue(person: Person) -> bool:
    """Whether all that waits for the record is theirs to see."""
    return person.is_active and person.role in WATCHERS


def may_begin(person: Person, act: Act) -> bool:
    """Beyond the capability that the act needs."""
    return act not in OF_LEGAL_HOLDS or person.role in HOLD_PLACERS


@dataclass(frozen=True, slots=True)
class Begun:
    """They may; nothing has changed yet. `about`: what it is about, beyond the account."""

    act: Act
    account: Account
    person: Person
    about: ReportStory | PromiseStory | DisputeStory | None = None
