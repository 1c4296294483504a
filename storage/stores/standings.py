"""How segments stand, and what their preconditions ask of payments."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, and_, bindparam, case, delete, func, literal_column, not_, or_, select, true

from domain.autopilot import Judged, Payments, Shortfall
from domain.policies import Mode
from storage.scope import ORG, Scope
from storage.sets import DIALECTS, among, rows_given, rows_text, upsert
from storage.tables import payments, segment_standings
from storage.types import UtcDateTime

_ALL = select(segment_standings).where(segment_standings.c.org_id == ORG)
_PAYMENTS = (
    select(
        payments.c.account_id,
        func.count().label("received"),
        func.sum(case((payments.c.amount < literal_column("0"), 1), else_=0)).label("reversed"),
    )
    .where(
        payments.c.org_id == ORG,
        among(payments.c.account_id, "accounts"),
        payments.c.received_on >= bindparam("v_since", type_=Date()),
    )
    .group_by(payments.c.account_id)
)
_GIVEN = {name: segment_standings.c[name].type for name in ("segment", "mode", "shortfalls", "since", "judged_at")}


def _save(dialect: str) -> Any:
    given = rows_given(dialect, "standings", _GIVEN)
    adding = upsert(dialect, segment_standings).from_select(
        # In order, so that two that judge the same segments wait for each other.
        ["org_id", *given],
        select(ORG, *given.values()).where(true()).order_by(given["segment"]),
    )
    new = {name: adding.excluded[name] for name in given if name != "segment"}
    return adding.on_conflict_do_update(
        index_elements=["org_id", "segment"],
        set_=new,
        where=or_(
            segment_standings.c.judged_at < bindparam("v_day", type_=UtcDateTime()),
            # Judged while it was in another mode: nothing kept it from Autopilot, for it was not to be on Autopilot.
            and_(
                segment_standings.c.mode != literal_column(f"'{Mode.AUTOPILOT}'"),
                segment_standings.c.shortfalls == literal_column("''"),
            ),
        ),
    ).returning(segment_standings.c.segment)


_FORGET = delete(segment_standings).where(
    segment_standings.c.org_id == ORG, not_(among(segment_standings.c.segment, "names"))
)
_SAVE = {dialect: _save(dialect) for dialect in DIALECTS}


class StandingStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def all(self) -> Mapping[str, Judged]:
        return {
            row.segment: Judged(
                row.segment,
                Mode(row.mode),
                tuple(Shortfall(word) for word in row.shortfalls.split()),
                row.since,
                row.judged_at,
            )
            for row in self._scope.execute(_ALL)
        }

    def keep(self, names: Collection[str]) -> None:
        self._scope.execute(_FORGET, {"names": names})

    def payments(self, account_ids: Collection[int], *, since: date) -> Mapping[int, Payments]:
        found = self._scope.execute(_PAYMENTS, {"accounts": account_ids, "v_since": since})
        return {row.account_id: Payments(int(row.received), int(row.reversed)) for row in found}

    def save(self, judged: Iterable[Judged], *, day: datetime) -> set[str]:
        rows = [
            {
                "segment": one.segment,
                "mode": one.mode,
                "shortfalls": " ".join(one.shortfalls),
                "since": one.since,
                "judged_at": one.judged_at,
            }
            for one in judged
        ]
        if not rows:
            return set()
        given = {"standings": rows_text(self._scope.dialect, rows), "v_day": day}
        return set(self._scope.execute(_SAVE[self._scope.dialect], given).scalars())
