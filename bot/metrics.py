"""What a monitor reads at /metrics: counters of this process, and the depth of the queue that all replicas share.

No label ever holds a name, an address or anything of a customer: only our own words, Slack's and SMTP's codes. None is
called `job` or `instance`: those are Prometheus's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from threading import Lock
from time import monotonic

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.registry import Collector

from domain.messages import State
from domain.ports import Move
from domain.reasons import Reason

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""The exposition format that every scraper reads."""

_FAST = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10)
"""Seconds. Slack waits for three."""
_SLOW = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
"""Seconds. A mail server may take two minutes for the final dot."""
_LATE = (1, 5, 15, 30, 60, 300, 900, 3600, 14400)
_CODE = re.compile(r"[a-zA-Z0-9_.-]{1,40}")


@dataclass(slots=True)
class Beat:
    """How a beat ended: `done`, `busy` or `failed`."""

    outcome: str = "failed"


class Metrics:
    """The counters of one process. Safe for threads; constructed once, in the composition root."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._reading = Lock()
        self._began: dict[str, float] = {}

        def counter(name: str, says: str, *labels: str) -> Counter:
            return Counter(f"plixo_{name}", says, labels, registry=self.registry)

        def histogram(name: str, says: str, *labels: str, buckets: tuple[float, ...]) -> Histogram:
            return Histogram(f"plixo_{name}", says, labels, registry=self.registry, buckets=buckets)

        info = Gauge("plixo_info", "Which release this is.", ["version"], registry=self.registry)
        info.labels(version("plixo-slack")).set(1)
        ProcessCollector(registry=self.registry)

        self._queued = counter("queued", "Nudges that people queued.")
        self._claimed = counter("claimed", "Messages this process took from the queue.")
        self._claim_delay = histogram(
            "claim_delay_seconds", "How long after it was due a message was taken.", buckets=_LATE
        )
        self._moves = counter("moves", "Steps of messages, by the state they reached.", "state")
        self._refused = counter("refused", "Messages refused at their release, by reason.", "reason")
        self._deferred = counter("deferred", "Messages that went back to wait, by reason.", "reason")
        self._lost = counter("lost_claims", "Steps that somebody else had already taken.")
        self._send = histogram(
            "send_seconds", "How long the hand-over of a mail took, by how it ended.", "outcome", buckets=_SLOW
        )
        self._smtp = counter("smtp_errors", "Mails not accepted, by kind and the mail server's code.", "kind", "code")
        self._posts = counter("slack_posts", "Notices posted or edited in Slack, by kind.", "kind")
        self._post_errors = counter("slack_post_errors", "Notices that Slack did not take, by its code.", "code")
        self._requests = histogram(
            "slack_request_seconds", "Slack's requests, by listener and outcome.", "listener", "outcome", buckets=_FAST
        )
        self._limited = counter("slack_rate_limited_events", "Times Slack said that it holds back our events.")
        self._beats = histogram(
            "beat_seconds", "How long a beat took, by task and outcome.", "task", "outcome", buckets=_SLOW
        )
        self._late = histogram("beat_late_seconds", "How late a beat began.", "task", buckets=_SLOW)
        self._busy = counter("database_busy", "Transactions that the database could not serve in time.")

    def collect_from(self, collector: Collector) -> None:
        """Ask it too, at every scrape."""
        self.registry.register(collector)

    def connected_by(self, is_connected: Callable[[], bool]) -> None:
        """Socket Mode: whether the line to Slack stands, asked at every scrape."""
        gauge = Gauge("plixo_slack_connected", "Socket Mode: whether the line stands.", registry=self.registry)
        gauge.set_function(lambda: float(is_connected()))

    def text(self) -> bytes:
        """Everything, as `CONTENT_TYPE`. One scrape at a time."""
        with self._reading:
            return generate_latest(self.registry)

    # -- the queue --

    def queued(self) -> None:
        self._queued.inc()

    def claimed(self, delays: list[float]) -> None:
        """`delays`: seconds between due and taken, one for each message."""
        self._claimed.inc(len(delays))
        for delay in delays:
            self._claim_delay.observe(max(0.0, delay))

    def moved(self, move: Move) -> None:
        """A step that was committed."""
        self._moves.labels(move.to.value).inc()
        if move.was is State.CLAIMED and move.to is State.REFUSED:
            self._refused.labels(_word(move.reason)).inc()
        elif move.to is State.QUEUED and move.leaves_at is not None and move.was in (State.CLAIMED, State.SENDING):
            self._deferred.labels(_word(move.reason)).inc()

    def lost(self, count: int) -> None:
        self._lost.inc(count)

    def busy(self) -> None:
        self._busy.inc()

    # -- the carriers --

    def handed_over(self, outcome: str, seconds: float, *, code: str = "") -> None:
        """`outcome`: accepted, rejected, unavailable or unknown."""
        self._send.labels(outcome).observe(seconds)
        if outcome != "accepted":
            self._smtp.labels(outcome, _code(code)).inc()

    def posted(self, kind: str) -> None:
        self._posts.labels(kind).inc()

    def not_posted(self, code: str) -> None:
        self._post_errors.labels(_code(code)).inc()

    def rate_limited(self) -> None:
        self._limited.inc()

    # -- requests and beats --

    def answered(self, listener: str, outcome: str, seconds: float) -> None:
        self._requests.labels(listener, outcome).observe(seconds)

    @contextmanager
    def beat(self, job: str, *, every: float) -> Iterator[Beat]:
        """Time one beat; it is late when it begins more than `every` seconds after the one before."""
        beat, began = Beat(), monotonic()
        if job in self._began:
            self._late.labels(job).observe(max(0.0, began - self._began[job] - every))
        self._began[job] = began
        try:
            yield beat
        finally:
            self._beats.labels(job, beat.outcome).observe(monotonic() - began)


def _word(reason: Reason | None) -> str:
    return reason.value if reason else "none"


def _code(code: str) -> str:
    """A code is a word; anything longer would be a text, and texts are not labels."""
    return code if _CODE.fullmatch(code) else "other" if code else "none"
