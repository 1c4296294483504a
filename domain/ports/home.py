"""What App Home and the daily digest read, beside what the other rooms have."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from domain.duties import DutyShare
from domain.homing import (
    ChangeLine,
    Cut,
    DisputeLine,
    DraftLine,
    DutyLine,
    HoldLine,
    PromiseLine,
    ReportLine,
    Staff,
)
from domain.messages import State
from domain.morning import DigestLook, OfAll, OfOne
from domain.notices import AccessRequest, Notice, NoticeKind
from domain.outcomes import NudgeStory
from domain.values import Person


class HomeReads(Protocol):
    """Commitments and nudges, as lists that are cut. `start` lines are left out at the beginning."""

    def nudges(
        self, groups: Mapping[str, Collection[State]], *, of_person: int | None, limit: int, start: int = 0
    ) -> Mapping[str, Cut[NudgeStory]]:
        """By the names of the groups of states; what leaves next or waits longest first, what has ended newest first.

        `of_person` None: everybody's, of states that are open only. Two statements whatever the groups.
        """
        ...

    def reports_waiting(self, *, limit: int, start: int = 0, escalated: bool | None = None) -> Cut[ReportLine]:
        """Not yet settled, the oldest commitment first. `escalated`: only those that are, or are not."""
        ...

    def reports_of(self, person_id: int, *, limit: int, start: int = 0) -> Cut[ReportLine]:
        """What the person reported, newest first."""
        ...

    def promises_due(self, *, by: date, limit: int, start: int = 0) -> Cut[PromiseLine]:
        """On record, not decided, and due on `by` or earlier; earliest first."""
        ...

    def promises_missed(self, *, since: datetime, limit: int, start: int = 0) -> Cut[PromiseLine]:
        """Broken or only partly kept, decided since then; newest first."""
        ...

    def disputes(self, *, limit: int, start: int = 0, of: DutyShare | None = None) -> Cut[DisputeLine]:
        """In review, the first answer due first, then those that are open. `of`: only of accounts of this share."""
        ...


class OfficeReads(Protocol):
    """Who there is, and what waits for whom."""

    def access_waiting(self, *, limit: int, start: int = 0) -> Cut[AccessRequest]:
        """Longest waiting first."""
        ...

    def changes_waiting(self, *, limit: int, start: int = 0) -> Cut[ChangeLine]:
        """Longest waiting first."""
        ...

    def drafts_waiting(self, *, for_legal: bool, limit: int, start: int = 0) -> Cut[DraftLine]:
        """Templates' new versions; `for_legal` only those that Legal has to sign off and has not."""
        ...

    def legal_holds(self, *, limit: int, start: int = 0) -> Cut[HoldLine]:
        """Those placed here, newest first, then those that only the books know, by name."""
        ...

    def on_duty(self, at: datetime, *, limit: int, start: int = 0) -> Cut[DutyLine]:
        """Who keeps the record, and who of them is away at `at`."""
        ...

    def staff(self, at: datetime) -> Staff:
        """Active people by the role they have at `at`."""
        ...


class Mutes(Protocol):
    """Kinds of messages that people do not want."""

    def of(self, user_id: int) -> frozenset[NoticeKind]: ...

    def choose(self, user_id: int, kinds: Collection[NoticeKind], *, at: datetime) -> None:
        """These and no others from now on."""
        ...

    def set_aside(self, notices: Sequence[Notice], *, at: datetime) -> set[str]:
        """Those that were never posted and are of a kind their recipient muted count as done; returns their keys.

        One statement. When one changes again it is up for posting again, and looked at again.
        """
        ...


class Mornings(Protocol):
    """Who is told of the day, once."""

    def zones(self) -> Mapping[str | None, date | None]:
        """Zones of active people who have used the app (None: of those without one), each with the last day for which
        all of them were taken; None where somebody never was."""
        ...

    def take(self, day: date, *, zones: Collection[str | None], limit: int) -> list[int]:
        """Up to `limit` people of these zones who were not taken for `day` or a later one; nobody is taken twice."""
        ...

    def of_all(self, look: DigestLook) -> OfAll:
        """What the whole organisation's keepers hear of, in one statement."""
        ...

    def of_each(
        self, people: Sequence[Person], look: DigestLook, *, shares: Mapping[int, DutyShare]
    ) -> Mapping[int, OfOne]:
        """What each hears of their own, in four statements whatever their number; nothing for whom there is none.

        `shares`: of disputes, by person, as App Home lists them.
        """
        ...
