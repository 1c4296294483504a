"""Where a person's rights come from, and what a Controller gives: the nouns of roles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.accounts import Account
from domain.errors import InvalidValue
from domain.notices import AccessRequest
from domain.values import Capability, Person, Role


@dataclass(frozen=True, slots=True)
class RoleHolder:
    """A person, and behind the role they have now the one that lasts.

    `until`: when the role of now falls back to `lasting`; None when it is the lasting one. `group`: the Slack user
    group that gave the lasting role; None when it was given by name.
    """

    person: Person
    lasting: Role
    until: datetime | None = None
    group: str | None = None

    def facts(self) -> dict[str, object]:
        """What the audit log keeps of it."""
        return {
            "role": self.person.role.value,
            "until": self.until.isoformat() if self.until else None,
            "lasting": self.lasting.value,
            "group": self.group,
            "active": self.person.is_active,
        }


def granted(
    person: Person, capability: Capability, until: datetime | None
) -> tuple[dict[str, object], dict[str, object]]:
    """What the audit log keeps of a capability granted on top of a role: before, and after."""
    held = sorted(person.capabilities)
    after = sorted({*held, capability.value})
    return {"capabilities": held}, {"capabilities": after, "until": until.isoformat() if until else None}


def because(facts: dict[str, object], why: str) -> dict[str, object]:
    """What the audit log keeps of a change, and the reason where one was given."""
    return {**facts, "why": why} if why else facts


@dataclass(frozen=True, slots=True)
class UserGroup:
    """A Slack user group as Slack tells of it. `handle` is without the @."""

    id: str
    name: str
    handle: str


@dataclass(frozen=True, slots=True)
class GroupRole:
    """The role that members of a user group have, unless they were given one by name.

    `read_at`: when its members were last read from Slack; None when they are to be read.
    """

    usergroup_id: str
    name: str
    role: Role
    given_by: str
    given_at: datetime
    read_at: datetime | None = None


class GiftKind(StrEnum):
    NOTHING = "nothing"
    CAPABILITY = "capability"
    ROLE = "role"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Gift:
    """What an approval does by itself: a capability on top of the role, a role, the account, or nothing at all.

    `account_id` is that of one account of those that fit; None means the account that the request names.
    """

    kind: GiftKind
    role: Role | None = None
    account_id: int | None = None

    @property
    def may_end(self) -> bool:
        """Only a role or a capability falls back by itself."""
        return self.kind in (GiftKind.CAPABILITY, GiftKind.ROLE)

    @property
    def spelt(self) -> str:
        """As it is stored and sealed: `role:operator`, `account`, `account:31`."""
        of = self.role or self.account_id
        return f"{self.kind.value}:{of}" if of else self.kind.value

    @classmethod
    def of(cls, spelt: str) -> Gift:
        """Raises InvalidValue."""
        kind, _, of = spelt.partition(":")
        try:
            if kind == GiftKind.ACCOUNT:
                return cls(GiftKind.ACCOUNT, account_id=int(of) if of else None)
            return cls(GiftKind(kind), Role(of) if of else None)
        except ValueError as error:
            raise InvalidValue("That is nothing an approval can give.") from error


NOTHING = Gift(GiftKind.NOTHING)


@dataclass(frozen=True, slots=True)
class RequestToDecide:
    """A question that waits, and what an approval could give; the first one is offered.

    `accounts`: the one that the request names, or those that fit its words, best first.
    """

    request: AccessRequest
    asker: Person
    accounts: tuple[Account, ...]
    gifts: tuple[Gift, ...]

    def account_of(self, gift: Gift) -> Account | None:
        """The account that is given."""
        if gift.kind is not GiftKind.ACCOUNT:
            return None
        return next((one for one in self.accounts if one.id == (gift.account_id or self.request.account_id)), None)


@dataclass(frozen=True, slots=True)
class RequestDecided:
    """As it stands now. `again`: this very decision had been made before."""

    request: AccessRequest
    again: bool = False


@dataclass(frozen=True, slots=True)
class Staff:
    """One page of the organisation's people. `offset` counts from 0; `total` are all."""

    holders: tuple[RoleHolder, ...]
    offset: int
    total: int
    groups: tuple[GroupRole, ...]
    reader: Person


@dataclass(frozen=True, slots=True)
class RoleAssigned:
    """What became of somebody's rights; `was` is None for somebody new."""

    now: RoleHolder
    was: RoleHolder | None

    @property
    def has_changed(self) -> bool:
        return self.now != self.was


@dataclass(frozen=True, slots=True)
class Groups:
    """The user groups there are in Slack, and those that give a role."""

    there: tuple[UserGroup, ...]
    giving: tuple[GroupRole, ...]


@dataclass(frozen=True, slots=True)
class GroupRoleGiven:
    """`role` None: the group gives none any more."""

    name: str
    role: Role | None
    was: Role | None
