"""The shortcut “Find an account” and its suggestions while somebody types."""

from __future__ import annotations

from handlers import inputs
from handlers.answers import Answer, Show, Suggest
from handlers.presenters import lists
from handlers.request import Request
from handlers.views.find import find_view


def open_search(request: Request) -> Answer:
    return Show(find_view())


def suggest(request: Request) -> Answer:
    candidates = request.cases.suggest_accounts(inputs.words(request.body))
    return Suggest(tuple(lists.options(candidates, signet=request.signet)))
