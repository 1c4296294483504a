"""Rows with sensible defaults, put straight into the database: what tests arrange, in one line each.

Every function takes the engine and the organisation, then keywords, and returns the domain's entity where there is
one, else the row's id. Names, numbers and addresses count up by themselves. Times are given, never read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, Table, insert

from domain.accounts import Account, Contact, Invoice, InvoiceState, PayLink, SuppressionReason
from domain.commitments import DisputeState, PromiseState
from domain.messages import Message, State
from domain.notices import NoticeKind
from domain.templates import Audience, Template, TemplateState
from domain.timeline import Department, Source, StepState
from domain.values import Capability, Money, Person, Role
from storage import tables
from storage.directory import Directory
from storage.search_keys import keys_of

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""A Monday in the middle of everybody's tests."""

TODAY = NOON.date()

_numbers = count(1)
_AMOUNT = Money(1_240_000, "EUR")
_LINK = PayLink("https://pay.example/secret")


def add_row(engine: Engine, table: Table, **values: Any) -> int:
    """One row; returns its id."""
    with engine.begin() as connection:
        return int(connection.execute(insert(table).values(**values).returning(table.c.id)).scalar_one())


def make_organisation(
    engine: Engine, *, name: str = "Northwind", zone: str = "Europe/Berlin", country: str | None = "DE"
) -> int:
    return Directory(engine).create_organisation(name, zone, country, NOON)


def make_user(
    engine: Engine,
    org_id: int,
    *,
    email: str | None = None,
    name: str = "Rita Rep",
    role: Role = Role.SALES,
    is_active: bool = True,
    zone: str | None = "Europe/Berlin",
    locale: str | None = "en-GB",
    slack_user_id: str | None = None,
) -> Person:
    number = next(_numbers)
    values: dict[str, Any] = {
        "email": (email or f"person{number}@northwind.example").lower(),
        "name": name,
        "is_active": is_active,
        "zone": zone,
        "locale": locale,
        "slack_user_id": slack_user_id or f"U{number:06}",
    }
    id = add_row(engine, tables.users, org_id=org_id, role=role.value, **values)
    return Person(org_id=org_id, id=id, role=role, **values)


def make_grant(
    engine: Engine,
    org_id: int,
    user_id: int,
    *,
    role: Role | None = None,
    capability: Capability | None = None,
    until: datetime | None = None,
    by: str = "controller@northwind.example",
    at: datetime = NOON,
) -> int:
    return add_row(
        engine,
        tables.grants,
        org_id=org_id,
        user_id=user_id,
        role=role.value if role else None,
        capability=capability.value if capability else None,
        until=until,
        granted_by=by,
        granted_at=at,
    )


