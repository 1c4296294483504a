"""Drafts of Autopilot's steps in Shadow: made and listed, edited, decided, and run out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, literal_column, select, update

from domain.autopilot import Pending, Stop
from domain.homing import MOST_COUNTED, Cut
from domain.reasons import Reason
from domain.shadow import Draft, NewDraft
from domain.templates import Wording
from domain.timeline import StepState
from storage.scope import ORG, Scope
from storage.sets import DIALECTS, among, rows_given, rows_text
from storage.stores.entities import columns
from storage.stores.sequences import DRAFTED, PENDING, SCHEDULED, pending_of
from storage.tables import autopilot_steps, draft_wordings, drafts, sequences, users
from storage.together import Row
from storage.types import UtcDateTime

_STEP = ("account_id", "day", "template", "due_at", "expires_at", "state", "reason")
_NEW = ("step_id", "contact_id", "template_version", "made_at")
_SEQUENCE = ("invoice_id", "segment", "cadence")
_DRAFT = ("step_id", "contact_id", "template_version", "made_at", "revision", "decided_at")
_editors, _deciders = users.alias("editors"), users.alias("deciders")
_DRAFTS = (
    select(
        *columns(drafts, _DRAFT),
        *columns(autopilot_steps, _STEP),
        *columns(sequences, _SEQUENCE),
        sequences.c.why.label("ended"),
        draft_wordings.c.subject,
        draft_wordings.c.body,
        _editors.c.name.label("edited_by"),
        _deciders.c.name.label("decided_by"),
    )
    .select_from(
        drafts.join(autopilot_steps, and_(autopilot_steps.c.org_id == ORG, autopilot_steps.c.id == drafts.c.step_id))
        .join(sequences, and_(sequences.c.org_id == ORG, sequences.c.id == autopilot_steps.c.sequence_id))
        .outerjoin(
            draft_wordings,
            and_(
                draft_wordings.c.org_id == ORG,
                draft_wordings.c.step_id == drafts.c.step_id,
                draft_wordings.c.revision == drafts.c.revision,
            ),
        )
        .outerjoin(_editors, and_(_editors.c.org_id == ORG, _editors.c.id == draft_wordings.c.edited_by))
        .outerjoin(_deciders, and_(_deciders.c.org_id == ORG, _deciders.c.id == drafts.c.decided_by))
    )
    .where(drafts.c.org_id == ORG)
)
_FOUND = _DRAFTS.where(among(drafts.c.step_id, "steps"))
_AT = bindparam("v_at", type_=UtcDateTime())
_IS_DRAFTED = and_(autopilot_steps.c.org_id == ORG, autopilot_steps.c.state == DRAFTED)


def waits(at: Any) -> Any:
    """Whether a step is a draft for somebody to decide: one whose time is over is dropped soon, and nobody can."""
    return and_(autopilot_steps.c.state == DRAFTED, autopilot_steps.c.expires_at > at)


_WAITS = and_(autopilot_steps.c.org_id == ORG, waits(_AT))
_PAGE = (
    _DRAFTS.where(_WAITS)
    .order_by(autopilot_steps.c.due_at, autopilot_steps.c.id)
    .offset(bindparam("v_start"))
    .limit(bindparam("v_limit"))
)
_counted = (
    select(literal_column("1").label("one")).where(_WAITS).limit(literal_column(str(MOST_COUNTED))).subquery("counted")
)
_COUNT = select(func.count()).select_from(_counted)
_RUN_OUT = (
    select(*columns(autopilot_steps, PENDING))
    .where(_IS_DRAFTED, autopilot_steps.c.expires_at <= _AT)
    .order_by(autopilot_steps.c.due_at, autopilot_steps.c.id)
    .limit(bindparam("v_limit"))
)


def _begin(dialect: str) -> Any:
    given = rows_given(dialect, "drafted", {"id": autopilot_steps.c.id.type, "expires_at": UtcDateTime()})
    return (
        update(autopilot_steps)
        .where(
            autopilot_steps.c.org_id == ORG,
            autopilot_steps.c.id == given["id"],
            autopilot_steps.c.state == SCHEDULED,
            autopilot_steps.c.message_id.is_(None),
        )
        .values(state=DRAFTED, expires_at=given["expires_at"])
        .returning(autopilot_steps.c.id)
    )


_BEGIN = {dialect: _begin(dialect) for dialect in DIALECTS}
_REVISED = (
    update(drafts)
    .where(
        drafts.c.org_id == ORG,
        drafts.c.step_id == bindparam("v_step"),
        drafts.c.revision == bindparam("v_revision"),
        drafts.c.decided_by.is_(None),
    )
    .values(revision=drafts.c.revision + literal_column("1"))
)
_DECIDED = (
    update(drafts)
    .where(drafts.c.org_id == ORG, among(drafts.c.step_id, "steps"))
    .values(decided_by=bindparam("v_by"), decided_at=bindparam("v_at", type_=UtcDateTime()))
)

WORDINGS = (
    select(draft_wordings.c.step_id, draft_wordings.c.subject, draft_wordings.c.body)
    .where(draft_wordings.c.org_id == ORG, among(draft_wordings.c.step_id, "steps"))
    .order_by(draft_wordings.c.step_id, draft_wordings.c.revision)
)
"""How drafts were worded, by `steps`; the last one of each counts."""


def wordings_of(rows: Iterable[Row]) -> dict[int, Wording]:
    return {row["step_id"]: Wording(row["subject"], row["body"]) for row in rows}


class DraftStore:
    """`domain.ports.Drafts`."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def make(self, new: Sequence[NewDraft]) -> set[int]:
        begun = [{"id": one.step_id, "expires_at": one.expires_at} for one in new]
        text = rows_text(self._scope.dialect, begun)
        made = set(self._scope.execute(_BEGIN[self._scope.dialect], {"drafted": text}).scalars())
        rows = [{name: getattr(one, name) for name in _NEW} for one in new if one.step_id in made]
        self._scope.insert_many(drafts, rows)
        return made

    def waiting(self, *, at: datetime, start: int, limit: int) -> Cut[Draft]:
        total = int(self._scope.execute(_COUNT, {"v_at": at}).scalar_one())
        rows = self._scope.execute(_PAGE, {"v_at": at, "v_start": start, "v_limit": limit}).mappings()
        return Cut(tuple(map(_draft_of, rows)), total, start)

    def find(self, step_ids: Collection[int]) -> Mapping[int, Draft]:
        rows = self._scope.execute(_FOUND, {"steps": step_ids}).mappings()
        return {draft.step_id: draft for draft in map(_draft_of, rows)}

    def reword(self, draft: Draft, wording: Wording, *, by: int, at: datetime) -> bool:
        changed = self._scope.execute(_REVISED, {"v_step": draft.step_id, "v_revision": draft.revision})
        if not changed.rowcount:
            return False
        self._scope.insert(
            draft_wordings,
            {
                "step_id": draft.step_id,
                "revision": draft.revision + 1,
                "subject": wording.subject,
                "body": wording.body,
                "edited_by": by,
                "at": at,
            },
        )
        return True

    def decide(self, step_ids: Collection[int], *, by: int, at: datetime) -> None:
        self._scope.execute(_DECIDED, {"steps": step_ids, "v_by": by, "v_at": at})

    def run_out(self, *, at: datetime, limit: int) -> list[Pending]:
        return [pending_of(row) for row in self._scope.execute(_RUN_OUT, {"v_at": at, "v_limit": limit}).mappings()]


def _draft_of(row: Any) -> Draft:
    given = {name: row[name] for name in (*_DRAFT, *_STEP, *_SEQUENCE, "edited_by", "decided_by")}
    given |= {
        "state": StepState(row["state"]),
        "reason": Reason(row["reason"]) if row["reason"] else None,
        "ended": Stop(row["ended"]) if row["ended"] else None,
        "wording": Wording(row["subject"], row["body"]) if row["body"] is not None else None,
    }
    return Draft(**given)
