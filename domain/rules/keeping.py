"""Whether a promise was kept: decided by payments, once, on the customer's own calendar.

What "arrived" means (decided; see docs/decisions/015): payments speak, by the day on which the books say that the
money came in, and a payment that was taken back counts against. Only where the books hold no payment on an invoice at
all since it was promised, the fall of its balance is asked: many books carry balances alone. A balance would be the
worse witness where there are both: it also falls by credit notes, and is replaced by every import.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.commitments import PromiseState
from domain.keeping import Decision, Kept, KeptRate, OpenPromise, PromisedInvoice, Received, Share
from domain.rules.business_days import BusinessCalendar
from domain.values import Money

GRACE = 2
"""Business days after the promised day in which money still counts (decided in the product's domain notes)."""
OPEN_ENDED = timedelta(days=30)
"""A promise without a day is watched so long after it was recorded. Then it ends as withdrawn, never as broken: it
holds nudges, and without a limit it would hold them for ever (decided)."""
BOOKS_LATE = timedelta(days=3)
"""Nobody is called a promise breaker by books that were last read before the grace ended. So long they are waited for;
then the promise is decided by what they show, or it would hold nudges for as long as an import fails (decided)."""
ENOUGH = 3
"""Fewer decided promises say nothing about a customer (decided, as for paid invoices)."""
RATED_OVER, RATED_OVER_OF_ONE = timedelta(days=90), timedelta(days=365)
"""Of everybody's promises those of a quarter count; of one customer's those of a year, or there would be too few to say
anything (decided)."""
TARGET = 0.9
"""Kept rate that is aimed at: more than this (the product's number)."""

NOTHING_OWED = "The invoices were cancelled in the books, so nothing is left to be paid."
NO_DAY = "No day was named, and the promise was not kept within 30 days after it was recorded."

COUNTED = frozenset({PromiseState.KEPT, PromiseState.PARTIALLY_KEPT, PromiseState.BROKEN})
"""The ends that say something about a customer's word."""


@dataclass(frozen=True, slots=True)
class Window:
    """What counts: money that came in on the customer's days `[since, until]`; it ends at `ends_at`."""

    since: date
    until: date
    ends_at: datetime


def window_of(promise: OpenPromise, calendar: BusinessCalendar) -> Window:
    """From the day on which it was said to the end of the grace, or of the time an open-ended one is watched."""
    since = calendar.day_of(promise.said_at)
    if promise.due_on is not None:
        until = calendar.after(promise.due_on, GRACE)
    else:
        until = calendar.day_of(promise.recorded_at) + OPEN_ENDED
    return Window(since, until, calendar.end_of(until))


def decide(promise: OpenPromise, *, calendar: BusinessCalendar, at: datetime) -> Decision | None:
    """What becomes of it at `at`; None while it stays open.

    Kept as soon as enough has arrived. After the grace: partially kept when something arrived in time, else broken.
    What came in after the grace changes nothing, however late it is looked at.
    """
    window = window_of(promise, calendar)
    counted = _count(promise, window, today=calendar.latest_day_of(at))

    def become(to: PromiseState, why: str) -> Decision:
        return Decision(promise.id, to, at, counted.paid(promise.amount), why)

    if counted.is_enough(promise.amount):
        return become(PromiseState.KEPT, "")
    if counted.is_void:
        return become(PromiseState.WITHDRAWN, NOTHING_OWED)
    if at < window.ends_at or not _books_are_in(promise, window, at):
        return None
    if promise.due_on is None:
        return become(PromiseState.WITHDRAWN, NO_DAY)
    return become(PromiseState.PARTIALLY_KEPT if counted.is_something(promise.amount) else PromiseState.BROKEN, "")


def _books_are_in(promise: OpenPromise, window: Window, at: datetime) -> bool:
    read_at = promise.account.synced_at
    return (read_at is not None and read_at >= window.ends_at) or at >= window.ends_at + BOOKS_LATE


@dataclass(frozen=True, slots=True)
class _OnInvoice:
    arrived: int
    is_settled: bool


@dataclass(frozen=True, slots=True)
class _Counted:
    """What arrived in time, by currency. `is_settled`: nothing was left to pay at the end of what counts."""

    arrived: dict[str, int]
    is_settled: bool
    is_void: bool

    def is_something(self, amount: Money | None) -> bool:
        sums = self.arrived.values() if amount is None else [self.arrived.get(amount.currency, 0)]
        return any(minor > 0 for minor in sums)

    def is_enough(self, amount: Money | None) -> bool:
        if self.is_settled:
            return True
        return amount is not None and self.arrived.get(amount.currency, 0) >= amount.minor

    def paid(self, amount: Money | None) -> Money | None:
        if amount is not None:
            return Money(self.arrived.get(amount.currency, 0), amount.currency)
        if len(self.arrived) != 1:
            return None
        ((currency, minor),) = self.arrived.items()
        return Money(minor, currency)


def _count(promise: OpenPromise, window: Window, *, today: date) -> _Counted:
    payments = [one for one in promise.payments if window.since <= one.received_on <= today]
    arrived: dict[str, int] = {}
    if not promise.invoices:
        for one in payments:
            if one.received_on <= window.until:
                arrived[one.currency] = arrived.get(one.currency, 0) + one.minor
        # "They will pay" without an invoice or an amount is kept by paying.
        paid_at_all = promise.amount is None and any(minor > 0 for minor in arrived.values())
        return _Counted(arrived, is_settled=paid_at_all, is_void=False)
    each = []
    for invoice in promise.invoices:
        mine = [one for one in payments if one.invoice_id == invoice.id]
        if invoice.is_void and not mine:
            continue
        on_it = _by_payments(invoice, mine, window) if mine else _by_balance(invoice, window)
        arrived[invoice.currency] = arrived.get(invoice.currency, 0) + on_it.arrived
        each.append(on_it)
    return _Counted(arrived, is_settled=bool(each) and all(one.is_settled for one in each), is_void=not each)


def _by_payments(invoice: PromisedInvoice, payments: Sequence[Received], window: Window) -> _OnInvoice:
    """What came in by the end counts; what came later is put back on the balance to see what was left then."""
    in_time = [one.minor for one in payments if one.received_on <= window.until]
    late = sum(one.minor for one in payments if one.received_on > window.until)
    arrived = sum(in_time)
    left = invoice.owes + late
    if invoice.owed_then is not None:
        by_payments = invoice.owed_then - arrived
        # A balance lies below what payments leave after a credit note, or because it does not know yet that one of
        # them was taken back: then the payments are believed.
        was_taken_back = any(one.minor < 0 for one in payments)
        left = max(left, by_payments) if was_taken_back else min(left, by_payments)
    return _OnInvoice(arrived, is_settled=arrived > 0 and left <= 0)


def _by_balance(invoice: PromisedInvoice, window: Window) -> _OnInvoice:
    """Books without payments: the fall of the balance, unless they say that it was paid after the end.

    Where nobody noted the balance then, a settled invoice counts with its whole amount: the doubt is for the customer.
    """
    if invoice.paid_on is not None and invoice.paid_on > window.until:
        return _OnInvoice(0, is_settled=False)
    is_settled = invoice.owes <= 0
    if invoice.owed_then is None:
        return _OnInvoice(invoice.amount if is_settled else 0, is_settled)
    return _OnInvoice(max(0, invoice.owed_then - max(0, invoice.owes)), is_settled)


def kept_rate(decided: Iterable[Kept]) -> KeptRate:
    """How far promises are kept: by their number, and by money for each currency by itself.

    Withdrawn and superseded ones count for nothing. A rate of fewer than three promises is None: not enough data.
    """
    counted = [one for one in decided if one.state in COUNTED]
    by_currency: dict[str, list[Kept]] = {}
    for one in counted:
        if one.currency is not None:
            by_currency.setdefault(one.currency, []).append(one)
    kept = sum(one.count for one in counted if one.state is PromiseState.KEPT)
    total = sum(one.count for one in counted)
    ranked = sorted(by_currency.items(), key=lambda item: (-sum(one.count for one in item[1]), item[0]))
    return KeptRate(
        by_count=_share(kept, total, of=total),
        by_amount=tuple(
            (
                currency,
                _share(
                    sum(max(0, one.paid) for one in some),
                    sum(one.promised for one in some),
                    of=sum(one.count for one in some),
                ),
            )
            for currency, some in ranked
        ),
    )


def _share(part: int, whole: int, *, of: int) -> Share:
    return Share(part, whole, part / whole if of >= ENOUGH and whole > 0 else None)
