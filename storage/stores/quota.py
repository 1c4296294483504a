"""How many mails left on one day and in its last hour, and on a segment's day. The row's own lock makes it hold across
replicas.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, exists, func, literal_column, or_, select, update

from domain.commitments import PromiseState
from domain.messages import State
from domain.timeline import Source, StepState
from domain.warming import Caps, SendingDay, Slot
from storage.scope import ORG, Scope
from storage.sets import DIALECTS, least, upsert
from storage.stores.entities import columns
from storage.stores.sending import DAY, day_of_row
from storage.tables import (
    autopilot_steps,
    messages,
    promise_invoices,
    promises,
    segment_days,
    sending_days,
    sequences,
)
from storage.types import UtcDateTime

_ROW = sending_days.c
_WHOLE = _ROW.granted.type


def _given(name: str) -> Any:
    return bindparam(f"v_{name}", type_=_WHOLE)


_DOMAIN = bindparam("v_domain", type_=_ROW.domain.type)
_DAY = bindparam("v_day", type_=_ROW.day.type)
_OWN = {Source.NUDGE: "nudges", Source.AUTOPILOT: "steps"}

# An hour that is over counts no more; an earlier one, of a clock that was behind, is counted in the later one.
_is_new_hour = _ROW.hour < _given("hour")
_hour_nudges = case((_is_new_hour, 0), else_=_ROW.hour_nudges)
_hour_steps = case((_is_new_hour, 0), else_=_ROW.hour_steps)


def _left(source: Source, span: str, nudges: Any, steps: Any) -> Any:
    """Of everything, and of the source's own part."""
    cap, cap_steps = _given(f"cap_{span}"), _given(f"cap_{span}_steps")
    own = cap_steps - steps
    if source is Source.NUDGE:
        own = cap - least(cap_steps, steps + _given("planned")) - nudges
    return least(cap - nudges - steps, own)


def _granted(*left: Any) -> Any:
    room = least(_given("want"), *left)
    return case((room > 0, room), else_=0)


def _take(dialect: str, source: Source) -> Any:
    """The arithmetic of `Caps.left`, where the row is locked."""
    granted = _granted(_left(source, "day", _ROW.nudges, _ROW.steps), _left(source, "hour", _hour_nudges, _hour_steps))
    own, first = _OWN[source], _given("first")
    after = {"nudges": _ROW.nudges, "steps": _ROW.steps, "hour_nudges": _hour_nudges, "hour_steps": _hour_steps}
    for name in (own, f"hour_{own}"):
        after[name] = after[name] + granted
    return (
        upsert(dialect, sending_days)
        .values(
            {
                "org_id": ORG,
                "domain": _DOMAIN,
                "day": _DAY,
                "hour": _given("hour"),
                own: first,
                f"hour_{own}": first,
                "granted": first,
            }
        )
        .on_conflict_do_update(
            index_elements=["org_id", "domain", "day"],
            set_={**after, "hour": case((_is_new_hour, _given("hour")), else_=_ROW.hour), "granted": granted},
        )
        .returning(_ROW.granted, *columns(sending_days, DAY))
    )


_TAKE = {(dialect, source): _take(dialect, source) for dialect in DIALECTS for source in _OWN}


_OF = segment_days.c
_SEGMENT = bindparam("v_segment", type_=_OF.segment.type)


def _take_of_segment(dialect: str, source: Source) -> Any:
    own, first = _OWN[source], _given("first")
    granted = _granted(_left(source, "day", _OF.nudges, _OF.steps))
    return (
        upsert(dialect, segment_days)
        .values({"org_id": ORG, "domain": _DOMAIN, "day": _DAY, "segment": _SEGMENT, own: first, "granted": first})
        .on_conflict_do_update(
            index_elements=["org_id", "domain", "day", "segment"],
            set_={own: _OF[own] + granted, "granted": granted},
        )
        .returning(_OF.granted, _OF.nudges, _OF.steps)
    )


_TAKE_OF_SEGMENT = {(dialect, source): _take_of_segment(dialect, source) for dialect in DIALECTS for source in _OWN}


def _without(column: Any, count: Any) -> Any:
    return case((column > count, column - count), else_=0)


def _give_back(source: Source) -> Any:
    own, count = _OWN[source], _given("count")
    is_the_hour = _ROW.hour == _given("hour")
    return (
        update(sending_days)
        .where(_ROW.org_id == ORG, _ROW.domain == _DOMAIN, _ROW.day == _DAY)
        .values(
            {
                own: _without(_ROW[own], count),
                f"hour_{own}": case((is_the_hour, _without(_ROW[f"hour_{own}"], count)), else_=_ROW[f"hour_{own}"]),
            }
        )
    )


_GIVE_BACK = {source: _give_back(source) for source in _OWN}
_GIVE_BACK_TO_SEGMENT = {
    source: update(segment_days)
    .where(_OF.org_id == ORG, _OF.domain == _DOMAIN, _OF.day == _DAY, _OF.segment == _SEGMENT)
    .values({own: _without(_OF[own], _given("count"))})
    for source, own in _OWN.items()
}
_BEFORE = bindparam("v_before", type_=UtcDateTime())
# As many as can matter: an organisation may plan thousands for a day.
_MOST = _given("most")
_steps = (
    select(literal_column("1").label("one"))
    .where(
        autopilot_steps.c.org_id == ORG,
        autopilot_steps.c.state == literal_column(f"'{StepState.SCHEDULED}'"),
        autopilot_steps.c.due_at < _BEFORE,
        # Once it is in the queue it is counted there.
        autopilot_steps.c.message_id.is_(None),
    )
    .limit(_MOST)
    .subquery("steps")
)
# Drafts of any day: each may be approved today.
_drafts = (
    select(literal_column("1").label("one"))
    .where(autopilot_steps.c.org_id == ORG, autopilot_steps.c.state == literal_column(f"'{StepState.DRAFTED}'"))
    .limit(_MOST)
    .subquery("drafts")
)
_on_their_way = (
    select(literal_column("1").label("one"))
    .where(
        messages.c.org_id == ORG,
        messages.c.state == literal_column(f"'{State.QUEUED}'"),
        messages.c.leaves_at < _BEFORE,
        messages.c.source == literal_column(f"'{Source.AUTOPILOT}'"),
    )
    .limit(_MOST)
    .subquery("on_their_way")
)
_claimed = (
    select(literal_column("1").label("one"))
    .where(
        messages.c.org_id == ORG,
        messages.c.state == literal_column(f"'{State.CLAIMED}'"),
        messages.c.source == literal_column(f"'{Source.AUTOPILOT}'"),
    )
    .limit(_MOST)
    .subquery("claimed")
)


