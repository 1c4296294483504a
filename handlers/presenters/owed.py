"""What an account owes, as a bar that is understood at a glance and a legend that needs no colours."""

from __future__ import annotations

from datetime import date

from domain.accounts import Ageing, AgeingBucket, Due, ageing_by_currency
from domain.values import Money
from handlers.presenters.reader import Reader

SQUARES = 12
CURRENCIES_SHOWN = 6

# Hyphens that do not break: a phone would put the two ends of a range on two lines.
BUCKETS: dict[AgeingBucket, tuple[str, str]] = {
    AgeingBucket.CURRENT: ("🟩", "not due"),
    AgeingBucket.D1_30: ("🟨", "1‑30 days"),
    AgeingBucket.D31_60: ("🟧", "31‑60"),
    AgeingBucket.D61_90: ("🟥", "61‑90"),
    AgeingBucket.D90_PLUS: ("🟪", "over 90"),
}


def owed(dues: tuple[Due, ...], *, today: date, reader: Reader) -> tuple[str, ...]:
    """One text per currency, the one with most invoices first."""
    totals = ageing_by_currency(dues, today=today)
    if not totals:
        return ("*Nothing open.* All invoices are settled.",)
    shown = [_one(total, reader) for total in totals[:CURRENCIES_SHOWN]]
    if rest := totals[CURRENCIES_SHOWN:]:
        shown.append("Also open: " + ", ".join(reader.money(one.total) for one in rest))
    return tuple(shown)


def _one(ageing: Ageing, reader: Reader) -> str:
    late = ageing.total - ageing.buckets[AgeingBucket.CURRENT]
    head = f"*{reader.money(ageing.total)} open*"
    if late.minor:
        head += f" · {'all' if late == ageing.total else reader.money(late)} past due"
    elif ageing.total.minor:
        head += " · nothing past due"
    lines = [head]
    if ageing.total.minor:
        lines.append(bar(ageing))
        lines.append(
            " · ".join(
                f"{sign} {words} {reader.money(ageing.buckets[bucket])}".replace(" ", "\u00a0")
                for bucket, (sign, words) in BUCKETS.items()
                if ageing.buckets[bucket].minor
            )
        )
    if ageing.credits.minor:
        lines.append(f"Credit not yet used: {reader.money(Money(-ageing.credits.minor, ageing.credits.currency))}")
    return "\n".join(lines)


def bar(ageing: Ageing) -> str:
    """Squares in proportion, oldest last; whatever is owed gets at least one."""
    total = ageing.total.minor
    shares = {bucket: ageing.buckets[bucket].minor for bucket in BUCKETS if ageing.buckets[bucket].minor}
    squares = {bucket: max(1, minor * SQUARES // total) for bucket, minor in shares.items()}
    by_rest = sorted(shares, key=lambda bucket: shares[bucket] * SQUARES % total, reverse=True)
    for bucket in by_rest:
        if sum(squares.values()) >= SQUARES:
            break
        squares[bucket] += 1
    while sum(squares.values()) > SQUARES:
        squares[max(squares, key=lambda bucket: squares[bucket])] -= 1
    return "".join(BUCKETS[bucket][0] * count for bucket, count in squares.items())
