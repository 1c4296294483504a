"""The console's rows and its plot."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.console import Alarm, Hour
from domain.readiness import Level, Row, overlaid, worst, worst_first
from handlers.presenters.console import alarm_page, bars, day_words, plot
from handlers.presenters.reader import Reader
from handlers.views.blocks import message_text
from tests.builders import make_person

AT = datetime(2026, 11, 23, 20, 40, tzinfo=UTC)
WHITE, GREEN, AMBER, RED = (Row(level.value, level, "detail", "fix") for level in Level)


def test_the_worst_row_colours_the_house() -> None:
    assert worst([]) is Level.GREEN
    assert worst([GREEN, AMBER]) is Level.AMBER
    assert worst([AMBER, RED, GREEN]) is Level.RED
    assert worst_first([GREEN, WHITE, RED, AMBER]) == [RED, AMBER, WHITE, GREEN]


def test_what_nobody_can_know_does_not_colour_the_house() -> None:
    assert worst([WHITE, GREEN]) is worst([WHITE]) is Level.GREEN
    assert worst([WHITE, AMBER]) is Level.AMBER
    assert not WHITE.is_ok, "its fix is shown"


def test_what_was_looked_at_just_now_takes_the_place_of_what_was_seen_before() -> None:
    before, now = Row("queue", Level.RED, "late"), Row("queue", Level.GREEN, "empty")
    assert overlaid([before, AMBER], [now]) == [now, AMBER]


@pytest.mark.parametrize(
    ("is_vital", "bad", "level"),
    [(True, None, Level.RED), (False, None, Level.AMBER), (False, Level.RED, Level.RED)],
)
def test_a_row_that_is_not_in_order_is_as_bad_as_it_is_said(is_vital: bool, bad: Level | None, level: Level) -> None:
    assert Row.of("x", False, "", is_vital=is_vital, bad=bad).level is level
    assert Row.of("x", True, "", is_vital=is_vital, bad=bad).level is Level.GREEN


def test_a_bar_stands_for_each_hour_and_none_is_lost() -> None:
    assert bars([0, 1, 500, 1_000]) == "·▁▄█"
    assert bars([]) == "" and bars([0, 0]) == "··"
    assert bars([3, 3]) == "██"


def test_the_last_day_is_drawn_on_the_readers_clock() -> None:
    hours = [Hour(AT.replace(minute=0) - timedelta(hours=23 - number), sent=number) for number in range(24)]
    shown = plot(hours, reader=Reader.of(make_person(zone="Europe/Berlin"), zone="UTC"))
    assert "276 sent, 0 failed\n" in shown and "failed" not in shown.split("```")[1]
    assert "22    04    10    16" in shown
    failing = plot([*hours[:-1], Hour(AT, sent=23, failed=4)], reader=Reader.of(None, zone="UTC"))
    assert "276 sent, 4 failed (1.4%)\n" in failing and "failed  ·" in failing


def test_a_refusal_is_shown_and_is_no_failure() -> None:
    day = [Hour(AT, sent=9), Hour(AT, failed=1, refused=90)]
    assert day_words(day) == "9 sent, 1 failed (10.0%), 90 refused by a rule"
    assert "refused ·█" in plot(day, reader=Reader.of(None, zone="UTC"))


def test_an_alarm_says_what_is_wrong_or_that_it_is_well_again() -> None:
    reader = Reader.of(make_person(zone="Europe/Berlin"), zone="UTC")
    red = alarm_page(Alarm(Row("queue", Level.RED, "3 due", "Start a worker."), AT, AT), reader=reader, at=AT)
    assert message_text(red) == "queue is red"
    assert "Start a worker." in str(red.blocks) and "21:40" in str(red.blocks)
    well = alarm_page(Alarm(Row("queue", Level.GREEN, "0 due"), AT, AT), reader=reader, at=AT)
    assert message_text(well) == "queue is no longer red"
