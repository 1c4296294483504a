"""One measure of how well a name fits, for both databases."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.ranking import SOUND, is_one_slip, resemblance, score, slips
from storage.search_keys import KeyKind

WORDS = st.text("abcxyz", min_size=3, max_size=7)


@pytest.mark.parametrize("typed", ["acm", "acmee", "amce", "acne", "avme", "cme", "aacme"])
def test_one_slip_from_acme(typed: str) -> None:
    assert is_one_slip(typed, "acme")
    assert is_one_slip("acme", typed)
    assert resemblance(typed, "acme") >= 0.8


@pytest.mark.parametrize("typed", ["acme", "emca", "ac", "acmeee", "abmz", "ecma"])
def test_not_one_slip(typed: str) -> None:
    assert not is_one_slip(typed, "acme")


@given(WORDS)
@settings(deadline=None)
def test_every_slip_is_one_slip(word: str) -> None:
    made = slips(word)
    assert word not in made
    for other in made:
        if len(other) >= 3:
            assert is_one_slip(word, other)


@given(WORDS, WORDS)
def test_resemblance_is_even_handed_and_bounded(one: str, other: str) -> None:
    assert 0 <= resemblance(one, other) <= 1
    assert resemblance(one, other) == resemblance(other, one)
    assert (resemblance(one, other) == 1) == (one == other)


def test_the_ladder() -> None:
    asked = "acme robotics"
    ladder = [
        (asked, KeyKind.EXTERNAL_ID),
        (asked, KeyKind.NAME),
        (asked, KeyKind.ALIAS),
        (asked, KeyKind.DOMAIN),
        ("acme robotics gmbh", KeyKind.NAME),
        (asked, KeyKind.EMAIL),
        ("acme robotics europe", KeyKind.NAME),
        ("acme roboticsworld", KeyKind.NAME),
        ("robotics acme", KeyKind.NAME),
        ("acme robotcis", KeyKind.NAME),
        ("acme shipping", KeyKind.NAME),
    ]
    scores = [score(asked, folded, kind) for folded, kind in ladder]
    assert all(better > worse for better, worse in pairwise(scores)), scores
    assert score(asked, "globex", KeyKind.NAME) < SOUND


@given(
    st.text("abc ", min_size=1, max_size=12),
    st.text("abc ", min_size=1, max_size=12),
    st.sampled_from(list(KeyKind)[:-1]),
)
def test_a_score_is_between_nothing_and_one(asked: str, folded: str, kind: KeyKind) -> None:
    asked, folded = " ".join(asked.split()), " ".join(folded.split())
    if asked and folded:
        assert -0.1 <= score(asked, folded, kind) <= 1
