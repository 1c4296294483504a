"""Folding is the same for the books and for what people type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.search_keys import LONGEST, KeyKind, core, fold, fold_query, keys_of, words_of


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Łódź-Chem S.p.A.", "lodz chem spa"),
        ("Müller & Söhne KG", "muller sohne kg"),
        ("O’Brien's", "obriens"),
        ("Straße ŒUVRE Ørsted Þór", "strasse oeuvre orsted thor"),
        ("A.C.M.E. Corp.", "acme corp"),
        ("acme.example", "acme example"),
        ("  a\t\n b\u00a0c_d ", "a b c d"),
        ("東京電力", "東京電力"),
        ("ＡＣＭＥ", "acme"),
        ("İstanbul", "istanbul"),
        ("Acme\u200b", "acme"),
        ("%_*'\";--", ""),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=400))
def test_folding_twice_changes_nothing_and_never_grows_past_the_column(text: str) -> None:
    once = fold(text)
    assert len(once) <= LONGEST
    assert once == once.strip()
    assert "\x00" not in once
    assert fold(once) == once


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("https://www.acme.example/about?x=1", "acme example"),
        ("www.acme.example", "acme example"),
        ("Ann@Acme.example", "ann acme example"),
        ("Acme www Ltd", "acme www ltd"),
    ],
)
def test_a_pasted_address_is_its_domain(typed: str, folded: str) -> None:
    assert fold_query(typed) == folded


def test_legal_forms_are_dropped_from_the_end_only_and_never_all() -> None:
    assert core("acme gmbh co kg") == "acme"
    assert core("ag für technik") == "ag für technik"
    assert core("ltd") == "ltd"
    assert core("") == ""


def test_words_are_told_apart_without_forms() -> None:
    assert words_of("acme robotics gmbh acme") == ("acme", "robotics")
    assert words_of("kg") == ("kg",)
    assert words_of("") == ()


def test_keys_of_one_account() -> None:
    keys = keys_of(
        name="Acme Robotics GmbH",
        external_id="C-1001",
        aliases=["Acme Robotik", "Acme Robotics GmbH"],
        domain="www.acme.example",
        emails=["Ann@acme.example"],
    )
    assert [(key.kind, key.folded) for key in keys] == [
        (KeyKind.EXTERNAL_ID, "c 1001"),
        (KeyKind.NAME, "acme robotics gmbh"),
        (KeyKind.ALIAS, "acme robotik"),
        (KeyKind.ALIAS, "acme robotics gmbh"),
        (KeyKind.DOMAIN, "acme example"),
        (KeyKind.EMAIL, "ann acme example"),
        (KeyKind.WORD, "acme"),
        (KeyKind.WORD, "robotics"),
        (KeyKind.WORD, "robotik"),
    ]
    assert keys[0].shown == "C-1001"


def test_what_folds_to_nothing_is_no_key() -> None:
    assert keys_of(name="…", external_id="!!!", aliases=[""], domain="", emails=["@"]) == []


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=4))
def test_no_key_comes_twice(name: str, aliases: list[str]) -> None:
    keys = [(key.kind, key.folded) for key in keys_of(name=name, external_id="x", aliases=aliases)]
    assert len(keys) == len(set(keys))
    assert all(folded for _kind, folded in keys)
