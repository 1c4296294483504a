"""What changes from one version of a policy, of segments or of cadences to another, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from domain.library import Contents
from domain.minimums import MinimumBalances
from domain.policies import Cadence, Cadences, CadenceStep, Segment, Segments, Terms
from domain.rules.written import DAYS
from domain.values import AccountScope, Span
from domain.warming import WarmUp
from handlers import vocabulary
from handlers.escaping import escape
from handlers.presenters.counting import days_from, several
from handlers.presenters.documents import segment_lines

SHOWN = 30
"""Lines; what is longer is read as it is written."""
_NONE, _ANY = "none", "any"
Said = Mapping[str, str]
"""What a part says of each of its points, escaped; the same points on both sides."""


def change_lines(contents: Contents | None) -> list[str]:
    """A line for each point that differs, as `Quiet hours: 18:00–08:00 → 19:00–08:00`.

    Nothing where there are no words for it: one side cannot be read, or only its layout and comments differ.
    """
    if contents is None:
        return []
    match contents.older, contents.newer:
        case Terms() as older, Terms() as newer:
            named = _named(older.minimum_balances, newer.minimum_balances)
            lines = list(_points(_terms(older, named), _terms(newer, named)))
            before, after = older.quiet.blackouts, newer.quiet.blackouts
            lines += [f"{_closed(one)}: new" for one in after if one not in before]
            lines += [f"{_closed(one)}: removed" for one in before if one not in after]
        case Segments() as older, Segments() as newer:
            lines = list(_segments(older, newer))
        case Cadences() as older, Cadences() as newer:
            lines = list(_cadences(older, newer, contents.titles))
        case _:
            return []
    rest = len(lines) - SHOWN
    shown = [f"• {line}" for line in lines[:SHOWN]]
    return [*shown, f"and {several(rest, 'change')} more, in the text itself"] if rest > 0 else shown


def _points(older: Said, newer: Said, about: str = "") -> Iterator[str]:
    for point, now in newer.items():
        if older[point] != now:
            yield f"{f'{about}, {point}' if about else point}: {older[point]} → {now}"


def _terms(terms: Terms, named: Collection[str]) -> Said:
    """`named`: the currencies whose minimum balance is said one by one."""
    quiet = terms.quiet
    return {
        "Time zone of the company": escape(terms.zone, 60),
        "Country of the company": escape(terms.country, 60) if terms.country else _NONE,
        "Quiet hours": f"{quiet.start:%H:%M}–{quiet.end:%H:%M}",
        "Days on which mail may leave": _listed(DAYS[day].capitalize() for day in sorted(quiet.open_days)),
        "Public holidays": "quiet" if quiet.keep_holidays else "days like any other",
        "What waited leaves spread over": several(terms.spread_minutes, "minute"),
        "Mails a day": f"{terms.daily_cap:,}",
        "Mails an hour": "no limit" if terms.hourly_cap is None else f"{terms.hourly_cap:,}",
        "Kept for nudges": f"{terms.nudge_share_percent} %",
        "Between two mails to one contact": several(terms.contact_gap_hours, "hour"),
        "Nudges to one contact in seven days": f"{terms.nudges_per_week:,}",
        "No nudge before a step of Autopilot for": several(terms.autopilot_before_hours, "hour"),
        "No nudge after a step of Autopilot for": several(terms.autopilot_after_hours, "hour"),
        "Books are read within": several(terms.freshness_hours, "hour"),
        **_minimums(terms.minimum_balances, named),
        "A nudge expires after": several(terms.expiry_hours, "hour"),
        "A report nobody took up is told again after": several(terms.remind_after_minutes, "minute"),
        "A report is escalated after": several(terms.escalate_after_minutes, "minute"),
        "Sales and Customer Success see": (
            "the accounts they own" if terms.account_scope is AccountScope.ASSIGNED else "all accounts"
        ),
        **_warm_up(terms.warm_up),
    }


def _named(*minimums: MinimumBalances) -> list[str]:
    return sorted({one.currency for each in minimums for one in each.own})


def _minimums(minimums: MinimumBalances, named: Collection[str]) -> Said:
    point, others = "Smallest balance worth a nudge", f"{minimums.others.normalize():,f}"
    own = {code: minimums.own_in(code) for code in named}
    said = {
        f"{point} in {code}": f"{one.major:,f}" if one else f"{others} (as in other currencies)"
        for code, one in own.items()
    }
    return {**said, f"{point} in other currencies" if named else point: others}


def _closed(span: Span) -> str:
    return f"No mail leaves from {span.start:%-d %b %Y} until {span.end:%-d %b %Y}, when it starts again"


def _warm_up(warm_up: WarmUp) -> Said:
    limits, ramp = warm_up.limits, warm_up.ramp
    stages = (f"{several(one.days, 'day')} with {several(one.per_day, 'mail')} each" for one in ramp)
    doubles = warm_up.doubles_every
    return {
        "Warm-up of a new sending domain": _listed(stages) if ramp else "none, it is in use for this volume",
        "After the warm-up": f"twice as many every {several(doubles, 'day')}" if doubles else "no more than that",
        "A day of the warm-up counts when this much has left": f"{warm_up.used_percent} %",
        "Returned mails hold the warm-up from": f"{limits.hold_bounced:f} %",
        "Returned mails stop sending above": f"{limits.stop_bounced:f} %",
        "Mails reported as unwanted hold the warm-up from": f"{limits.hold_complained:f} %",
        "Mails reported as unwanted stop sending at": f"{limits.stop_complained:f} %",
    }


def _segments(older: Segments, newer: Segments) -> Iterator[str]:
    was, now = ({one.name: one for one in of.each} for of in (older, newer))
    for number, one in enumerate(newer.each, 1):
        about = f"Segment *{escape(one.name, 100)}*"
        if one.name in was:
            yield from _points(_segment(was[one.name]), _segment(one), about)
        else:
            yield f"{about}: new, number {number} in the order. {'. '.join(segment_lines(one)[1:])}"
    yield from (f"Segment *{escape(name, 100)}*: removed" for name in was if name not in now)
    before, after = ([name for name in names if name in was and name in now] for names in (was, now))
    if before != after:
        yield f"Order in which they are tried: {_names(before)} → {_names(after)}"


def _segment(one: Segment) -> Said:
    start, end = one.quiet or (None, None)
    return {
        "mode": vocabulary.MODES[one.mode].partition(":")[0],
        "cadence": f"“{escape(one.cadence, 100)}”" if one.cadence else _NONE,
        "cap a day": _NONE if one.daily_cap is None else f"{one.daily_cap:,}",
        "quiet hours": f"{start:%H:%M}–{end:%H:%M}" if start and end else "the policy's",
        "days past due": _names(one.ageing) or _ANY,
        "balance from": _ANY if one.balance_from is None else f"{one.balance_from:,f}",
        "balance below": _ANY if one.balance_to is None else f"{one.balance_to:,f}",
        "industry": _names(one.industries) or _ANY,
        "region": _names(one.regions) or _ANY,
        "risk": _names(one.risks) or _ANY,
    }


def _cadences(older: Cadences, newer: Cadences, titles: Mapping[str, str]) -> Iterator[str]:
    was, now = ({one.name: one for one in of.each} for of in (older, newer))
    for one in newer.each:
        about = f"Cadence *{escape(one.name, 100)}*"
        if one.name in was:
            yield from (f"{about}, {line}" for line in _steps(was[one.name], one, titles))
        else:
            steps = "; ".join(f"{_when(step)}: {_mail(step, titles)}" for step in one.steps)
            yield f"{about}: new. {steps[:1].upper()}{steps[1:]}"
    yield from (f"Cadence *{escape(name, 100)}*: removed" for name in was if name not in now)


def _steps(older: Cadence, newer: Cadence, titles: Mapping[str, str]) -> Iterator[str]:
    """By their days, which tell them apart; a mail that is the same on another day has moved there."""
    was, now = ({step.day: step for step in of.steps} for of in (older, newer))
    gone = [step for day, step in was.items() if day not in now]
    for step in newer.steps:
        there = was.get(step.day)
        if there is not None:
            if there != step:
                yield f"{_when(step)}: {_mail(there, titles)} → {_mail(step, titles)}"
            continue
        moved = next((one for one in gone if (one.template, one.tone) == (step.template, step.tone)), None)
        if moved is None:
            yield f"{_when(step)}: new, {_mail(step, titles)}"
        else:
            gone.remove(moved)
            yield f"{_mail(step, titles)}: {_when(moved)} → {_when(step)}"
    yield from (f"{_when(step)}: removed, {_mail(step, titles)}" for step in gone)


def _when(step: CadenceStep) -> str:
    return days_from(step.day, "the due date")


def _mail(step: CadenceStep, titles: Mapping[str, str]) -> str:
    return f"“{escape(titles.get(step.template, step.template), 100)}” ({step.tone.value})"


def _names(words: Iterable[str]) -> str:
    return _listed(escape(word, 100) for word in words)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)
