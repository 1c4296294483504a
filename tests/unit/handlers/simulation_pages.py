"""What is foretold, rendered from one set of outcomes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from domain.autopilot import Misfit, Shortfall, Stop
from domain.policies import CadenceStep, Mode, Segment, Tone
from domain.reasons import Reason
from domain.rules.quiet_hours import Skipped, Wait, ZoneChoice, ZoneRule
from domain.simulation import AccountAhead, BookAhead, DayAhead, Fate, Foretold, Missed, SegmentAhead, Stay
from domain.timeline import AutopilotStep, StepState
from domain.warming import SendingDomain
from handlers.presenters import simulation, simulation_book
from handlers.views.blocks import Page
from tests.builders import make_account, make_invoice
from tests.unit.handlers.outcomes import NOW, make_reader

STEP = CadenceStep(14, "friendly", Tone.NEUTRAL)
SEGMENT = Segment(
    "Large", Mode.AUTOPILOT, "Standard", ("31-60",), balance_from=Decimal(50_000), balance_to=Decimal(90_000)
)


def make_ahead(**changed: Any) -> AccountAhead:
    def foretold(fate: Fate, **more: Any) -> Foretold:
        return Foretold(STEP, 1, NOW.date(), fate, NOW + timedelta(days=1), **more)

    given: dict[str, Any] = {
        "account": make_account(),
        "reader": None,
        "missed": tuple(Missed(SEGMENT, (one,)) for one in Misfit),
        "segment": SEGMENT,
        "mode": Mode.AUTOPILOT,
        "shortfalls": (),
        "cadence": "Standard",
        "version": 3,
        "anchor": make_invoice(),
        "is_running": True,
        "steps": (
            foretold(Fate.LEAVES, passed=(Skipped(Wait.HOLIDAY, NOW.date(), "Some day"),), is_late=True),
            foretold(Fate.SKIPPED, why=Reason.PAY_LINK_DEAD),
            foretold(Fate.WAITS, why=Reason.SENDING_PAUSED),
        ),
        "stay": None,
        "nobody": None,
        "zone": ZoneChoice(ZoneRule.ACCOUNT, ("America/New_York",)),
        "today": NOW.date(),
        "is_proposed": False,
        "at": NOW,
        "titles": {"friendly": "Friendly check-in"},
    }
    return AccountAhead(**given | changed)


def make_week(**changed: Any) -> BookAhead:
    moved = {Reason.KEPT_FOR_OTHERS: 4, Reason.WARM_UP: 2}
    day = DayAhead(NOW.date(), 50, 40, Reason.WARM_UP, 3, 1_250, 40, moved, expired=1_204, drafts=2)
    shadow = SegmentAhead(SEGMENT, Mode.SHADOW, tuple(Shortfall), accounts=7, drafts=2)
    given: dict[str, Any] = {
        "domain": SendingDomain("northwind.example"),
        "days": tuple(DayAhead(day.day + timedelta(days=n), 50, 40, Reason.DAILY_CAP) if n else day for n in range(7)),
        "segments": (SegmentAhead(SEGMENT, Mode.AUTOPILOT, accounts=1, leaving=40, skipped=1), shadow),
        "accounts": 1_300,
        "stays": dict.fromkeys(Stay, 10),
        "skipped": {Reason.NO_PAY_LINK: 1, Stop.DISPUTED: 2, Reason.SUPERSEDED: 1},
        "waiting": {Reason.DRAFT_WAITS: 3},
        "recipients": (("acme.example", 12),),
        "is_proposed": True,
        "at": NOW,
    }
    return BookAhead(**given | changed)


def messages(change: Callable[[Any], Any], **reader: Any) -> dict[str, Page]:
    r = make_reader(**reader)
    alone = {"steps": (), "is_running": False}
    pages = {
        "account ahead": simulation.account_page(change(make_ahead()), reader=r),
        "account in Shadow": simulation.account_page(
            change(make_ahead(mode=Mode.SHADOW, shortfalls=tuple(Shortfall))), reader=r
        ),
        "account not judged": simulation.account_page(
            change(make_ahead(mode=None, is_proposed=True, **alone)), reader=r
        ),
        "a week ahead": simulation_book.book_page(change(make_week()), (), reader=r),
        "a week by a draft": simulation_book.book_page(change(make_week()), ("the segments, version 3",), reader=r),
        "a week, being worked out": simulation_book.waiting_page(),
    }
    for stay in Stay:
        gone = {"segment": None, "mode": None, "cadence": None} if stay is Stay.NO_SEGMENT else {}
        nobody = Reason.NO_CONTACT if stay is Stay.NOBODY else None
        ahead = change(make_ahead(stay=stay, nobody=nobody, **alone, **gone))
        pages[f"account left alone: {stay}"] = simulation.account_page(ahead, reader=r)
    planned = AutopilotStep(1, "Second reminder", "Formal", StepState.SCHEDULED, NOW + timedelta(days=10))
    of_books = make_ahead(stay=Stay.ANOTHER_SENDER, others=(planned,), **alone)
    pages["account of another sender"] = simulation.account_page(change(of_books), reader=r)
    return pages
