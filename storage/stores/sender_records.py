"""SPF, DKIM and DMARC of sending domains, as they were last looked up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, delete, select, true

from domain.rules.kept_records import KeptRecord
from domain.rules.sender_records import Kind, Verdict
from storage.scope import ORG, Scope
from storage.sets import DIALECTS, rows_given, rows_text, upsert
from storage.stores.entities import columns
from storage.tables import sender_records

_KEPT = ("kind", "verdict", "said", "fix", "asked_at", "answered_at")
_DOMAIN = bindparam("v_domain", type_=sender_records.c.domain.type)
_READ = select(*columns(sender_records, _KEPT)).where(
    sender_records.c.org_id == ORG, sender_records.c.domain == _DOMAIN
)
_FORGET = delete(sender_records).where(sender_records.c.org_id == ORG, sender_records.c.domain != _DOMAIN)


def _keep(dialect: str) -> Any:
    given = rows_given(dialect, "records", {name: sender_records.c[name].type for name in _KEPT})
    # In order, so that two that looked at once wait for each other.
    rows = select(ORG, _DOMAIN, *given.values()).where(true()).order_by(given["kind"])
    adding = upsert(dialect, sender_records).from_select(["org_id", "domain", *_KEPT], rows)
    return adding.on_conflict_do_update(
        index_elements=["org_id", "domain", "kind"],
        set_={name: adding.excluded[name] for name in _KEPT if name != "kind"},
        where=sender_records.c.asked_at <= adding.excluded.asked_at,
    )


_KEEP = {dialect: _keep(dialect) for dialect in DIALECTS}


class SenderRecordStore:
    """`domain.ports.SenderRecords`."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def of(self, domain: str) -> dict[Kind, KeptRecord]:
        rows = self._scope.execute(_READ, {"v_domain": domain}).mappings()
        found = [
            KeptRecord(
                kind=Kind(row["kind"]),
                verdict=Verdict(row["verdict"]),
                said=row["said"],
                fix=row["fix"],
                asked_at=row["asked_at"],
                answered_at=row["answered_at"],
            )
            for row in rows
        ]
        return {one.kind: one for one in found}

    def keep(self, domain: str, records: Iterable[KeptRecord]) -> None:
        rows = [
            {
                "kind": one.kind,
                "verdict": one.verdict,
                "said": one.said[:500],
                "fix": one.fix[:500],
                "asked_at": one.asked_at,
                "answered_at": one.answered_at,
            }
            for one in records
        ]
        self._scope.execute(_FORGET, {"v_domain": domain})
        if rows:
            given = {"v_domain": domain, "records": rows_text(self._scope.dialect, rows)}
            self._scope.execute(_KEEP[self._scope.dialect], given)
