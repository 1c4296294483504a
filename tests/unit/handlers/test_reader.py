"""Money and time as one reader sees them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.rules.quiet_hours import ZoneChoice, ZoneRule
from domain.values import Money
from handlers.escaping import cut, escape, escape_lines, width
from handlers.presenters.reader import Reader
from tests.unit.handlers.outcomes import BERLIN, LEAVES, MIA, NOW, make_reader

HARD = "\u00a0"


@pytest.mark.parametrize(
    ("locale", "shown"),
    [
        ("en-GB", "€12,400.50"),
        ("en-US", "€12,400.50"),
        ("de-DE", f"12.400,50{HARD}€"),
        ("fr-FR", f"12{HARD}400,50{HARD}€"),
        (None, "€12,400.50"),
        ("nonsense", "€12,400.50"),
    ],
)
def test_amounts_are_written_the_readers_way(locale: str | None, shown: str) -> None:
    assert make_reader(locale=locale).money(Money(1_240_050, "EUR")) == shown


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [(1_240, "JPY", "JP¥1,240"), (1_240_555, "KWD", f"KWD{HARD}1,240.555"), (1_240_555, "IQD", f"IQD{HARD}1,240.555")],
)
def test_decimals_are_those_of_the_currency(minor: int, currency: str, shown: str) -> None:
    assert make_reader().money(Money(minor, currency)) == shown


def test_the_customers_time_comes_first_and_the_readers_in_brackets() -> None:
    shown = make_reader().moment_there(LEAVES, BERLIN, NOW)
    assert shown == "Tue 24 Nov, 08:04 in Berlin (07:04 your time)"


def test_where_others_read_along_each_time_says_where_it_is_counted() -> None:
    everybody = make_reader().for_all()
    assert everybody.moment(LEAVES, NOW) == "Tue 24 Nov, 07:04 in London"
    assert everybody.moment_there(LEAVES, None, NOW) == "Tue 24 Nov, 07:04 in London"
    assert everybody.moment_there(LEAVES, BERLIN, NOW) == "Tue 24 Nov, 08:04 in Berlin (07:04 in London)"
    assert make_reader(zone="UTC").for_all().moment(LEAVES, NOW).endswith(" in UTC")


def test_a_deadline_names_its_zone_and_its_day_only_when_that_is_another() -> None:
    assert make_reader().deadline(LEAVES, LEAVES) == "07:04 (London time)"
    assert make_reader().deadline(LEAVES, NOW) == "Tue 24 Nov, 07:04 (London time)"


def test_one_time_is_enough_when_both_clocks_agree() -> None:
    assert make_reader(zone="Europe/Vienna").moment_there(LEAVES, BERLIN, NOW) == "Tue 24 Nov, 08:04 in Berlin"


def test_another_day_over_there_is_said() -> None:
    shown = make_reader(zone="America/Los_Angeles", locale="en-US").moment_there(LEAVES, BERLIN, NOW)
    assert shown == f"Tue, Nov 24, 8:04{HARD}AM in Berlin (Mon, Nov 23, 11:04{HARD}PM your time)"


def test_a_country_with_several_zones_shows_its_edges() -> None:
    usa = ZoneChoice(ZoneRule.EVERY_ZONE_OF_COUNTRY, ("America/New_York", "America/Denver", "America/Los_Angeles"))
    at = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
    shown = make_reader().moment_there(at, usa, NOW)
    assert shown == "Tue 24 Nov, 09:00 in Los Angeles and 12:00 in New York (17:00 your time)"
    assert make_reader().hours_of(usa, "US").startswith("Business hours: only when all 3 time zones of United States")


def test_another_year_is_named() -> None:
    assert make_reader().day(date(2027, 1, 4), NOW) == "Mon 4 Jan 2027"
    assert make_reader().day(date(2026, 12, 4), NOW) == "Fri 4 Dec"


def test_a_zone_that_does_not_exist_falls_to_the_workspaces() -> None:
    assert str(make_reader(zone="Mars/Olympus").zone) == "Europe/Berlin"
    assert str(Reader.of(None, zone="Asia/Tokyo").zone) == "Asia/Tokyo"
    assert str(Reader.of(MIA, zone="Asia/Tokyo").zone) == "Europe/London"


def test_how_long_ago() -> None:
    assert make_reader().ago(NOW - timedelta(hours=2), NOW) == "2 hours ago"
    assert make_reader(locale="ja-JP").ago(NOW - timedelta(days=3), NOW) == "3 days ago"
    assert make_reader().ago(NOW - timedelta(seconds=5), NOW) == "just now"


def test_markup_is_shown_as_it_was_typed() -> None:
    assert escape("<!channel> & <@U1>") == "&lt;!channel&gt; &amp; &lt;@U1&gt;"
    assert escape("two\r\nlines\u2028here\x00") == "two lines here"
    assert escape_lines("Dear\u00a0all,\r\n\r\nsecond\tline  \n") == "Dear all,\n\nsecond line"
    assert escape("a\u202eb") == "ab"


def test_a_text_is_cut_between_characters_and_never_inside_an_entity() -> None:
    assert cut("abcdef", 4) == "abc…"
    assert cut("abcd", 4) == "abcd"
    assert cut("aa&amp;bb", 5) == "aa…"
    assert cut("see <!date^1^{time}|now> ok", 12) == "see…"
    assert width(cut("🏢" * 50, 75)) <= 75
