"""What is counted, and that nothing but codes and our own words becomes a label."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from prometheus_client import REGISTRY, disable_created_metrics, enable_created_metrics

from bot.metering import MeteredAnnouncer, MeteredMailer
from bot.metrics import Metrics
from bot.witness import build_witnessed
from domain.errors import Busy, DeliveryError, Rejected, Unavailable, Unknown
from domain.mail import Mail, Mailbox
from domain.messages import State
from domain.notices import Notice, NoticeKind
from domain.ports import Move, UnitOfWork, UnitOfWorkFactory
from domain.reasons import Reason
from tests.factories import NOON, new_message

ID = "4f" * 16


def value(metrics: Metrics, name: str, **labels: str) -> float:
    return metrics.registry.get_sample_value(f"plixo_{name}", labels) or 0.0


def make_mail() -> Mail:
    return Mail(
        message_id=f"nudge.{ID}@northwind.example",
        sender=Mailbox("receivables@northwind.example"),
        to=Mailbox("paula@acme.example"),
        reply_to=None,
        subject="Invoice INV-1042",
        text="https://pay.example/secret",
        pay_link="https://pay.example/secret",
        pay_label="Pay",
        date=NOON,
    )


class ObedientMailer:
    def __init__(self, answer: str | DeliveryError) -> None:
        self.answer = answer
        self.calls: list[str] = []

    def send(self, mail: Mail) -> str:
        if isinstance(self.answer, DeliveryError):
            raise self.answer
        return self.answer

    def check(self) -> None:
        self.calls.append("check")

    def cut(self) -> None:
        self.calls.append("cut")

    def close(self) -> None:
        self.calls.append("close")


@pytest.mark.parametrize(
    ("answer", "outcome", "code"),
    [
        ("250 ok", "accepted", None),
        (Rejected("no", code="550"), "rejected", "550"),
        (Unavailable("later", code="421"), "unavailable", "421"),
        (Unavailable("later"), "unavailable", "none"),
        (Unknown("?", code="timeout"), "unknown", "timeout"),
        (Rejected("no", code="paula@acme.example is no more"), "rejected", "other"),
    ],
)
def test_hand_overs_are_timed_and_their_codes_counted(
    answer: str | DeliveryError, outcome: str, code: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    metrics = Metrics()
    caplog.set_level(logging.INFO)
    mailer = MeteredMailer(ObedientMailer(answer), metrics)
    try:
        mailer.send(make_mail())
    except DeliveryError as error:
        assert error is answer
    assert value(metrics, "send_seconds_count", outcome=outcome) == 1
    assert value(metrics, "smtp_errors_total", kind=outcome, code=code or "none") == (code is not None)
    (line,) = caplog.records
    assert (line.getMessage(), vars(line)["nudge"]) == (f"mail {outcome}", ID)
    assert "pay.example" not in str(vars(line))


def test_the_rest_of_the_mailer_is_passed_on() -> None:
    inner = ObedientMailer("")
    mailer = MeteredMailer(inner, Metrics())
    mailer.check()
    mailer.cut()
    mailer.close()
    assert inner.calls == ["check", "cut", "close"]


def test_posts_are_counted_and_slacks_codes_too() -> None:
    metrics = Metrics()
    notice = Notice(key="k", kind=NoticeKind.AR_ALERT, recipient=None, subject=ID)

    class Announcer:
        error: DeliveryError | None = None

        def post(self, notice: Notice) -> tuple[str, str]:
            if self.error:
                raise self.error
            return "C1", "1.1"

    announcer = Announcer()
    metered = MeteredAnnouncer(announcer, metrics)
    assert metered.post(notice) == ("C1", "1.1")
    announcer.error = Unavailable("wait", code="ratelimited")
    with pytest.raises(Unavailable):
        metered.post(notice)
    assert value(metrics, "slack_posts_total", kind="ar_alert") == 1
    assert value(metrics, "slack_post_errors_total", code="ratelimited") == 1


class Store:
    """Takes everything; of moves the first only."""

    def add(self, message: Any) -> Any:
        return message

    def claim(self, **named: Any) -> Any:
        return [waiting()]

    def move(self, moves: list[Move]) -> set[str]:
        return {moves[0].id}

    def find(self, **named: Any) -> str:
        return "found"

    def posted(self, notice: Notice, **named: Any) -> None: ...
    def postpone(self, notice: Notice, **named: Any) -> None: ...


def waiting() -> Any:
    return new_message(id=ID, account_id=1, contact_id=1, invoice_id=1, requested_by=1, leaves_at=NOON)


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def uow(metrics: Metrics) -> UnitOfWorkFactory:
    @contextmanager
    def unit() -> Iterator[UnitOfWork]:
        yield cast(UnitOfWork, SimpleNamespace(messages=Store(), notices=Store()))

    return build_witnessed(unit, org_id=7, metrics=metrics)


def back(id: str, **named: Any) -> Move:
    return Move(id=id, was=State.CLAIMED, to=State.QUEUED, at=NOON, **named)


def test_steps_are_told_once_they_are_committed(
    uow: UnitOfWorkFactory, metrics: Metrics, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.witness")
    with uow() as work:
        work.messages.add(waiting())
        work.messages.claim(at=NOON + timedelta(seconds=90), lease_until=NOON, worker="w", limit=1)
        deferred = back(ID, reason=Reason.QUIET_HOURS, leaves_at=NOON)
        work.messages.move([deferred, back("lost")])
        assert not caplog.records, "nothing is told before the commit"
    told = [(line.getMessage(), vars(line)["nudge"], vars(line)["org"]) for line in caplog.records]
    assert told == [("queued", ID, 7), ("claimed", ID, 7), ("deferred", ID, 7)]
    assert vars(caplog.records[2])["reason"] == "quiet_hours"
    assert value(metrics, "queued_total") == value(metrics, "claimed_total") == 1
    assert value(metrics, "claim_delay_seconds_sum") == 90
    assert value(metrics, "deferred_total", reason="quiet_hours") == 1
    assert value(metrics, "lost_claims_total") == 1


def test_what_was_rolled_back_is_not_told(
    uow: UnitOfWorkFactory, metrics: Metrics, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.witness")
    with pytest.raises(Busy), uow() as work:
        work.messages.add(waiting())
        raise Busy("locked")
    assert not caplog.records
    assert value(metrics, "queued_total") == 0
    assert value(metrics, "database_busy_total") == 1


def test_a_refusal_at_the_release_and_a_lease_that_ended(uow: UnitOfWorkFactory, metrics: Metrics) -> None:
    with uow() as work:
        refused = Move(id=ID, was=State.CLAIMED, to=State.REFUSED, at=NOON, reason=Reason.LEGAL_HOLD)
        work.messages.move([refused])
    with uow() as work:
        work.messages.move([back(ID)])
    assert value(metrics, "refused_total", reason="legal_hold") == 1
    assert value(metrics, "moves_total", state="refused") == 1
    assert not [s for m in metrics.registry.collect() if m.name == "plixo_deferred" for s in m.samples]


def test_notices_carry_the_nudge_they_are_about(uow: UnitOfWorkFactory, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "bot.witness")
    alert = Notice(key="k", kind=NoticeKind.AR_ALERT, recipient=None, subject=ID)
    request = Notice(key="r", kind=NoticeKind.ACCESS_REQUEST, recipient=3, subject="12")
    with uow() as work:
        work.notices.posted(alert, channel="C1", ts="1.1", at=NOON)
        work.notices.postpone(request, until=NOON, error="ratelimited")
        work.notices.postpone(alert, until=NOON, error="")
    assert [(r.getMessage(), vars(r)["nudge"]) for r in caplog.records] == [
        ("notice posted", ID),
        ("notice postponed", None),
    ]


def test_the_rest_of_the_store_is_reached(uow: UnitOfWorkFactory) -> None:
    with uow() as work:
        assert cast(Any, work.messages.find(id=ID)) == "found"


def test_beats_tell_how_late_they_began() -> None:
    metrics = Metrics()
    for outcome in ("done", "busy"):
        with metrics.beat("release", every=0.0) as beat:
            beat.outcome = outcome
    assert value(metrics, "beat_late_seconds_count", task="release") == 1, "the first one has no time of its own"
    assert value(metrics, "beat_seconds_count", task="release", outcome="busy") == 1


def test_nothing_is_registered_for_the_whole_process() -> None:
    before = len(list(REGISTRY.collect()))
    for _ in range(2):
        Metrics()
    assert len(list(REGISTRY.collect())) == before


def test_counting_leaves_the_librarys_own_switch_alone() -> None:
    """It is everybody's in the process: the composition root turns it, once."""
    enable_created_metrics()  # type: ignore[no-untyped-call]
    try:
        metrics = Metrics()
        metrics.queued()
        assert "plixo_queued_created" in metrics.text().decode()
    finally:
        disable_created_metrics()  # type: ignore[no-untyped-call]


def test_no_label_is_called_like_one_of_prometheus() -> None:
    labels = {label for metric in vars(Metrics()).values() for label in getattr(metric, "_labelnames", ())}
    assert "task" in labels
    assert not labels & {"job", "instance"}


def test_the_text_is_what_scrapers_read() -> None:
    metrics = Metrics()
    metrics.answered("account.pick", "answered", 0.1)
    text = metrics.text().decode()
    assert 'plixo_slack_request_seconds_bucket{le="0.1",listener="account.pick",outcome="answered"} 1.0' in text
    for line in text.splitlines():
        assert line.startswith("#") or re.fullmatch(r"[a-z_]+(\{.*\})? [-+0-9.eEinfNa]+", line), line
