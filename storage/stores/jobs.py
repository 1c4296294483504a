"""What people told the jobs of one organisation, and how they last ran."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, null, select, update

from domain.jobs import JobStory, Outcome, Pause, Run
from storage.scope import ORG, Scope
from storage.sets import DIALECTS, upsert
from storage.stores.entities import Values, columns
from storage.tables import heartbeats, jobs
from storage.types import UtcDateTime

_JOB: Any = bindparam("v_job", type_=jobs.c.job.type)
_READ = select(*columns(jobs, (column.name for column in jobs.c))).where(jobs.c.org_id == ORG).order_by(jobs.c.job)
_LOOKED = select(heartbeats.c.job, func.max(heartbeats.c.at).label("at")).group_by(heartbeats.c.job)
_RESUME = (
    update(jobs)
    .where(jobs.c.org_id == ORG, jobs.c.job == _JOB)
    .values(paused_at=null(), paused_until=null(), paused_because="", paused_by="")
)


def _set(dialect: str, **given: Any) -> Any:
    return (
        upsert(dialect, jobs)
        .values(org_id=ORG, job=_JOB, **given)
        .on_conflict_do_update(index_elements=["org_id", "job"], set_=given)
    )


def _instant(name: str) -> Any:
    return bindparam(name, type_=UtcDateTime())


_PAUSE = {
    dialect: _set(
        dialect,
        paused_at=_instant("v_since"),
        paused_until=_instant("v_until"),
        paused_because=bindparam("v_because"),
        paused_by=bindparam("v_by"),
    )
    for dialect in DIALECTS
}
_REACHED = select(jobs.c.reached).where(jobs.c.org_id == ORG, jobs.c.job == _JOB)


def _go_on(dialect: str) -> Any:
    was, to = (bindparam(name, type_=jobs.c.reached.type) for name in ("v_was", "v_to"))
    return (
        upsert(dialect, jobs)
        .values(org_id=ORG, job=_JOB, reached=to)
        .on_conflict_do_update(
            index_elements=["org_id", "job"],
            set_={"reached": to},
            where=jobs.c.reached.is_not_distinct_from(was),
        )
        .returning(jobs.c.id)
    )


_GO_ON = {dialect: _go_on(dialect) for dialect in DIALECTS}
_ASK = {dialect: _set(dialect, asked_at=_instant("v_at"), asked_by=bindparam("v_by")) for dialect in DIALECTS}


class JobStore:
    """`domain.ports.Jobs`."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def stories(self) -> list[JobStory]:
        return [_story(row) for row in self._scope.execute(_READ).mappings()]

    def looked(self) -> dict[str, datetime]:
        return {row.job: row.at for row in self._scope.execute(_LOOKED)}

    def pause(self, job: str, pause: Pause) -> None:
        given = {"v_job": job, "v_since": pause.since, "v_until": pause.until}
        given |= {"v_because": pause.because, "v_by": pause.by}
        self._scope.execute(_PAUSE[self._scope.dialect], given)

    def resume(self, job: str) -> None:
        self._scope.execute(_RESUME, {"v_job": job})

    def ask(self, job: str, *, by: str, at: datetime) -> None:
        self._scope.execute(_ASK[self._scope.dialect], {"v_job": job, "v_by": by, "v_at": at})

    def reached(self, job: str) -> int | None:
        return self._scope.execute(_REACHED, {"v_job": job}).scalar_one_or_none()

    def go_on(self, job: str, *, was: int | None, to: int | None) -> bool:
        given = {"v_job": job, "v_was": was, "v_to": to}
        return self._scope.execute(_GO_ON[self._scope.dialect], given).first() is not None


def _story(row: Values) -> JobStory:
    last = pause = None
    if row["outcome"] is not None:
        outcome = Outcome(row["outcome"])
        last = Run(row["org_id"], row["job"], row["started_at"], row["ended_at"], outcome, row["did"], row["error"])
    if row["paused_until"] is not None:
        pause = Pause(*(row[name] for name in ("paused_at", "paused_until", "paused_because", "paused_by")))
    return JobStory(job=row["job"], last=last, pause=pause, asked_at=row["asked_at"], asked_by=row["asked_by"])
