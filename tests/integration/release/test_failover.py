"""The database's server is gone for good, and its standby takes over while mails are being released."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Lock
from time import monotonic

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from bot.demo import demo_settings
from bot.loop import Loop
from bot.world import build_world
from domain.errors import Unavailable
from domain.mail import Mail
from domain.messages import State
from domain.notices import Notice
from domain.usecases.distrust_restored import distrust_restored
from storage import tables
from storage.engine import build_engine
from storage.migrate import upgrade
from storage.unit_of_work import build_unit_of_work
from tests import factories
from tests.stage import AFTER, EVENING, MORNING, Stage, set_the_stage
from tests.standby import Pair

pytestmark = pytest.mark.postgres

CUSTOMERS = 60
SENDERS = 8
PATIENCE = 120.0
_PAUSE = Event()


def wait_until(condition: Callable[[], object], why: str) -> None:
    until = monotonic() + PATIENCE
    while not condition():
        assert monotonic() < until, why
        _PAUSE.wait(0.05)


class Gate:
    """A mail server that accepts everything, but after `stops_after` mails stands still until `open` is set."""

    def __init__(self, stops_after: int) -> None:
        self._stops_after = stops_after
        self._lock = Lock()
        self._seen = 0
        self.accepted: list[str] = []
        self.reached, self.open = Event(), Event()

    def send(self, mail: Mail) -> str:
        with self._lock:
            self._seen += 1
            waits = self._seen > self._stops_after
        if waits:
            self.reached.set()
            assert self.open.wait(PATIENCE)
        with self._lock:
            self.accepted.append(mail.message_id)
        return "250 accepted"

    def check(self) -> None: ...

    def cut(self) -> None: ...

    def close(self) -> None: ...


class Silent:
    """Slack is not there in these tests."""

    def post(self, notice: Notice) -> tuple[str, str]:
        raise Unavailable("Slack is away.")


@pytest.fixture
def pair() -> Iterator[Pair]:
    pair = Pair()
    yield pair
    pair.stop()


@pytest.fixture
def stage(pair: Pair) -> Iterator[Stage]:
    """Sixty nudges that leave in the morning, on the pair."""
    engine = build_engine(pair.url, across=True)
    upgrade(engine)
    stage = set_the_stage(engine, factories.make_organisation(engine), daily_cap=CUSTOMERS * 2)
    for _ in range(CUSTOMERS):
        _, contact, invoices = factories.make_customer(
            engine, stage.org_id, owner_email=stage.rita.email, synced_at=EVENING
        )
        stage.queued(contact=contact, invoice=invoices[0])
    yield stage
    engine.dispose()


@contextmanager
def beating(stage: Stage, pair: Pair, gate: Gate, folder: Path) -> Iterator[None]:
    """The real loop on both servers' URL, as `plixo worker` runs it."""
    settings = demo_settings(
        folder, api_url="", secret="s", database_url=pair.url, tick_seconds=0.1, senders=SENDERS, grace_seconds=1
    )
    with build_world(settings, clock=stage.clock) as world:
        loop = Loop(replace(world, mailer=gate, rulebook=stage.rulebook), lambda org_id: Silent())
        loop.start()
        try:
            yield
        finally:
            gate.open.set()
            loop.stop()


def fail_over(pair: Pair, stage: Stage) -> None:
    pair.fail_over()
    stage.engine.dispose()  # the test's own connections; the loop's find out by themselves


def states(stage: Stage) -> Counter[str]:
    question = select(tables.messages.c.state, func.count()).group_by(tables.messages.c.state)
    with stage.engine.connect() as connection:
        return Counter({row[0]: row[1] for row in connection.execute(question)})


def is_at_rest(stage: Stage) -> bool:
    return not states(stage).keys() & {State.QUEUED, State.CLAIMED, State.SENDING}


def message_ids(stage: Stage, *among: State) -> set[str]:
    return {f"nudge.{row['id']}@example.com" for row in stage.rows(tables.messages) if row["state"] in among}


def test_a_standby_that_has_every_commit_takes_over_and_nothing_is_lost_or_sent_twice(
    pair: Pair, stage: Stage, tmp_path: Path
) -> None:
    pair.wait_for_the_standby()
    stage.clock.set(AFTER)
    gate = Gate(stops_after=CUSTOMERS // 3)
    with beating(stage, pair, gate, tmp_path):
        assert gate.reached.wait(PATIENCE)
        fail_over(pair, stage)
        gate.open.set()
        wait_until(lambda: len(gate.accepted) >= CUSTOMERS - SENDERS, "the loop did not go on by itself")
        # A fence whose COMMIT nobody answered was never handed over; its lease ends, and a person is asked.
        stage.clock.advance(minutes=20)
        wait_until(lambda: is_at_rest(stage), "something is in nobody's hands")
    assert max(Counter(gate.accepted).values()) == 1, "0 duplicates"
    counted = states(stage)
    assert counted.keys() <= {State.SENT, State.UNCONFIRMED}
    assert counted[State.UNCONFIRMED] <= SENDERS, "at most what was being handed over"
    assert sum(counted.values()) == CUSTOMERS, "0 lost"
    assert message_ids(stage, State.SENT) <= set(gate.accepted)
    assert set(gate.accepted) <= message_ids(stage, State.SENT, State.UNCONFIRMED)


@pytest.mark.parametrize("is_told", [False, True], ids=["nobody says so", "plixo restored"])
def test_a_standby_that_misses_commits_is_like_a_restored_backup(
    pair: Pair, stage: Stage, tmp_path: Path, is_told: bool
) -> None:
    """Asynchronous replication may lose the last fences. Second copies have the first one's Message-ID; and none leaves
    when the standby is treated as the backup that it is."""
    pair.catch_up()
    pair.cut_off()
    stage.clock.set(AFTER)
    gate = Gate(stops_after=10_000)
    with beating(stage, pair, gate, tmp_path):
        wait_until(lambda: states(stage)[State.SENT] == CUSTOMERS, "the first round did not end")
    fail_over(pair, stage)
    assert states(stage) == {State.QUEUED: CUSTOMERS}, "the standby knows nothing of the morning"
    if is_told:
        assert distrust_restored(MORNING, by="olga", uow=stage.uow, clock=stage.clock) == CUSTOMERS
    again = Gate(stops_after=10_000)
    with beating(stage, pair, again, tmp_path):
        stage.clock.advance(minutes=20)
        wait_until(lambda: is_at_rest(stage), "something is in nobody's hands")
    if is_told:
        assert again.accepted == [], "0 duplicates"
        assert states(stage) == {State.UNCONFIRMED: CUSTOMERS}
    else:
        assert sorted(again.accepted) == sorted(gate.accepted), "what a provider that de-duplicates drops"


def test_a_standby_that_is_not_promoted_yet_is_read_and_sends_nothing(pair: Pair, stage: Stage) -> None:
    """Where the URL names one address that moves, a worker may meet the standby while it is still read-only."""
    pair.catch_up()
    pair.primary.crash()
    engine = build_engine(pair.standby.url("plixo"))
    there = replace(stage, uow=build_unit_of_work(engine, org_id=stage.org_id))
    with pytest.raises(DBAPIError):
        there.release(AFTER)
    assert stage.mailer.sent == []
    with there.uow() as work:
        assert len(work.messages.stories(limit=CUSTOMERS)) == CUSTOMERS, "people can look things up"
    pair.standby.promote()
    assert there.release(limit=CUSTOMERS).sent == CUSTOMERS, "the same connections go on"
    engine.dispose()
