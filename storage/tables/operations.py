"""How the jobs stand, and what of the house is out of order."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, String, UniqueConstraint, text

from domain.jobs import Outcome
from storage.tables.base import one_of, scoped
from storage.types import UtcDateTime

_marked = text("outcome = 'failed' OR asked_at IS NOT NULL OR paused_until IS NOT NULL")

# One row for each job that ever did something, failed, or was told to do something. That a job looked and found nothing
# to do stands in the heartbeats.
jobs = scoped(
    "jobs",
    Column("job", String(64), nullable=False),
    Column("started_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("outcome", String(8)),
    Column("did", Integer, nullable=False, server_default=text("0")),
    Column("error", String(64)),  # the kind of failure, never its words
    Column("paused_at", UtcDateTime),
    Column("paused_until", UtcDateTime),
    Column("paused_because", String(500), nullable=False, server_default=""),
    Column("paused_by", String(320), nullable=False, server_default=""),
    Column("asked_at", UtcDateTime),  # somebody wants a run; whichever replica takes it clears this
    Column("asked_by", String(320), nullable=False, server_default=""),
    Column("reached", BigInteger),  # the last id that a run in slices has behind it; NULL: none is under way
    one_of("outcome", Outcome),
    UniqueConstraint("org_id", "job"),
    Index("ix_jobs_marked", "org_id", "job", sqlite_where=_marked, postgresql_where=_marked),
)

# How each row of the console stood when it was last looked at, and whether the Controllers were told.
alarms = scoped(
    "alarms",
    Column("name", String(64), nullable=False),
    Column("level", String(8), nullable=False),
    Column("detail", String(500), nullable=False),
    Column("fix", String(500), nullable=False, server_default=""),
    Column("since", UtcDateTime, nullable=False),  # of this level
    Column("seen_at", UtcDateTime, nullable=False),
    Column("told_at", UtcDateTime),  # when they were told that it is red; NULL: they were not, or of its recovery too
    # White ones are not kept.
    CheckConstraint("level IN ('green', 'amber', 'red')", name="level_known"),
    UniqueConstraint("org_id", "name"),
)
