"""The books of the house: opened from a script, and changed by what befalls its customers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, delete, insert, update

from domain.accounts import InvoiceState
from domain.commitments import DisputeState, PromiseState
from storage import tables
from tests import factories
from tests.integration.quarter.script import Customer, Event, Kind


@dataclass
class Books:
    """`begun`: the disputes' ids by customer and invoice."""

    engine: Engine
    org_id: int
    customers: Sequence[Customer]
    begun: dict[tuple[int, int], int] = field(default_factory=dict)

    def open(self, at: datetime) -> None:
        """The ids follow from the script, so that two databases have the same."""
        rows: dict[Any, list[dict[str, Any]]] = {
            table: [] for table in (tables.accounts, tables.contacts, tables.invoices, tables.pay_links)
        }
        for customer in self.customers:
            id, place = customer.index + 1, customer.place
            own = {"org_id": self.org_id, "account_id": id}
            rows[tables.accounts].append(
                {
                    "org_id": self.org_id,
                    "id": id,
                    "external_id": f"C-{id}",
                    "name": f"Customer {id}",
                    "country": place.country,
                    "region": place.region,
                    "zone": place.zone,
                    "industry": customer.industry.value if customer.industry else None,
                    "owner_email": "rita@northwind.example",
                    "synced_at": at,
                }
            )
            rows[tables.contacts].append(
                {
                    **own,
                    "id": id,
                    "email": customer.address,
                    "name": "Paula Payer",
                    "is_primary": True,
                    "is_valid": True,
                }
            )
            for number, bill in enumerate(customer.bills):
                invoice_id = _invoice_id(customer.index, number)
                rows[tables.invoices].append(
                    {
                        **own,
                        "id": invoice_id,
                        "number": bill.number,
                        "issued_on": bill.issued_on,
                        "due_on": bill.due_on,
                        "currency": "EUR",
                        "amount": bill.amount,
                        "balance": bill.amount,
                        "state": InvoiceState.OPEN.value,
                    }
                )
                url = f"https://pay.example/{invoice_id}"
                rows[tables.pay_links].append({"org_id": self.org_id, "invoice_id": invoice_id, "url": url})
        with self.engine.begin() as connection:
            for table, some in rows.items():
                connection.execute(insert(table), some)

    def import_again(self, at: datetime) -> None:
        self.write(update(tables.accounts).values(synced_at=at))

    def befalls(self, event: Event) -> None:
        assert event.customer is not None
        customer = self.customers[event.customer]
        account_id, invoice_id = event.customer + 1, _invoice_id(event.customer, event.bill)
        mine = tables.invoices.c.id == invoice_id
        engine, org_id = self.engine, self.org_id
        match event.kind:
            case Kind.PAY:
                self.write(update(tables.invoices).where(mine).values(balance=0, state=InvoiceState.PAID.value))
            case Kind.PAY_HALF:
                is_open = tables.invoices.c.state == InvoiceState.OPEN.value
                half = customer.bills[event.bill].amount // 2
                self.write(update(tables.invoices).where(mine, is_open).values(balance=half))
            case Kind.PROMISE | Kind.REPORT:
                is_report = event.kind is Kind.REPORT
                factories.make_promise(
                    engine,
                    org_id,
                    account_id,
                    [invoice_id],
                    state=PromiseState.REPORTED if is_report else PromiseState.OPEN,
                    due_on=event.due_on,
                    reported_at=event.at,
                    recorded_at=None if is_report else event.at,
                    hold_until=event.until,
                )
            case Kind.DISPUTE:
                given = {"state": DisputeState.OPEN, "opened_at": event.at}
                self.begun[event.customer, event.bill] = factories.make_dispute(
                    engine, org_id, account_id, [invoice_id], **given
                )
            case Kind.RESOLVE:
                id = self.begun[event.customer, event.bill]
                row = tables.disputes.c.id == id
                self.write(update(tables.disputes).where(row).values(state=DisputeState.RESOLVED.value))
            case Kind.HOLD | Kind.FREE:
                hold = "Insolvency" if event.kind is Kind.HOLD else None
                self.write(update(tables.accounts).where(tables.accounts.c.id == account_id).values(legal_hold=hold))
            case Kind.SUPPRESS:
                factories.make_suppression(engine, org_id, email=customer.address, since=event.at)
            case Kind.LIFT:
                self.write(delete(tables.suppressions).where(tables.suppressions.c.email == customer.address))

    def write(self, statement: Any) -> None:
        with self.engine.begin() as connection:
            connection.execute(statement)


def _invoice_id(customer: int, bill: int) -> int:
    return customer * 10 + bill + 1
