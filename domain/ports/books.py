"""Accounts and what is known of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Protocol

from domain.accounts import Account, Suppressed, Undeliverable
from domain.facts import AccountFacts, CardFacts
from domain.outcomes import AccountSummary, Candidate
from domain.timeline import SentMail


class Suppressions(Protocol):
    """Addresses to which nobody writes, whatever account they belong to. An address is in lower case."""

    def get(self, email: str) -> Suppressed | None: ...
    def put(self, suppressed: Suppressed) -> None:
        """New, or instead of the one that is there."""
        ...

    def drop(self, email: str) -> None: ...
    def page(self, *, after: str, limit: int) -> list[Suppressed]:
        """By address, those behind `after`."""
        ...

    def contact_of(self, email: str) -> tuple[int, int] | None:
        """A contact with that address, and its account, by id; None when nobody has it."""
        ...


class Accounts(Protocol):
    """Accounts and what is known of them. The books themselves are written by the importer."""

    def get(self, account_id: int) -> Account | None: ...
    def search(self, words: str, *, owner_email: str | None, limit: int) -> list[Candidate]:
        """Exact external id, then name, alias, domain, contact address, typo-tolerant; best first.

        `owner_email` limits the hits to one owner's accounts; None means all. Exact hits have `is_exact`.
        """
        ...

    def summaries(self, *, owner_email: str | None, today: date, limit: int) -> tuple[list[AccountSummary], int | None]:
        """Accounts with open invoices, worst first (oldest days past due, then amount), and how many there are.

        How many is None where counting would mean to read a large book.
        """
        ...

    def facts(
        self,
        account_ids: Collection[int],
        *,
        at: datetime,
        invoice_ids: Collection[int] = (),
        with_open: bool = False,
        lock: bool = False,
    ) -> dict[int, AccountFacts]:
        """Guard facts of a set of accounts in a handful of statements.

        `invoice_ids` are included even when they are no longer open; with `invoice_ids` given, only those invoices are
        read, and `with_open` those that are open. `lock` takes the accounts' rows for this transaction, in id order, so
        that caps hold.
        """
        ...

    def card(self, account_id: int, *, sending_domain: str, at: datetime) -> CardFacts | None: ...
    def log(self, mails: Collection[SentMail]) -> None:
        """Put our own mails into their accounts' timelines, once per message."""
        ...

    def suppress(self, contacts: Collection[Undeliverable], *, at: datetime) -> None:
        """Nobody writes to these contacts' addresses any more, whatever account they belong to."""
        ...
