"""Lengths of time as people type them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidValue
from domain.rules.spans import span_of, span_words


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("30m", timedelta(minutes=30)),
        ("2h", timedelta(hours=2)),
        ("1h30m", timedelta(minutes=90)),
        (" 1D ", timedelta(days=1)),
        ("45min", timedelta(minutes=45)),
    ],
)
def test_a_span_is_read(text: str, span: timedelta) -> None:
    assert span_of(text) == span


@pytest.mark.parametrize("text", ["", "0m", "2", "soon", "h", "-1h", "1.5h", "2h later", "9" * 50 + "h"])
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InvalidValue, match="30m, 2h"):
        span_of(text)


@given(st.integers(min_value=1, max_value=999 * 1_440))
def test_what_is_written_is_read_as_the_same(minutes: int) -> None:
    assert span_of(span_words(timedelta(minutes=minutes))) == timedelta(minutes=minutes)
