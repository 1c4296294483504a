"""The receivables summary in words, ready for paper: figures as the reader writes them, and what each of them means."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from datetime import datetime, timedelta

from domain.accounts import Ageing, AgeingBucket
from domain.summary import Owing, Summary
from domain.values import Money
from handlers.escaping import tidy
from handlers.paper.sheet import Column, Gauge, Heading, Part, Row, Sheet, Table, Words
from handlers.presenters.counting import several
from handlers.presenters.reader import Reader
from handlers.presenters.summary_record import record_parts
from handlers.presenters.summary_sending import mail_parts, sending_parts
from handlers.views.blocks import Page, section

TITLE = "Receivables summary"
BUCKETS: dict[AgeingBucket, str] = {
    AgeingBucket.CURRENT: "Current, not yet due",
    AgeingBucket.D1_30: "1–30 days past due",
    AgeingBucket.D31_60: "31–60 days past due",
    AgeingBucket.D61_90: "61–90 days past due",
    AgeingBucket.D90_PLUS: "More than 90 days",
}
_AGES: dict[AgeingBucket, str] = {
    AgeingBucket.CURRENT: "current",
    AgeingBucket.D1_30: "1–30 days",
    AgeingBucket.D31_60: "31–60 days",
    AgeingBucket.D61_90: "61–90 days",
    AgeingBucket.D90_PLUS: "90+ days",
}
DRAWN = 6
"""Currencies whose ages are drawn; of any more the total is told."""
_NAME = 120
_SAME_READING = timedelta(hours=1)
"""An import of many files takes a while: what it read is of one age."""


def file_name(summary: Summary) -> str:
    return f"receivables-summary-{summary.today.isoformat()}.pdf"


def taken_page(summary: Summary, *, reader: Reader) -> Page:
    """What the person is told at once."""
    text = f"{_sentence(summary, reader)} It comes into your messages with Plixo in a moment."
    return Page(TITLE, text, (section(text),))


def beside_the_file(summary: Summary, *, reader: Reader) -> str:
    return f"{_sentence(summary, reader)} It names customers and amounts: pass it on only to those who may see them."


def _sentence(summary: Summary, reader: Reader) -> str:
    return f"The receivables summary as of {reader.moment(summary.at, summary.at)}, as you asked."


def file_of(summary: Summary, *, reader: Reader) -> Callable[[], bytes]:
    """The file's content, drawn when it is asked for."""

    def content() -> bytes:
        # Not above: it takes memory that a bot has better use for until somebody wants a summary.
        from handlers.paper.drawing import drawn

        return drawn(summary_sheet(summary, reader=reader))

    return content


def summary_sheet(summary: Summary, *, reader: Reader) -> Sheet:
    at = summary.at
    name = tidy(summary.organisation, _NAME)
    when = f"{reader.full_day(summary.today)}, {reader.clock(at)} ({reader.city(reader.zone)} time)"
    return Sheet(
        title=TITLE,
        lead=(
            f"{name} · {when}",
            _books(summary, reader, at),
            f"Taken by {tidy(summary.taken_by, _NAME)}. It names customers and amounts: pass it on only to those who "
            "may see them.",
        ),
        parts=(
            *_open(summary, reader),
            *_customers(summary, reader),
            *record_parts(summary, reader),
            *mail_parts(summary),
            *sending_parts(summary, reader),
        ),
        foot=f"Plixo · {TITLE} · {name} · {when}",
        footnote=lambda texts: _footnote(texts, summary),
        at=at,
    )


def _footnote(texts: Set[str], summary: Summary) -> str:
    """`texts` have letters that are lacking. The customers listed have their number below their name."""
    which = "One text above has" if len(texts) == 1 else f"{len(texts):,} texts above have"
    numbered = texts & {tidy(owing.account.name, _NAME) for owing in summary.largest}
    number = "; where a customer's number stands below a name, it says who is meant" if numbered else ""
    return f"▯ stands for a letter that this document's typeface does not have. {which} such letters{number}."


def _books(summary: Summary, reader: Reader, at: datetime) -> str:
    oldest, newest = summary.synced.oldest, summary.synced.newest
    if oldest is None or newest is None:
        return "The books of whoever owes anything were never read." if summary.ageing else "Nothing is open."
    read = f"Books last read {reader.ago(newest, at)}, {reader.moment(newest, at)}."
    if newest - oldest <= _SAME_READING:
        return read
    return f"{read} Those of some customers are older, the oldest of {reader.moment(oldest, at)}."


# -- what is open --


def _open(summary: Summary, reader: Reader) -> Iterator[Part]:
    yield Heading("Open receivables")
    if not summary.ageing:
        yield Words("No invoice is open.")
        return
    for one in summary.ageing[:DRAWN]:
        yield Heading(f"In {one.total.currency}: {reader.money(one.total)}", is_small=True)
        yield Words(_totals(summary, one, reader), is_quiet=True)
        yield _ageing(summary, one, reader)
    if rest := summary.ageing[DRAWN:]:
        told = ", ".join(f"{reader.money(one.total)} ({reader.money(_past_due(one))} past due)" for one in rest)
        yield Words(f"In {several(len(rest), 'more currency').replace('currencys', 'currencies')}: {told}.")


