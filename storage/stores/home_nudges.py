"""Nudges as App Home lists them: a few of each kind of state, and how many there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, literal_column, select, union_all

from domain.homing import MOST_COUNTED, Cut
from domain.messages import OPEN_STATES, State
from domain.outcomes import NudgeStory
from domain.timeline import Source
from storage.scope import ORG, Scope
from storage.stores.messages import in_states
from storage.stores.stories import read_stories
from storage.tables import message_events, messages

_NUMBER = message_events.c.id.type
_PERSON = bindparam("v_person", type_=_NUMBER)


def read_nudges(
    scope: Scope,
    groups: Mapping[str, Collection[State]],
    *,
    of_person: int | None,
    limit: int,
    start: int = 0,
) -> dict[str, Cut[NudgeStory]]:
    """`HomeReads.nudges`. Raises ValueError for everybody's nudges that have ended: no index leads to the newest."""
    asked = tuple((name, tuple(sorted(states))) for name, states in groups.items())
    params: dict[str, object] = {"v_limit": limit, "v_start": start}
    if of_person is not None:
        params["v_person"] = of_person
    elif any(not OPEN_STATES.issuperset(states) for _, states in asked):
        raise ValueError("Everybody's ended nudges are not listed.")
    rows = list(scope.execute(_ids(asked, of_person is not None), params))
    stories = {story.message.id: story for story in read_stories(scope, [row.id for row in rows], limit=len(rows))}
    return {
        name: Cut(
            tuple(stories[row.id] for row in rows if row.name == name and row.id in stories),
            next((int(row.total) for row in rows if row.name == name), 0),
            start,
        )
        for name, _ in asked
    }


@cache
def _ids(asked: tuple[tuple[str, tuple[State, ...]], ...], of_person: bool) -> Select[Any]:
    """Each group's ids with their place and the group's size, in one statement."""
    parts = [_group(name, states, of_person) for name, states in asked]
    every = union_all(*(select(part) for part in parts)).subquery("every")
    return select(every.c.name, every.c.id, every.c.total).order_by(every.c.name, every.c.place)


def _group(name: str, states: tuple[State, ...], of_person: bool) -> Any:
    of = [messages.c.org_id == ORG, in_states(*states)]
    if of_person:
        of += [messages.c.requested_by == _PERSON, messages.c.source == literal_column(f"'{Source.NUDGE}'")]
    counted = select(literal_column("1")).select_from(messages).where(*of).limit(MOST_COUNTED).subquery()
    total = select(func.count()).select_from(counted).scalar_subquery()
    order = _order(states)
    return (
        select(
            literal_column(f"'{name}'").label("name"),
            messages.c.id,
            total.label("total"),
            func.row_number().over(order_by=order).label("place"),
        )
        .where(*of)
        .order_by(*order)
        .limit(bindparam("v_limit", type_=_NUMBER))
        .offset(bindparam("v_start", type_=_NUMBER))
        .subquery()
    )


def _order(states: tuple[State, ...]) -> list[Any]:
    """As the index of such states runs, so that none is read but those that are shown."""
    if not OPEN_STATES.issuperset(states):
        return [messages.c.requested_at.desc(), messages.c.id]
    if State.QUEUED in states:
        return [messages.c.leaves_at, messages.c.id]
    return [messages.c.changed_at, messages.c.id]
