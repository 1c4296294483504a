"""The part of the receivables summary that is about the record: promises, disputes and legal holds."""

from __future__ import annotations

from collections.abc import Iterator

from domain.commitments import SlaState
from domain.rules.keeping import RATED_OVER, TARGET
from domain.summary import Disputed, OpenSums, Summary
from domain.values import Money
from handlers.escaping import tidy
from handlers.paper.sheet import Column, Heading, Part, Row, Table, Words
from handlers.presenters.counting import several
from handlers.presenters.keeping import kept_words
from handlers.presenters.reader import Reader

CLOCKS: dict[SlaState, str] = {
    SlaState.OPEN: "Open, in time",
    SlaState.AT_RISK: "At Risk",
    SlaState.LATE: "Late",
}
_NAME = 120


def record_parts(summary: Summary, reader: Reader) -> Iterator[Part]:
    yield from _promises(summary, reader)
    yield from _disputes(summary, reader)
    yield from _holds(summary, reader)


def _promises(summary: Summary, reader: Reader) -> Iterator[Part]:
    yield Heading("Promises to pay")
    if summary.promises:
        yield Table(
            (
                Column("Open, on record", 34),
                Column("Promises", 14, is_number=True),
                Column("Amount", 26, is_number=True),
                Column("Past their day", 16, is_number=True),
                Column("Amount", 26, is_number=True),
            ),
            tuple(_promised(one, reader) for one in summary.promises),
        )
    else:
        yield Words("No promise is open.")
    yield Words(f"{kept_words(summary.kept, reader, over=RATED_OVER).rstrip('.')}.")
    yield Words(f"Aimed at: more than {reader.percent(TARGET)}, by number and by amount.", is_quiet=True)


def _promised(one: OpenSums, reader: Reader) -> Row:
    if one.currency is None:
        return Row(("Without an amount", f"{one.count:,}", "", f"{one.late:,}", ""))
    amount, late = Money(one.amount, one.currency), Money(one.late_amount, one.currency)
    late_said = reader.money(late) if one.late else ""
    return Row((f"In {one.currency}", f"{one.count:,}", reader.money(amount), f"{one.late:,}", late_said))


def _disputes(summary: Summary, reader: Reader) -> Iterator[Part]:
    yield Heading("Disputes")
    if not any(one.count for one in summary.disputes.values()):
        yield Words("No dispute is open.")
        return
    yield Table(
        (
            Column("Answer by Legal", 34),
            Column("Disputes", 14, is_number=True),
            Column("Amount disputed", 26, is_number=True),
            Column("", 42),
        ),
        tuple(row for state, one in summary.disputes.items() for row in _disputed(CLOCKS[state], one, reader)),
    )
    if not summary.all_disputes:
        counted = sum(one.count for one in summary.disputes.values())
        yield Words(f"There are more: the {counted:,} whose answers are due first are counted.", is_quiet=True)


def _disputed(clock: str, one: Disputed, reader: Reader) -> Iterator[Row]:
    """A row for each currency: an amount beside others could be cut. How many there are stands in the first."""
    count = f"{one.count:,}"
    unknown = f"{one.unknown:,} without an amount" if one.unknown else ""
    first, *others = [reader.money(money) for money in one.amounts] or [""]
    yield Row((clock, count, first, unknown))
    yield from (Row((clock, "", amount, "")) for amount in others)


def _holds(summary: Summary, reader: Reader) -> Iterator[Part]:
    yield Heading("Legal holds")
    holds = summary.holds
    if not holds.items:
        yield Words("No account is on legal hold.")
        return
    yield Table(
        (Column("Account", 60), Column("Since", 24), Column("Placed by", 32)),
        tuple(
            Row(
                (
                    tidy(one.account_name, _NAME),
                    reader.day_at(one.placed_at, summary.at) if one.placed_at else "–",
                    tidy(one.placed_by, 60) if one.placed_by else "the books",
                )
            )
            for one in holds.items
        ),
    )
    if holds.rest:
        yield Words(f"{several(holds.rest, 'more account')} on legal hold.", is_quiet=True)
