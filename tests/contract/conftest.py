"""What most contracts need: somebody who nudges, and somebody who owes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine

from domain.accounts import Account, Contact, Invoice
from domain.messages import Message
from domain.ports import UnitOfWorkFactory
from domain.values import Person
from tests.factories import make_customer, make_template, make_user, new_message


@dataclass(frozen=True)
class Desk:
    rep: Person
    account: Account
    contact: Contact
    invoice: Invoice
    other_invoice: Invoice

    def message(self, **changes: Any) -> Message:
        """A new nudge about the first invoice."""
        given = {
            "account_id": self.account.id,
            "contact_id": self.contact.id,
            "invoice_id": self.invoice.id,
            "requested_by": self.rep.id,
        }
        return new_message(**given | changes)


@pytest.fixture
def desk(database: Engine, organisation: int) -> Desk:
    rep = make_user(database, organisation, email="rita@northwind.example")
    make_template(database, organisation)
    account, contact, invoices = make_customer(database, organisation, invoices=2, name="Acme Robotics GmbH")
    return Desk(rep, account, contact, *invoices)


@pytest.fixture
def queue(uow: UnitOfWorkFactory, desk: Desk) -> Callable[..., Message]:
    """Puts a new nudge into the queue."""

    def put(**changes: Any) -> Message:
        with uow() as work:
            added = work.messages.add(desk.message(**changes))
        assert added is not None
        return added

    return put