def make_account(
    engine: Engine,
    org_id: int,
    *,
    name: str | None = None,
    external_id: str | None = None,
    aliases: Iterable[str] = (),
    country: str | None = "DE",
    region: str | None = None,
    zone: str | None = "Europe/Berlin",
    industry: str | None = None,
    domain: str | None = None,
    owner_email: str | None = "rita@northwind.example",
    legal_hold: str | None = None,
    renewal_on: date | None = None,
    risk: str | None = None,
    synced_at: datetime | None = NOON - timedelta(hours=2),
) -> Account:
    """With the keys it is found by."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "external_id": external_id or f"C-{number:05}",
        "name": name or f"Customer {number}",
        "country": country,
        "region": region,
        "zone": zone,
        "industry": industry,
        "domain": domain,
        "owner_email": owner_email.lower() if owner_email else None,
        "legal_hold": legal_hold,
        "renewal_on": renewal_on,
        "risk": risk,
        "synced_at": synced_at,
    }
    id = add_row(engine, tables.accounts, org_id=org_id, **values)
    keys = keys_of(name=values["name"], external_id=values["external_id"], aliases=aliases, domain=domain)
    with engine.begin() as connection:
        connection.execute(
            insert(tables.account_keys),
            [
                {"org_id": org_id, "account_id": id, "kind": k.kind.value, "shown": k.shown, "folded": k.folded}
                for k in keys
            ],
        )
    return Account(id=id, **values)


def make_contact(
    engine: Engine,
    org_id: int,
    account_id: int,
    *,
    email: str | None = None,
    name: str = "Paula Payer",
    is_primary: bool = True,
    is_valid: bool = True,
    zone: str | None = None,
) -> Contact:
    """Findable by its address."""
    values: dict[str, Any] = {
        "account_id": account_id,
        "email": email or f"payer{next(_numbers)}@customer.example",
        "name": name,
        "is_primary": is_primary,
        "is_valid": is_valid,
        "zone": zone,
    }
    id = add_row(engine, tables.contacts, org_id=org_id, **values)
    for key in keys_of(name="", external_id="", emails=[values["email"]]):
        add_row(
            engine,
            tables.account_keys,
            org_id=org_id,
            account_id=account_id,
            kind=key.kind.value,
            shown=key.shown,
            folded=key.folded,
        )
    return Contact(id=id, **values)


def make_suppression(
    engine: Engine,
    org_id: int,
    *,
    email: str,
    reason: SuppressionReason = SuppressionReason.OPTED_OUT,
    until: date | None = None,
    since: datetime = NOON,
) -> int:
    return add_row(
        engine,
        tables.suppressions,
        org_id=org_id,
        email=email.lower(),
        reason=reason.value,
        until=until,
        since=since,
    )


def make_invoice(
    engine: Engine,
    org_id: int,
    account_id: int,
    *,
    number: str | None = None,
    amount: Money = _AMOUNT,
    balance: Money | None = None,
    issued_on: date = TODAY - timedelta(days=50),
    due_on: date = TODAY - timedelta(days=20),
    state: InvoiceState = InvoiceState.OPEN,
    paid_on: date | None = None,
    pay_link: PayLink | None = _LINK,
) -> Invoice:
    """Open and 20 days late, with a live pay link of its own."""
    count_ = next(_numbers)
    if balance is None:
        balance = amount if state is InvoiceState.OPEN else Money(0, amount.currency)
    values: dict[str, Any] = {
        "account_id": account_id,
        "number": number or f"INV-{count_:05}",
        "issued_on": issued_on,
        "due_on": due_on,
    }
    id = add_row(
        engine,
        tables.invoices,
        org_id=org_id,
        **values,
        currency=amount.currency,
        amount=amount.minor,
        balance=balance.minor,
        state=state.value,
        paid_on=paid_on,
    )
    if pay_link is not None:
        pay_link = PayLink(f"{pay_link.url}/{count_}", pay_link.expires_at)
        add_row(
            engine,
            tables.pay_links,
            org_id=org_id,
            invoice_id=id,
            url=pay_link.url,
            expires_at=pay_link.expires_at,
        )
    return Invoice(id=id, **values, amount=amount, balance=balance, state=state, pay_link=pay_link)


def make_payment(
    engine: Engine,
    org_id: int,
    account_id: int,
    *,
    amount: Money,
    invoice_id: int | None = None,
    received_on: date = TODAY,
    reference: str = "",
) -> int:
    """Unapplied cash unless an invoice is given."""
    return add_row(
        engine,
        tables.payments,
        org_id=org_id,
        account_id=account_id,
        invoice_id=invoice_id,
        external_id=f"P-{next(_numbers):05}",
        received_on=received_on,
        currency=amount.currency,
        amount=amount.minor,
        reference=reference,
    )


def make_promise(
    engine: Engine,
    org_id: int,
    account_id: int,
    invoice_ids: Iterable[int] = (),
    *,
    state: PromiseState = PromiseState.OPEN,
    amount: Money | None = None,
    due_on: date | None = None,
    reported_at: datetime = NOON - timedelta(days=1),
    hold_until: datetime | None = None,
    recorded_at: datetime | None = None,
    decided_at: datetime | None = None,
    paid: int | None = None,
    owed_then: Mapping[int, int] | None = None,
) -> int:
    """`owed_then`: the balance of each invoice when it was promised, in minor units."""
    id = add_row(
        engine,
        tables.promises,
        org_id=org_id,
        account_id=account_id,
        currency=amount.currency if amount else None,
        amount=amount.minor if amount else None,
        due_on=due_on,
        state=state.value,
        reported_at=reported_at,
        hold_until=hold_until,
        recorded_at=recorded_at,
        decided_at=decided_at,
        paid=paid,
    )
    for invoice_id in invoice_ids:
        balance = (owed_then or {}).get(invoice_id)
        add_row(engine, tables.promise_invoices, org_id=org_id, promise_id=id, invoice_id=invoice_id, balance=balance)
    return id


def make_dispute(
    engine: Engine,
    org_id: int,
    account_id: int,
    invoice_ids: Iterable[int] = (),
    *,
    state: DisputeState = DisputeState.OPEN,
    reason: str = "Wrong quantity",
    amount: Money | None = None,
    opened_at: datetime = NOON - timedelta(days=1),
    owner: str | None = None,
    answer_due_at: datetime | None = None,
) -> int:
    id = add_row(
        engine,
        tables.disputes,
        org_id=org_id,
        account_id=account_id,
        reason=reason,
        currency=amount.currency if amount else None,
        amount=amount.minor if amount else None,
        state=state.value,
        opened_at=opened_at,
        owner=owner,
        answer_due_at=answer_due_at,
    )
    for invoice_id in invoice_ids:
        add_row(engine, tables.dispute_invoices, org_id=org_id, dispute_id=id, invoice_id=invoice_id)
    return id


def make_note(
    engine: Engine,
    org_id: int,
    account_id: int,
    *,
    body: str = "Asked for a copy of the invoice.",
    department: Department = Department.AR,
    author: str = "Olga Operator",
    written_at: datetime = NOON - timedelta(days=3),
    is_pinned: bool = False,
) -> int:
    return add_row(
        engine,
        tables.notes,
        org_id=org_id,
        account_id=account_id,
        department=department.value,
        author=author,
        body=body,
        written_at=written_at,
        is_pinned=is_pinned,
    )


def make_communication(
    engine: Engine,
    org_id: int,
    account_id: int,
    *,
    contact_id: int | None = None,
    source: Source = Source.AUTOPILOT,
    subject: str = "Reminder",
    at: datetime = NOON - timedelta(days=2),
    invoice_id: int | None = None,
    message_id: str | None = None,
) -> int:
    return add_row(
        engine,
        tables.communications,
        org_id=org_id,
        account_id=account_id,
        contact_id=contact_id,
        source=source.value,
        subject=subject,
        at=at,
        invoice_id=invoice_id,
        message_id=message_id,
    )


def make_step(
    engine: Engine,
    org_id: int,
    account_id: int,
    *,
    name: str = "Step 2",
    tone: str = "Neutral",
    state: StepState = StepState.SCHEDULED,
    due_at: datetime = NOON + timedelta(days=5),
    sent_at: datetime | None = None,
    sequence_id: int | None = None,
) -> int:
    """A step of another sender's sequence, or of our own when it is named."""
    return add_row(
        engine,
        tables.autopilot_steps,
        org_id=org_id,
        account_id=account_id,
        name=name,
        tone=tone,
        state=state.value,
        due_at=due_at,
        sent_at=sent_at,
        sequence_id=sequence_id,
    )


