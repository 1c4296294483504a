"""One round: load, start, let things go wrong by the plan, calm down, judge, and let people settle what is held."""

from __future__ import annotations

import heapq
import os
import re
import resource
import signal
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from threading import Event
from time import monotonic

import yaml
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from bench.load import REP
from bot.demo import MANIFEST
from domain.messages import State
from handlers import ids
from sandbox.people import Channel, Person
from sandbox.server import SandboxServer
from storage import tables
from tests.chaos import verdict as judging
from tests.chaos.cable import Cable
from tests.chaos.fleet import Fleet, Worker, environment_of, plixo, wait_until
from tests.chaos.ground import CARL, OLGA, RITA, Ground, PostgresGround, SqliteGround, furnish, reading
from tests.chaos.plan import AR, HEADER, NEVER_LOGGED, SECRET, SENDERS, SENDING_LEASE, TOKEN, Plan, settings
from tests.chaos.stage import HOUR, Stage
from tests.integration.mail.rogue_smtp import RogueSmtp
from tests.postgres import OwnServer

_PAUSE = Event()


@dataclass
class Outcome:
    """A finished round. `verdict` is from before people helped, `problems` from all of it."""

    stage: Stage
    verdict: judging.Verdict
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        stage, found = self.stage, self.verdict
        return judging.line(
            stage.plan.name,
            stage.plan.seed,
            stage.plan.messages,
            stage.fleet.kills,
            stage.fleet.stops,
            stage.crashes,
            found.once,
            found.duplicated,
            found.lost,
            len(found.held),
            stage.provider.repeated,
        )


def run(plan: Plan, folder: Path, server: OwnServer | None) -> Outcome:
    """`server`: PostgreSQL to make a database on; None: an SQLite file in `folder`."""
    print(f"\n{plan.name}, seed {plan.seed}", *plan.steps, *plan.acts, sep="\n  ")
    with set_up(plan, folder, server) as stage:
        stage.fleet.start()
        let_things_go_wrong(stage)
        calm_down(stage)
        wait_until(lambda: not stage.provider.undecided, seconds=60)  # who asks the provider gets its last word
        outcome = Outcome(stage, judging.judge(stage.ground.engine, stage.provider.accepted))
        found = outcome.verdict
        outcome.problems += found.problems
        outcome.problems += judging.unasked(stage.ground.engine, found.held, stage.slack.messages(channel=AR))
        outcome.problems += stage.fleet.gave_up
        if plan.leaves_the_database_alone and stage.fleet.most_orphans > SENDERS:
            outcome.problems.append(f"one dead worker left {stage.fleet.most_orphans} messages in doubt")
        if plan.deduplicates and found.held:
            outcome.problems.append(f"{len(found.held)} held, though the provider drops copies")
        if found.held:
            settle_by_hand(stage, found.held, folder)
            settled = judging.judge(stage.ground.engine, stage.provider.accepted)
            outcome.problems += [f"after it was settled: {problem}" for problem in settled.problems]
            outcome.problems += [f"{id}: still held after it was settled" for id in settled.held]
        logs = stage.fleet.logs()
        outcome.problems += [f"a log holds {secret}" for secret in NEVER_LOGGED if secret in logs]
        print(judging.line(*judging.HEADINGS), outcome, sep="\n")
        return outcome


def let_things_go_wrong(stage: Stage) -> None:
    """Until the last act is over, every step was struck, and every message has become due."""
    plan, fleet = stage.plan, stage.fleet
    todo = [Due(act.at, number, partial(stage.act, act), act.lasts) for number, act in enumerate(plan.acts)]
    heapq.heapify(todo)
    start, deadline, fed = monotonic(), 120 + plan.messages / plan.pace, 0
    while todo or stage.supply or len(fleet.struck) < len(plan.steps):
        now = monotonic() - start
        while todo and todo[0].at <= now:
            due = heapq.heappop(todo)
            mend = due.happens()
            if mend is not None:
                heapq.heappush(todo, Due(monotonic() - start + due.lasts, due.number, mend))
        has_steps_left = len(fleet.struck) < len(plan.steps)
        is_hurried = bool(plan.steps) and not has_steps_left
        wanted = len(stage.supply) if is_hurried else int(now * plan.pace) - fed
        if wanted > 0:
            stage.feed(wanted)
            fed += wanted
        fleet.look(longest_stop=SENDING_LEASE + 0.5)
        assert now < deadline, f"never struck: {fleet.waiting()}\n{fleet.logs()[-4000:]}"
        _PAUSE.wait(0.01)


@dataclass(order=True)
class Due:
    """Something that happens at a time (seconds since the start); what it returns undoes it after `lasts` seconds."""

    at: float
    number: int
    happens: Callable[[], Callable[[], None] | None] = field(compare=False)
    lasts: float = field(default=0.0, compare=False)


