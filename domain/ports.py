"""What the domain asks of the world. Each port has at most seven methods; adapters live in storage, connectors and bot.

Everything a unit of work hands out is scoped to one organisation: no method takes an organisation, none can reach
another one's rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from domain.accounts import Account, SentMail, Undeliverable
from domain.audit import Entry
from domain.facts import AccountFacts, CardFacts, Grounds
from domain.mail import Mail
from domain.messages import Message, State
from domain.notices import AccessRequest, Digest, Notice, NoticeKind, Profile, Telling
from domain.outcomes import AccountSummary, Candidate, NudgeStory
from domain.policy import Workspace
from domain.reasons import Reason
from domain.templates import Audience, Template
from domain.values import Capability, Person, Role


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, aware UTC. On PostgreSQL it is the database's own clock."""
        ...


class Mailer(Protocol):
    """Carries one mail. Knows how far it got."""

    def send(self, mail: Mail) -> str:
        """Hand over and return the other side's answer.

        Raises Rejected (final), Unavailable (certainly not sent) or Unknown (may have been sent).
        """
        ...

    def check(self) -> None:
        """Reach the server and log in, sending nothing. Raises Unavailable or Rejected."""
        ...

    def cut(self) -> None:
        """End every hand-over that is under way: each raises what it then knows. For a stop that may not wait."""
        ...

    def close(self) -> None: ...


class People(Protocol):
    def by_ids(self, user_ids: Collection[int], at: datetime) -> dict[int, Person]:
        """Those there are, by id, in one statement."""
        ...

    def by_slack(self, slack_user_id: str, at: datetime) -> Person | None: ...
    def by_email(self, email: str, at: datetime) -> Person | None:
        """Case-insensitive."""
        ...

    def holding(self, roles: Collection[Role], at: datetime) -> list[Person]:
        """Active people whose role at `at` is one of `roles`, by id."""
        ...

    def everyone(self, at: datetime) -> list[Person]: ...
    def save(self, person: Person) -> Person:
        """Insert (id 0, with the role), or update name, e-mail, activity, zone, locale and Slack id by id."""
        ...

    def grant(
        self,
        user_id: int,
        *,
        role: Role | None,
        capability: Capability | None,
        until: datetime | None,
        by: str,
    ) -> None:
        """A role for a time (it falls back by itself at `until`), a role for good (`until` None; what was granted for
        a time ends), or a capability on top of the role."""
        ...


class Accounts(Protocol):
    """Accounts and what is known of them. The books themselves are written by the importer."""

    def get(self, account_id: int) -> Account | None: ...
    def search(self, words: str, *, owner_email: str | None, limit: int) -> list[Candidate]:
        """Exact external id, then name, alias, domain, contact address, typo-tolerant; best first.

        `owner_email` limits the hits to one owner's accounts; None means all. Exact hits have `is_exact`.
        """
        ...

    def summaries(self, *, owner_email: str | None, today: date, limit: int) -> tuple[list[AccountSummary], int | None]:
        """Accounts with open invoices, worst first (oldest days past due, then amount), and how many there are.

        How many is None where counting would mean to read a large book.
        """
        ...

    def facts(
        self,
        account_ids: Collection[int],
        *,
        at: datetime,
        invoice_ids: Collection[int] = (),
        lock: bool = False,
    ) -> dict[int, AccountFacts]:
        """Guard facts of a set of accounts in a handful of statements.

        `invoice_ids` are included even when they are no longer open; with `invoice_ids` given, only those invoices
        are read. `lock` takes the accounts' rows for this transaction, in id order, so that caps hold.
        """
        ...

    def card(self, account_id: int, *, at: datetime) -> CardFacts | None: ...
    def log(self, mails: Collection[SentMail]) -> None:
        """Put our own mails into their accounts' timelines, once per message."""
        ...

    def suppress(self, contacts: Collection[Undeliverable], *, at: datetime) -> None:
        """Nobody writes to these contacts' addresses any more, whatever account they belong to."""
        ...


