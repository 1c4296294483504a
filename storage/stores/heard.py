"""Who reported an account's promises and disputes, and what the record made of it: parts of the card's read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, Table, and_, bindparam, select

from domain.commitments import Heard, Verdict
from storage.scope import ORG
from storage.tables import disputes, promises, reports, users
from storage.together import Row

AT_MOST = 100
"""Of each kind, the newest."""

_reporters = users.alias("reporters")
_settlers = users.alias("settlers")


def _heard(of: Table, key: str) -> Select[Any]:
    """By the account's promises or disputes: reports themselves are found by those."""
    told = of.join(reports, and_(reports.c.org_id == ORG, reports.c[key] == of.c.id))
    told = told.join(_reporters, and_(_reporters.c.org_id == ORG, _reporters.c.id == reports.c.reported_by))
    told = told.outerjoin(_settlers, and_(_settlers.c.org_id == ORG, _settlers.c.id == reports.c.settled_by))
    return (
        select(
            of.c.id,
            _reporters.c.name.label("reporter"),
            reports.c.reported_at,
            reports.c.verdict,
            _settlers.c.name.label("settled_by"),
            reports.c.settled_at,
        )
        .select_from(told)
        .where(of.c.org_id == ORG, of.c.account_id == bindparam("account"))
        .order_by(reports.c.id.desc())
        .limit(AT_MOST)
    )


HEARD_PROMISES = _heard(promises, "promise_id")
HEARD_DISPUTES = _heard(disputes, "dispute_id")


def heard_of(rows: Iterable[Row]) -> dict[int, Heard]:
    """By the promise's or dispute's id; what was first heard of it counts."""
    return {
        row["id"]: Heard(
            reporter=row["reporter"],
            reported_at=row["reported_at"],
            verdict=Verdict(row["verdict"]) if row["verdict"] else None,
            settled_by=row["settled_by"],
            settled_at=row["settled_at"],
        )
        for row in rows
    }
