"""What a summary shows of long lists, and how it adds up."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.accounts import AgeingBucket, Due
from domain.commitments import Dispute, DisputeState, SlaState
from domain.rules.summing import disputed_by_clock, invoices_by_bucket, largest_of
from domain.summary import Disputed, Owing
from domain.values import Money
from tests.builders import make_account
from tests.unit.handlers.summaries import AT, TODAY

DAY = timedelta(days=1)
CODES = ("EUR", "USD", "JPY")


def owing(code: str, place: int) -> Owing:
    money = Money(1_000 - place, code)
    return Owing(make_account(id=place), money, money, TODAY, 1, place, 99)


@given(st.tuples(*(st.integers(0, 12) for _ in CODES)), st.integers(0, 25))
def test_currencies_take_turns_until_there_is_no_room(counts: tuple[int, ...], limit: int) -> None:
    books = [owing(code, place) for code, many in zip(CODES, counts, strict=True) for place in range(1, many + 1)]
    listed = largest_of(reversed(books), CODES, limit=limit)
    assert len(listed) == min(limit, len(books))
    shown = [sum(one.owed.currency == code for one in listed) for code in CODES]
    for many, count in zip(counts, shown, strict=True):
        assert count == many or count >= max(shown) - 1, "nobody waits while another goes on"
    assert [(CODES.index(one.owed.currency), one.place) for one in listed] == [
        (rank, place) for rank, count in enumerate(shown) for place in range(1, count + 1)
    ]


def test_invoices_stand_in_the_bucket_of_their_day() -> None:
    dues = [Due("EUR", TODAY - days * DAY, 2, 10, 0) for days in (-5, 0, 1, 30, 31, 91)]
    counted = invoices_by_bucket([*dues, Due("JPY", TODAY, 1, 1, 0)], today=TODAY)
    assert counted == {
        ("EUR", AgeingBucket.CURRENT): 4,
        ("EUR", AgeingBucket.D1_30): 4,
        ("EUR", AgeingBucket.D31_60): 2,
        ("EUR", AgeingBucket.D90_PLUS): 2,
        ("JPY", AgeingBucket.CURRENT): 1,
    }


def test_disputes_by_their_clock_with_amounts_of_each_currency() -> None:
    def dispute(amount: Money | None, due: timedelta | None) -> Dispute:
        answer_due_at = AT + due if due is not None else None
        return Dispute(1, frozenset(), "x", amount, DisputeState.IN_REVIEW, AT - 4 * DAY, answer_due_at=answer_due_at)

    found = disputed_by_clock(
        [
            dispute(Money(5, "EUR"), None),
            dispute(Money(7, "EUR"), -DAY),
            dispute(Money(9, "JPY"), -DAY),
            dispute(None, -DAY),
            dispute(Money(1, "EUR"), DAY / 2),
        ],
        at=AT,
    )
    assert found == {
        SlaState.OPEN: Disputed(1, (Money(5, "EUR"),)),
        SlaState.AT_RISK: Disputed(1, (Money(1, "EUR"),)),
        SlaState.LATE: Disputed(3, (Money(9, "JPY"), Money(7, "EUR")), 1),
    }
