"""Promises that payments decided, as their reporter and A/R hear of it; and how far promises are kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import floor
from typing import assert_never

from domain.commitments import PromiseState
from domain.keeping import DecidedPromise, KeptRate
from domain.rules.keeping import ENOUGH, GRACE, RATED_OVER, TARGET
from handlers import ids, vocabulary
from handlers.escaping import escape
from handlers.presenters.reader import Reader
from handlers.seal import Kind, Signet
from handlers.views.blocks import Button, Page, actions, section

_NUMBERS_SHOWN = 3
_SIGNS = {
    PromiseState.KEPT: "✅",
    PromiseState.PARTIALLY_KEPT: "🟡",
    PromiseState.BROKEN: "❌",
}


def decided_page(
    story: DecidedPromise, *, reader: Reader, signet: Signet, at: datetime, is_private: bool, mention: str | None = None
) -> Page:
    """What became of a promise. In a channel (`is_private` False) it names the customer and the end, and no amount,
    invoice or reason: whoever may see those opens the account. `mention`: the Slack id of whoever waits for it.
    """
    name = escape(story.account.name, 80)
    lead = f"{_SIGNS.get(story.state, '⚪')} *{name}: the promise {_ended(story.state)}*"
    lines = [f"<@{mention}> {lead}" if mention else lead]
    if is_private:
        lines += _details(story, reader, at)
    lines.append(_way_on(story.state))
    opened = Button("Open account", ids.ACCOUNT_OPEN, signet.close_for_all(Kind.ACCOUNT, story.account.id, 0))
    return Page("Promise", lead.replace("*", ""), (section("\n".join(lines)), actions([opened])))


def _ended(state: PromiseState) -> str:
    match state:
        case PromiseState.KEPT:
            return "was kept"
        case PromiseState.PARTIALLY_KEPT:
            return "was kept in part"
        case PromiseState.BROKEN:
            return "was not kept"
        case PromiseState.WITHDRAWN:
            return "has ended"
        case PromiseState.SUPERSEDED:
            return "was replaced by a newer one"
        case PromiseState.REPORTED | PromiseState.OPEN:
            return "stands"
        case _:
            assert_never(state)


def _details(story: DecidedPromise, reader: Reader, at: datetime) -> list[str]:
    promised = reader.money(story.amount) if story.amount else "Payment"
    by = f" by {reader.day(story.due_on, at)}" if story.due_on else ", without a day"
    lines = [f"{promised} promised{by}{_for(story.invoices)}."]
    if story.state in (PromiseState.PARTIALLY_KEPT, PromiseState.KEPT) and story.paid is not None:
        lines.append(f"{reader.money(story.paid)} arrived in time.")
    if story.state is PromiseState.BROKEN:
        lines.append(f"Nothing arrived by the end of the {GRACE} business days after it.")
    if story.state is PromiseState.WITHDRAWN and story.why:
        lines.append(escape(story.why, 300))
    return lines


def _for(numbers: tuple[str, ...]) -> str:
    if not numbers:
        return ""
    shown = ", ".join(escape(number, 60) for number in numbers[:_NUMBERS_SHOWN])
    rest = len(numbers) - _NUMBERS_SHOWN
    return f" for {shown}" + (f" and {rest} more" if rest > 0 else "")


def _way_on(state: PromiseState) -> str:
    if state is PromiseState.KEPT:
        return "Nothing is left to do."
    if state in (PromiseState.PARTIALLY_KEPT, PromiseState.BROKEN, PromiseState.WITHDRAWN):
        return f"The promise {vocabulary.NO_LONGER_HELD}"
    return "The account shows where it stands now."


def kept_words(kept: KeptRate, reader: Reader, *, over: timedelta) -> str:
    """`Promises kept in 90 days: 83% (5 of 6) · money 91% EUR`; or that there are too few to say. `over`: what is
    counted."""
    lead = f"Promises kept in {over.days} days"
    count = kept.by_count
    if count.rate is None:
        word = "promise" if count.whole == 1 else "promises"
        return f"{lead}: not enough data, {count.whole} {word} decided of the {ENOUGH} it takes."
    money = ", ".join(
        f"{_percent(share.rate, reader)} in {code}" for code, share in kept.by_amount if share.rate is not None
    )
    words = f"{lead}: {_percent(count.rate, reader)} ({count.part} of {count.whole})"
    return words + (f" · of the money promised, {money} came in time" if money else "")


def kept_against_target(kept: KeptRate, reader: Reader) -> str:
    """The same of everybody's promises, with what is aimed at."""
    words = kept_words(kept, reader, over=RATED_OVER)
    if kept.by_count.rate is None:
        return words
    sign = "🟢" if kept.by_count.rate > TARGET else "🟠"
    return f"{sign} {words} · aim: more than {reader.percent(TARGET)}"


def _percent(share: float, reader: Reader) -> str:
    """Rounded down: 89.6% is not the target."""
    return reader.percent(floor(100 * share) / 100)
