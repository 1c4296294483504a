"""Reasons, days and addresses as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from domain.accounts import Suppression, SuppressionReason
from domain.errors import InvalidValue
from domain.rules.suppressing import COMPLAINED, is_weaker, read_address, read_day, read_reason

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize("text", ["Paula@Acme.example", " paula@acme.example\n"])
def test_an_address_is_kept_in_lower_case(text: str) -> None:
    assert read_address(text) == "paula@acme.example"


@pytest.mark.parametrize("text", ["", "paula", "paula@acme", "a b@acme.example", "<p@acme.example>", "p@@acme.example"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="no e-mail address"):
        read_address(text)


@pytest.mark.parametrize(
    ("text", "reason", "detail"),
    [
        ("Invalid", SuppressionReason.INVALID, ""),
        ("opted_out", SuppressionReason.OPTED_OUT, ""),
        ("legal-hold", SuppressionReason.LEGAL_HOLD, ""),
        ("complained", SuppressionReason.OPTED_OUT, COMPLAINED),
    ],
)
def test_reasons(text: str, reason: SuppressionReason, detail: str) -> None:
    assert read_reason(text) == (reason, detail)


def test_a_reason_that_is_not_there_is_told_the_others() -> None:
    with pytest.raises(InvalidValue, match="invalid, opted out, legal hold, complained"):
        read_reason("bored")


def test_a_day_lies_ahead_and_may_be_left_out() -> None:
    assert read_day(" ", today=TODAY) is None
    assert read_day("2026-11-24", today=TODAY) == date(2026, 11, 24)
    for text in ("2026-11-23", "2020-01-01", "tomorrow", "24.11.2026"):
        with pytest.raises(InvalidValue):
            read_day(text, today=TODAY)


@pytest.mark.parametrize(
    ("new", "standing", "weaker"),
    [(None, None, False), (5, None, True), (None, 5, False), (5, 6, True), (6, 5, False), (5, 5, False)],
)
def test_a_list_never_shortens(new: int | None, standing: int | None, weaker: bool) -> None:
    def until(day: int | None) -> Suppression:
        return Suppression(SuppressionReason.INVALID, date(2026, 12, day) if day else None)

    assert is_weaker(until(new), until(standing)) is weaker