def calm_down(stage: Stage) -> None:
    """All is well again, until nothing is on its way."""
    stage.provider.heal()
    stage.slack.clear_faults()
    stage.fleet.calm()
    for worker in stage.fleet.workers:
        worker.mail.mend()
        if worker.database is not None:
            worker.database.mend()

    wait_for_rest(stage)


def wait_for_rest(stage: Stage) -> None:
    """Until no message is on its way and no notice waits; the clock jumps whenever there is nothing to do before."""

    def is_settled() -> bool:
        stage.fleet.look(longest_stop=0)
        try:
            left = stage.unsettled()
            if left and stage.is_idle():
                stage.set_clock(stage.ahead + HOUR)
        except SQLAlchemyError:
            return False
        return not left

    wait_until(is_settled, seconds=120, why=lambda: f"never settled\n{stage.fleet.logs()[-4000:]}")


def settle_by_hand(stage: Stage, held: list[str], folder: Path) -> None:
    """Olga looks each one up at the provider and clicks; a bot of its own process sends what is to be sent."""
    there = {mail.message_id.removeprefix("nudge.").partition("@")[0] for mail in stage.provider.accepted}
    with serving(stage, folder):
        for id in held:
            post = judging.question_of(stage.slack.messages(channel=AR), id)
            if post is not None:
                action = ids.ALERT_ARRIVED if id in there else ids.ALERT_SEND_AGAIN
                stage.slack.click(user=OLGA, action_id=action, channel=AR, message_ts=post.ts)
        wait_for_rest(stage)


@contextmanager
def serving(stage: Stage, folder: Path) -> Iterator[None]:
    """`plixo serve`, by real time: Slack's signatures are checked against the process's own clock."""
    with plixo("serve", folder=folder, environment=stage.fleet.workers[0].environment) as (process, log):
        wait_until(lambda: re.search(r"port (\d+)", log.read_text()), seconds=60, why=log.read_text)
        port = re.search(r"port (\d+)", log.read_text())
        assert port is not None
        stage.slack.bot_url = f"http://127.0.0.1:{port[1]}/slack/events"
        yield
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0, log.read_text()


@contextmanager
def set_up(plan: Plan, folder: Path, server: OwnServer | None) -> Iterator[Stage]:
    """Database, provider, Slack and workers of a round; nothing of them is left afterwards."""
    workers: list[Worker] = []

    def limit(octets: int | None) -> None:
        for worker in workers:
            if worker.is_alive:
                _, hard = resource.prlimit(worker.pid, resource.RLIMIT_FSIZE)
                resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (octets if octets else hard, hard))

    ground: Ground
    ground = PostgresGround(server, f"chaos_{plan.seed}_{os.getpid()}") if server else SqliteGround(folder, limit)
    supply = furnish(ground, messages=plan.messages)
    provider = RogueSmtp(dedupe_header=HEADER if plan.deduplicates else None, latency=plan.latency)
    with provider, _slack() as slack:
        for number in range(plan.workers):
            workers.append(_worker(number, plan, folder, ground, provider, slack))
        fleet = Fleet(workers, deque(plan.steps), orphans=lambda name: _orphans(ground, name))
        try:
            yield Stage(plan, ground, fleet, provider, slack, Random(plan.seed), supply)
        finally:
            fleet.end()
            ground.close()


def _worker(number: int, plan: Plan, folder: Path, ground: Ground, provider: RogueSmtp, slack: SandboxServer) -> Worker:
    made: list[Worker] = []
    mail = Cable(("127.0.0.1", provider.port), lambda: made[0].tap())
    database = Cable(ground.address) if ground.address else None
    url = ground.url_by(database.port if database else None)
    environment = environment_of(settings(plan, database_url=url, smtp_port=mail.port, slack_url=slack.api_url))
    worker = Worker(number, folder, environment, mail, database)
    worker.skew = plan.skews[number % len(plan.skews)] if database else 0.0
    worker.set_clock(0.0)
    made.append(worker)
    return worker


def _slack() -> SandboxServer:
    return SandboxServer(
        manifest=yaml.safe_load(MANIFEST.read_text(encoding="utf-8")),
        people=[
            Person(id=RITA, name="Rita Rep", email=REP),
            Person(id=OLGA, name="Olga Operator", email="olga@northwind.example"),
            Person(id=CARL, name="Carl Controller", email="carl@northwind.example"),
        ],
        channels=[Channel(id=AR, name="ar-team")],
        signing_secret=SECRET,
        bot_token=TOKEN,
        retry_scale=0.001,
    )


def _orphans(ground: Ground, worker: str) -> int | None:
    """How many messages a dead worker had begun to hand over; None when the database cannot tell."""
    m = tables.messages.c
    mine = select(func.count()).where(m.state == State.SENDING.value, m.claimed_by == worker)
    try:
        with reading(ground.engine) as connection:
            return connection.scalar(mine)
    except SQLAlchemyError:
        return None
