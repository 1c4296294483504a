"""What a summary shows of long lists, and how it adds up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from domain.accounts import AgeingBucket, Due
from domain.commitments import Dispute, SlaState
from domain.summary import Disputed, Owing
from domain.values import Money


def largest_of(owing: Iterable[Owing], currencies: Sequence[str], *, limit: int) -> tuple[Owing, ...]:
    """`limit` customers in all, by currency in the order of `currencies`.

    Amounts of two currencies do not compare, so they take turns: first whoever owes most in each, then the second of
    each, until there is no room or nobody left.
    """
    rank = {code: place for place, code in enumerate(currencies)}
    listed = [one for one in owing if one.owed.currency in rank]
    listed.sort(key=lambda one: (one.place, rank[one.owed.currency]))
    return tuple(sorted(listed[:limit], key=lambda one: (rank[one.owed.currency], one.place)))


def invoices_by_bucket(dues: Iterable[Due], *, today: date) -> dict[tuple[str, AgeingBucket], int]:
    """How many open invoices stand behind each bucket's amount; credits among them."""
    counted: dict[tuple[str, AgeingBucket], int] = {}
    for due in dues:
        key = (due.currency, AgeingBucket.of((today - due.due_on).days))
        counted[key] = counted.get(key, 0) + due.count
    return counted


def disputed_by_clock(disputes: Iterable[Dispute], *, at: datetime) -> dict[SlaState, Disputed]:
    """Every state of the clock, also those in which there is none."""
    sorted_out: dict[SlaState, list[Dispute]] = {state: [] for state in SlaState}
    for dispute in disputes:
        sorted_out[dispute.sla(at)].append(dispute)
    return {state: _disputed(some) for state, some in sorted_out.items()}


def _disputed(disputes: Sequence[Dispute]) -> Disputed:
    sums: dict[str, int] = {}
    for dispute in disputes:
        if dispute.amount is not None:
            sums[dispute.amount.currency] = sums.get(dispute.amount.currency, 0) + dispute.amount.minor
    return Disputed(
        count=len(disputes),
        amounts=tuple(Money(minor, code) for code, minor in sorted(sums.items(), key=lambda item: (-item[1], item[0]))),
        unknown=sum(1 for dispute in disputes if dispute.amount is None),
    )