@dataclass(frozen=True, slots=True)
class Move:
    """One step of one message through TRANSITIONS, conditional on where it is now.

    `token` must match the row's when given (a worker's claim). Only fields that are not None are written;
    `reason` is always written. `actor_id` is None for the loop itself. The first doubt stays until an
    unconfirmed message moves on.
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


class Messages(Protocol):
    """The outbound queue of one organisation."""

    def add(self, message: Message) -> Message | None:
        """Insert; None when an open nudge for the same account, contact and invoice, or the same origin, exists."""
        ...

    def find(
        self,
        *,
        id: str | None = None,
        origin: str | None = None,
        open_for: tuple[int, int, int] | None = None,
    ) -> Message | None:
        """By id, by the click that made it, or the open one for (account, contact, invoice)."""
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

    def grounds(self, messages: Sequence[Message], *, at: datetime) -> Grounds:
        """In two statements whatever their number; locks the accounts as `Accounts.facts` does."""
        ...


class Oversight(Protocol):
    """The queue as whoever looks after it sees it."""

    def standing(self) -> Mapping[State, int]:
        """How many messages are in each of OPEN_STATES."""
        ...

    def asked_by(self, taken: datetime, *, limit: int) -> list[Message]:
        """Messages queued, claimed or under way that were asked for at `taken` or earlier, oldest first."""
        ...

    def came_back(self, message_id: str, *, reason: Reason, at: datetime) -> bool:
        """Note on a sent message, and in its history, what was heard of its mail. False when that changes nothing."""
        ...


class Templates(Protocol):
    def approved(self, audience: Audience) -> list[Template]:
        """The newest approved version of each template for the audience, by name."""
        ...

    def get(self, key: str, version: int) -> Template | None: ...
    def add(self, template: Template) -> None: ...


class Quota(Protocol):
    """Mails of one calendar day of the workspace's zone; holds across replicas."""

    def used(self, day: date) -> int: ...
    def take(self, day: date, *, want: int, cap: int) -> int:
        """Reserve up to `want`; returns how many were granted. One conditional statement."""
        ...

    def give_back(self, day: date, count: int) -> None: ...


class Notices(Protocol):
    def raise_(
        self,
        *,
        key: str,
        kind: NoticeKind,
        subject: str,
        recipient: int | None,
        at: datetime,
        only_edit: bool = False,
    ) -> None:
        """New, or changed since it was posted. `subject` is the id of what it is about. `only_edit`: nothing new."""
        ...

    def raise_all(self, tellings: Iterable[Telling]) -> None:
        """The same for many at once; of several with one key the last."""
        ...

    def claim(self, *, at: datetime, lease_until: datetime, limit: int) -> list[Notice]: ...
    def posted(self, notice: Notice, *, channel: str, ts: str, at: datetime) -> None: ...
    def postpone(self, notice: Notice, *, until: datetime, error: str) -> None: ...
    def give_up(self, notice: Notice, *, error: str, at: datetime) -> None: ...
    def fold(self, *, raised_by: datetime, at: datetime, least: int, limit: int) -> Digest | None:
        """Take up to `limit` of A/R's alerts off the list that were never posted, were raised at `raised_by` or
        earlier, and are about nudges whose way has ended. None, and nothing changes, when they are fewer than `least`.
        """
        ...


class Audit(Protocol):
    def record(
        self,
        action: str,
        *,
        at: datetime,
        actor_id: int | None,
        subject: str,
        account_id: int | None = None,
        reason: Reason | None = None,
        before: Mapping[str, object] | None = None,
        after: Mapping[str, object] | None = None,
    ) -> None:
        """Append one `Entry`."""
        ...

    def record_all(self, entries: Iterable[Entry]) -> None:
        """Append many at once."""
        ...

    def of_account(self, account_id: int, limit: int = 50) -> list[Mapping[str, object]]: ...


class Requests(Protocol):
    def file(
        self,
        *,
        asked_by: int,
        reason: Reason,
        capability: Capability | None,
        account_id: int | None,
        at: datetime,
    ) -> tuple[int, bool]:
        """Returns the request's id and whether the same question was already waiting."""
        ...

    def get(self, request_id: int) -> AccessRequest | None: ...


class Organisation(Protocol):
    def get(self) -> Workspace: ...
    def save(self, workspace: Workspace) -> None: ...


class UnitOfWork(Protocol):
    """One transaction of one organisation. Leaving it cleanly commits, raising rolls back."""

    people: People
    accounts: Accounts
    messages: Messages
    decisions: Decisions
    oversight: Oversight
    templates: Templates
    quota: Quota
    notices: Notices
    audit: Audit
    requests: Requests
    organisation: Organisation


UnitOfWorkFactory = Callable[[], AbstractContextManager[UnitOfWork]]
"""Bound to one organisation by the composition root."""


class Profiles(Protocol):
    def profile(self, slack_user_id: str) -> Profile | None:
        """One call to Slack; None for bots and strangers. Raises Unavailable."""
        ...


class Announcer(Protocol):
    """Posts notices to Slack. Raises Rejected, Unavailable(retry_after) or Unknown."""

    def post(self, notice: Notice) -> tuple[str, str]:
        """Post or edit; returns (channel, ts)."""
        ...
