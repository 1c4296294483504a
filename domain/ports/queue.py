"""The outbound queue and what its decisions rest on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from domain.facts import Grounds
from domain.messages import Message, State
from domain.outcomes import NudgeStory
from domain.reasons import Reason
from domain.rules.kept_records import KeptRecord
from domain.rules.sender_records import Kind
from domain.timeline import Source
from domain.warming import Caps, SendingDay, SendingDomain, Slot, Volume


@dataclass(frozen=True, slots=True)
class Move:
    """One step of one message through TRANSITIONS, conditional on where it is now.

    `token` must match the row's when given (a worker's claim). Only fields that are not None are written;
    `reason`, `why` and `cause` always are; an empty `segment` says that the customer is in none. `actor_id` is None
    for the loop itself. The first doubt stays until an unconfirmed message moves on.
    """

    id: str
    was: State
    to: State
    at: datetime
    reason: Reason | None = None
    token: str | None = None
    leaves_at: datetime | None = None
    expires_at: datetime | None = None
    lease_until: datetime | None = None
    attempted: bool = False
    actor_id: int | None = None
    doubtful_since: datetime | None = None
    why: str | None = None
    cause: str | None = None
    segment: str | None = None

    def facts(self) -> dict[str, object]:
        """What the audit log keeps of it."""
        said = {"leaves_at": self.leaves_at and self.leaves_at.isoformat(), "why": self.why, "cause": self.cause}
        facts: dict[str, object] = {"state": self.to.value}
        return facts | {name: value for name, value in said.items() if value}


class Messages(Protocol):
    """The outbound queue of one organisation."""

    def add(self, message: Message) -> Message | None:
        """Insert; None when an open one of its source for the same account, contact and invoice, or the same origin,
        exists.
        """
        ...

    def find(
        self,
        *,
        id: str | None = None,
        origin: str | None = None,
        open_for: tuple[int, int, int] | None = None,
    ) -> Message | None:
        """By id, by the click that made it, or the open nudge for (account, contact, invoice)."""
        ...

    def stories(
        self, ids: Sequence[str] | None = None, *, of_person: int | None = None, limit: int = 50
    ) -> list[NudgeStory]:
        """With names, for alerts and lists; in the order of `ids`, or newest first."""
        ...

    def claim(self, *, at: datetime, lease_until: datetime, worker: str, limit: int) -> list[Message]:
        """Take due messages, oldest due first; none is handed to two workers. Each gets a token of its own claim."""
        ...

    def move(self, moves: Iterable[Move]) -> set[str]:
        """Apply in sets; returns ids that really moved. Each writes one row of the message's history.

        Raises ValueError for a step that TRANSITIONS does not allow.
        """
        ...

    def overdue_claims(self, *, at: datetime, limit: int) -> list[Message]:
        """Messages claimed or sending whose lease has ended (`state` tells which)."""
        ...

    def past_expiry(self, *, at: datetime, limit: int) -> list[Message]:
        """Queued or held messages whose `expires_at` has passed."""
        ...


class Decisions(Protocol):
    """What a batch of due messages is decided by."""

    def grounds(
        self, messages: Sequence[Message], *, sending_domain: str, at: datetime, with_open: bool = False
    ) -> Grounds:
        """In two statements whatever their number; locks the accounts as `Accounts.facts` does.

        `with_open`: all that the customers owe, beside the invoices that are cited; segments are chosen by it.
        """
        ...


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many messages: on which day they may leave, and on which for the last time before they expire; 0 is today.
    `segment` as their rows name it.
    """

    source: Source
    ready: int
    last: int
    count: int
    segment: str | None = None


class Oversight(Protocol):
    """The queue as whoever looks after it sees it."""

    def standing(self) -> Mapping[State, int]:
        """How many messages are in each of OPEN_STATES."""
        ...

    def asked_by(self, taken: datetime, *, limit: int) -> list[Message]:
        """Messages queued, claimed or under way that were asked for at `taken` or earlier, oldest first."""
        ...

    def came_back(self, message_id: str, *, reason: Reason, at: datetime) -> bool:
        """Note in a message's history, and on it once it is sent, what was heard of its mail.

        A message that is not sent must have been handed over once. False when that was known, or changes nothing.
        """
        ...

    def left_at(self, message_id: str) -> datetime | None:
        """When the message was handed over, for the last time; None when it never was."""
        ...

    def nudges_waiting(self, account_id: int, invoice_ids: Collection[int] | None) -> list[Message]:
        """The account's nudges that are queued or held, those that cite one of the invoices; None: all of them."""
        ...

    def taken_back_by(self, cause: str, *, account_id: int) -> list[Message]:
        """The account's messages that this cause moved last."""
        ...

    def waiting(self, ends: Sequence[datetime]) -> list[Waiting]:
        """What is queued or claimed, by the days that end at `ends`; what is later counts on the day after the last."""
        ...


class Quota(Protocol):
    """Mails of one calendar day of the workspace's zone, and of one hour of it, or of a segment's day where the slot
    names one; holds across replicas. Whoever takes of both takes of segments first, by their names.
    """

    def locked(self, slot: Slot) -> SendingDay:
        """The row as it is in the slot's hour, locked for this transaction; made when it is new."""
        ...

    def take(self, slot: Slot, source: Source, *, want: int, caps: Caps, planned: int) -> tuple[int, SendingDay]:
        """Reserve up to `want`; returns how many were granted, and the day as it is now.

        One conditional statement, by the arithmetic of `Caps.left`; of a segment's caps only the day's count. `planned`
        has to be read before.
        """
        ...

    def give_back(self, slot: Slot, source: Source, count: int) -> None: ...
    def promised(self, *, before: datetime, most: int, segment: str | None = None) -> int:
        """Of the steps that are due before, planned or on their way, those about a broken promise; up to `most`.

        `segment`: only those whose rows name it. To be asked while the row is `locked`: whoever left since is in it.
        """
        ...

    def planned(self, *, before: datetime, most: int) -> int:
        """Autopilot's steps that are due before and have not left, planned or on their way, and all whose drafts wait:
        each may be approved today. Counted up to `most`.
        """
        ...


class SenderRecords(Protocol):
    """SPF, DKIM and DMARC as they were last looked up."""

    def of(self, domain: str) -> Mapping[Kind, KeptRecord]: ...
    def keep(self, domain: str, records: Iterable[KeptRecord]) -> None:
        """A look that began later has the last word. What is known of other domains is dropped."""
        ...


class SendingDomains(Protocol):
    """Where sending domains stand, and what left and came back on each day."""

    def volume(self, name: str, *, around: date) -> Volume:
        """The domain and its days around one, as they are; a domain that is not known is a new one."""
        ...

    def take(self, name: str) -> SendingDomain:
        """The domain, locked for this transaction; made when it is new."""
        ...

    def save(self, domain: SendingDomain) -> None: ...
    def names(self) -> list[str]:
        """Domains from which anything left, or that were ever judged."""
        ...

    def days(self, name: str, *, since: date) -> Mapping[date, SendingDay]: ...
    def note(self, name: str, day: date, *, bounced: int = 0, complained: int = 0) -> None:
        """Count reports on the day on which the mails left."""
        ...
