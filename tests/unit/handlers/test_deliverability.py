"""Where the sending domain stands, in words and as a plot."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.deliverability import SendingNow
from domain.rules.forecast import Forecast, Foreseen
from domain.rules.sender_records import Kind, Record, Verdict
from domain.rules.warmup import Measured
from domain.warming import Change, DomainState, SendingDay, SendingDomain, Tally, Trouble, WarmUp
from handlers.presenters.deliverability import WIDTH, change_words, forecast_words, plot, standing_lines
from handlers.presenters.reader import Reader
from tests.builders import MONDAY, MONDAY_TEN, make_caps, make_person, make_slot

READER = Reader.of(make_person(), zone="Europe/Berlin")
DAY = timedelta(days=1)


def make_now(**changes: object) -> SendingNow:
    used = SendingDay(MONDAY, nudges=12, steps=8, hour=10, hour_nudges=3, hour_steps=2)
    given = {
        "domain": SendingDomain("example.com", counted=2, judged_on=MONDAY - DAY),
        "slot": make_slot(),
        "used": used,
        "caps": make_caps(50, day_steps=40, hour=20),
        "quota": 50,
        "stage": 1,
        "warm_up": WarmUp(),
        "has_hourly_cap": True,
        "measured": Measured(Tally(150, 3, 1)),
        "days": {MONDAY - DAY: SendingDay(MONDAY - DAY, nudges=50, bounced=2), MONDAY: used},
        "forecast": Forecast((Foreseen(MONDAY, 50, nudges=30), Foreseen(MONDAY + DAY, 50, nudges=12, expired=1))),
    }
    return SendingNow(**given | changes)  # type: ignore[arg-type]


def said(now: SendingNow) -> str:
    return "\n".join(standing_lines(now, reader=READER, at=MONDAY_TEN))


def test_a_domain_that_warms_up() -> None:
    assert said(make_now()) == (
        "🟢 example.com sends.\n"
        "Warm-up: stage 1 of 7, 50 mails a day; 2 days counted so far. A day counts when 50 % of its quota was sent.\n"
        "Today 20 of 50 mails have left or are leaving. 5 of 20 this hour.\n"
        "Kept for nudges: 10 of 50 a day. Today: 12 nudges, 8 steps of Autopilot.\n"
        "In seven days 3 of 150 mails came back (2.00 %; holds at 2 %, stops above 5 %), 1 were reported as unwanted "
        "(0.67 %; holds at 0.1 %, stops at 0.3 %).\n"
        "The 42 that wait in the queue will have left by Tue 24 Nov, if nothing more comes. "
        "1 will have expired before their turn."
    )


def test_a_domain_without_its_records_is_not_in_order() -> None:
    records = [
        Record(Kind.SPF, Verdict.BAD, "example.com", "There is none."),
        Record(Kind.DKIM, Verdict.GOOD, "example.com", "It is fine."),
        Record(Kind.DMARC, Verdict.BAD, "example.com", "There is none."),
    ]
    first, *_ = standing_lines(make_now(), records, reader=READER, at=MONDAY_TEN)
    assert first == "🟡 example.com sends, but SPF and DMARC are missing."


def test_a_stop_says_why_and_who_lifts_it() -> None:
    stopped = SendingDomain("example.com", DomainState.STOPPED, Trouble.COMPLAINTS, since=MONDAY_TEN)
    words = said(make_now(domain=stopped, forecast=Forecast(left=7, is_stopped=True)))
    assert "nothing leaves since Mon 23 Nov, 10:00. Too many readers reported a mail as unwanted. Look at" in words
    assert "plixo deliverability lift" in words
    assert "7 wait in the queue, until the stop is lifted." in words


def test_a_hold_goes_on_by_itself_and_no_ramp_is_said_so() -> None:
    held = SendingDomain("example.com", DomainState.HELD, Trouble.BOUNCES, measured_after=MONDAY - 3 * DAY)
    words = said(make_now(domain=held, quota=None, has_hourly_cap=False))
    assert "does not grow. Too many mails came back." in words
    assert "There is no warm-up" in words
    assert "5 this hour." in words
    assert "In seven days since Sat 21 Nov" in words


@pytest.mark.parametrize(
    ("forecast", "words"),
    [
        (Forecast(), "Nothing waits in the queue that is to leave."),
        (Forecast((Foreseen(MONDAY, 50, steps=1),)), "The one that waits in the queue will have left today"),
        (Forecast((Foreseen(MONDAY, 50, steps=1),), left=9), "9 of those that wait will not have left"),
    ],
)
def test_when_the_queue_will_have_left(forecast: Forecast, words: str) -> None:
    assert forecast_words(make_now(forecast=forecast), reader=READER, at=MONDAY_TEN).startswith(words)


def test_the_plot_shows_what_left_and_what_the_ramp_allows() -> None:
    lines = plot(make_now(), reader=READER, at=MONDAY_TEN)
    assert lines[0].strip() == "22\u00a0Nov ▒█                       50"
    assert lines[1].endswith("20 of 50")
    assert [line.split()[-1] for line in lines[2:]] == ["50"] * 4 + ["100"] * 3 + ["500"] * 3
    assert lines[-1].count("░") == WIDTH
    assert all(len(line) <= 8 + WIDTH + 12 for line in lines)


def test_a_plot_of_enormous_numbers_and_of_none() -> None:
    wild = make_now(domain=SendingDomain("example.com", counted=10**6), days={})
    assert all(len(line) < 60 for line in plot(wild, reader=READER, at=MONDAY_TEN))
    assert plot(make_now(warm_up=WarmUp(ramp=()), days={}), reader=READER, at=MONDAY_TEN) == []


@pytest.mark.parametrize("change", Change)
def test_every_change_has_its_words(change: Change) -> None:
    now = make_now(domain=SendingDomain("example.com", trouble=Trouble.BOUNCES, lifted_why="All is well."))
    words = change_words(change, now, reader=READER, at=MONDAY_TEN)
    assert "example.com" in words.partition("\n")[0]
    assert ("lift" in words) is (change in (Change.STOPPED, Change.LIFTED))


def test_percentages_of_nothing_are_nothing() -> None:
    quiet = replace(make_now(), measured=Measured(Tally()))
    assert f"0 of 0 mails came back ({Decimal(0):.2f} %" in said(quiet)
