"""What a day or an hour keeps for steps about broken promises."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.rules.turns import Span
from tests.builders import MONDAY_TEN

HOUR = timedelta(hours=1)
ENDS = MONDAY_TEN + HOUR


def test_half_is_kept_at_the_most() -> None:
    assert Span(10, 4, ENDS, promised=99).has_room(is_promised=False)
    assert not Span(10, 5, ENDS, promised=99).has_room(is_promised=False)
    assert Span(10, 9, ENDS, promised=99).has_room(is_promised=True)
    assert not Span(10, 10, ENDS).has_room(is_promised=True)


def test_no_more_is_kept_than_may_still_leave() -> None:
    assert Span(10, 7, ENDS, promised=2).has_room(is_promised=False)
    assert not Span(10, 8, ENDS, promised=2).has_room(is_promised=False)


def test_for_one_that_left_or_is_put_off_for_longer_nothing_is_kept() -> None:
    span = Span(10, 6, ENDS, promised=4)
    span.let_go(is_promised=True)
    assert (span.used, span.promised) == (7, 3)
    span.put_off(True, ENDS)
    span.put_off(True, None)
    assert span.promised == 1
    span.put_off(True, ENDS - HOUR / 2)
    span.put_off(False, None)
    assert span.promised == 1, "it may still leave, or it was never kept for"


@given(most=st.integers(0, 20), used=st.integers(0, 20), promised=st.integers(0, 30), steps=st.lists(st.booleans()))
def test_while_it_may_not_be_short_nobody_has_to_count(most: int, used: int, promised: int, steps: list[bool]) -> None:
    span = Span(most, used, ENDS, promised)
    if span.may_be_short(len(steps)):
        return
    for is_promised in steps:
        assert span.has_room(is_promised)
        span.let_go(is_promised)
