"""What is read at a scrape: the queue that all replicas share, their signs of life, and the two clocks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from domain.depth import Depth
from domain.errors import Busy
from domain.ports import Clock
from storage.clock import DatabaseClock
from storage.depths import Depths
from storage.directory import Directory

KEPT = 10.0
"""Seconds for which one reading serves all scrapes: several monitors cost as much as one."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What stood at one instant. `skew`: seconds by which this host's clock is ahead of the database's."""

    depth: Depth
    at: datetime
    beats: dict[str, datetime]
    skew: float


class Gauges(Collector):
    """A collector for the registry. A database that cannot be reached is a reading too: `plixo_database_up` 0."""

    def __init__(self, *, across: Engine, directory: Directory, clock: Clock) -> None:
        self._across = across
        self._directory = directory
        self._clock = clock
        self._kept: tuple[float, list[Metric]] | None = None

    def describe(self) -> Iterable[Metric]:
        """Nothing: registering must not read."""
        return []

    def collect(self) -> Iterable[Metric]:
        """The registry asks one scrape at a time."""
        if self._kept is None or monotonic() - self._kept[0] > KEPT:
            self._kept = (monotonic(), self._read())
        return self._kept[1]

    def _read(self) -> list[Metric]:
        try:
            reading = take_reading(across=self._across, directory=self._directory, clock=self._clock)
        except (Busy, SQLAlchemyError, OSError):
            return [_up(0)]
        return list(shown(reading))


def take_reading(*, across: Engine, directory: Directory, clock: Clock) -> Reading:
    """Raises Busy, and what the database raises for good."""
    skew = measure_skew(across)
    at = clock.now()
    beats: dict[str, datetime] = {}
    for beat in directory.heartbeats():
        beats[beat.job] = max(beat.at, beats.get(beat.job, beat.at))
    depth = Depths(across).of([workspace.org_id for workspace in directory.organisations()], at)
    return Reading(depth, at, beats, skew)


def measure_skew(engine: Engine) -> float:
    """Seconds, positive when this host is ahead; exact to half a round trip. SQLite's clock is the host's."""
    if engine.dialect.name != "postgresql":
        return 0.0
    clock = DatabaseClock(engine)
    clock.now()  # connecting takes longer than asking
    before = datetime.now(UTC)
    there = clock.now()
    after = datetime.now(UTC)
    return (before + (after - before) / 2 - there).total_seconds()


def shown(reading: Reading) -> Iterable[Metric]:
    """A reading as a monitor gets it."""
    depth, at = reading.depth, reading.at

    def age(since: datetime | None) -> float:
        return max(0.0, (at - since).total_seconds()) if since else 0.0

    yield _up(1)
    messages = GaugeMetricFamily(
        "plixo_queue_messages", "Messages by state; queued ones are counted up to 10,000.", labels=["state"]
    )
    for state in ("queued", "claimed", "sending", "held", "unconfirmed"):
        messages.add_metric([state], getattr(depth, state))
    yield messages
    yield _one("queue_due_messages", "Queued messages that are due now, counted up to 10,000.", depth.due)
    yield _one("queue_oldest_due_seconds", "For how long the oldest due message has been due.", age(depth.oldest_due))
    waiting = GaugeMetricFamily(
        "plixo_queue_oldest_waiting_seconds", "Since when the oldest waits for a person, by state.", labels=["state"]
    )
    waiting.add_metric(["held"], age(depth.oldest_held))
    waiting.add_metric(["unconfirmed"], age(depth.oldest_unconfirmed))
    yield waiting
    yield _one("notices_waiting", "Notices that Slack has not taken yet, counted up to 10,000.", depth.notices)
    yield _one("notices_oldest_seconds", "Age of the oldest of them.", age(depth.oldest_notice))
    yield _one("mails_tried_day", "Mails that a mail server answered in the trailing day.", depth.tried)
    yield _one("mails_refused_for_good_day", "Those of them that it refused for good.", depth.refused_for_good)
    yield _one(
        "sender_records_bad",
        "SPF, DKIM and DMARC that were missing or bad when last looked up.",
        depth.records_bad,
    )
    if depth.imported_at:
        yield _one("books_age_seconds", "Time since the last import that ended well.", age(depth.imported_at))
    beats = GaugeMetricFamily("plixo_heartbeat_age_seconds", "Time since any replica's last, by task.", labels=["task"])
    for job, seen in sorted(reading.beats.items()):
        beats.add_metric([job], age(seen))
    yield beats
    yield _one("clock_skew_seconds", "By how much this host's clock is ahead of the database's.", reading.skew)


def _up(value: int) -> GaugeMetricFamily:
    return _one("database_up", "Whether the database answered.", value)


def _one(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"plixo_{name}", says, value=value)
