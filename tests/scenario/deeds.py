"""Every listener as a deed: what it is about, made fresh, and what sending it would change, for whoever may.

A deed is sent for all nine roles, and with each of its fields altered (`test_deeds`); the fuzz sends what is not so
well behaved (`test_fuzz`). A new listener needs a line in one of the `deeds_of_*` modules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from domain.accounts import Account, Contact, Invoice
from domain.commitments import DisputeState, PromiseState
from domain.messages import State
from domain.reporting import DisputeDraft, PromiseDraft, Reported
from domain.rules.access import MATRIX
from domain.templates import Audience
from domain.values import Actor, Capability, Money, Role
from domain.values import Person as User
from handlers.cases import Cases
from handlers.seal import Kind
from storage import tables
from tests import factories
from tests.scenario.drafts import draft_step
from tests.scenario.fields import Fields, Sealed
from tests.scenario.fuzz_ground import Ground
from tests.scenario.fuzz_hand import listeners
from tests.stage import EVENING

EVERYONE = frozenset(Role)


def those_who(*capabilities: Capability) -> frozenset[Role]:
    return frozenset().union(*(MATRIX[one] for one in capabilities))


@dataclass(frozen=True)
class Held:
    """What a request carries. `value` is a button's or what a window was opened with; `text` what was typed."""

    value: Sealed | str = ""
    fields: Fields = field(default_factory=dict)
    text: str = ""
    picked: Sealed | None = None
    """The option of a menu in a window: the value is then what the window was opened with."""
    event: Mapping[str, Any] | None = None
    where: str = "modal"
    """`modal`, `message`, `own` or `home`: where a button stands."""


@dataclass(frozen=True)
class Deed:
    """`may`: who does it, of their own accounts where their role is scoped. `writes`: the tables that change then,
    beside the audit log and what is to be told; `or_writes` those that may when its fields say something else, `along`
    those that do when there is something to do in them.
    `is_scoped`: it is about one account."""

    listener: str
    ready: Callable[[Scene], Held]
    may: frozenset[Role] = EVERYONE
    writes: frozenset[str] = frozenset()
    or_writes: frozenset[str] = frozenset()
    along: frozenset[str] = frozenset()
    is_scoped: bool = False
    is_audited: bool = True
    what: str = ""
    is_typing: bool = False
    """Suggestions while somebody types, where a menu with the same name also tells what was chosen."""

    @property
    def id(self) -> str:
        return " ".join(filter(None, (self.listener, self.what, "while typing" if self.is_typing else "")))

    @property
    def kind(self) -> str:
        """Of the request."""
        fitting = [kind for kind, names in listeners().items() if self.listener in names]
        return "block_suggestion" if self.is_typing else fitting[0]


def deed(listener: str, ready: Callable[[Scene], Held], **more: Any) -> Deed:
    """Tables are given as one text."""
    tables = {name: frozenset(more.get(name, "").split()) for name in ("writes", "or_writes", "along")}
    return Deed(listener, ready, **{**more, **tables})


_numbers = count(1)


