"""Questions to the Controller; the same one waits only once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, bindparam, literal_column, select

from domain.notices import AccessRequest
from domain.reasons import Reason
from domain.values import Capability
from storage.scope import ORG, Scope
from storage.sets import DIALECTS, upsert
from storage.stores.entities import Values
from storage.tables import access_requests, accounts, users

_FILED = ("asked_by", "capability", "account_id", "reason", "asked_at", "question")
_FILE = {
    dialect: upsert(dialect, access_requests)
    .values(
        org_id=ORG,
        state=literal_column("'waiting'"),
        **{name: bindparam(f"v_{name}", type_=access_requests.c[name].type) for name in _FILED},
    )
    .on_conflict_do_nothing()
    .returning(access_requests.c.id)
    for dialect in DIALECTS
}
_WAITING = select(access_requests.c.id).where(
    access_requests.c.org_id == ORG,
    access_requests.c.asked_by == bindparam("v_asked_by"),
    access_requests.c.question == bindparam("v_question"),
    access_requests.c.state == literal_column("'waiting'"),
)
REQUESTS = (
    select(
        *[access_requests.c[n] for n in ("id", "asked_by", "capability", "account_id", "reason", "asked_at")],
        users.c.name.label("asked_by_name"),
        users.c.slack_user_id.label("asked_by_slack"),
        accounts.c.name.label("account_name"),
    )
    .select_from(
        access_requests.join(users, and_(users.c.org_id == ORG, users.c.id == access_requests.c.asked_by)).outerjoin(
            accounts, and_(accounts.c.org_id == ORG, accounts.c.id == access_requests.c.account_id)
        )
    )
    .where(access_requests.c.org_id == ORG)
)
_GET = REQUESTS.where(access_requests.c.id == bindparam("v_id"))


class RequestStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def file(
        self,
        *,
        asked_by: int,
        reason: Reason,
        capability: Capability | None,
        account_id: int | None,
        at: datetime,
    ) -> tuple[int, bool]:
        question = f"{capability.value if capability else '-'}/{account_id or '-'}/{reason.value}"
        values = {
            "v_asked_by": asked_by,
            "v_capability": capability.value if capability else None,
            "v_account_id": account_id,
            "v_reason": reason.value,
            "v_asked_at": at,
            "v_question": question,
        }
        while True:
            filed = self._scope.execute(_FILE[self._scope.dialect], values).scalar_one_or_none()
            if filed is not None:
                return int(filed), False
            waiting = self._scope.execute(_WAITING, {"v_asked_by": asked_by, "v_question": question}).scalar()
            # Decided between the two statements: then it may be asked anew.
            if waiting is not None:
                return int(waiting), True

    def get(self, request_id: int) -> AccessRequest | None:
        row = self._scope.execute(_GET, {"v_id": request_id}).mappings().one_or_none()
        if row is None:
            return None
        return request_of(row)


def request_of(row: Values) -> AccessRequest:
    """Needs the columns of REQUESTS."""
    fields = {name: row[name] for name in AccessRequest.__slots__}
    fields["capability"] = Capability(row["capability"]) if row["capability"] else None
    fields["reason"] = Reason(row["reason"])
    return AccessRequest(**fields)