def _count_of(part: Any) -> Any:
    return select(func.count()).select_from(part).scalar_subquery()


_PLANNED = select(_count_of(_steps) + _count_of(_drafts) + _count_of(_on_their_way) + _count_of(_claimed))


def _is_broken(account_id: Any, invoice_id: Any) -> Any:
    return exists().where(
        promises.c.org_id == ORG,
        promises.c.account_id == account_id,
        promises.c.state == literal_column(f"'{PromiseState.BROKEN}'"),
        promise_invoices.c.org_id == ORG,
        promise_invoices.c.promise_id == promises.c.id,
        promise_invoices.c.invoice_id == invoice_id,
    )


_is_waiting = or_(
    and_(messages.c.state == literal_column(f"'{State.QUEUED}'"), messages.c.leaves_at < _BEFORE),
    messages.c.state == literal_column(f"'{State.CLAIMED}'"),
)


def _promised(*, of_segment: bool) -> Any:
    """Steps that are planned and not yet in the queue, and mails of the queue."""
    planned: Any = (
        select(literal_column("1").label("one"))
        .select_from(
            autopilot_steps.join(
                sequences, and_(sequences.c.org_id == ORG, sequences.c.id == autopilot_steps.c.sequence_id)
            )
        )
        .where(
            autopilot_steps.c.org_id == ORG,
            autopilot_steps.c.state == literal_column(f"'{StepState.SCHEDULED}'"),
            autopilot_steps.c.due_at < _BEFORE,
            autopilot_steps.c.message_id.is_(None),
            _is_broken(autopilot_steps.c.account_id, sequences.c.invoice_id),
        )
    )
    mails: Any = select(literal_column("1").label("one")).where(
        messages.c.org_id == ORG,
        messages.c.source == literal_column(f"'{Source.AUTOPILOT}'"),
        _is_waiting,
        _is_broken(messages.c.account_id, messages.c.invoice_id),
    )
    if of_segment:
        planned, mails = planned.where(sequences.c.segment == _SEGMENT), mails.where(messages.c.segment == _SEGMENT)
    parts = planned.limit(_MOST).subquery("promised_steps"), mails.limit(_MOST).subquery("promised_mails")
    return select(_count_of(parts[0]) + _count_of(parts[1]))


_PROMISED, _PROMISED_OF_SEGMENT = _promised(of_segment=False), _promised(of_segment=True)


class QuotaStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def locked(self, slot: Slot) -> SendingDay:
        # Nothing is taken; the update locks the row on both databases.
        return self.take(slot, Source.AUTOPILOT, want=0, caps=Caps(0, 0, 0, 0), planned=0)[1].at_hour(slot.hour)

    def take(self, slot: Slot, source: Source, *, want: int, caps: Caps, planned: int) -> tuple[int, SendingDay]:
        params = {
            "v_domain": slot.domain,
            "v_day": slot.day,
            "v_want": want,
            "v_planned": planned,
            "v_first": min(want, caps.left(SendingDay(slot.day, hour=slot.hour), source, planned=planned)),
            "v_cap_day": caps.day,
            "v_cap_day_steps": caps.day_steps,
        }
        which = self._scope.dialect, source
        if slot.segment is not None:
            params |= {"v_segment": slot.segment}
            row = self._scope.execute(_TAKE_OF_SEGMENT[which], params).mappings().one()
            return int(row["granted"]), SendingDay(slot.day, row["nudges"], row["steps"])
        params |= {"v_hour": slot.hour, "v_cap_hour": caps.hour, "v_cap_hour_steps": caps.hour_steps}
        row = self._scope.execute(_TAKE[which], params).mappings().one()
        return int(row["granted"]), day_of_row(row)

    def give_back(self, slot: Slot, source: Source, count: int) -> None:
        if count <= 0:
            return
        params = {"v_domain": slot.domain, "v_day": slot.day, "v_count": count}
        if slot.segment is not None:
            self._scope.execute(_GIVE_BACK_TO_SEGMENT[source], params | {"v_segment": slot.segment})
        else:
            self._scope.execute(_GIVE_BACK[source], params | {"v_hour": slot.hour})

    def promised(self, *, before: datetime, most: int, segment: str | None = None) -> int:
        params: dict[str, Any] = {"v_before": before, "v_most": most}
        if segment is None:
            found = self._scope.execute(_PROMISED, params).scalar_one()
        else:
            found = self._scope.execute(_PROMISED_OF_SEGMENT, params | {"v_segment": segment}).scalar_one()
        return min(most, int(found))

    def planned(self, *, before: datetime, most: int) -> int:
        found = self._scope.execute(_PLANNED, {"v_before": before, "v_most": most}).scalar_one()
        return min(most, int(found))
