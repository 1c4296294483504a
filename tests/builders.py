"""Domain values with sensible defaults, for tests that need no database. Times are given, never read."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from connectors.calendars import PublicHolidays, TzdataZones
from domain.accounts import Account, Contact, Invoice, InvoiceState, PayLink
from domain.facts import AccountFacts
from domain.messages import Message, State
from domain.policy import Policy, Rulebook, Workspace
from domain.rules.allowance import slot_of
from domain.rules.guards import Case
from domain.rules.quiet_hours import Opening
from domain.rules.terms import terms_of, tree_of
from domain.templates import Audience, Template
from domain.values import Money, Person, Role
from domain.warming import Caps, SendingDay, SendingDomain, Slot, Volume, WarmUp
from storage.notation import write_document

MONDAY_TEN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # 10:00 in Berlin
MONDAY = MONDAY_TEN.date()


def make_person(**changes: Any) -> Person:
    given: dict[str, Any] = {
        "org_id": 1,
        "id": 1,
        "email": "rita@northwind.example",
        "name": "Rita Rep",
        "role": Role.SALES,
        "is_active": True,
        "zone": "Europe/Berlin",
    }
    return Person(**given | changes)


def make_account(**changes: Any) -> Account:
    given: dict[str, Any] = {
        "id": 1,
        "external_id": "C-1",
        "name": "Acme Robotics GmbH",
        "country": "DE",
        "zone": "Europe/Berlin",
        "owner_email": "rita@northwind.example",
        "synced_at": MONDAY_TEN - timedelta(hours=2),
    }
    return Account(**given | changes)


def make_contact(**changes: Any) -> Contact:
    given: dict[str, Any] = {"id": 1, "account_id": 1, "name": "Paula Payer", "email": "paula@acme.example"}
    return Contact(**given | {"is_primary": True} | changes)


def make_invoice(**changes: Any) -> Invoice:
    given: dict[str, Any] = {
        "id": 1,
        "account_id": 1,
        "number": "INV-1",
        "issued_on": date(2026, 10, 1),
        "due_on": date(2026, 10, 31),
        "amount": Money(1_240_000, "EUR"),
        "balance": Money(1_240_000, "EUR"),
        "state": InvoiceState.OPEN,
        "pay_link": PayLink("https://pay.plixo.example/abc"),
    }
    return Invoice(**given | changes)


def make_facts(**changes: Any) -> AccountFacts:
    given: dict[str, Any] = {
        "account": make_account(),
        "contacts": (make_contact(),),
        "invoices": (make_invoice(),),
    }
    return AccountFacts(**given | changes)


def make_workspace(**changes: Any) -> Workspace:
    given: dict[str, Any] = {"org_id": 1, "name": "Northwind Machines", "zone": "Europe/Berlin", "country": "DE"}
    return Workspace(**given | changes)


def make_rulebook(**policy: Any) -> Rulebook:
    """The sending domain is in use already, unless a ramp is given: other tests do not wait for days to count."""
    given = {"warm_up": WarmUp(ramp=())} | policy
    return Rulebook(policy=Policy(**given), zones=TzdataZones(), holidays=PublicHolidays())


def make_policy_text(*, zone: str = "Europe/Berlin", country: str | None = "DE", **policy: Any) -> str:
    """The document that says what `Policy(**policy)` says."""
    return write_document(tree_of(terms_of(Policy(**policy), zone=zone, country=country)))


def make_template(**changes: Any) -> Template:
    given: dict[str, Any] = {
        "key": "friendly",
        "version": 1,
        "name": "Friendly check-in",
        "tone": "Neutral",
        "audience": Audience.SALES,
        "subject": "Invoice {invoice_number}",
        "body": "Dear {customer_name},\n\n{invoice_number} over {invoice_balance} was due on {due_date}.\n\n{pay_link}",
    }
    return Template(**given | changes)


def make_message(**changes: Any) -> Message:
    given: dict[str, Any] = {
        "id": "a" * 32,
        "account_id": 1,
        "contact_id": 1,
        "invoice_id": 1,
        "template_key": "friendly",
        "template_version": 1,
        "requested_by": 1,
        "requested_at": MONDAY_TEN - timedelta(hours=12),
        "origin": "view:1",
        "state": State.QUEUED,
        "leaves_at": MONDAY_TEN,
        "expires_at": MONDAY_TEN + timedelta(hours=72),
    }
    return Message(**given | changes)


def make_volume(day: date = MONDAY, **counts: int) -> Volume:
    """A sending domain that is new, and what left on one day."""
    return Volume(SendingDomain("example.com"), {day: SendingDay(day, **counts)})


def make_slot(day: date = MONDAY, hour: int = 10, domain: str = "example.com") -> Slot:
    """An hour of a day in UTC."""
    begins = datetime.combine(day, time(0), tzinfo=UTC)
    ends = begins + timedelta(hours=hour + 1)
    return Slot(domain, day, hour, hour_ends=ends, day_ends=begins + timedelta(days=1))


def make_caps(day: int, **changes: int) -> Caps:
    """So many mails a day; nothing is kept for anybody, unless it is said."""
    return Caps(**{"day": day, "day_steps": day, "hour": 1_000_000, "hour_steps": 1_000_000} | changes)


def make_case(**changes: Any) -> Case:
    at = changes.pop("at", MONDAY_TEN)
    given: dict[str, Any] = {
        "workspace": make_workspace(),
        "person": make_person(),
        "facts": make_facts(),
        "invoice": make_invoice(),
        "contact": make_contact(),
        "policy": Policy(),
        "at": at,
        "opening": Opening(at=at, closes=at + timedelta(hours=8)),
        "volume": make_volume(),
    }
    given |= changes
    rulebook = Rulebook(policy=given["policy"], zones=TzdataZones(), holidays=PublicHolidays())
    return Case(**{"slot": slot_of(at, given["workspace"], rulebook)} | given)
