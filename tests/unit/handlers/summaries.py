"""A receivables summary as the use case gives it, for what draws it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.accounts import Due, ageing_by_currency
from domain.commitments import PromiseState, SlaState
from domain.deliverability import SendingNow
from domain.homing import Cut, HoldLine
from domain.keeping import Kept
from domain.messages import State
from domain.rules.forecast import Forecast
from domain.rules.keeping import kept_rate
from domain.rules.summing import invoices_by_bucket, largest_of
from domain.rules.warmup import measured
from domain.summary import Disputed, Ending, OpenSums, Owing, Summary, Synced
from domain.timeline import Source
from domain.values import Money
from domain.warming import SendingDay, SendingDomain, WarmUp
from tests.builders import make_account, make_caps, make_slot

AT = datetime(2026, 11, 23, 20, 40, tzinfo=UTC)
"""Monday 21:40 in Berlin."""
TODAY = AT.date()
DAY = timedelta(days=1)

Debts = Mapping[str, Sequence[tuple[int, int]]]
"""By the customer's name: days past due and minor units of each invoice."""


def make_owing(books: Mapping[str, Debts]) -> tuple[list[Due], list[Owing]]:
    """What the stores would read of these debts by currency."""
    dues, owing = list[Due](), list[Owing]()
    for code, debts in books.items():
        dues += [Due(code, TODAY - days * DAY, 1, minor, 0) for each in debts.values() for days, minor in each]
        ranked = sorted(debts.items(), key=lambda item: -sum(minor for _, minor in item[1]))
        for place, (name, each) in enumerate(ranked, 1):
            owing.append(
                Owing(
                    make_account(id=place, external_id=f"C-{1000 + place}", name=name),
                    Money(sum(minor for _, minor in each), code),
                    Money(sum(minor for days, minor in each if days > 0), code),
                    TODAY - max(days for days, _ in each) * DAY,
                    len(each),
                    place,
                    len(ranked),
                )
            )
    return dues, owing


def make_sending(**changes: Any) -> SendingNow:
    domain, warm_up = SendingDomain("northwind.example", counted=9, since=AT - 9 * DAY), WarmUp()
    days = {TODAY - DAY: SendingDay(TODAY - DAY, nudges=12, steps=80, bounced=1)}
    given: dict[str, Any] = {
        "domain": domain,
        "slot": make_slot(TODAY),
        "used": SendingDay(TODAY),
        "caps": make_caps(100),
        "quota": 100,
        "stage": 2,
        "warm_up": warm_up,
        "has_hourly_cap": False,
        "measured": measured(domain, days, until=TODAY, warm_up=warm_up),
        "days": days,
        "forecast": Forecast(()),
    }
    return SendingNow(**given | changes)


def make_summary(books: Mapping[str, Debts] | None = None, **changes: Any) -> Summary:
    """Two customers in euros, unless told otherwise."""
    if books is None:
        books = {"EUR": {"Acme Robotics GmbH": [(40, 1_240_000), (-3, 60_000)], "Baker & Sons": [(100, 300_050)]}}
    dues, owing = make_owing(books)
    ageing = ageing_by_currency(dues, today=TODAY)
    given: dict[str, Any] = {
        "at": AT,
        "today": TODAY,
        "organisation": "Northwind Traders",
        "taken_by": "Carl Controller",
        "synced": Synced(AT - timedelta(hours=2, minutes=20), AT - timedelta(hours=2)),
        "ageing": ageing,
        "invoices": invoices_by_bucket(dues, today=TODAY),
        "largest": largest_of(owing, [one.total.currency for one in ageing], limit=20),
        "promises": (OpenSums("EUR", 3, 450_000, 1, 120_000), OpenSums(None, 1, 0, 0, 0)),
        "kept": kept_rate(
            [Kept(PromiseState.KEPT, "EUR", 5, 500_000, 500_000), Kept(PromiseState.BROKEN, "EUR", 1, 100_000, 0)]
        ),
        "disputes": {
            SlaState.OPEN: Disputed(1, (Money(55_000, "EUR"),)),
            SlaState.AT_RISK: Disputed(),
            SlaState.LATE: Disputed(2, (Money(120_000, "EUR"),), 1),
        },
        "all_disputes": True,
        "holds": Cut((HoldLine(1, "Acme Robotics GmbH", "A court case", "Lena Legal", AT - 8 * DAY),), 1),
        "endings": {
            (Source.NUDGE, Ending.SENT): 41,
            (Source.NUDGE, Ending.REFUSED): 6,
            (Source.NUDGE, Ending.CANCELLED): 2,
            (Source.AUTOPILOT, Ending.SENT): 1_310,
            (Source.AUTOPILOT, Ending.RETURNED): 9,
        },
        "days": 30,
        "waiting": {State.QUEUED: 7, State.HELD: 1},
        "sending": make_sending(),
    }
    return Summary(**given | changes)
