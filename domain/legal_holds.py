"""Legal holds that were placed here: what they say, and what placing and lifting one did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.accounts import Account
from domain.outcomes import NudgeStory
from domain.values import Person


@dataclass(frozen=True, slots=True)
class LegalHold:
    """A hold that Legal placed here; it stands until it is lifted, whatever the books say."""

    account_id: int
    why: str
    placed_by: int
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class HoldChanged:
    """A legal hold placed or lifted. `books`: what the books say about it, which only the books can take away.

    `taken_back`: nudges that waited and won't be sent for it.
    """

    account: Account
    is_held: bool
    why: str
    by: Person
    books: str | None = None
    taken_back: tuple[NudgeStory, ...] = ()
