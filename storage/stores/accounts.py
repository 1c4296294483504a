"""Accounts and what is known of them. The books are the importer's; here only our own marks are written."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import bindparam, false, select, update

from domain.accounts import Account, Communication
from domain.facts import AccountFacts, CardFacts
from domain.outcomes import AccountSummary, Candidate
from storage.scope import ORG, Scope
from storage.sets import DIALECTS, upsert
from storage.stores.cards import read_card
from storage.stores.entities import ACCOUNT, account_of, columns
from storage.stores.facts import read_facts
from storage.stores.search import find_accounts
from storage.stores.summaries import read_summaries
from storage.tables import accounts, communications, contacts

_GET = select(*columns(accounts, ACCOUNT)).where(accounts.c.org_id == ORG, accounts.c.id == bindparam("v_id"))

_LOGGED = ("account_id", "contact_id", "source", "subject", "at", "invoice_id", "message_id")
_LOG = {
    dialect: upsert(dialect, communications)
    .values(org_id=ORG, **{n: bindparam(f"v_{n}", type_=communications.c[n].type) for n in _LOGGED})
    .on_conflict_do_nothing()
    for dialect in DIALECTS
}
_FLAG = update(contacts).where(contacts.c.org_id == ORG, contacts.c.id == bindparam("v_id")).values(is_valid=false())


class AccountStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def get(self, account_id: int) -> Account | None:
        row = self._scope.execute(_GET, {"v_id": account_id}).mappings().one_or_none()
        return None if row is None else account_of(row)

    def search(self, words: str, *, owner_email: str | None, limit: int) -> list[Candidate]:
        return find_accounts(self._scope, words, owner_email=owner_email, limit=limit)

    def summaries(self, *, owner_email: str | None, today: date, limit: int) -> tuple[list[AccountSummary], int]:
        return read_summaries(self._scope, owner_email=owner_email, today=today, limit=limit)

    def facts(
        self,
        account_ids: Collection[int],
        *,
        at: datetime,
        invoice_ids: Collection[int] = (),
        lock: bool = False,
    ) -> dict[int, AccountFacts]:
        return read_facts(self._scope, account_ids, at=at, invoice_ids=invoice_ids, lock=lock)

    def card(self, account_id: int, *, at: datetime) -> CardFacts | None:
        return read_card(self._scope, account_id, at=at)

    def log(self, account_id: int, communication: Communication, *, invoice_id: int, message_id: str) -> None:
        self._scope.execute(
            _LOG[self._scope.dialect],
            {
                "v_account_id": account_id,
                "v_contact_id": communication.contact_id,
                "v_source": communication.source.value,
                "v_subject": communication.subject,
                "v_at": communication.at,
                "v_invoice_id": invoice_id,
                "v_message_id": message_id,
            },
        )

    def flag_contact(self, contact_id: int) -> None:
        self._scope.execute(_FLAG, {"v_id": contact_id})
