"""What a report must say, how long it holds, and by when somebody looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.accounts import Account, Contact, Invoice
from domain.policy import Rulebook, Workspace
from domain.reporting import LOG_WITHIN, Draft, Problem
from domain.values import Role

__all__ = ["LOG_WITHIN"]

REMIND_AFTER = timedelta(minutes=7)
"""Whoever is on duty is reminded of a report that nobody has acknowledged; from `said_at` (decided)."""

ESCALATE_AFTER = timedelta(minutes=12)
"""The A/R Managers are told of a report that is not settled; from `said_at`, before minute 15 (decided)."""

REPORTED_HOLD = 2
"""Business days that a reported promise holds nudges, by the account's calendar (decided)."""

LEGAL_ANSWERS_IN = 2
"""Business days that Legal has for a dispute (the product's documentation: about two)."""

HOLD_PLACERS = frozenset({Role.LEGAL, Role.CONTROLLER})
"""Who places and lifts a legal hold (decided)."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a draft is checked against. `today` is the account's calendar day at `at`.

    `invoices` are those that may be named: the account's open ones, and those of the report that is corrected.
    """

    account: Account
    invoices: tuple[Invoice, ...]
    contacts: tuple[Contact, ...]
    at: datetime
    today: date


def checked(draft: Draft, known: Known) -> list[Problem]:
    """What is wrong with the draft, field by field; empty when it can be filed."""
    raise NotImplementedError


def business_days_later(
    at: datetime, days: int, *, account: Account, workspace: Workspace, rulebook: Rulebook
) -> datetime:
    """The end (UTC) of the `days`th business day after the account's local day of `at`.

    Saturdays, Sundays and public holidays of the account's country and region are no business days.
    """
    raise NotImplementedError
