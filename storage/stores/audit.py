"""Who did what, appended and never changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, literal_column, select

from domain.audit import Entry
from domain.reasons import Reason
from storage.scope import ORG, Scope
from storage.tables import audit

_HAS: Any = (
    select(literal_column("1"))
    .where(
        audit.c.org_id == ORG,
        audit.c.account_id == bindparam("v_account"),
        audit.c.action == bindparam("v_action"),
        audit.c.after["origin"].as_string() == bindparam("v_origin"),
    )
    .limit(literal_column("1"))
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

    def has(self, action: str, *, account_id: int, origin: str) -> bool:
        params = {"v_action": action, "v_account": account_id, "v_origin": origin}
        return self._scope.execute(_HAS, params).first() is not None
