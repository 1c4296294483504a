"""What Autopilot would do with one customer, in sentences; the same in Slack and in a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import assert_never

from domain.autopilot import Misfit, Stop
from domain.policies import Mode, Segment
from domain.reasons import Reason
from domain.rules.quiet_hours import Skipped
from domain.simulation import AccountAhead, Fate, Foretold, Missed, Stay
from domain.values import Money
from handlers import texts, vocabulary
from handlers.escaping import escape
from handlers.presenters.reader import Reader
from handlers.texts.guarding import OF_INVOICE
from handlers.views.blocks import Page, context, header, paragraphs, section

Say = Callable[[str, int], str]
"""Data made fit for where it is shown, at most so long."""
ASSUMED = (
    "Foretold by the rules that decide then. Assumed: nobody pays, disputes, promises or nudges meanwhile, and the "
    "books stay as fresh as they are."
)
_QUOTA = "The day's mails may be used up by others: the whole book is told by `/plixo simulate`."
_MISSED = 3


def account_page(ahead: AccountAhead, *, reader: Reader) -> Page:
    name = escape(ahead.account.name, 140)
    lines = list(account_lines(ahead, reader=reader, say=escape))
    lead = f"What Autopilot does with {name}"
    blocks = [header(name), section(f"*{lines[0]}*"), *paragraphs(lines[1:]), context(f"{ASSUMED} {_QUOTA}")]
    return Page("Autopilot", lead, tuple(blocks))


def account_lines(ahead: AccountAhead, *, reader: Reader, say: Say) -> Iterator[str]:
    """First the segment, then how it was found, by what days count, and what comes."""
    yield _where(ahead, say)
    for missed in ahead.missed[:_MISSED]:
        yield f"Not in “{say(missed.segment.name, 80)}”: {_missed_words(missed, ahead)}."
    if len(ahead.missed) > _MISSED:
        yield f"Nor in {len(ahead.missed) - _MISSED} more that were tried before."
    if not ahead.others:
        yield from _mode_lines(ahead)
    yield from _anchor_lines(ahead, reader, say)
    if ahead.others:
        yield "Another sender writes to them, as the books plan it; Plixo's own Autopilot adds nothing."
    elif ahead.stay is not None:
        yield _stay_words(ahead, reader)
    elif not ahead.steps:
        yield "No step is left within a year."
    for number, step in enumerate(ahead.steps, 1):
        yield f"{number}. {_step_words(step, ahead, reader, say)}"
    for number, planned in enumerate(ahead.others, 1):
        when = reader.moment_there(planned.due_at, ahead.zone, ahead.at)
        yield f"{number}. “{say(planned.name, 80)}”, {say(planned.tone, 30)}, {when}, planned in the books"
    if ahead.others and ahead.segment is not None:
        mode = vocabulary.MODES[ahead.segment.mode].partition(":")[0]
        yield f"The segment's mode ({mode}) counts for Plixo's own steps alone."


def _where(ahead: AccountAhead, say: Say) -> str:
    if ahead.segment is None:
        return "In no segment: nothing is sent by itself"
    tried = len(ahead.missed) + 1
    return f"In the segment “{say(ahead.segment.name, 100)}”, tried as number {tried}"


def _missed_words(missed: Missed, ahead: AccountAhead) -> str:
    return ", ".join(_misfit(one, missed.segment, ahead) for one in missed.by)


def _misfit(one: Misfit, segment: Segment, ahead: AccountAhead) -> str:
    currency = f"{ahead.anchor.balance.currency} " if ahead.anchor else ""
    match one:
        case Misfit.BALANCE_BELOW:
            return f"{vocabulary.MISFITS[one]} (it begins at {currency}{segment.balance_from:,f})"
        case Misfit.BALANCE_ABOVE:
            return f"{vocabulary.MISFITS[one]} (it ends below {currency}{segment.balance_to:,f})"
        case Misfit.AGEING:
            return f"{vocabulary.MISFITS[one]} (it takes {escape(' or '.join(segment.ageing), 80)} days past due)"
        case Misfit.NOTHING_OPEN | Misfit.INDUSTRY | Misfit.REGION | Misfit.RISK:
            return vocabulary.MISFITS[one]
        case _:
            assert_never(one)


def _mode_lines(ahead: AccountAhead) -> Iterator[str]:
    if ahead.segment is None:
        return
    match ahead.mode:
        case None:
            yield "Mode: Autopilot. The segment has yet to be judged; it sends once nothing is missing."
        case Mode.SHADOW if ahead.shortfalls:
            missing = " ".join(vocabulary.SHORTFALLS[one][0] for one in ahead.shortfalls)
            yield f"Mode: fell from Autopilot to Shadow. {missing}"
        case Mode.SHADOW:
            yield "Mode: Shadow. What is due waits for a person."
        case Mode.OFF:
            yield "Mode: off."
        case Mode.AUTOPILOT:
            yield "Mode: Autopilot. What is due leaves by itself."
        case _:
            assert_never(ahead.mode)


def _anchor_lines(ahead: AccountAhead, reader: Reader, say: Say) -> Iterator[str]:
    if ahead.anchor is not None:
        days = ahead.anchor.days_past_due(ahead.today)
        late = f"{days} days late" if days > 1 else "1 day late" if days == 1 else "not late yet"
        due = reader.day(ahead.anchor.due_on, ahead.at)
        yield f"Days count from invoice {say(ahead.anchor.number, 60)}, due {due}, {late}."
    if ahead.cadence is not None:
        proposed = " (not in force)" if ahead.is_proposed and not ahead.is_running else ""
        runs = "It runs" if ahead.is_running else "It would run"
        yield f"{runs} by the cadence “{say(ahead.cadence, 100)}”, version {ahead.version}{proposed}."


def _stay_words(ahead: AccountAhead, reader: Reader) -> str:
    why = vocabulary.STAYS[ahead.stay] if ahead.stay else ""
    if ahead.stay is Stay.BELOW_MINIMUM:
        why += _amounts(ahead.minimums.values(), reader)
    if ahead.stay is Stay.NOBODY and ahead.nobody is not None:
        why = f"{why}. {texts.tell(ahead.nobody).what}".removesuffix(".")
    return f"No step comes: {why}."


def _step_words(step: Foretold, ahead: AccountAhead, reader: Reader, say: Say) -> str:
    day = step.step.day
    when = "on the due date" if day == 0 else f"{abs(day)} {'day' if abs(day) == 1 else 'days'} "
    when += "" if day == 0 else "after it" if day > 0 else "before it"
    name = say(ahead.titles.get(step.step.template, step.step.template), 80)
    late = ", for all that were missed" if step.is_late else ""
    return f"“{name}”, {step.step.tone.value}, {when}{late}: {_fate_words(step, ahead, reader)}"


def _fate_words(step: Foretold, ahead: AccountAhead, reader: Reader) -> str:
    match step.fate:
        case Fate.LEAVES:
            assert step.at is not None
            moment = reader.moment_there(step.at, ahead.zone, ahead.at)
            is_draft = ahead.mode_of(step) is Mode.SHADOW and not step.is_queued
            does = "a draft is due" if is_draft else "leaves"
            return f"{does} {moment}.{_moved_words(step, ahead, reader)}"
        case Fate.SKIPPED:
            on = f" on {reader.day(step.on, ahead.at)}" if step.at is not None else ""
            return f"is skipped{on}: {why_words(step.why, ahead, reader)}."
        case Fate.WAITS:
            return f"waits from {reader.day(step.on, ahead.at)} on: {why_words(step.why, ahead)}."
        case _:
            assert_never(step.fate)


def _moved_words(step: Foretold, ahead: AccountAhead, reader: Reader) -> str:
    causes = [_closed_words(one, ahead, reader) for one in step.passed]
    if isinstance(step.why, Reason) and step.why is not Reason.QUIET_HOURS:
        causes.append(why_words(step.why, ahead))
    return f" Not earlier: {', '.join(dict.fromkeys(causes))}." if causes else ""


def _closed_words(one: Skipped, ahead: AccountAhead, reader: Reader) -> str:
    words = vocabulary.WAITS[one.why]
    return f"{words} ({escape(one.detail, 60)}, {reader.day(one.day, ahead.at)})" if one.detail else words


def why_words(why: Reason | Stop | None, ahead: AccountAhead | None = None, reader: Reader | None = None) -> str:
    """A clause without a full stop."""
    match why:
        case None:
            return "nobody knows"
        case Stop.BELOW_MINIMUM if ahead and ahead.anchor and reader:
            least = ahead.minimums.get(ahead.anchor.balance.currency)
            return f"{vocabulary.STOPS[Stop.BELOW_MINIMUM]}{_amounts([least] if least else [], reader)}"
        case Stop():
            return vocabulary.STOPS[why]
        case Reason.SUPERSEDED:
            return "the day of the next step comes first"
        case _:
            number = ahead.anchor.number if ahead and ahead.anchor else ""
            return texts.tell(why, texts.Details(subject=_subject(why, number))).what.removesuffix(".")


def _amounts(minimums: Iterable[Money], reader: Reader) -> str:
    named = ", ".join(map(reader.money, minimums))
    return f" ({named})" if named else ""


def _subject(why: Reason, number: str) -> str:
    """What the reason's sentence is about."""
    return (escape(number, 60) or "the invoice") if why in OF_INVOICE else ""
