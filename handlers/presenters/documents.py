"""What policies, segments and cadences say, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import assert_never

from domain.minimums import MinimumBalances
from domain.policies import Cadence, Cadences, CadenceStep, Content, Mode, Segment, Segments, Terms, Unreadable
from domain.rules.written import DAYS
from domain.values import AccountScope
from domain.warming import WarmUp
from handlers import vocabulary
from handlers.escaping import escape, escape_lines
from handlers.presenters.counting import days_from, several
from handlers.presenters.reader import Reader
from handlers.views.blocks import Block, Button, context, exact, paragraphs, section

_DAYS = dict(zip(DAYS, "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(), strict=True))
_RUNS = (
    "Where the mode is Autopilot, steps leave by themselves while enough contacts can be written to, nothing is in "
    "dispute and few payments are taken back; else it runs as in Shadow. In Shadow each is a draft that leaves when a "
    "person has approved it. Nudges are sent in every mode."
)
_BUTTONS = 40
"""Segments with a button beside them: a window holds 100 blocks."""
_ANY_BALANCE = "An open balance, however small."
_KEEPS = "A sequence keeps the version with which it began. A new version counts for those that begin after it."


def document_blocks(
    content: Content | Unreadable,
    text: str,
    reader: Reader,
    titles: dict[str, str],
    beside: Callable[[int, str], Button] | None = None,
) -> list[Block]:
    """`beside`: what stands beside a segment, given which one it is and its name."""
    match content:
        case Terms():
            return paragraphs(_terms(content, reader))
        case Segments(each):
            lead = "The first one that fits an account counts."
            if beside is not None:
                return [section(lead), *_with_buttons(each, beside), context(_RUNS)]
            return [*paragraphs([lead, "", *_segments(each)]), context(_RUNS)]
        case Cadences(each):
            lines = ["Days count from the due date of the account's oldest open invoice that may be chased.", ""]
            for cadence in each:
                lines += [*_cadence(cadence, titles), ""]
            return [*paragraphs(lines), context(_KEEPS)]
        case Unreadable():
            why = f"This version can't be put into words ({escape(content.words, 300)}) Here it is as it was written:"
            return [section(why), *exact(escape_lines(text))]
        case _:
            assert_never(content)


def _terms(terms: Terms, reader: Reader) -> list[str]:
    quiet = terms.quiet
    closed = [_DAYS[day] for index, day in enumerate(DAYS) if index not in quiet.open_days]
    hours = f"{quiet.start:%H:%M} to {quiet.end:%H:%M}"
    all_day = f", and all day on {_listed(closed)}" if closed else ""
    lines = [
        "*When mail may leave*",
        f"• Quiet from {hours} on the customer's own clock{all_day}. What is asked for then waits.",
        f"• Whose clock: the contact's time zone, else the account's, else the billing country's when it has only one, "
        f"else ours ({escape(terms.zone, 60)}). A country with several zones: only when it is open in all of them.",
        "• Public holidays where the payer is are quiet, too."
        if quiet.keep_holidays
        else "• Public holidays are days like any other.",
    ]
    for span in quiet.blackouts:
        lines.append(f"• No mail leaves from {span.start:%-d %b %Y} until {span.end:%-d %b %Y}, when it starts again.")
    if terms.spread_minutes:
        lines.append(f"• When the hours begin, what waited leaves spread over {terms.spread_minutes} minutes.")
    lines += [
        "",
        "*How much*",
        f"• At most {several(terms.daily_cap, 'mail')} a day from the company.",
        *_warm_up(terms.warm_up),
        f"• At least {several(terms.contact_gap_hours, 'hour')} between two mails to one contact, whoever sends them.",
        f"• At most {several(terms.nudges_per_week, 'nudge')} to one contact in seven days.",
        f"• No nudge in the {several(terms.autopilot_before_hours, 'hour')} before a step of Autopilot, "
        f"nor in the {several(terms.autopilot_after_hours, 'hour')} after one.",
        "",
        "*What a nudge rests on*",
        f"• Books that were read within {several(terms.freshness_hours, 'hour')}.",
        f"• {_least(terms.minimum_balances, reader)}",
        f"• One that could not leave expires {several(terms.expiry_hours, 'hour')} after it could first have left.",
        "",
        "*What customers say*",
        f"• A report that nobody has taken up is told again {several(terms.remind_after_minutes, 'minute')} after it "
        f"was said. The A/R Managers hear of one that is not settled {several(terms.escalate_after_minutes, 'minute')} "
        "after it was said.",
        "",
        "*Who sees what*",
        "• Sales and Customer Success see the accounts they own."
        if terms.account_scope is AccountScope.ASSIGNED
        else "• Sales and Customer Success see all accounts.",
    ]
    return lines


def _least(minimums: MinimumBalances, reader: Reader) -> str:
    """From what balance on an invoice is chased."""
    others = _amount(minimums.others, reader)
    if not minimums.own:
        return f"A balance of at least {others}, in the invoice's own currency." if minimums.others else _ANY_BALANCE
    *named, last = (reader.money(minimums.for_currency(one.currency)) for one in minimums.own)
    each = f"{', '.join(named)} or {last}" if named else last
    elsewhere = f"at least {others}" if minimums.others else "any open balance, however small"
    return f"A balance of at least {each}; in any other currency {elsewhere}."


def _warm_up(warm_up: WarmUp) -> list[str]:
    """How the sending domain earns its volume, stage by stage."""
    limits = warm_up.limits
    measured = (
        f"• Of a week's mails, {limits.hold_bounced:f} % returned or {limits.hold_complained:f} % reported as unwanted "
        f"hold the warm-up; more than {limits.stop_bounced:f} % or {limits.stop_complained:f} % stop sending."
    )
    if not warm_up.ramp:
        return ["• The sending domain is in use for this volume already.", measured]
    stages = ", then ".join(
        f"{several(one.days, 'day')} with {several(one.per_day, 'mail')} each" for one in warm_up.ramp
    )
    then = f", then twice as many every {several(warm_up.doubles_every, 'day')}" if warm_up.doubles_every else ""
    return [
        f"• A new sending domain is warmed up: {stages}{then}. A day counts when {warm_up.used_percent} % of its mails "
        "have left.",
        measured,
    ]


def _with_buttons(each: tuple[Segment, ...], beside: Callable[[int, str], Button]) -> list[Block]:
    """As many as a window has room for; of the others only what they say."""
    blocks = [
        section("\n".join(segment_lines(one, index + 1)), beside=beside(index, one.name))
        for index, one in enumerate(each[:_BUTTONS])
    ]
    if len(each) <= _BUTTONS:
        return blocks
    beyond = f"Those after the first {_BUTTONS} are set in the document: “Request a change” below leads there."
    return [*blocks, *paragraphs(list(_segments(each, after=_BUTTONS))), context(beyond)]


def _segments(each: tuple[Segment, ...], *, after: int = 0) -> Iterator[str]:
    for number, segment in enumerate(each[after:], after + 1):
        yield from (*segment_lines(segment, number), "")


def segment_lines(segment: Segment, number: int | None = None) -> list[str]:
    """`number`: where it stands among the others."""
    name = escape(segment.name, 100)
    lines = [f"*{name}*" if number is None else f"*{number}. {name}*"]
    fits = []
    if segment.ageing:
        fits.append("not yet due" if segment.ageing == ("current",) else f"{_either(segment.ageing)} days past due")
    if segment.balance_from is not None:
        fits.append(f"a balance of {segment.balance_from:,f} or more, in its own currency")
    if segment.balance_to is not None:
        fits.append(f"a balance below {segment.balance_to:,f}, in its own currency")
    for name, given in (("industry", segment.industries), ("region", segment.regions), ("risk", segment.risks)):
        if given:
            fits.append(f"{name} {_either(given)}")
    lines.append(f"Fits: {'; '.join(fits)}" if fits else "Fits every account with something to chase")
    lines.append(_runs(segment))
    if segment.daily_cap is not None:
        most = several(segment.daily_cap, "nudge" if segment.mode is Mode.OFF else "mail")
        lines.append(f"At most {most} a day" + ("" if segment.mode is Mode.OFF else ", nudges and steps together"))
    if segment.quiet is not None:
        start, end = segment.quiet
        lines.append(f"Quiet from {start:%H:%M} to {end:%H:%M} instead of the policy's hours")
    return lines


def _runs(segment: Segment) -> str:
    by = f" by the cadence “{escape(segment.cadence, 100)}”" if segment.cadence else ""
    match segment.mode:
        case Mode.OFF:
            return vocabulary.MODES[Mode.OFF] + (f". Switched on, it would write{by}" if by else "")
        case Mode.SHADOW:
            return f"Shadow: Autopilot drafts{by}, a person approves"
        case Mode.AUTOPILOT:
            return f"{vocabulary.MODES[Mode.AUTOPILOT]},{by}"
        case _:
            assert_never(segment.mode)


def _cadence(cadence: Cadence, titles: dict[str, str]) -> list[str]:
    lines = [f"*{escape(cadence.name, 100)}*"]
    return lines + [f"{number}. {_step(step, titles)}" for number, step in enumerate(cadence.steps, 1)]


def _step(step: CadenceStep, titles: dict[str, str]) -> str:
    when = days_from(step.day, "the due date").capitalize()
    name = titles.get(step.template, step.template)
    return f"{when}: “{escape(name, 100)}”, {step.tone.value}"


def _either(words: tuple[str, ...]) -> str:
    return " or ".join(escape(word, 100) for word in words)


def _amount(amount: Decimal, reader: Reader) -> str:
    return reader.count(float(amount), 0 if amount == amount.to_integral_value() else 2)


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
