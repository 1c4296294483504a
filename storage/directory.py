"""What belongs to no one organisation: which team is whose, who has work, and that the jobs are alive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, and_, bindparam, delete, exists, insert, literal_column, or_, select, text, update

from domain.jobs import NOTICES, RELEASE
from domain.maintenance import Maintenance
from domain.policy import Workspace
from storage.engine import sees_everybody
from storage.sets import DIALECTS, upsert
from storage.stores.entities import MAINTENANCE, WORKSPACE, columns, maintenance_of, workspace_of
from storage.tables import heartbeats, jobs, messages, notices, organisations, slack_teams
from storage.transactions import read, transaction
from storage.types import UtcDateTime

_TURN = text("SELECT pg_advisory_xact_lock(:turn)")
_SETTING_UP = 0x506C69787530  # any number that every replica agrees on, and no other lock of ours
_AT = bindparam("at", type_=UtcDateTime())
_STATE = messages.c.state


def _literals(*states: str) -> list[Any]:
    return [literal_column(f"'{state}'") for state in states]


def _first(table: Any, due: Any, *conditions: Any) -> Any:
    """The earliest due instant, if any. A scalar and not EXISTS: PostgreSQL could hash that and read every row."""
    return (
        select(due)
        .where(table.c.org_id == organisations.c.id, *conditions, due <= _AT)
        .order_by(due)
        .limit(1)
        .correlate(organisations)
        .scalar_subquery()
        .is_not(None)
    )


# An organisation that took the app away keeps its queue, untouched; one without any team is a local one.
is_served = or_(
    exists().where(slack_teams.c.org_id == organisations.c.id, slack_teams.c.is_installed),
    ~exists().where(slack_teams.c.org_id == organisations.c.id),
)
# Under maintenance all jobs are held.
is_open = or_(organisations.c.maintenance_until.is_(None), organisations.c.maintenance_until <= _AT)


def _runs(job: str) -> Any:
    """Nobody has paused the job there."""
    paused = exists().where(jobs.c.org_id == organisations.c.id, jobs.c.job == job, jobs.c.paused_until > _AT)
    return ~paused.correlate(organisations)


_has_due = and_(_first(messages, messages.c.leaves_at, _literals("queued")[0] == _STATE), _runs(RELEASE))
_has_overdue = or_(
    _first(messages, messages.c.claimed_until, _STATE.in_(_literals("claimed", "sending"))),
    _first(messages, messages.c.expires_at, _STATE.in_(_literals("queued", "held"))),
)
_work = (
    select(organisations.c.id, _has_due.label("due"), _has_overdue.label("overdue"))
    .where(is_served, is_open)
    .subquery()
)
_DUE_WORK = select(_work).where(or_(_work.c.due, _work.c.overdue)).order_by(_work.c.id)
_DUE_NOTICES = (
    select(organisations.c.id)
    .where(
        is_served,
        is_open,
        _runs(NOTICES),
        _first(
            notices,
            notices.c.due_at,
            notices.c.state == _literals("pending")[0],
            or_(notices.c.leased_until.is_(None), notices.c.leased_until <= _AT),
        ),
    )
    .order_by(organisations.c.id)
)

# A team that is not listed itself may belong to an enterprise whose whole grid was linked.
_ORG_OF_TEAM = select(slack_teams.c.org_id, slack_teams.c.is_installed).where(
    slack_teams.c.team_id == bindparam("v_team")
)
_ORG_OF_ENTERPRISE = select(slack_teams.c.org_id, slack_teams.c.is_installed).where(
    slack_teams.c.team_id == bindparam("v_enterprise")
)
_ALL = select(*columns(organisations, WORKSPACE)).order_by(organisations.c.id)
_MAINTENANCE = select(*columns(organisations, MAINTENANCE)).where(organisations.c.id == bindparam("v_org"))
_LINK = {
    dialect: upsert(dialect, slack_teams)
    .values(
        team_id=bindparam("v_team"),
        enterprise_id=bindparam("v_enterprise"),
        org_id=bindparam("v_org"),
        is_installed=True,
        linked_at=_AT,
    )
    .on_conflict_do_update(
        index_elements=["team_id"],
        set_={
            "enterprise_id": bindparam("v_enterprise"),
            "org_id": bindparam("v_org"),
            "is_installed": True,
            "linked_at": _AT,
        },
    )
    for dialect in DIALECTS
}
_UNLINK = update(slack_teams).where(slack_teams.c.team_id == bindparam("v_team")).values(is_installed=False)
_BEAT = {
    dialect: upsert(dialect, heartbeats)
    .values(job=bindparam("v_job"), worker=bindparam("v_worker"), at=_AT)
    .on_conflict_do_update(index_elements=["job", "worker"], set_={"at": _AT})
    for dialect in DIALECTS
}
_FORGET_BEATS = delete(heartbeats).where(
    heartbeats.c.job == bindparam("v_job"), heartbeats.c.at < bindparam("before", type_=heartbeats.c.at.type)
)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """When a worker last finished a job."""

    job: str
    worker: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DueWork:
    """One organisation for which there is something to do."""

    org_id: int
    has_due: bool
    has_overdue: bool


class Directory:
    """Raises Busy when the database cannot answer in time.

    `across`: an engine that sees every organisation's rows, for who has work; the same one when it is left out.
    """

    def __init__(self, engine: Engine, *, across: Engine | None = None) -> None:
        self._engine = engine
        self._across = across or engine

    def org_of(self, team_id: str, enterprise_id: str | None = None) -> int | None:
        """The organisation of a Slack team, else of its Enterprise Grid; None when unknown or uninstalled."""
        found = self._read(_ORG_OF_TEAM, v_team=team_id)
        if not found and enterprise_id is not None:
            found = self._read(_ORG_OF_ENTERPRISE, v_enterprise=enterprise_id)
        return int(found[0].org_id) if found and found[0].is_installed else None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Replicas that start at once set things up one after the other. SQLite's one writer sees to that by itself."""
        if self._engine.dialect.name != "postgresql":
            yield
            return
        with transaction(self._engine) as connection:
            connection.execute(_TURN, {"turn": _SETTING_UP})
            yield

    def create_organisation(self, name: str, zone: str, country: str | None, at: datetime) -> int:
        statement = insert(organisations).values(name=name, zone=zone, country=country, created_at=at)
        with transaction(self._engine) as connection:
            return int(connection.execute(statement.returning(organisations.c.id)).scalar_one())

    def first_organisation(self, name: str, zone: str, country: str | None, at: datetime) -> int:
        """The one that is there, else a new one."""
        with transaction(self._engine) as connection:
            there = connection.execute(_ALL).first()
            if there is not None:
                return int(there.id)
            statement = insert(organisations).values(name=name, zone=zone, country=country, created_at=at)
            return int(connection.execute(statement.returning(organisations.c.id)).scalar_one())

    def organisations(self) -> list[Workspace]:
        return [workspace_of(row._mapping) for row in self._read(_ALL)]

    def maintenance_of(self, org_id: int) -> Maintenance | None:
        """As it stands now, in force or over: read by every replica before somebody changes something."""
        found = self._read(_MAINTENANCE, v_org=org_id)
        return maintenance_of(found[0]._mapping) if found else None

    def link_team(self, team_id: str, enterprise_id: str | None, org_id: int, at: datetime) -> None:
        """Install, or install again. For a whole Enterprise Grid give its id as `team_id` too."""
        params = {"v_team": team_id, "v_enterprise": enterprise_id, "v_org": org_id, "at": at}
        self._write(_LINK[self._engine.dialect.name], params)

    def unlink_team(self, team_id: str) -> None:
        """Uninstalled: nothing is answered or sent for it any more; its rows stay."""
        self._write(_UNLINK, {"v_team": team_id})

    def with_due_work(self, at: datetime) -> list[DueWork]:
        """Organisations with a due message, an ended lease, or a waiting message past its expiry, by id.

        Where the release is paused nothing is due; what nobody holds any more is tidied up all the same.
        """
        rows = self._of_everybody(_DUE_WORK, at)
        return [DueWork(row.id, bool(row.due), bool(row.overdue)) for row in rows]

    def with_due_notices(self, at: datetime) -> list[int]:
        """Organisations with a notice to post that nobody is posting."""
        return [row.id for row in self._of_everybody(_DUE_NOTICES, at)]

    def beat(self, job: str, worker: str, at: datetime) -> None:
        self.beat_all([job], worker, at)

    def beat_all(self, jobs: Iterable[str], worker: str, at: datetime) -> None:
        """Of workers that have not done these for a day, nothing is kept: each process is a worker of its own.

        What nobody has done for days stays, for whoever asks since when.
        """
        beats = [{"v_job": job, "v_worker": worker, "at": at} for job in jobs]
        with transaction(self._engine) as connection:
            connection.execute(_BEAT[self._engine.dialect.name], beats)
            connection.execute(_FORGET_BEATS, [{**beat, "before": at - timedelta(days=1)} for beat in beats])

    def heartbeats(self) -> list[Heartbeat]:
        rows = self._read(select(heartbeats).order_by(heartbeats.c.job, heartbeats.c.worker))
        return [Heartbeat(row.job, row.worker, row.at) for row in rows]

    def _of_everybody(self, statement: Any, at: datetime) -> list[Any]:
        if self._across.dialect.name == "postgresql" and not sees_everybody(self._across):
            raise RuntimeError("Who has work is asked on an engine that is open across organisations, or nobody has.")
        return read(self._across, statement, {"at": at})

    def _read(self, statement: Any, **params: object) -> list[Any]:
        return read(self._engine, statement, params)

    def _write(self, statement: Any, params: Mapping[str, object]) -> None:
        with transaction(self._engine) as connection:
            connection.execute(statement, params)
