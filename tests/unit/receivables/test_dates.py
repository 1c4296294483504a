"""Dates: one reading or none."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.receivables.dates import CANDIDATES, Formats, date_reader
from connectors.receivables.texts import Unreadable


@pytest.mark.parametrize(
    ("text", "fmt"),
    [
        ("2013-01-02", "iso"),
        ("2013-01-02T23:59:00Z", "iso"),
        ("2013-01-02 00:00:00", "iso"),
        ("20130102", "yyyymmdd"),
        ("2013/1/2", "yyyy/mm/dd"),
        ("1/2/2013", "m/d/yyyy"),
        ("01/02/2013", "%m/%d/%Y"),
        ("1/2/2013 0:00", "mm/dd/yyyy"),
        ("1/2/2013 12:00 AM", "us"),
        ("2/1/2013", "eu"),
        ("2.1.2013", "dd.mm.yyyy"),
        ("02.01.13", "dd.mm.yy"),
        ("2 Jan 2013", "dd mmm yyyy"),
        ("02-JAN-2013", "dd-mmm-yyyy"),
        ("January 2, 2013", "mmm dd, yyyy"),
        ("Jan. 2, 2013", "%b %d, %Y"),
    ],
)
def test_a_declared_format_reads_its_dates(text: str, fmt: str) -> None:
    assert date_reader([fmt])(text) == date(2013, 1, 2)


@pytest.mark.parametrize(
    "text", ["13/13/2013", "31/02/2013", "0/1/2013", "1/1/0001", "1/1/2500", "x", "41276", "1-2-2013"]
)
def test_what_is_no_day_in_the_format_is_refused(text: str) -> None:
    with pytest.raises(Unreadable, match="is not a day written as dd/mm/yyyy"):
        date_reader(["dd/mm/yyyy"])(text)


@pytest.mark.parametrize("fmt", ["", "mm/yyyy", "dd/mm/mm/yyyy", "%H:%M", "day month year"])
def test_a_format_without_day_month_and_year_is_refused(fmt: str) -> None:
    with pytest.raises(Unreadable, match="is not a date format"):
        date_reader([fmt])


def decided(*values: str) -> tuple[str, ...]:
    formats = Formats()
    for value in values:
        formats.look(value)
    return formats.decide("“Due”")


@pytest.mark.parametrize(
    ("values", "fmt"),
    [
        (["2013-01-02"], "yyyy-mm-dd"),
        (["1/2/2013", "1/13/2013"], "mm/dd/yyyy"),
        (["1/2/2013", "13/1/2013"], "dd/mm/yyyy"),
        (["2.1.2013"], "dd.mm.yyyy"),
        (["2 January 2013"], "dd mmm yyyy"),
        (["13-01-2013", "n/a"], "dd-mm-yyyy"),
    ],
)
def test_the_only_format_that_reads_all_values_is_taken(values: list[str], fmt: str) -> None:
    assert decided(*values) == (fmt,)


def test_two_formats_that_agree_on_every_value_are_no_problem() -> None:
    assert date_reader(decided("2/2/2013"))("2/2/2013") == date(2013, 2, 2)


def test_two_readings_are_an_error_that_names_both_and_the_option() -> None:
    with pytest.raises(
        Unreadable,
        match=r"“1/2/2013” in the column “Due” can be 1 February 2013 .dd/mm/yyyy. or 2 January 2013 .mm/dd/yyyy.*"
        r"--date-format dd/mm/yyyy or --date-format mm/dd/yyyy",
    ):
        decided("2/2/2013", "1/2/2013")


def test_a_column_that_mixes_formats_is_an_error() -> None:
    with pytest.raises(Unreadable, match="mixes ways to write a date"):
        decided("2013-01-02", "13/01/2013")


def test_two_digit_years_are_never_guessed() -> None:
    with pytest.raises(Unreadable, match="--date-format dd/mm/yy"):
        decided("01/02/13")


def test_another_column_of_the_file_may_settle_it() -> None:
    formats = Formats()
    formats.look("1/2/2013")
    assert formats.decide("“Due”", ("mm/dd/yyyy",)) == ("mm/dd/yyyy",)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.sampled_from(CANDIDATES))
def test_every_candidate_reads_what_it_writes(day: date, fmt: str) -> None:
    text = fmt.replace("yyyy", f"{day.year}").replace("dd", f"{day.day:02}")
    text = text.replace("mmm", f"{day:%b}").replace("mm", f"{day.month:02}")
    assert date_reader([fmt])(text) == day
    formats = Formats()
    formats.look(text)
    assert fmt in formats.left


@given(st.text(max_size=20))
def test_any_text_is_a_day_or_a_sentence(text: str) -> None:
    formats = Formats()
    formats.look(text)
    try:
        date_reader(CANDIDATES)(text)
    except Unreadable:
        assert not formats.readable
