"""Questions to the Controller; the same one waits only once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, and_, bindparam, cast, func, literal_column, select, update

from domain.errors import NotFound
from domain.notices import AccessRequest
from domain.reasons import Reason
from domain.values import Capability
from storage.scope import ORG, Scope
from storage.sets import DIALECTS, upsert
from storage.stores.entities import Values
from storage.tables import access_requests, accounts, notices, users

_FILED = ("asked_by", "capability", "account_id", "reason", "asked_at", "words", "question")
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
_KEPT = ("id", "asked_by", "capability", "account_id", "reason", "asked_at", "words")
_ANSWER = ("state", "decided_by", "decided_at", "decision", "given", "granted_until")
_deciders = users.alias("deciders")
REQUESTS = (
    select(
        *[access_requests.c[n] for n in _KEPT + _ANSWER],
        users.c.name.label("asked_by_name"),
        users.c.slack_user_id.label("asked_by_slack"),
        accounts.c.name.label("account_name"),
        _deciders.c.name.label("decided_by_name"),
    )
    .select_from(
        access_requests.join(users, and_(users.c.org_id == ORG, users.c.id == access_requests.c.asked_by))
        .outerjoin(accounts, and_(accounts.c.org_id == ORG, accounts.c.id == access_requests.c.account_id))
        .outerjoin(_deciders, and_(_deciders.c.org_id == ORG, _deciders.c.email == access_requests.c.decided_by))
    )
    .where(access_requests.c.org_id == ORG)
)
_GET = REQUESTS.where(access_requests.c.id == bindparam("v_id"))
_DECIDE = (
    update(access_requests)
    .where(
        access_requests.c.org_id == ORG,
        access_requests.c.id == bindparam("v_id"),
        access_requests.c.state == literal_column("'waiting'"),
    )
    .values(
        {
            access_requests.c[name]: bindparam(f"v_{name}", type_=access_requests.c[name].type)
            for name in ("state", "decision", "given", "granted_until", "decided_by", "decided_at")
        }
        | {
            access_requests.c.account_id: func.coalesce(
                bindparam("v_account_id", type_=access_requests.c.account_id.type), access_requests.c.account_id
            )
        }
    )
)
# By the keys that anybody's message can have: they are indexed, and people are far fewer than notices.
_TOLD = (
    select(users.c.id)
    .select_from(
        users.join(
            notices,
            and_(
                notices.c.org_id == ORG,
                notices.c.key == bindparam("v_prefix", type_=String()).concat(cast(users.c.id, String())),
            ),
        )
    )
    .where(users.c.org_id == ORG)
    .order_by(users.c.id)
)
_HAND_OVER = (
    update(accounts)
    .where(accounts.c.org_id == ORG, accounts.c.id == bindparam("v_account_id"))
    .values(owner_email=bindparam("v_owner"))
)


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
        words: str = "",
        at: datetime,
    ) -> tuple[int, bool]:
        question = f"{capability.value if capability else '-'}/{account_id or '-'}/{reason.value}"
        if words:
            question = f"{question}/{' '.join(words.casefold().split())}"[:200]
        values = {
            "v_asked_by": asked_by,
            "v_capability": capability.value if capability else None,
            "v_account_id": account_id,
            "v_reason": reason.value,
            "v_asked_at": at,
            "v_words": words,
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

    def decide(
        self,
        request_id: int,
        *,
        approved: bool,
        why: str,
        given: str | None,
        account_id: int | None = None,
        until: datetime | None,
        by: str,
        at: datetime,
    ) -> bool:
        """Two who decide at once wait for each other here; the second finds it decided."""
        values = {
            "v_id": request_id,
            "v_state": "approved" if approved else "declined",
            "v_decision": why,
            "v_given": given,
            "v_account_id": account_id,
            "v_granted_until": until,
            "v_decided_by": by,
            "v_decided_at": at,
        }
        return self._scope.execute(_DECIDE, values).rowcount == 1

    def told(self, request_id: int) -> list[int]:
        return list(self._scope.execute(_TOLD, {"v_prefix": f"request:{request_id}:"}).scalars())

    def hand_over(self, account_id: int, *, owner_email: str) -> None:
        """Raises NotFound."""
        params = {"v_account_id": account_id, "v_owner": owner_email.lower()}
        if self._scope.execute(_HAND_OVER, params).rowcount != 1:
            raise NotFound(f"There is no account {account_id}.")


def request_of(row: Values) -> AccessRequest:
    """Needs the columns of REQUESTS."""
    fields = {name: row[name] for name in AccessRequest.__slots__}
    fields["capability"] = Capability(row["capability"]) if row["capability"] else None
    fields["reason"] = Reason(row["reason"])
    return AccessRequest(**fields)