def make_template(
    engine: Engine,
    org_id: int,
    *,
    key: str = "friendly",
    version: int = 1,
    name: str = "Friendly reminder",
    tone: str = "Neutral",
    audience: Audience = Audience.SALES,
    subject: str = "Invoice {invoice_number}",
    body: str = "Dear {customer_name},\n\n{invoice_balance} was due on {due_date}: {pay_link}\n\n{sender_name}",
    state: TemplateState = TemplateState.APPROVED,
    approved_by: str | None = "controller@northwind.example",
    approved_at: datetime | None = NOON - timedelta(days=30),
) -> Template:
    values: dict[str, Any] = {
        "key": key,
        "version": version,
        "name": name,
        "tone": tone,
        "subject": subject,
        "body": body,
        "approved_by": approved_by,
        "approved_at": approved_at,
    }
    add_row(engine, tables.templates, org_id=org_id, audience=audience.value, state=state.value, **values)
    return Template(audience=audience, state=state, **values)


def new_message(
    *,
    account_id: int,
    contact_id: int,
    invoice_id: int,
    requested_by: int | None,
    id: str | None = None,
    origin: str | None = None,
    template_key: str = "friendly",
    template_version: int = 1,
    requested_at: datetime = NOON,
    state: State = State.QUEUED,
    leaves_at: datetime = NOON,
    expires_at: datetime = NOON + timedelta(hours=72),
    **more: Any,
) -> Message:
    """A message that is in no database yet."""
    return Message(
        id=id or uuid4().hex,
        account_id=account_id,
        contact_id=contact_id,
        invoice_id=invoice_id,
        template_key=template_key,
        template_version=template_version,
        requested_by=requested_by,
        requested_at=requested_at,
        origin=origin or uuid4().hex,
        state=state,
        leaves_at=leaves_at,
        expires_at=expires_at,
        **{"changed_at": requested_at, **more},
    )


def make_message(engine: Engine, org_id: int, *, claimed_until: datetime | None = None, **fields: Any) -> Message:
    """A row of the queue in any state, without its history. Fields as in `new_message`."""
    message = new_message(**fields)
    values = {name: getattr(message, name) for name in Message.__slots__}
    values |= {"state": message.state.value, "reason": message.reason.value if message.reason else None}
    values["source"] = message.source.value
    with engine.begin() as connection:
        connection.execute(insert(tables.messages).values(org_id=org_id, claimed_until=claimed_until, **values))
    return message


def make_notice(
    engine: Engine,
    org_id: int,
    *,
    key: str | None = None,
    kind: NoticeKind = NoticeKind.AR_ALERT,
    subject: str = "nudge",
    recipient: int | None = None,
    due_at: datetime = NOON,
) -> str:
    """Waiting to be posted; returns its key."""
    key = key or f"notice-{next(_numbers)}"
    add_row(
        engine,
        tables.notices,
        org_id=org_id,
        key=key,
        kind=kind.value,
        subject=subject,
        recipient=recipient,
        state="pending",
        due_at=due_at,
        changed_at=due_at,
    )
    return key


def make_customer(
    engine: Engine, org_id: int, *, invoices: int = 1, **account: Any
) -> tuple[Account, Contact, list[Invoice]]:
    """An account with its contact and late invoices: what a nudge is about."""
    made = make_account(engine, org_id, **account)
    contact = make_contact(engine, org_id, made.id)
    return made, contact, [make_invoice(engine, org_id, made.id) for _ in range(invoices)]
