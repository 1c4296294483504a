"""Autopilot's sequences, their steps, and how segments stand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from domain.autopilot import Begin, Course, Judged, NewStep, Payments, Pending, Skipped, Stop
from domain.homing import Cut
from domain.messages import Message
from domain.shadow import Draft, NewDraft
from domain.templates import Wording


class Sequences(Protocol):
    """What runs for whom. All of it in sets."""

    def book(self, *, after: int, limit: int) -> list[int]:
        """The next accounts by id, after one, that owe something or have a sequence running."""
        ...

    def of_another(self, account_ids: Collection[int]) -> set[int]:
        """Those for which another sender's step is still planned: two would write to one customer."""
        ...

    def of(self, account_ids: Collection[int]) -> Mapping[int, Course]:
        """Only of accounts for which one ever ran."""
        ...

    def end(self, stops: Mapping[int, Stop], *, at: datetime) -> None:
        """By the ids of running sequences; what was planned of them and is not in the queue is dropped."""
        ...

    def begin(self, begins: Mapping[int, Begin], *, version: int, at: datetime) -> None:
        """By account, none of which has one running."""
        ...

    def any_running(self) -> bool: ...


class Steps(Protocol):
    """The steps of our own sequences, in the table in which everybody reads Autopilot's steps."""

    def schedule(self, steps: Sequence[NewStep]) -> None: ...
    def due(self, *, at: datetime, after: tuple[datetime, int] | None, limit: int) -> list[Pending]:
        """Planned ones whose time has come and that are not in the queue, by time and id, after one."""
        ...

    def skip(self, skipped: Iterable[Skipped]) -> set[int]:
        """Those that are still planned and not in the queue, drafts among them; their sequences go on after them.
        Returns their ids.
        """
        ...

    def queue(self, messages: Mapping[int, Message]) -> set[int]:
        """Put each step's message into the queue. The ids of steps for which there was room: of a source only one
        message is open for a contact and invoice.
        """
        ...

    def settle(self, *, limit: int) -> list[int]:
        """Steps whose message came to its end are sent, or skipped with its reason. Returns their accounts."""
        ...


class Drafts(Protocol):
    """Steps in Shadow that are written and wait for a person. What becomes of a draft is its step's state."""

    def make(self, new: Sequence[NewDraft]) -> set[int]:
        """Of steps that are planned and not in the queue; returns the ids of those steps."""
        ...

    def waiting(self, *, at: datetime, start: int, limit: int) -> Cut[Draft]:
        """Those that somebody can decide `at` that instant, due first first; more than MOST_COUNTED are not counted."""
        ...

    def find(self, step_ids: Collection[int]) -> Mapping[int, Draft]:
        """Whatever became of them."""
        ...

    def reword(self, draft: Draft, wording: Wording, *, by: int, at: datetime) -> bool:
        """Add a revision after the draft's. False: it does not wait any more, or somebody else added one."""
        ...

    def decide(self, step_ids: Collection[int], *, by: int, at: datetime) -> None:
        """Who approved or skipped them."""
        ...

    def run_out(self, *, at: datetime, limit: int) -> list[Pending]:
        """Those that nobody decided and whose time is over, oldest first."""
        ...


class Standings(Protocol):
    """How segments stand."""

    def all(self) -> Mapping[str, Judged]: ...
    def keep(self, names: Collection[str]) -> None:
        """Forget all others."""
        ...

    def payments(self, account_ids: Collection[int], *, since: date) -> Mapping[int, Payments]:
        """What came in since a day, and what of it was taken back (a negative payment)."""
        ...

    def save(self, judged: Iterable[Judged], *, day: datetime) -> set[str]:
        """The names of those that were written: not those that were judged since `day` began, on another replica."""
        ...
