"""One organisation with four customers: its books and people change, and it knows what that forbids."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from itertools import count
from typing import Any

from sqlalchemy import Engine, delete, update

from domain.accounts import InvoiceState
from domain.commitments import DisputeState, PromiseState
from domain.messages import Message
from domain.outcomes import AlreadyQueued, NudgePreview, Queued, Refused
from domain.policy import Sending
from domain.timeline import Source
from domain.usecases.preview_nudge import preview_nudge
from domain.usecases.set_sending import set_sending
from domain.values import Role
from storage import tables
from tests import factories
from tests.builders import make_rulebook
from tests.integration.release.machine.moments import Time
from tests.stage import Stage, set_the_stage
from tests.unguarded import unguarded

CUSTOMERS, INVOICES_EACH = 4, 2
INVOICES = CUSTOMERS * INVOICES_EACH
DAY = timedelta(days=1)


class Change(StrEnum):
    """What happens to the books, to people and to the switch; a second time it is undone."""

    DISPUTE = "dispute"
    PAY = "pay"
    PROMISE = "promise"
    REPORT = "report"
    SUPPRESS = "suppress"
    LEGAL_HOLD = "legal hold"
    AUTOPILOT = "autopilot"
    LEAVE = "leave"
    AGE = "age"
    PAUSE = "pause"
    WRITE = "write"
    """An operator writes to the customer."""


class House:
    """Made once for a database; `begin` makes it new for each example.

    What is in force is remembered here, beside the rows: `forbidden` is the oracle and never reads them.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.stage: Stage = set_the_stage(engine, factories.make_organisation(engine))
        self.olga = self.stage.person(role=Role.OPERATOR)
        self.invoices, self.contacts = [], []
        for _ in range(CUSTOMERS):
            _, contact, invoices = factories.make_customer(
                engine, self.stage.org_id, invoices=INVOICES_EACH, country=None, owner_email=self.stage.rita.email
            )
            self.contacts.append(contact)
            self.invoices += invoices
        self.account_ids = [contact.account_id for contact in self.contacts]

    def begin(self, at: datetime, zones: tuple[str, str], **policy: Any) -> None:
        """Everything is as on the first day; the customers live in two zones."""
        stage = self.stage
        stage.clock.set(at)
        stage.rulebook = make_rulebook(**policy)
        stage.clicks = count(1)
        self.time = Time(stage.clock)
        self.zone_of = {contact.email: zones[index % 2] for index, contact in enumerate(self.contacts)}
        self.disputes: dict[int, int] = {}
        self.promises: dict[int, tuple[int, datetime | None]] = {}
        self.steps: dict[int, datetime] = {}
        self.written: dict[int, datetime] = {}
        self.paid: set[int] = set()
        self.suppressed: set[int] = set()
        self.on_hold: set[int] = set()
        self.has_left = self.is_stale = False
        self.paused_until: datetime | None = None
        with unguarded(self.engine) as connection:
            for table in _WRITTEN:
                connection.execute(delete(table))
            connection.execute(
                update(tables.invoices).values(state=InvoiceState.OPEN.value, balance=tables.invoices.c.amount)
            )
            connection.execute(update(tables.users).values(is_active=True))
            connection.execute(
                update(tables.organisations).values(sending=Sending.ON.value, sending_reason="", sending_until=None)
            )
            for index, account_id in enumerate(self.account_ids):
                connection.execute(
                    update(tables.accounts)
                    .where(tables.accounts.c.id == account_id)
                    .values(zone=zones[index % 2], legal_hold=None, synced_at=at)
                )

    def refresh(self) -> None:
        """The nightly import, whenever time has passed."""
        synced_at = self.stage.clock.now() - (3 * DAY if self.is_stale else timedelta(0))
        self._write(update(tables.accounts).values(synced_at=synced_at))

    def click(self, which: int) -> Message | None:
        """What the preview offers, or (every fourth time) one that it may not. Only the latest is ever queued."""
        stage, cited = self.stage, self.invoices[which]
        customer = which // INVOICES_EACH
        preview = preview_nudge(
            cited.account_id,
            actor=stage.actor(stage.rita),
            uow=stage.uow,
            clock=stage.clock,
            rulebook=stage.rulebook,
        )
        if isinstance(preview, NudgePreview) and which % 4:
            cited = preview.invoice
        outcome = stage.click(invoice=cited, contact=self.contacts[customer])
        assert isinstance(outcome, Queued | AlreadyQueued | Refused)
        if not isinstance(outcome, Queued):
            return None
        assert isinstance(preview, NudgePreview) and preview.invoice.number == cited.number
        assert not {"dispute", "paid", "promise", "suppressed"} & self.forbidden(
            self.contacts[customer].email, cited.number, stage.clock.now()
        )
        return outcome.message

    def change(self, change: Change, which: int) -> None:
        customer, invoice = which // INVOICES_EACH, self.invoices[which]
        org_id, account_id, now = self.stage.org_id, invoice.account_id, self.stage.clock.now()
        if change is Change.DISPUTE:
            if which in self.disputes:
                self._set(tables.disputes, self.disputes.pop(which), state=DisputeState.RESOLVED.value)
            else:
                self.disputes[which] = factories.make_dispute(
                    self.engine, org_id, account_id, [invoice.id], state=DisputeState.REPORTED
                )
        elif change is Change.PAY:
            self.paid.add(which)
            self._set(tables.invoices, invoice.id, state=InvoiceState.PAID.value, balance=0)
        elif change in (Change.PROMISE, Change.REPORT):
            if which in self.promises:
                self._set(tables.promises, self.promises.pop(which)[0], state=PromiseState.BROKEN.value)
            else:
                is_report = change is Change.REPORT
                state = PromiseState.REPORTED if is_report else PromiseState.OPEN
                until = now + 2 * DAY if is_report else None
                made = factories.make_promise(
                    self.engine, org_id, account_id, [invoice.id], state=state, hold_until=until
                )
                self.promises[which] = made, until
        elif change is Change.SUPPRESS:
            address = self.contacts[customer].email
            self._write(delete(tables.suppressions).where(tables.suppressions.c.email == address))
            if customer in self.suppressed:
                self.suppressed.remove(customer)
            else:
                factories.make_suppression(self.engine, org_id, email=address)
                self.suppressed.add(customer)
        elif change is Change.LEGAL_HOLD:
            self.on_hold ^= {customer}
            self._set(tables.accounts, account_id, legal_hold="In court" if customer in self.on_hold else None)
        elif change is Change.AUTOPILOT:
            if self.steps.pop(customer, None):
                mine = tables.autopilot_steps.c.account_id == account_id
                self._write(delete(tables.autopilot_steps).where(mine))
            else:
                self.steps[customer] = now + DAY
                factories.make_step(self.engine, org_id, account_id, due_at=now + DAY)
        elif change is Change.WRITE:
            if self.written.pop(customer, None):
                operators = tables.communications.c.source == Source.OPERATOR.value
                self._write(
                    delete(tables.communications).where(operators, tables.communications.c.account_id == account_id)
                )
            else:
                self.written[customer] = now
                factories.make_communication(
                    self.engine,
                    org_id,
                    account_id,
                    contact_id=self.contacts[customer].id,
                    source=Source.OPERATOR,
                    at=now,
                )
        elif change is Change.LEAVE:
            self.has_left = not self.has_left
            self._set(tables.users, self.stage.rita.id, is_active=not self.has_left)
        elif change is Change.AGE:
            self.is_stale = not self.is_stale
            self.refresh()
        else:
            self.paused_until = None if self.paused_until else now + timedelta(hours=1 + which)
            set_sending(
                Sending.PAUSED if self.paused_until else Sending.ON,
                reason="",
                until=self.paused_until,
                by="olga",
                uow=self.stage.uow,
                clock=self.stage.clock,
            )

    def settle(self) -> None:
        """Undo whatever is in force; what is paid stays paid."""
        for change, is_undone in (
            (Change.DISPUTE, list(self.disputes)),
            (Change.PROMISE, list(self.promises)),
            (Change.SUPPRESS, [customer * INVOICES_EACH for customer in self.suppressed]),
            (Change.LEGAL_HOLD, [customer * INVOICES_EACH for customer in self.on_hold]),
            (Change.AUTOPILOT, [customer * INVOICES_EACH for customer in self.steps]),
            (Change.WRITE, [customer * INVOICES_EACH for customer in self.written]),
            (Change.LEAVE, [0] * self.has_left),
            (Change.AGE, [0] * self.is_stale),
            (Change.PAUSE, [0] * (self.paused_until is not None)),
        ):
            for which in is_undone:
                self.change(change, which)

    def forbidden(self, address: str, subject: str, at: datetime) -> set[str]:
        """Why a mail about the invoice in `subject` to `address` may not leave at `at`."""
        customer = self.customer_at(address)
        which = next(index for index, invoice in enumerate(self.invoices) if invoice.number in subject)
        reasons = {
            "dispute": which in self.disputes,
            "paid": which in self.paid,
            "promise": which in self.promises and ((until := self.promises[which][1]) is None or at < until),
            "suppressed": customer in self.suppressed,
            "legal hold": customer in self.on_hold,
            "autopilot": customer in self.steps and -DAY < self.steps[customer] - at <= 2 * DAY,
            "written to": customer in self.written and at - self.written[customer] < DAY,
            "left": self.has_left,
            "stale": self.is_stale,
            "paused": self.paused_until is not None and at < self.paused_until,
        }
        return {reason for reason, is_so in reasons.items() if is_so}

    def customer_at(self, address: str) -> int:
        return next(index for index, contact in enumerate(self.contacts) if contact.email == address)

    def _set(self, table: Any, id: int, **values: Any) -> None:
        self._write(update(table).where(table.c.id == id).values(**values))

    def _write(self, statement: Any) -> None:
        with self.engine.begin() as connection:
            connection.execute(statement)


_WRITTEN = [
    tables.message_events,
    tables.messages,
    tables.notices,
    tables.audit,
    tables.communications,
    tables.segment_days,
    tables.sending_days,
    tables.sending_domains,
    tables.suppressions,
    tables.dispute_invoices,
    tables.disputes,
    tables.promise_invoices,
    tables.promises,
    tables.autopilot_steps,
    tables.heartbeats,
]
