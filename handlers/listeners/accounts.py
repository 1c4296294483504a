"""`/account`, and everything that shows a card."""

from __future__ import annotations

from typing import assert_never

from domain.outcomes import AccountCard, ChooseAccount, MyAccounts, NothingFound, Refused, SharedCard
from domain.values import Capability
from handlers import inputs
from handlers.answers import Answer, Nothing, Post, Tell, Turn
from handlers.listeners.refusing import Refusing
from handlers.presenters import card, lists, shared
from handlers.request import Request
from handlers.views.blocks import Page
from handlers.views.card import card_page
from handlers.views.lists import listing_page

_refusal = Refusing(wanted=Capability.VIEW_ACCOUNTS)


def account_command(request: Request) -> Answer:
    words = inputs.words(request.body)
    match words.lower():
        case "":
            return my_accounts(request)
        case "help" | "?":
            return Tell(lists.help_page())
        case _:
            return find(request, words)


def find(request: Request, words: str) -> Answer:
    outcome = request.cases.find_account(words)
    match outcome:
        case AccountCard():
            return Tell(_card(request, outcome))
        case ChooseAccount():
            return Tell(listing_page(lists.choice(outcome, signet=request.signet)))
        case NothingFound():
            return Tell(listing_page(lists.nothing(outcome, signet=request.signet)))
        case Refused():
            return Tell(_refusal(request, outcome))
        case _:
            assert_never(outcome)


def my_accounts(request: Request) -> Answer:
    outcome = request.cases.my_accounts()
    match outcome:
        case MyAccounts():
            return Tell(listing_page(lists.mine(outcome, reader=request.reader, signet=request.signet)))
        case Refused():
            return Tell(_refusal(request, outcome))
        case _:
            assert_never(outcome)


def open_beside(request: Request) -> Answer:
    """The card as something new: the list or message it was opened from stays."""
    account_id, unfolded = inputs.clicked_account(request.body, request.signet)
    return Tell(_opened(request, account_id, unfolded))


def open_in_place(request: Request) -> Answer:
    """The card in place of what was clicked: a choice, or the card itself, refreshed or unfolded."""
    account_id, unfolded = inputs.clicked_account(request.body, request.signet)
    return Turn(_opened(request, account_id, unfolded))


def show_found(request: Request) -> Answer:
    """The Find modal was sent."""
    return Turn(_opened(request, inputs.found_account(request.body, request.signet), 0))


def _opened(request: Request, account_id: int, unfolded: int) -> Page:
    outcome = request.cases.open_account(account_id)
    match outcome:
        case AccountCard():
            return _card(request, outcome, card.Unfolded(unfolded))
        case Refused():
            return _refusal(request, outcome, account_id)
        case _:
            assert_never(outcome)


def share(request: Request) -> Answer:
    account_id, _ = inputs.clicked_account(request.body, request.signet)
    outcome = request.cases.share_account(account_id, origin=inputs.click_id(request.body))
    match outcome:
        case SharedCard():
            return Post(shared.shared_page(outcome, reader=request.reader, signet=request.signet))
        case Refused():
            return Tell(_refusal(request, outcome, account_id))
        case None:
            return Nothing()
        case _:
            assert_never(outcome)


def _card(request: Request, outcome: AccountCard, unfolded: card.Unfolded = card.Unfolded.NOTHING) -> Page:
    return card_page(
        card.card(
            outcome,
            reader=request.reader,
            signet=request.signet,
            unfolded=unfolded,
            may_share=request.can_share,
        )
    )
