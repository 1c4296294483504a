"""The clock that can be moved and the words that move it."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.clock import MovableClock, Stopwatch
from sandbox.phrases import NotUnderstood, read_moment

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # 10:00 in Berlin


def test_a_frozen_clock_moves_only_when_moved() -> None:
    clock = MovableClock(start=MONDAY, frozen=True)
    assert clock.now() == clock.now() == MONDAY
    clock.advance(timedelta(hours=1))
    clock.advance(minutes=30)
    assert clock.now() == MONDAY + timedelta(minutes=90)
    clock.set(MONDAY)
    assert clock.now() == MONDAY


def test_a_moved_clock_goes_on_ticking_and_comes_back() -> None:
    clock = MovableClock()
    assert not clock.is_moved
    clock.set(MONDAY)
    assert clock.is_moved and clock.now() >= MONDAY
    clock.reset()
    assert not clock.is_moved and abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_moves_are_told_until_nobody_listens() -> None:
    clock, told = MovableClock(frozen=True), []
    forget = clock.on_change(lambda: told.append(clock.now()))
    clock.advance(hours=1)
    forget()
    clock.advance(hours=1)
    assert len(told) == 1


def test_naive_times_are_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        MovableClock().set(datetime(2026, 1, 1))  # noqa: DTZ001


def test_a_stopwatch_counts_moves_and_never_less_than_real_time() -> None:
    clock = MovableClock(start=MONDAY, frozen=True)
    watch = Stopwatch(clock=clock)
    clock.advance(seconds=90)
    assert watch.elapsed() >= 90
    clock.set(MONDAY - timedelta(days=1))
    assert watch.elapsed() >= 0


@pytest.mark.parametrize(
    ("words", "berlin"),
    [
        ("+1h", "2026-03-02 11:00"),
        ("+90 min", "2026-03-02 11:30"),
        ("in 2 days", "2026-03-04 10:00"),
        ("-1 day", "2026-03-01 10:00"),
        ("tomorrow 07:59", "2026-03-03 07:59"),
        ("Tomorrow at 7:59", "2026-03-03 07:59"),
        ("tomorrow", "2026-03-03 09:00"),
        ("today 14:00", "2026-03-02 14:00"),
        ("11:30", "2026-03-02 11:30"),
        ("07:59", "2026-03-03 07:59"),
        ("next Monday 08:00", "2026-03-09 08:00"),
        ("monday 08:00", "2026-03-09 08:00"),
        ("Friday", "2026-03-06 09:00"),
        ("2026-12-24 18:00", "2026-12-24 18:00"),
        ("2026-12-24", "2026-12-24 09:00"),
        ("2026-03-29 02:30", "2026-03-29 03:30"),  # the hour that is skipped
        ("2026-03-02T09:00:00+00:00", "2026-03-02 10:00"),
    ],
)
def test_words(words: str, berlin: str) -> None:
    wanted = read_moment(words, now=MONDAY, zone="Europe/Berlin")
    assert f"{wanted.astimezone(ZoneInfo('Europe/Berlin')):%Y-%m-%d %H:%M}" == berlin


def test_the_hour_that_comes_twice_means_the_first() -> None:
    assert read_moment("2026-10-25 02:30", now=MONDAY, zone="Europe/Berlin") == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )


@pytest.mark.parametrize("words", ["", "soon", "25:00", "2026-02-30", "2026-02-30 10:00", "tomorrow 99:00"])
def test_other_words_are_answered_with_a_sentence(words: str) -> None:
    with pytest.raises(NotUnderstood, match=r"[.”]"):
        read_moment(words, now=MONDAY, zone="Europe/Berlin")


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=30))
def test_no_words_break_it(words: str) -> None:
    with contextlib.suppress(NotUnderstood):
        assert read_moment(words, now=MONDAY, zone="America/New_York").tzinfo is UTC
