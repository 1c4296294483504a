"""Who is measured: each fills a backlog once, and begins every round with a copy of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Protocol

import psycopg

from bench.load import load
from bench.queue.processes import Worker
from bench.server import postmaster_of
from storage.engine import build_engine
from storage.migrate import upgrade
from tests.postgres import Server

_rounds = count(1)


@dataclass(frozen=True, slots=True)
class Ready:
    """Workers that wait for “go”, and the servers whose CPU time counts.

    `says_done`: they know when nothing is left and everything is recorded; of the others the tally is believed.
    `sent` counts in the rows afterwards, where that can be done.
    """

    workers: list[Worker]
    servers: list[int]
    says_done: bool = False
    sent: Callable[[], int] | None = None


class Contender(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def most(self) -> int | None:
        """The longest backlog that it is fit for, where there is one."""
        ...

    def missing(self) -> str:
        """What is not installed; empty when it can run."""
        ...

    def fill(self, size: int, share: float) -> None: ...

    def ready(self, tally: Path) -> AbstractContextManager[Ready]: ...

    def empty(self) -> None: ...


class OnPostgres:
    """A queue in PostgreSQL: a template database with its backlog, copied for each round."""

    most = None

    def __init__(
        self,
        server: Server,
        name: str,
        module: str,
        *arguments: str,
        workers: int = 2,
        needs: tuple[str, ...] = (),
    ) -> None:
        self.name = name
        self._server = server
        self._module = module
        self._arguments = arguments
        self._workers = workers
        self._needs = needs
        self._template = "filled_" + "".join(c if c.isalnum() else "_" for c in name.lower())
        self._is_filled = False

    @property
    def template_url(self) -> str:
        """The filled database that each round copies; nobody may be connected to it then."""
        return self._server.url(self._template)

    def missing(self) -> str:
        return ", ".join(need for need in self._needs if find_spec(need) is None)

    def fill(self, size: int, share: float) -> None:
        url = self._server.create(self._template)
        self._is_filled = True
        self._put(url, size, share)
        self._leave()

    def _leave(self) -> None:
        """A database that somebody is connected to cannot be copied; some leave late."""
        asked = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND usename = %s"
        with psycopg.connect(self._server.url("postgres"), autocommit=True) as connection:
            connection.execute(asked, [self._template, connection.info.user])

    def _put(self, url: str, size: int, share: float) -> None:
        import_module(self._module).fill(url, size, share)

    @contextmanager
    def ready(self, tally: Path) -> Iterator[Ready]:
        database = f"round_{next(_rounds)}"
        url = self._server.create(database, template=self._template)
        postmaster = postmaster_of(self._server)
        with ExitStack() as stack:
            stack.callback(self._server.drop, database)
            workers = []
            for slot in range(self._workers):
                workers.append(Worker(self._module, url, str(tally), str(slot), *self._arguments))
                stack.callback(workers[-1].stop)
            for worker in workers:
                worker.await_ready()
            yield self._judged(url, Ready(workers, [] if postmaster is None else [postmaster]))

    def _judged(self, url: str, ready: Ready) -> Ready:
        return ready

    def empty(self) -> None:
        if self._is_filled:
            self._server.drop(self._template)
            self._is_filled = False


class Ours(OnPostgres):
    """The full guarded release by the product's own loop, perhaps over the backlog that another one of us filled."""

    def __init__(self, server: Server, name: str, *arguments: str, like: Ours | None = None) -> None:
        super().__init__(server, name, "bench.queue.ours", *arguments)
        self._like = like
        if like is not None:
            self._template = like._template

    def fill(self, size: int, share: float) -> None:
        if self._like is None:
            super().fill(size, share)

    def _put(self, url: str, size: int, share: float) -> None:
        engine = build_engine(url, pool_size=2, statement_timeout=0, across=True)
        upgrade(engine)
        load(engine, accounts=size, due=share)
        engine.dispose()

    def _judged(self, url: str, ready: Ready) -> Ready:
        return replace(ready, says_done=True, sent=lambda: count_sent(url))


def count_sent(url: str) -> int:
    """Messages recorded as sent with their history, their audit and the word to the rep."""
    asked = (
        "SELECT least(count(*), (SELECT count(*) FROM audit WHERE action = 'nudge.sent')) FROM messages m"
        " WHERE state = 'sent'"
        " AND EXISTS (SELECT FROM message_events e WHERE e.message_id = m.id AND e.became = 'sent')"
        " AND EXISTS (SELECT FROM notices n WHERE n.key = 'nudge:' || m.id || ':outcome')"
    )
    with psycopg.connect(url, options="-c plixo.org=*") as connection:
        (sent,) = connection.execute(asked).fetchone() or (0,)
    return int(sent)


class OnRedis:
    """Celery. Debian's redis-server is started for it; what is not there is said and left out."""

    name = "Celery on Redis"
    most = 200_000

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._url, self._pid = "", 0

    def missing(self) -> str:
        absent = [need for need in ("celery", "redis") if find_spec(need) is None]
        if not absent:
            from bench.queue.peer_celery import find_redis

            absent += [] if find_redis() else ["redis-server"]
        return ", ".join(absent)

    def fill(self, size: int, share: float) -> None:
        from bench.queue import peer_celery

        if not self._url:
            program = peer_celery.find_redis()
            assert program is not None
            self._url, self._pid = self._stack.enter_context(peer_celery.redis_server(program))
        peer_celery.fill(self._url, size, share)

    @contextmanager
    def ready(self, tally: Path) -> Iterator[Ready]:
        from bench.queue import peer_celery

        peer_celery.reset(self._url)
        with ExitStack() as stack:
            workers = []
            for slot in range(2):
                workers.append(Worker("bench.queue.peer_celery", self._url, str(tally), str(slot)))
                stack.callback(workers[-1].stop)
            for worker in workers:
                worker.await_ready()
            yield Ready(workers, [self._pid])

    def empty(self) -> None:
        """The next filling begins by emptying the server."""


OURS = "ours: guarded release"
OURS_64 = "ours, 64 hand-overs at once"
PGQUEUER_10 = "pgqueuer, batch 10"
PGQUEUER_1 = "pgqueuer, batch 1"
PROCRASTINATE = "procrastinate, concurrency 10"
APSCHEDULER = "APScheduler, a job per message"


def contenders(server: Server, stack: ExitStack) -> list[Contender]:
    """All of them, ours first."""
    ours = Ours(server, OURS)
    return [
        ours,
        Ours(server, OURS_64, "-", "64", like=ours),
        OnPostgres(server, PGQUEUER_10, "bench.queue.peer_pgqueuer", "10", needs=("pgqueuer", "asyncpg", "uvloop")),
        OnPostgres(server, PGQUEUER_1, "bench.queue.peer_pgqueuer", "1", needs=("pgqueuer", "asyncpg", "uvloop")),
        OnPostgres(server, PROCRASTINATE, "bench.queue.peer_procrastinate", "10", needs=("procrastinate",)),
        OnPostgres(server, APSCHEDULER, "bench.queue.peer_apscheduler", workers=1),
        OnRedis(stack),
    ]
