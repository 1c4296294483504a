"""A round while it runs: its clock, its supply of messages, and each thing that can go wrong with it."""

from __future__ import annotations

import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from domain.messages import State
from sandbox.server import SandboxServer
from storage import tables
from tests.chaos.cable import Mode
from tests.chaos.fleet import Fleet, Worker
from tests.chaos.ground import Ground, SqliteGround, reading
from tests.chaos.plan import Plan
from tests.chaos.schedule import Act
from tests.integration.mail.rogue_smtp import RogueSmtp

HOUR = 3600.0
_m = tables.messages.c
_OPEN = _m.state.in_([State.QUEUED.value, State.CLAIMED.value, State.SENDING.value])


@dataclass
class Stage:
    """`ahead` is how far the round's clock is before the real one, in seconds; it is never behind."""

    plan: Plan
    ground: Ground
    fleet: Fleet
    provider: RogueSmtp
    slack: SandboxServer
    random: Random
    supply: list[str]
    crashes: int = 0
    ahead: float = 0.0
    is_down: bool = False

    # -- clock and messages --

    def set_clock(self, ahead: float) -> None:
        self.ground.set_clock(ahead)
        self.ahead = ahead
        if isinstance(self.ground, SqliteGround):
            for worker in self.fleet.workers:
                worker.set_clock(ahead)

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.ahead)

    def feed(self, count: int) -> None:
        """The next `count` messages are due now."""
        chosen = self.supply[:count]
        if chosen and not self.is_down:
            with suppress(SQLAlchemyError), self.ground.engine.begin() as connection:
                statement = update(tables.messages).where(_m.id.in_(chosen), _m.state == State.QUEUED.value)
                connection.execute(statement.values(leaves_at=self.now()))
                del self.supply[:count]

    def state_of(self, id: str) -> State:
        with reading(self.ground.engine) as connection:
            return State(connection.execute(select(_m.state).where(_m.id == id)).scalar_one())

    def is_sent(self, id: str) -> bool:
        """Whether it left; it is due at once, however slow the machine was at the first try."""
        with self.ground.engine.begin() as connection:
            waits = (_m.id == id) & (_m.state == State.QUEUED.value) & (_m.leaves_at > self.now())
            connection.execute(update(tables.messages).where(waits).values(leaves_at=self.now()))
        return self.state_of(id) is State.SENT

    def unsettled(self) -> int:
        """Messages on their way and notices not yet posted."""
        n = tables.notices.c
        with reading(self.ground.engine) as connection:
            return sum(
                connection.scalar(select(func.count()).select_from(table).where(condition)) or 0
                for table, condition in ((tables.messages, _OPEN), (tables.notices, n.state == "pending"))
            )

    def is_idle(self) -> bool:
        """Nothing is to be done before the clock has moved on by more than a lease."""
        soon = self.now() + timedelta(seconds=5)
        n = tables.notices.c
        due = or_(
            (_m.state == State.QUEUED.value) & (_m.leaves_at <= soon),
            _m.state.in_([State.CLAIMED.value, State.SENDING.value]) & (_m.claimed_until <= soon),
        )
        told = (n.state == "pending") & (n.due_at <= soon) & (n.leased_until.is_(None) | (n.leased_until <= soon))
        with reading(self.ground.engine) as connection:
            return not (
                connection.scalar(select(_m.id).where(due).limit(1))
                or connection.scalar(select(n.id).where(told).limit(1))
            )

    # -- what goes wrong: each returns how it is mended, if it has to be --

    def act(self, act: Act) -> Callable[[], None] | None:
        worker = self.fleet.workers[act.who]
        match act.kind:
            case "kill":
                self.fleet.kill(worker)
            case "stop":
                self.fleet.stop(worker)
                return lambda: worker.send(signal.SIGCONT)
            case "crash":
                return self._crash()
            case "hang" if not self.is_down:
                return self._down(self.ground.hang)
            case "full" if not self.is_down:
                return self._try(self.ground.fill)
            case "lock" if not self.is_down:
                return self._try(lambda: self.ground.lock(self.random))
            case "line":
                return self._line(worker, act.what)
            case "mail" if act.fault is not None:
                self.provider.play(act.fault)
            case "mail":
                self.provider.refuse()
                return self.provider.listen
            case "slack":
                return self._slack(act.what)
            case "clock" if not self.is_down:
                with suppress(SQLAlchemyError):
                    self.set_clock(max(0.0, self.ahead + act.hours * HOUR))
        return None

    def _crash(self) -> Callable[[], None] | None:
        if self.is_down:
            return None
        self.crashes += 1
        if isinstance(self.ground, SqliteGround):
            for worker in self.fleet.workers:
                self.fleet.kill(worker)
            return None
        return self._down(self.ground.crash)

    def _down(self, fall: Callable[[], Callable[[], None]]) -> Callable[[], None]:
        self.is_down = True
        rise = fall()

        def up() -> None:
            rise()
            self.is_down = False

        return up

    def _try(self, hurt: Callable[[], Callable[[], None]]) -> Callable[[], None] | None:
        """The database may already be in no state to be hurt in this way."""
        with suppress(SQLAlchemyError):
            return hurt()
        return None

    def _line(self, worker: Worker, what: str) -> Callable[[], None] | None:
        to, _, how = what.partition(" ")
        cable = worker.mail if to == "mail" or worker.database is None else worker.database
        match how:
            case "cut":
                cable.cut()
                return None
            case "refuse":
                cable.refuse()
            case "hole":
                cable.turn(Mode.HOLE)
            case "deaf":
                cable.turn(Mode.DEAF)
        return cable.mend

    def _slack(self, what: str) -> Callable[[], None] | None:
        match what:
            case "429":
                self.slack.fail(method="chat.postMessage", error="ratelimited", retry_after=1, times=2)
            case "500":
                self.slack.fail(method="*", status=500, times=3)
            case "slow":
                self.slack.delay(method="*", seconds=1.0, times=3)
            case "no answer":
                self.slack.drop_reply(method="chat.postMessage", times=2)
            case "down":
                self.slack.outage(on=True)
                return lambda: self.slack.outage(on=False)
        return None
