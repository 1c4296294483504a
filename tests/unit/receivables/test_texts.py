"""Texts, addresses, zones and links: made harmless or refused with the fix."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.receivables import texts
from connectors.receivables.texts import Unreadable


@pytest.mark.parametrize(
    ("cell", "clean"),
    [
        ("  ACME   Ltd ", "ACME Ltd"),
        ("ACME\r\nLtd", "ACME Ltd"),
        ("ACME\u2028Ltd", "ACME Ltd"),
        ("ACME\x85Ltd", "ACME Ltd"),
        ("Mu\u0308ller", "Müller"),
        ("evil\u202egnp.exe", "evilgnp.exe"),
        ("a\u2066b\u2069", "ab"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("bell\x07", "bell"),
        ("=1+1", "=1+1"),
        ("<!channel>", "<!channel>"),
        ("👩\u200d💻 GmbH", "👩\u200d💻 GmbH"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_a_name_is_one_clean_line(cell: str, clean: str) -> None:
    assert texts.tidy(cell, 100) == clean


def test_a_note_keeps_its_lines() -> None:
    assert texts.tidy("one \r\n two\r\n\r\nthree\x00"[:-1], 100, lines=True) == "one\ntwo\n\nthree"


@pytest.mark.parametrize(
    ("cell", "says"), [("a\0b", "NUL"), ("x" * 11, "11 characters long"), ("\ud800x", "half of a char")]
)
def test_what_cannot_be_cleaned_is_refused(cell: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        texts.tidy(cell, 10)


@given(st.text(max_size=60))
def test_clean_text_stays_as_it_is_and_hides_nothing(cell: str) -> None:
    try:
        clean = texts.tidy(cell, 400)
    except Unreadable:
        return
    assert texts.tidy(clean, 400) == clean
    assert not any(unicodedata.category(char) in ("Cc", "Zl", "Zp") for char in clean)
    assert not any(
        unicodedata.bidirectional(char) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
        for char in clean
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("AP@Customer.COM", "ap@customer.com"),
        ("a@müller.de", "a@xn--mller-kva.de"),
        ("o'neil+ar@x.co.uk", "o'neil+ar@x.co.uk"),
    ],
)
def test_an_address_is_one_plain_address(text: str, kept: str) -> None:
    assert texts.address(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "a@x.com>\r\nRCPT TO:<b@y.com",
        "b@x.com,evil@y.com",
        "@",
        "a@",
        "Jane <a@x.com>",
        "ä@x.com",
        "a@localhost",
        "a b@x.com",
        "a@x..com",
    ],
)
def test_anything_else_is_no_address(text: str) -> None:
    with pytest.raises(Unreadable):
        texts.address(text)


def test_zones_are_real_places() -> None:
    assert texts.zone("europe/berlin") == "Europe/Berlin"
    for wrong in ("Mars/Base", "localtime", "Factory", "CEST", "../etc/passwd"):
        with pytest.raises(Unreadable, match="IANA"):
            texts.zone(wrong)


def test_countries_are_codes_or_names() -> None:
    assert (texts.country("de"), texts.country("Germany")) == ("DE", "DE")
    with pytest.raises(Unreadable, match=r"\[values.country\]"):
        texts.country("391")


@pytest.mark.parametrize(
    "text",
    [
        "http://pay.example/1",
        "javascript:alert(1)",
        "https://",
        "https://u:p@x.com/",
        "https://x.com/a b",
        "//x.com",
        "https://[x",
    ],
)
def test_a_pay_link_is_https_and_is_never_repeated(text: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        texts.link(text)
    assert text not in str(refusal.value) or text == "https://"


def test_yes_no_and_holds() -> None:
    assert [texts.yes(word) for word in ("Yes", "TRUE", "1", "no", "", "0")] == [True, True, True, False, False, False]
    with pytest.raises(Unreadable, match="neither yes nor no"):
        texts.yes("maybe")
    assert (texts.hold("no"), texts.hold("yes"), texts.hold("Court case")) == (
        None,
        "Legal hold in the books",
        "Court case",
    )


@pytest.mark.parametrize(
    ("text", "kept"), [("https://www.Customer.com/x", "customer.com"), ("bücher.de", "xn--bcher-kva.de")]
)
def test_a_domain_is_a_host(text: str, kept: str) -> None:
    assert texts.domain(text) == kept


def test_a_currency_is_iso_4217() -> None:
    assert texts.currency("jpy") == "JPY"
    with pytest.raises(Unreadable, match="ISO 4217"):
        texts.currency("XYZ")


def test_a_risk_is_one_of_three() -> None:
    assert texts.risk("High") == "high"
    with pytest.raises(Unreadable, match=r"not low, medium or high: translate it under \[values.risk\]"):
        texts.risk("AA-")
