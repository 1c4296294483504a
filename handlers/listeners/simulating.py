"""What Autopilot would do with a customer, and with the whole book before anything is published. All of it reads."""

from __future__ import annotations

from collections.abc import Sequence
from threading import BoundedSemaphore
from typing import assert_never

from domain.errors import InvalidValue
from domain.library import Edition, Shelf
from domain.outcomes import ChooseAccount, NothingFound, Refused
from domain.simulation import AccountAhead, BookAhead
from domain.values import Capability
from handlers import ids, inputs, library_inputs
from handlers.answers import Answer, Prepare, Tell
from handlers.listeners.refusing import Refusing
from handlers.presenters import lists, simulation, simulation_book
from handlers.presenters.library import named
from handlers.presenters.operations import wrong_order_page
from handlers.request import Request
from handlers.views.blocks import Page, modal
from handlers.views.lists import listing_page

_refusal = Refusing("Autopilot", Capability.VIEW_POLICIES)
USAGE = "`/plixo simulate` · `/plixo simulate acme`"
_ONE = BoundedSemaphore()
"""Of a large book each takes a minute of a core, and the threads are those that answer everybody else."""


def simulate_order(request: Request, rest: str) -> Answer:
    return Tell(_account(request, rest)) if rest else _book(request, ())


def simulate_account(request: Request) -> Answer:
    """From a card, or from a choice of several."""
    account_id, _ = inputs.clicked_account(request.body, request.signet)
    return Tell(_account(request, account_id))


def simulate_book(request: Request) -> Answer:
    """From a version of a document, or from the window that publishes it, with the others that are ticked there."""
    edition = library_inputs.clicked_edition(request.body, request.signet)
    others = library_inputs.ticked_editions(request.body, ids.TOGETHER_BLOCK, request.signet)
    return _book(request, tuple(dict.fromkeys((edition, *others))))


def _book(request: Request, editions: Sequence[Edition]) -> Answer:
    """The window opens first: a large book takes longer than Slack waits."""
    return Prepare(modal(simulation_book.waiting_page()), lambda: modal(_worked_out(request, editions)))


def _worked_out(request: Request, editions: Sequence[Edition]) -> Page:
    if not _ONE.acquire(blocking=False):
        return simulation_book.busy_page()
    try:
        outcome = request.cases.simulate_book(editions)
    except InvalidValue as error:
        return wrong_order_page(str(error), USAGE)
    finally:
        _ONE.release()
    match outcome:
        case BookAhead():
            what = [named(one, one.key if one.shelf is Shelf.TEMPLATE else "") for one in editions]
            return simulation_book.book_page(outcome, what, reader=request.reader)
        case Refused():
            return _refusal(request, outcome)
        case _:
            assert_never(outcome)


def _account(request: Request, account: int | str) -> Page:
    try:
        outcome = request.cases.simulate_account(account)
    except InvalidValue as error:
        return wrong_order_page(str(error), USAGE)
    match outcome:
        case AccountAhead():
            return simulation.account_page(outcome, reader=request.reader)
        case ChooseAccount():
            return listing_page(lists.choice(outcome, signet=request.signet, action=ids.SIMULATE_ACCOUNT))
        case NothingFound():
            return listing_page(lists.nothing(outcome, signet=request.signet, action=ids.SIMULATE_ACCOUNT))
        case Refused():
            return _refusal(request, outcome, account if isinstance(account, int) else None)
        case _:
            assert_never(outcome)
