"""The summary on paper: every figure is there, whatever customers are called and however many there are."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from datetime import timedelta

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.commitments import SlaState
from domain.homing import Cut
from domain.rules.keeping import kept_rate
from domain.summary import Disputed, Summary, Synced
from domain.values import Money
from domain.warming import DomainState, SendingDomain, Trouble
from handlers.paper.drawing import drawn, fitting
from handlers.paper.letters import in_sight, settable
from handlers.paper.sheet import Column, Gauge, Heading, Row, Sheet, Table, Words
from handlers.presenters.reader import Reader
from handlers.presenters.summary import file_name, summary_sheet
from tests.builders import make_person
from tests.unit.handlers.summaries import AT, make_sending, make_summary

BERLIN = Reader.of(None, zone="Europe/Berlin")


def read(content: bytes) -> list[str]:
    """The words of each page."""
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def told(summary: Summary, reader: Reader = BERLIN) -> str:
    """What a person reads, its lines as they stand; blanks of any kind are one."""
    pages = read(drawn(summary_sheet(summary, reader=reader)))
    return "\n".join(" ".join(line.split()) for page in pages for line in page.split("\n"))


def rows_of(summary: Summary, reader: Reader = BERLIN) -> dict[str, tuple[object, ...]]:
    """Of all tables, by the first cell."""
    parts = summary_sheet(summary, reader=reader).parts
    return {str(row.cells[0]): row.cells[1:] for part in parts if isinstance(part, Table) for row in part.rows}


def test_ages_add_up_and_the_bars_are_as_long_as_they_are() -> None:
    rows = rows_of(make_summary())
    assert rows["Current, not yet due"] == (Gauge(60_000 / 1_240_000), "€600.00", "4%", "1")
    assert rows["31–60 days past due"] == (Gauge(1.0), "€12,400.00", "77%", "1")
    assert rows["More than 90 days"] == (Gauge(300_050 / 1_240_000, is_bad=True), "€3,000.50", "19%", "1")
    assert rows["Total"] == ("", "€16,000.50", "", "3")


def test_a_bar_is_drawn_as_long_as_its_share_and_never_longer_than_its_groove() -> None:
    shares = (0.5, 1.0, 3.0, 0.0, 0.000001)
    table = Table((Column("", 1),), tuple(Row((Gauge(share),)) for share in shares))
    content = pypdf.PdfReader(io.BytesIO(drawn(Sheet("x", (), (table,), "x", str, AT)))).pages[0].get_contents()
    assert content is not None
    widths = [float(one[2]) for one in re.findall(r"(\S+) (\S+) (\S+) \S+ re", content.get_data().decode("latin-1"))]
    groove = widths[0]
    # Each groove, and on it its bar; of nothing there is none, of very little a line.
    bars = (groove * 0.5, groove, groove, None, 1.0)
    expected = [width for bar in bars for width in (groove, bar) if width is not None]
    assert widths == pytest.approx(expected, abs=0.01)


def test_everything_is_on_paper() -> None:
    words = told(make_summary())
    for line in (
        "Northwind Traders · Monday 23 November 2026, 21:40 (Berlin time)",
        "Books last read 2 hours ago, Mon 23 Nov, 19:40.",
        "In EUR: €16,000.50",
        "3 open invoices · €15,400.50 past due (96%)",
        "Everybody who owes in EUR: 2 customers.",
        "Acme Robotics GmbH",
        "C-1001",
        "Promises kept in 90 days: 83% (5 of 6) · of the money promised, 83% in EUR came in time.",
        "1 without an amount",
        "Sun 15 Nov",
        "Now: 7 queued, 1 on hold, 0 not confirmed.",
        "Warm-up: stage 2 of 7, 100 mails a day.",
        "1.09 %",
        "holds at 2 %, stops above 5 %",
        "Page 1 of 2",
    ):
        assert line in words, line
    assert "▯" not in words


def test_the_readers_own_way_of_writing() -> None:
    german = Reader.of(make_person(locale="de-DE", zone="America/New_York"), zone="UTC")
    words = told(make_summary(), german)
    assert "16.000,50 €" in words and "15:40 (New York time)" in words


def test_nothing_open_nothing_promised_nothing_sent() -> None:
    nothing = make_summary(
        {},
        synced=Synced(None, None),
        promises=(),
        kept=kept_rate([]),
        disputes={state: Disputed() for state in SlaState},
        holds=Cut(),
        endings={},
        waiting={},
    )
    words = told(nothing)
    for line in ("No invoice is open.", "No promise is open.", "No dispute is open.", "No account is on legal hold."):
        assert line in words
    assert "not enough data" in words and "Largest open customers" not in words and "Page 1 of 1" in words


def test_twenty_are_named_and_the_others_are_added_up() -> None:
    many = {f"Customer {number:02}": [(10, 100_000 - number)] for number in range(57)}
    summary = make_summary({"EUR": many})
    words, rows = told(summary), rows_of(summary)
    assert "The 20 of 57 customers who owe most in EUR" in words
    assert "Customer 19" in words and "Customer 20" not in words
    assert rows["The other 37 customers"][0] == "€36,985.94"
    assert rows["All in EUR"][0] == rows["Total"][1] == "€56,984.04"
    heads = sum(
        "Past due Oldest Invoices" in " ".join(page.split())
        for page in read(drawn(summary_sheet(summary, reader=BERLIN)))
    )
    assert heads == 2, "the table's head is on both pages"


def test_currencies_share_the_twenty_by_turns_and_no_amounts_are_mixed() -> None:
    books = {
        "EUR": {f"Euro {number}": [(1, 5_000), (2, 5_000)] for number in range(30)},
        "JPY": {"大阪 KK": [(1, 90_000)]},
        "KWD": {f"Dinar {number}": [(1, 1_234)] for number in range(3)},
    }
    summary = make_summary(books)
    named = [one.owed.currency for one in summary.largest]
    assert named == ["EUR"] * 16 + ["KWD"] * 3 + ["JPY"]
    words = told(summary)
    assert "In JPY: JP¥90,000" in words and "In KWD: KWD 3.702" in words and "In EUR: €3,000.00" in words


def test_currencies_without_room_are_named_by_code() -> None:
    codes = "AUD BGN BRL CAD CHF CZK DKK EUR GBP HKD HUF IDR INR JPY KRW MXN NOK NZD PLN RON SEK TRY".split()
    words = told(make_summary({code: {f"In {code}": [(1, 100)]} for code in codes}))
    assert "In 16 more currencies: " in words
    assert "Nobody is named who owes in SEK, TRY: there is no room for more." in words


@pytest.mark.parametrize(
    "name", ["Łódź Žďár Übermut", "ООО «Северный ветер»", "Ελληνικά Τρόφιμα", "საქართველო"], ids=ascii
)
def test_names_in_letters_of_europe_are_written_out(name: str) -> None:
    words = told(make_summary({"EUR": {name: [(1, 100)]}}))
    assert name in words and "▯" not in words


def test_letters_that_are_lacking_are_boxes_and_it_says_so() -> None:
    words = told(make_summary({"EUR": {"東京 Trading": [(1, 100)], "Gulf 🦊": [(1, 90)]}}))
    assert "▯▯ Trading" in words and "Gulf ▯" in words and "?" not in words
    words = words.replace("\n", " ")
    below = "where a customer's number stands below a name, it says who is meant."
    assert f"2 texts above have such letters; {below}" in words


def test_where_no_customer_is_concerned_no_customers_number_is_promised() -> None:
    words = told(make_summary(taken_by="田中"))
    assert "Taken by ▯▯." in words
    assert words.replace("\n", " ").count("One text above has such letters.") == 1


def test_what_is_read_from_the_right_is_turned_round() -> None:
    assert in_sight("שלום") == "םולש"
    assert in_sight("Acme שלום GmbH") == "Acme םולש GmbH"
    assert in_sight('שלום (בע"מ) 12.5%') == '12.5% (מ"עב) םולש'
    assert in_sight("Plain 12 (x)") == "Plain 12 (x)"
    words = told(make_summary({"EUR": {"שלום תעשיות": [(1, 100)], "شركة": [(1, 90)]}}))
    assert "▯" not in words and {"שלום", "םולש"} & set(words.split())


def test_a_long_name_is_cut_with_dots_and_its_number_stays() -> None:
    words = told(make_summary({"EUR": {"Müller & Söhne Präzisionswerkzeuge " * 9: [(1, 100)]}}))
    (line,) = [line for line in words.split("\n") if "Müller" in line]
    assert "…" in line and "C-1001" in words
    assert fitting("Acme", 500, "FiraGO", 9) == "Acme"


def test_an_amount_is_never_cut() -> None:
    words = told(make_summary({"IDR": {"PT Sumber": [(12, 123_456_789_012_345_678)]}}))
    assert words.count("IDR 1,234,567,890,123,456.78") >= 5
    codes = ("CAD", "CHF", "EUR", "GBP", "IDR", "SEK", "USD")
    disputed = Disputed(9, tuple(Money(123_456_789_012_345_678, code) for code in codes), unknown=2)
    words = told(make_summary(disputes=dict.fromkeys(SlaState, disputed)))
    for money in disputed.amounts:
        assert words.count(" ".join(BERLIN.money(money).split())) == len(SlaState), money.currency


def test_no_line_ends_inside_an_amount() -> None:
    french = Reader.of(make_person(locale="fr-FR", zone="Europe/Paris"), zone="UTC")
    codes = "AUD BGN BRL CAD CHF CZK DKK EUR GBP HKD HUF IDR INR JPY KRW MXN NOK NZD PLN RON SEK TRY".split()
    summary = make_summary({code: {f"In {code}": [(1, 123_456_789)]} for code in codes})
    words = told(summary, french)
    for one in summary.ageing:
        amount = " ".join(french.money(one.total).split())
        assert words.count(amount) == words.replace("\n", " ").count(amount) > 0, amount


def test_a_stopped_domain_says_why() -> None:
    stopped = SendingDomain("northwind.example", DomainState.STOPPED, Trouble.BOUNCES, since=AT - timedelta(days=2))
    words = told(make_summary(sending=make_sending(domain=stopped, quota=None)))
    assert "northwind.example: nothing leaves since Sat 21 Nov: too many mails came back." in words
    assert "There is no warm-up" in words


def test_old_books_say_how_old() -> None:
    words = told(make_summary(synced=Synced(AT - timedelta(days=3), AT - timedelta(hours=2))))
    assert "Those of some customers are older, the oldest of Fri 20 Nov, 21:40." in words


def test_the_same_summary_gives_the_same_bytes_in_every_process() -> None:
    summary = make_summary()
    code = (
        "import sys; from tests.unit.handlers.summaries import make_summary; from handlers.presenters import summary;"
        "from handlers.presenters.reader import Reader; reader = Reader.of(None, zone='Europe/Berlin');"
        "sys.stdout.buffer.write(summary.file_of(make_summary(), reader=reader)())"
    )
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
    assert there == drawn(summary_sheet(summary, reader=BERLIN))
    made = pypdf.PdfReader(io.BytesIO(there)).metadata
    assert made is not None and made.creation_date == AT
    assert file_name(summary) == "receivables-summary-2026-11-23.pdf"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=80))
def test_no_text_breaks_the_page(text: str) -> None:
    cells = (text, Gauge(3.0), text)
    table = Table((Column(text, 3), Column("", 1), Column(text, 2, is_number=True)), (Row(cells, under=text),) * 2)
    sheet = Sheet(text, (text, text), (Heading(text), Words(text), table), text, lambda texts: f"{len(texts)} ▯", AT)
    assert drawn(sheet).startswith(b"%PDF-")


@given(st.text(max_size=60))
def test_turning_round_loses_no_letter(text: str) -> None:
    line = settable(text, lambda one: True)
    brackets = str.maketrans(dict.fromkeys("()[]{}<>«»"))
    assert sorted(in_sight(line).translate(brackets)) == sorted(line.translate(brackets))
