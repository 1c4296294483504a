"""Accounts and what is known of them. The books are the importer's; here only our own marks are written."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, null, select, true

from domain.accounts import Account, Undeliverable
from domain.facts import AccountFacts, CardFacts
from domain.outcomes import AccountSummary, Candidate
from domain.timeline import SentMail
from storage.scope import ORG, Scope
from storage.sets import DIALECTS, rows_given, rows_text, upsert
from storage.stores.cards import read_card
from storage.stores.entities import account_columns, account_of
from storage.stores.facts import read_facts
from storage.stores.search import find_accounts
from storage.stores.summaries import read_summaries
from storage.tables import accounts, communications, contacts, suppressions

_GET = select(*account_columns()).where(accounts.c.org_id == ORG, accounts.c.id == bindparam("v_id"))

_LOGGED = {
    name: communications.c[name].type
    for name in ("account_id", "contact_id", "source", "subject", "at", "invoice_id", "message_id")
}


def _log(dialect: str) -> Any:
    given = rows_given(dialect, "mails", _LOGGED)
    rows = select(ORG, *given.values()).where(true())
    return upsert(dialect, communications).from_select(["org_id", *given], rows).on_conflict_do_nothing()


_SUPPRESSED = {
    "contact_id": contacts.c.id.type,
    "reason": suppressions.c.reason.type,
    "detail": suppressions.c.detail.type,
    "since": suppressions.c.since.type,
}


def _suppress(dialect: str) -> Any:
    given = rows_given(dialect, "contacts", _SUPPRESSED)
    address = func.lower(contacts.c.email)
    rows = (
        select(ORG, address, func.max(given["reason"]), func.max(given["detail"]), func.max(given["since"]))
        .where(contacts.c.org_id == ORG, contacts.c.id == given["contact_id"])
        .group_by(address)
    )
    adding = upsert(dialect, suppressions).from_select(["org_id", "email", "reason", "detail", "since"], rows)
    return adding.on_conflict_do_update(
        index_elements=["org_id", "email"],
        set_={name: adding.excluded[name] for name in ("reason", "detail", "since")} | {"until": null()},
        # What somebody asked for stands for ever already; only what was to end is replaced.
        where=suppressions.c.until.is_not(None),
    )


_LOG = {dialect: _log(dialect) for dialect in DIALECTS}
_SUPPRESS = {dialect: _suppress(dialect) for dialect in DIALECTS}


class AccountStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def get(self, account_id: int) -> Account | None:
        row = self._scope.execute(_GET, {"v_id": account_id}).mappings().one_or_none()
        return None if row is None else account_of(row)

    def search(self, words: str, *, owner_email: str | None, limit: int) -> list[Candidate]:
        return find_accounts(self._scope, words, owner_email=owner_email, limit=limit)

    def summaries(self, *, owner_email: str | None, today: date, limit: int) -> tuple[list[AccountSummary], int | None]:
        return read_summaries(self._scope, owner_email=owner_email, today=today, limit=limit)

    def facts(
        self,
        account_ids: Collection[int],
        *,
        at: datetime,
        invoice_ids: Collection[int] = (),
        with_open: bool = False,
        lock: bool = False,
    ) -> dict[int, AccountFacts]:
        return read_facts(self._scope, account_ids, at=at, invoice_ids=invoice_ids, with_open=with_open, lock=lock)

    def card(self, account_id: int, *, sending_domain: str, at: datetime) -> CardFacts | None:
        return read_card(self._scope, account_id, sending_domain=sending_domain, at=at)

    def log(self, mails: Collection[SentMail]) -> None:
        if mails:
            text = rows_text(self._scope.dialect, [_logged(mail) for mail in mails])
            self._scope.execute(_LOG[self._scope.dialect], {"mails": text})

    def suppress(self, contacts: Collection[Undeliverable], *, at: datetime) -> None:
        rows = [
            {"contact_id": each.contact_id, "reason": each.reason.value, "detail": each.detail[:200], "since": at}
            for each in contacts
        ]
        if rows:
            text = rows_text(self._scope.dialect, rows)
            self._scope.execute(_SUPPRESS[self._scope.dialect], {"contacts": text})


def _logged(mail: SentMail) -> dict[str, object]:
    return {
        "account_id": mail.account_id,
        "contact_id": mail.communication.contact_id,
        "source": mail.communication.source,
        "subject": mail.communication.subject,
        "at": mail.communication.at,
        "invoice_id": mail.invoice_id,
        "message_id": mail.message_id,
    }