@dataclass
class Scene:
    """Makes what a deed of `user` is about. `owner` is whose account it is: their own unless told otherwise."""

    ground: Ground
    user: User
    owner: str

    def customer(self) -> tuple[Account, Contact, Invoice]:
        account, contact, (invoice,) = factories.make_customer(
            self._engine,
            self._org,
            name=f"Customer of deed {next(_numbers)}",
            owner_email=self.owner,
            synced_at=EVENING,
        )
        return account, contact, invoice

    def account(self) -> Account:
        return factories.make_account(self._engine, self._org, owner_email=self.owner, synced_at=EVENING)

    def of_account(self) -> Sealed:
        return Sealed(Kind.ACCOUNT, (self.account().id, 0))

    def nudge(self, state: State = State.QUEUED, *, by: User | None = None) -> Sealed:
        account, contact, invoice = self.customer()
        at = self.ground.office.clock.now()
        made = factories.make_message(
            self._engine,
            self._org,
            id=uuid4().hex,
            account_id=account.id,
            contact_id=contact.id,
            invoice_id=invoice.id,
            requested_by=(by or self.user).id,
            requested_at=at,
            leaves_at=at + timedelta(hours=10),
            expires_at=at + timedelta(hours=72),
            state=state,
            held_by=self.ground.people[Role.OPERATOR].id if state is State.HELD else None,
            doubtful_since=at if state is State.UNCONFIRMED else None,
        )
        return Sealed(Kind.NUDGE, (made.id,))

    def report(self, *, is_dispute: bool = False) -> tuple[int, Account, Invoice]:
        """Reported by the one who owns the account, a minute ago."""
        account, _, invoice = self.customer()
        at, ours = self.ground.office.clock.now(), frozenset({invoice.id})
        reporter = self.cases(self.ground.people[Role.OPERATOR])
        origin = f"view:deed{next(_numbers)}"
        if is_dispute:
            disputed = DisputeDraft(account.id, ours, "Broken.", None, None, said_at=at - timedelta(minutes=1))
            outcome = reporter.report_dispute(disputed, origin=origin)
        else:
            due, owed = at.date() + timedelta(days=4), Money(1_000, "EUR")
            promised = PromiseDraft(account.id, ours, owed, due, None, said_at=at - timedelta(minutes=1))
            outcome = reporter.report_promise(promised, origin=origin)
        assert isinstance(outcome, Reported), outcome
        return outcome.story.report.id, account, invoice

    def reported(self, *, is_dispute: bool = False) -> Sealed:
        report_id, account, _ = self.report(is_dispute=is_dispute)
        return Sealed(Kind.REPORT, (report_id, account.id))

    def another_operator(self) -> Sealed:
        """Beside the one of the cast, and there."""
        return Sealed(Kind.PERSON, (factories.make_user(self._engine, self._org, role=Role.OPERATOR).id,))

    def promise(self) -> Sealed:
        account, _, invoice = self.customer()
        id = factories.make_promise(self._engine, self._org, account.id, [invoice.id], state=PromiseState.OPEN)
        return Sealed(Kind.PROMISE, (id, account.id))

    def dispute(self) -> Sealed:
        account, _, invoice = self.customer()
        id = factories.make_dispute(self._engine, self._org, account.id, [invoice.id], state=DisputeState.OPEN)
        return Sealed(Kind.DISPUTE, (id, account.id))

    def step_draft(self) -> int:
        """A step of Autopilot for a new customer, drafted; its id."""
        account, contact, _ = self.customer()
        world, at = self.ground.office.bot.world, self.ground.office.clock.now()
        return draft_step(world, self._org, account.id, contact.id, at=at)

    def note(self, *, by: User | None = None, is_pinned: bool = False) -> tuple[int, int]:
        """Its id and version; written by one of those who write."""
        account, id = self.account(), 0
        id = factories.make_note(
            self._engine, self._org, account.id, author=(by or self.user).name, is_pinned=is_pinned, written_at=EVENING
        )
        self._add(
            tables.note_versions, note_id=id, version=1, author_id=(by or self.user).id, body="As it was.", at=EVENING
        )
        return id, 1

    def draft_of_text(self, *, needs_legal: bool = False) -> Sealed:
        key = f"deed-{next(_numbers)}"
        self._add(
            tables.templates,
            key=key,
            version=1,
            name="A draft",
            tone="Neutral",
            audience="sales",
            subject="{invoice_number}",
            body="{pay_link}",
            state="draft",
            drafted_by="somebody@northwind.example",
            drafted_at=EVENING,
            needs_legal=needs_legal,
        )
        return Sealed(Kind.EDITION, (f"template:{key}:1",))

    def draft_of_document(self) -> Sealed:
        """Of the segments: says what is in force, so that it fits."""
        with self._engine.connect() as connection:
            documents = tables.documents.c
            of_segments = (documents.org_id == self._org) & (documents.kind == "segments")
            body = connection.execute(select(documents.body).where(of_segments).limit(1)).scalar_one()
        number = 100 + next(_numbers)
        self._add(
            tables.documents,
            kind="segments",
            version=number,
            body=body,
            state="draft",
            made_by="somebody@northwind.example",
            made_at=EVENING,
        )
        return Sealed(Kind.EDITION, (f"segments:{number}",))

    def live_text(self) -> Sealed:
        return Sealed(Kind.EDITION, (f"template:{self.text_to_send()}:1",))

    def text_to_send(self) -> str:
        """The key of an approved template for this person's nudges."""
        audience = Audience.CSM if self.user.role is Role.CSM else Audience.SALES
        key = f"deed-{next(_numbers)}"
        factories.make_template(self._engine, self._org, key=key, audience=audience)
        return key

    def _add(self, table: Any, **values: Any) -> int:
        return factories.add_row(self._engine, table, org_id=self._org, **values)

    def cases(self, person: User) -> Cases:
        world = self.ground.office.bot.world
        return Cases(
            actor=Actor(org_id=self._org, user_id=person.id, zone="Europe/Berlin"),
            uow=world.uow_for(self._org),
            clock=self.ground.office.clock,
            rulebook=world.rulebook_for(self._org),
        )

    def of(self, role: Role) -> Scene:
        """The same stage with somebody else as the one who acts."""
        person = self.ground.people[role]
        return replace(self, user=person, owner=person.email)

    def number(self) -> int:
        return next(_numbers)

    @property
    def _engine(self) -> Any:
        return self.ground.office.bot.world.across

    @property
    def _org(self) -> int:
        return self.ground.org_id
