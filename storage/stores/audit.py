"""Who did what, appended and never changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import and_, bindparam, select

from domain.audit import Entry
from domain.reasons import Reason
from storage.scope import ORG, Scope
from storage.tables import audit, users

_OF_ACCOUNT = (
    select(
        audit.c.at,
        audit.c.actor_id,
        users.c.name.label("actor_name"),
        audit.c.action,
        audit.c.subject,
        audit.c.account_id,
        audit.c.reason,
        audit.c.before,
        audit.c.after,
    )
    .select_from(audit.outerjoin(users, and_(users.c.org_id == ORG, users.c.id == audit.c.actor_id)))
    .where(audit.c.org_id == ORG, audit.c.account_id == bindparam("v_account"))
    .order_by(audit.c.at.desc(), audit.c.id.desc())
    .limit(bindparam("v_limit"))
)


class AuditStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def record(
        self,
        action: str,
        *,
        at: datetime,
        actor_id: int | None,
        subject: str,
        account_id: int | None = None,
        reason: Reason | None = None,
        before: Mapping[str, object] | None = None,
        after: Mapping[str, object] | None = None,
    ) -> None:
        self.record_all([Entry(action, at, actor_id, subject, account_id, reason, before, after)])

    def record_all(self, entries: Iterable[Entry]) -> None:
        self._scope.insert_many(
            audit,
            [
                {
                    "at": entry.at,
                    "actor_id": entry.actor_id,
                    "action": entry.action,
                    "subject": entry.subject,
                    "account_id": entry.account_id,
                    "reason": entry.reason,
                    "before": None if entry.before is None else dict(entry.before),
                    "after": None if entry.after is None else dict(entry.after),
                }
                for entry in entries
            ],
        )

    def of_account(self, account_id: int, limit: int = 50) -> list[Mapping[str, object]]:
        """Newest first: at, actor_id, actor_name, action, subject, account_id, reason, before, after.

        A reason is spelt as it was when the row was written: rows stay, and reasons come and go.
        """
        rows = self._scope.execute(_OF_ACCOUNT, {"v_account": account_id, "v_limit": limit}).mappings()
        return [{**row} for row in rows]
