"""Days and moments as people type them. Today is Thursday 26 November 2026."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.spoken.days import HELP, day_in_words
from handlers.spoken.misread import Misread
from handlers.spoken.moments import HELP as WHEN_HELP
from handlers.spoken.moments import moment_in_words

THURSDAY = date(2026, 11, 26)
NOW = datetime(2026, 11, 26, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))

DAYS = {
    "today": "2026-11-26",
    "tomorrow": "2026-11-27",
    "Tomorrow.": "2026-11-27",
    "day after tomorrow": "2026-11-28",
    "Friday": "2026-11-27",
    "fri": "2026-11-27",
    "by Fri.": "2026-11-27",
    "on Friday": "2026-11-27",
    "this Friday": "2026-11-27",
    "next Friday": "2026-12-04",
    "Friday next week": "2026-12-04",
    "next week Friday": "2026-12-04",
    "Friday week": "2026-12-04",
    "a week from Friday": "2026-12-04",
    "Thursday": "2026-12-03",
    "Monday": "2026-11-30",
    "next Monday": "2026-11-30",
    "Tuesday in two weeks": "2026-12-15",
    "30 Nov": "2026-11-30",
    "30. Nov.": "2026-11-30",
    "30th of November": "2026-11-30",
    "Nov 30": "2026-11-30",
    "November 30th, 2026": "2026-11-30",
    "Mon 30 Nov": "2026-11-30",
    "30.11.": "2026-11-30",
    "30.11.26": "2026-11-30",
    "30/11/2026": "2026-11-30",
    "2026-11-30": "2026-11-30",
    "03.12.": "2026-12-03",
    "1 Nov": "2027-11-01",
    "May 5": "2027-05-05",
    "29 Feb": "2028-02-29",
    "by the 5th": "2026-12-05",
    "the 31st": "2026-12-31",
    "Friday the 4th": "2026-12-04",
    "in 3 days": "2026-11-29",
    "in a week": "2026-12-03",
    "in two weeks": "2026-12-10",
    "in a fortnight": "2026-12-10",
    "three weeks from now": "2026-12-17",
    "in 10 business days": "2026-12-10",
    "in a month": "2026-12-26",
    "end of week": "2026-11-27",
    "end of next week": "2026-12-04",
    "end of month": "2026-11-30",
    "by the end of the month": "2026-11-30",
    "EOM": "2026-11-30",
    "month end": "2026-11-30",
    "end of next month": "2026-12-31",
    "end of November": "2026-11-30",
    "end of Feb": "2027-02-28",
    "end of quarter": "2026-12-31",
    "end of the year": "2026-12-31",
    "mid December": "2026-12-15",
    "beginning of January": "2027-01-01",
}

UNREAD = {
    "": HELP,
    "soon": HELP,
    "next week": HELP,
    "December": HELP,
    "1": HELP,
    "1500": HELP,
    "übermorgen": HELP,
    "Friday or Monday": HELP,
    "Friday 16:00": HELP,
    "31 Nov": "no such day",
    "30.2.": "no such day",
    "99/99": "no such day",
    "Thursday 4 Dec": "4 December 2026 is a Friday",
    "this Monday": "next Monday",
    "before Friday": "the last day that counts",
}


@pytest.mark.parametrize(("words", "day"), DAYS.items())
def test_days_that_are_read(words: str, day: str) -> None:
    assert day_in_words(words, today=THURSDAY, month_first=False) == date.fromisoformat(day)


@pytest.mark.parametrize(("words", "why"), UNREAD.items())
def test_days_that_are_not_guessed(words: str, why: str) -> None:
    read = day_in_words(words, today=THURSDAY, month_first=False)
    assert isinstance(read, Misread)
    assert why in read.sentence


def test_the_country_decides_where_both_ways_are_possible() -> None:
    assert day_in_words("11/12", today=THURSDAY, month_first=False) == date(2026, 12, 11)
    assert day_in_words("11/12", today=THURSDAY, month_first=True) == date(2027, 11, 12)
    assert day_in_words("11.12.", today=THURSDAY, month_first=True) == date(2026, 12, 11)
    assert day_in_words("12/30", today=THURSDAY, month_first=False) == date(2026, 12, 30)


def test_friday_on_a_friday_is_a_week_away() -> None:
    friday = date(2026, 11, 27)
    assert day_in_words("Friday", today=friday, month_first=False) == date(2026, 12, 4)
    assert day_in_words("this Friday", today=friday, month_first=False) == friday
    assert day_in_words("end of week", today=date(2026, 11, 28), month_first=False) == Misread(
        "This week is over. Write “end of next week”, or a day."
    )


@given(st.text(max_size=40), st.dates(date(2020, 1, 1), date(2090, 1, 1)))
def test_whatever_is_typed_gives_a_day_or_a_sentence(words: str, today: date) -> None:
    assert isinstance(day_in_words(words, today=today, month_first=False), date | Misread)


_PIECES = "end of next this month week Friday 30 Nov in two weeks days by the 5th 29 Feb mid year tomorrow".split()


@given(st.lists(st.sampled_from(_PIECES), max_size=4), st.dates(date(2020, 1, 1), date(2090, 1, 1)))
def test_what_is_said_without_a_year_is_never_over(words: list[str], today: date) -> None:
    read = day_in_words(" ".join(words), today=today, month_first=False)
    assert isinstance(read, Misread) or read >= today


MOMENTS = {
    "": "26 10:00",
    "now": "26 10:00",
    "Just now": "26 10:00",
    "20 minutes ago": "26 09:40",
    "5 min ago": "26 09:55",
    "half an hour ago": "26 09:30",
    "an hour ago": "26 09:00",
    "2h ago": "26 08:00",
    "9:30": "26 09:30",
    "9.30": "26 09:30",
    "at 9am": "26 09:00",
    "this morning": "26 09:00",
    "at noon": "26 12:00",
    "yesterday": "25 12:00",
    "yesterday 16:00": "25 16:00",
    "yesterday at 4pm": "25 16:00",
    "yesterday afternoon": "25 15:00",
    "last night": "25 20:00",
    "on Monday": "23 12:00",
    "last Friday at 3 pm": "20 15:00",
    "24 Nov 15:30": "24 15:30",
    "Nov 24, 15:30": "24 15:30",
    "24.11. 9:15": "24 09:15",
    "2 days ago": "24 10:00",
    "2026-11-20 14:00": "20 14:00",
}


@pytest.mark.parametrize(("words", "wall"), MOMENTS.items())
def test_moments_are_read_on_the_readers_clock(words: str, wall: str) -> None:
    read = moment_in_words(words, now=NOW, month_first=False)
    assert isinstance(read, datetime)
    assert read.utcoffset() == timedelta(0)
    assert read.astimezone(NOW.tzinfo).strftime("%d %H:%M") == wall


@pytest.mark.parametrize("words", ["tomorrow", "25:00", "16", "13pm", "a while ago", "yesterday or so", "31.2. 10:00"])
def test_moments_that_are_not_guessed(words: str) -> None:
    assert moment_in_words(words, now=NOW, month_first=False) == Misread(WHEN_HELP)


def test_a_clock_that_was_put_back_is_read_as_the_first_of_the_two() -> None:
    after = datetime(2026, 10, 25, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    assert moment_in_words("2:30", now=after, month_first=False) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(st.text(max_size=40))
def test_whatever_is_typed_gives_a_moment_or_a_sentence(words: str) -> None:
    assert isinstance(moment_in_words(words, now=NOW, month_first=True), datetime | Misread)
