"""Sending domains: where they stand, and what left and came back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, select, union

from domain.warming import DomainState, SendingDay, SendingDomain, Trouble, Volume
from storage.scope import ORG, Scope
from storage.sets import DIALECTS, upsert
from storage.stores.entities import Values, columns
from storage.tables import segment_days, sending_days, sending_domains
from storage.together import Row, together

DAY = ("day", "nudges", "steps", "hour", "hour_nudges", "hour_steps", "bounced", "complained")
_DOMAIN = (
    "name",
    "standing",
    "trouble",
    "counted",
    "judged_on",
    "since",
    "measured_after",
    "last_sent_on",
    "lifted_by",
    "lifted_at",
    "lifted_why",
)
_ONE_DAY = timedelta(days=1)

_NAME = bindparam("sending_domain", type_=sending_domains.c.name.type)
DOMAIN_READ = select(*columns(sending_domains, _DOMAIN)).where(
    sending_domains.c.org_id == ORG, sending_domains.c.name == _NAME
)
_LOCKED = DOMAIN_READ.with_for_update()
# Whatever the workspace's zone: its day is one of three.
DAYS_READ = select(*columns(sending_days, DAY)).where(
    sending_days.c.org_id == ORG,
    sending_days.c.domain == _NAME,
    sending_days.c.day >= bindparam("yesterday", type_=sending_days.c.day.type),
    sending_days.c.day <= bindparam("tomorrow", type_=sending_days.c.day.type),
)
_DAYS_SINCE = select(*columns(sending_days, DAY)).where(
    sending_days.c.org_id == ORG,
    sending_days.c.domain == _NAME,
    sending_days.c.day >= bindparam("v_since", type_=sending_days.c.day.type),
)
_NAMES = union(
    select(sending_domains.c.name).where(sending_domains.c.org_id == ORG),
    select(sending_days.c.domain).where(sending_days.c.org_id == ORG),
)
_SEGMENT_DAY = ("day", "segment", "nudges", "steps")
SEGMENTS_READ = select(*columns(segment_days, _SEGMENT_DAY)).where(
    segment_days.c.org_id == ORG,
    segment_days.c.domain == _NAME,
    segment_days.c.day >= bindparam("yesterday", type_=segment_days.c.day.type),
    segment_days.c.day <= bindparam("tomorrow", type_=segment_days.c.day.type),
)
VOLUME_READS = {"sending_domain": DOMAIN_READ, "sending_days": DAYS_READ, "segment_days": SEGMENTS_READ}
"""To be read together with other things; what they ask for is `volume_params`."""

_new = {name: bindparam(f"v_{name}", type_=sending_domains.c[name].type) for name in _DOMAIN}
_KEEP = {
    dialect: upsert(dialect, sending_domains).values(org_id=ORG, **_new).on_conflict_do_nothing()
    for dialect in DIALECTS
}
_SAVE = {
    dialect: upsert(dialect, sending_domains)
    .values(org_id=ORG, **_new)
    .on_conflict_do_update(
        index_elements=["org_id", "name"], set_={name: each for name, each in _new.items() if name != "name"}
    )
    for dialect in DIALECTS
}


def _note(dialect: str) -> Any:
    more = {name: bindparam(f"v_{name}", type_=sending_days.c[name].type) for name in ("bounced", "complained")}
    day = bindparam("v_day", type_=sending_days.c.day.type)
    return (
        upsert(dialect, sending_days)
        .values(org_id=ORG, domain=_NAME, day=day, **more)
        .on_conflict_do_update(
            index_elements=["org_id", "domain", "day"],
            set_={name: sending_days.c[name] + each for name, each in more.items()},
        )
    )


_NOTE = {dialect: _note(dialect) for dialect in DIALECTS}


class SendingStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def volume(self, name: str, *, around: date) -> Volume:
        rows = together(*VOLUME_READS.items()).read(self._scope, volume_params(name, around))
        return volume_of(name, rows)

    def take(self, name: str) -> SendingDomain:
        """The domain, locked for this transaction; made when it is new."""
        self._scope.execute(_KEEP[self._scope.dialect], _domain_params(SendingDomain(name)))
        return _domain_of(self._scope.execute(_LOCKED, {"sending_domain": name}).mappings().one())

    def save(self, domain: SendingDomain) -> None:
        self._scope.execute(_SAVE[self._scope.dialect], _domain_params(domain))

    def names(self) -> list[str]:
        return sorted(self._scope.execute(_NAMES).scalars())

    def days(self, name: str, *, since: date) -> dict[date, SendingDay]:
        rows = self._scope.execute(_DAYS_SINCE, {"sending_domain": name, "v_since": since}).mappings()
        return {row["day"]: day_of_row(row) for row in rows}

    def note(self, name: str, day: date, *, bounced: int = 0, complained: int = 0) -> None:
        params = {"sending_domain": name, "v_day": day, "v_bounced": bounced, "v_complained": complained}
        self._scope.execute(_NOTE[self._scope.dialect], params)


def volume_params(name: str, around: date) -> dict[str, object]:
    return {"sending_domain": name, "yesterday": around - _ONE_DAY, "tomorrow": around + _ONE_DAY}


def volume_of(name: str, rows: Mapping[str, list[Row]]) -> Volume:
    found = rows["sending_domain"]
    return Volume(
        domain=_domain_of(found[0]) if found else SendingDomain(name),
        days={row["day"]: day_of_row(row) for row in rows["sending_days"]},
        segments={
            (row["day"], row["segment"]): SendingDay(row["day"], row["nudges"], row["steps"])
            for row in rows["segment_days"]
        },
    )


def day_of_row(row: Values) -> SendingDay:
    return SendingDay(**{name: row[name] for name in DAY})


def _domain_of(row: Values) -> SendingDomain:
    given = {name: row[name] for name in _DOMAIN}
    given["standing"] = DomainState(row["standing"])
    given["trouble"] = Trouble(row["trouble"]) if row["trouble"] else None
    return SendingDomain(**given)


def _domain_params(domain: SendingDomain) -> dict[str, object]:
    return {f"v_{name}": getattr(domain, name) for name in _DOMAIN}
