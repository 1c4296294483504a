"""Who keeps whose record, and who is away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.reporting import ReportStory
from domain.values import Person


@dataclass(frozen=True, slots=True)
class Keeper:
    """Somebody who keeps the record of an account; `account_id` None: of all that nobody else keeps."""

    user_id: int
    account_id: int | None
    since: datetime
    account_name: str | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """Away in `[starts_at, ends_at)`, UTC. `stand_in` takes what falls to them meanwhile."""

    user_id: int
    starts_at: datetime
    ends_at: datetime
    stand_in: int | None = None

    def covers(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at

    def facts(self) -> dict[str, object]:
        """What the audit log keeps of it."""
        return {"from": self.starts_at.isoformat(), "until": self.ends_at.isoformat(), "stand_in": self.stand_in}


@dataclass(frozen=True, slots=True)
class DutyShare:
    """Whose duties one person does at an instant (`theirs`: their own, and of those they stand in for), and whose
    duties anybody does (`acting`). Ids of people; what nobody of `acting` keeps falls to everybody."""

    theirs: frozenset[int]
    acting: frozenset[int]


@dataclass(frozen=True, slots=True)
class DutySet:
    """The keepers as they are now."""

    keepers: tuple[Keeper, ...]


@dataclass(frozen=True, slots=True)
class AbsenceSet:
    """The absence as it stands now; None when it was taken back."""

    absence: Absence | None


@dataclass(frozen=True, slots=True)
class InvalidAbsence:
    """It cannot be meant: it ends before it starts, lies in the past, or names oneself as stand-in."""

    sentence: str


@dataclass(frozen=True, slots=True)
class DutyHolder:
    """Somebody who keeps the record or could: the names of accounts are theirs alone, by name.

    `absence`: the one that runs now, else the next one.
    """

    person: Person
    accounts: tuple[str, ...]
    keeps_the_rest: bool
    absence: Absence | None = None
    stand_in: str | None = None

    @property
    def keeps_something(self) -> bool:
        return bool(self.accounts) or self.keeps_the_rest


@dataclass(frozen=True, slots=True)
class DutyRoster:
    """Everybody who keeps the record, by name, for `reader`. `may_set`: everybody's duty, else their own absence."""

    reader: Person
    holders: tuple[DutyHolder, ...]
    may_set: bool

    def of(self, user_id: int) -> DutyHolder | None:
        return next((holder for holder in self.holders if holder.person.id == user_id), None)


@dataclass(frozen=True, slots=True)
class HandingShown:
    """A report that waits, and the Operators who are there to take it, by name. `are_away`: there are others."""

    story: ReportStory
    operators: tuple[Person, ...]
    are_away: bool = False


@dataclass(frozen=True, slots=True)
class ReportHanded:
    story: ReportStory
    to: Person