def _totals(summary: Summary, one: Ageing, reader: Reader) -> str:
    code = one.total.currency
    count = sum(summary.invoices.get((code, bucket), 0) for bucket in AgeingBucket)
    late = _past_due(one)
    said = [several(count, "open invoice")]
    share = _share(late, one.total, reader)
    said.append(f"{reader.money(late)} past due{f' ({share})' if share else ''}" if late.minor else "nothing past due")
    if one.credits.minor:
        said.append(f"credits of {reader.money(Money(-one.credits.minor, code))} not taken off")
    return " · ".join(said)


def _past_due(one: Ageing) -> Money:
    late = sum(money.minor for bucket, money in one.buckets.items() if bucket is not AgeingBucket.CURRENT)
    return Money(late, one.total.currency)


def _share(part: Money, whole: Money, reader: Reader) -> str:
    return reader.percent(part.minor / whole.minor) if whole.minor > 0 else ""


def _ageing(summary: Summary, one: Ageing, reader: Reader) -> Table:
    code, longest = one.total.currency, max(money.minor for money in one.buckets.values())
    rows = [
        Row(
            (
                BUCKETS[bucket],
                Gauge(money.minor / longest if longest else 0.0, is_bad=bucket is AgeingBucket.D90_PLUS),
                reader.money(money),
                _share(money, one.total, reader),
                f"{summary.invoices.get((code, bucket), 0):,}",
            )
        )
        for bucket, money in one.buckets.items()
    ]
    count = sum(summary.invoices.get((code, bucket), 0) for bucket in AgeingBucket)
    rows.append(Row(("Total", "", reader.money(one.total), "", f"{count:,}"), is_total=True))
    return Table(
        (
            Column("Age", 30),
            Column("", 34),
            Column("Open", 26, is_number=True),
            Column("Share", 10, is_number=True),
            Column("Invoices", 12, is_number=True),
        ),
        tuple(rows),
    )


# -- who owes it --


def _customers(summary: Summary, reader: Reader) -> Iterator[Part]:
    if not summary.largest:
        return
    yield Heading("Largest open customers")
    for one in summary.ageing:
        listed = [owing for owing in summary.largest if owing.owed.currency == one.total.currency]
        if listed:
            if listed != list(summary.largest):
                yield Heading(f"In {one.total.currency}", is_small=True)
            yield Words(_which(listed, one, reader), is_quiet=True)
            yield _largest(summary, listed, one, reader)
    named = {owing.owed.currency for owing in summary.largest}
    if unnamed := [one.total.currency for one in summary.ageing if one.total.currency not in named and one.total.minor]:
        yield Words(f"Nobody is named who owes in {', '.join(unnamed)}: there is no room for more.", is_quiet=True)


def _which(listed: Sequence[Owing], one: Ageing, reader: Reader) -> str:
    all_of_them, code = listed[0].customers, one.total.currency
    if len(listed) == all_of_them:
        return f"Everybody who owes in {code}: {several(all_of_them, 'customer')}."
    shown = Money(sum(owing.owed.minor for owing in listed), code)
    return (
        f"The {len(listed)} of {all_of_them:,} customers who owe most in {code}: {reader.money(shown)}, "
        f"{_share(shown, one.total, reader)} of what is open."
    )


def _largest(summary: Summary, listed: Sequence[Owing], one: Ageing, reader: Reader) -> Table:
    rows = [
        Row(
            (
                tidy(owing.account.name, _NAME),
                reader.money(owing.owed),
                reader.money(owing.past_due),
                _AGES[owing.bucket(summary.today)],
                f"{owing.invoices:,}",
            ),
            under=_marks(owing),
        )
        for owing in listed
    ]
    code = one.total.currency
    if others := listed[0].customers - len(listed):
        owed = one.total.minor - sum(owing.owed.minor for owing in listed)
        late = _past_due(one).minor - sum(owing.past_due.minor for owing in listed)
        said = f"{'One other customer' if others == 1 else f'The other {others:,} customers'}"
        rows.append(Row((said, reader.money(Money(owed, code)), reader.money(Money(late, code)), "", "")))
    total = (f"All in {code}", reader.money(one.total), reader.money(_past_due(one)), "", "")
    rows.append(Row(total, is_total=True))
    return Table(
        (
            Column("Customer", 50),
            Column("Open", 20, is_number=True),
            Column("Past due", 20, is_number=True),
            Column("Oldest", 13),
            Column("Invoices", 9, is_number=True),
        ),
        tuple(rows),
    )


def _marks(owing: Owing) -> str:
    said = [tidy(owing.account.external_id, 60)]
    if owing.has_hold:
        said.append("legal hold")
    if owing.has_dispute:
        said.append("in dispute")
    return " · ".join(said)
