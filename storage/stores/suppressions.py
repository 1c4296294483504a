"""Addresses to which nobody writes."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, func, select

from domain.accounts import Suppressed, Suppression, SuppressionReason
from storage.scope import ORG, Scope
from storage.sets import DIALECTS, upsert
from storage.stores.entities import Values, columns
from storage.tables import contacts, suppressions

_FIELDS = ("email", "reason", "until", "since", "detail")
_EMAIL = bindparam("v_email", type_=suppressions.c.email.type)
_of_org = select(*columns(suppressions, _FIELDS)).where(suppressions.c.org_id == ORG)
_GET = _of_org.where(suppressions.c.email == _EMAIL)
_PAGE = (
    _of_org.where(suppressions.c.email > bindparam("v_after", type_=suppressions.c.email.type))
    .order_by(suppressions.c.email)
    .limit(bindparam("v_limit", type_=suppressions.c.id.type))
)
_DROP = delete(suppressions).where(suppressions.c.org_id == ORG, suppressions.c.email == _EMAIL)
_given = {name: bindparam(f"v_{name}", type_=suppressions.c[name].type) for name in _FIELDS}
_PUT = {
    dialect: upsert(dialect, suppressions)
    .values(org_id=ORG, **_given)
    .on_conflict_do_update(
        index_elements=["org_id", "email"], set_={name: each for name, each in _given.items() if name != "email"}
    )
    for dialect in DIALECTS
}
_CONTACT = (
    select(contacts.c.id, contacts.c.account_id)
    .where(contacts.c.org_id == ORG, func.lower(contacts.c.email) == _EMAIL)
    .order_by(contacts.c.id)
    .limit(1)
)


class SuppressionStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def get(self, email: str) -> Suppressed | None:
        row = self._scope.execute(_GET, {"v_email": email}).mappings().one_or_none()
        return None if row is None else _of_row(row)

    def put(self, suppressed: Suppressed) -> None:
        params = {
            "v_email": suppressed.email,
            "v_reason": suppressed.suppression.reason.value,
            "v_until": suppressed.suppression.until,
            "v_since": suppressed.since,
            "v_detail": suppressed.detail,
        }
        self._scope.execute(_PUT[self._scope.dialect], params)

    def drop(self, email: str) -> None:
        self._scope.execute(_DROP, {"v_email": email})

    def page(self, *, after: str, limit: int) -> list[Suppressed]:
        rows = self._scope.execute(_PAGE, {"v_after": after, "v_limit": limit}).mappings()
        return [_of_row(row) for row in rows]

    def contact_of(self, email: str) -> tuple[int, int] | None:
        row = self._scope.execute(_CONTACT, {"v_email": email}).one_or_none()
        return None if row is None else (int(row.id), int(row.account_id))


def _of_row(row: Values) -> Suppressed:
    suppression = Suppression(SuppressionReason(row["reason"]), row["until"])
    return Suppressed(row["email"], suppression, row["since"], row["detail"] or "")
