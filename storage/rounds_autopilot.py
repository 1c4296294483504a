"""Which organisations have something for Autopilot to do."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, literal_column, or_, select

from domain.jobs import AUTOPILOT as AUTOPILOT_JOB
from storage.rounds import Due, there_is
from storage.stores.steps import FINAL
from storage.tables import autopilot_steps, documents, jobs, messages, sequences
from storage.types import UtcDateTime

_AT: Any = bindparam("at", type_=UtcDateTime())
_ONE: ColumnElement[int] = literal_column("1")

AUTOPILOT = Due(
    or_(
        there_is(
            documents,
            documents.c.kind == literal_column("'segments'"),
            documents.c.state == literal_column("'published'"),
            or_(
                documents.c.body.like(literal_column("'%autopilot%'")),
                documents.c.body.like(literal_column("'%shadow%'")),
            ),
        ),
        there_is(sequences, sequences.c.ended_at.is_(None)),
    )
)
"""A segment that may be on Autopilot or in Shadow, or a sequence that runs."""

UNFINISHED = Due(there_is(jobs, jobs.c.job == literal_column(f"'{AUTOPILOT_JOB}'"), jobs.c.reached.is_not(None)))
"""A pass over the customers that was begun and has not come to its end."""

_is_planned = and_(autopilot_steps.c.state == literal_column("'scheduled'"), autopilot_steps.c.sequence_id.is_not(None))
_has_ended = (
    select(_ONE)
    .select_from(messages)
    .where(messages.c.org_id == autopilot_steps.c.org_id, messages.c.id == autopilot_steps.c.message_id, FINAL)
    .correlate(autopilot_steps)
    .scalar_subquery()
    .is_not(None)
)
STEPS = Due(
    or_(
        there_is(autopilot_steps, _is_planned, autopilot_steps.c.message_id.is_(None), autopilot_steps.c.due_at <= _AT),
        there_is(autopilot_steps, _is_planned, autopilot_steps.c.message_id.is_not(None), _has_ended),
        there_is(
            autopilot_steps,
            autopilot_steps.c.state == literal_column("'drafted'"),
            autopilot_steps.c.expires_at <= _AT,
        ),
    )
)
"""A step whose time has come, or whose mail has, or a draft whose time is over."""
