"""What changes from one version to another is read without its notation, and nothing that changes goes unsaid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from domain.library import Contents
from domain.minimums import MinimumBalances
from domain.policies import Cadence, Cadences, CadenceStep, Mode, Segment, Segments, Terms, Tone
from domain.rules.differences import differences
from domain.rules.quiet_hours import QuietHours
from domain.rules.terms import terms_of
from domain.values import AccountScope, Money, Span
from domain.warming import Limits, Stage
from handlers import ids
from handlers.presenters.differing import Places, difference_blocks
from handlers.presenters.in_words import SHOWN, change_lines
from tests.builders import make_rulebook
from tests.unit.handlers.outcomes import make_signet
from tests.unit.handlers.test_differing import POLICY
from tests.unit.rules.test_documents import minimums

TERMS = terms_of(make_rulebook().policy, zone="Europe/Berlin", country="DE")
LARGE = Segment("Large", Mode.AUTOPILOT, "Standard", daily_cap=20)
SMALL = Segment("Small", Mode.SHADOW, "Standard")
STANDARD = Cadence("Standard", (CadenceStep(3, "friendly", Tone.NEUTRAL), CadenceStep(10, "firm", Tone.FORMAL)))
TITLES = {"friendly": "Friendly check-in", "firm": "Firm words"}


def said(older: Any, newer: Any) -> list[str]:
    return change_lines(Contents(older, newer, TITLES))


def of_terms(**changes: Any) -> tuple[Terms, Terms]:
    return TERMS, replace(TERMS, **changes)


def of_quiet(**changes: Any) -> tuple[Terms, Terms]:
    return of_terms(quiet=replace(TERMS.quiet, **changes))


def of_warm_up(**changes: Any) -> tuple[Terms, Terms]:
    return of_terms(warm_up=replace(TERMS.warm_up, **changes))


def of_limits(**changes: Any) -> tuple[Terms, Terms]:
    return of_warm_up(limits=replace(TERMS.warm_up.limits, **changes))


def of_segment(**changes: Any) -> tuple[Segments, Segments]:
    return Segments((LARGE, SMALL)), Segments((replace(LARGE, **changes), SMALL))


def of_steps(*steps: CadenceStep) -> tuple[Cadences, Cadences]:
    return Cadences((STANDARD,)), Cadences((replace(STANDARD, steps=steps),))


CHRISTMAS = Span(date(2026, 12, 24), date(2027, 1, 2))
CLOSED = "No mail leaves from 24 Dec 2026 until 2 Jan 2027, when it starts again"
FIRST, SECOND = STANDARD.steps
TABLE: list[tuple[tuple[Any, Any], list[str]]] = [
    (of_quiet(start=time(19)), ["Quiet hours: 18:00–08:00 → 19:00–08:00"]),
    (of_quiet(open_days=frozenset({0, 1})), ["Days on which mail may leave: Mon, Tue, Wed, Thu, Fri → Mon, Tue"]),
    (of_quiet(keep_holidays=False), ["Public holidays: quiet → days like any other"]),
    (of_quiet(blackouts=(CHRISTMAS,)), [f"{CLOSED}: new"]),
    (tuple(reversed(of_quiet(blackouts=(CHRISTMAS,)))), [f"{CLOSED}: removed"]),  # type: ignore[list-item]
    (of_terms(daily_cap=1_500), ["Mails a day: 50 → 1,500"]),
    (of_terms(hourly_cap=7), ["Mails an hour: no limit → 7"]),
    (
        of_terms(zone="Europe/Paris", country=None),
        ["Time zone of the company: Europe/Berlin → Europe/Paris", "Country of the company: DE → none"],
    ),
    (of_terms(minimum_balances=MinimumBalances(Decimal(2500))), ["Smallest balance worth a nudge: 1 → 2,500"]),
    (
        of_terms(minimum_balances=MinimumBalances(Decimal(0), (Money(2_500, "EUR"), Money(3_000, "JPY")))),
        [
            "Smallest balance worth a nudge in EUR: 1 (as in other currencies) → 25.00",
            "Smallest balance worth a nudge in JPY: 1 (as in other currencies) → 3,000",
            "Smallest balance worth a nudge in other currencies: 1 → 0",
        ],
    ),
    (
        (
            replace(TERMS, minimum_balances=MinimumBalances(Decimal(5), (Money(2_500, "EUR"), Money(9, "JPY")))),
            replace(TERMS, minimum_balances=MinimumBalances(Decimal(5), (Money(2_600, "EUR"),))),
        ),
        [
            "Smallest balance worth a nudge in EUR: 25.00 → 26.00",
            "Smallest balance worth a nudge in JPY: 9 → 5 (as in other currencies)",
        ],
    ),
    (
        of_terms(account_scope=AccountScope.ALL),
        ["Sales and Customer Success see: the accounts they own → all accounts"],
    ),
    (of_warm_up(ramp=(Stage(7, 50),)), ["Warm-up of a new sending domain: "]),
    (of_warm_up(doubles_every=None), ["After the warm-up: twice as many every 3 days → no more than that"]),
    (of_segment(daily_cap=40), ["Segment *Large*, cap a day: 20 → 40"]),
    (
        of_segment(daily_cap=None, mode=Mode.SHADOW),
        ["Segment *Large*, mode: Autopilot → Shadow", "Segment *Large*, cap a day: 20 → none"],
    ),
    (of_segment(quiet=(time(20), time(7))), ["Segment *Large*, quiet hours: the policy's → 20:00–07:00"]),
    (of_segment(ageing=("31-60", "90+")), ["Segment *Large*, days past due: any → 31-60, 90+"]),
    (of_segment(balance_from=Decimal(50_000)), ["Segment *Large*, balance from: any → 50,000"]),
    (
        of_segment(name="Larger"),
        ["Segment *Larger*: new, number 1 in the order. Fits every account", "Segment *Large*: removed"],
    ),
    (
        (Segments((LARGE, SMALL)), Segments((SMALL, LARGE))),
        ["Order in which they are tried: Large, Small → Small, Large"],
    ),
    (
        of_steps(FIRST, replace(SECOND, tone=Tone.CONFIDENT)),
        ["Cadence *Standard*, 10 days after the due date: “Firm words” (Formal) → “Firm words” (Confident)"],
    ),
    (
        of_steps(FIRST, replace(SECOND, day=12)),
        ["Cadence *Standard*, “Firm words” (Formal): 10 days after the due date → 12 days after the due date"],
    ),
    (of_steps(FIRST), ["Cadence *Standard*, 10 days after the due date: removed, “Firm words” (Formal)"]),
    (
        of_steps(FIRST, CadenceStep(5, "other", Tone.FORMAL), SECOND),
        ["Cadence *Standard*, 5 days after the due date: new, “other” (Formal)"],
    ),
    (
        (Cadences(()), Cadences((STANDARD,))),
        ["Cadence *Standard*: new. 3 days after the due date: “Friendly check-in” (Neutral); 10 days"],
    ),
    ((Cadences((STANDARD,)), Cadences(())), ["Cadence *Standard*: removed"]),
]


@pytest.mark.parametrize(("sides", "lines"), TABLE, ids=[lines[0][:50] for _, lines in TABLE])
def test_each_change_is_a_line(sides: tuple[Any, Any], lines: list[str]) -> None:
    found = said(*sides)
    assert len(found) == len(lines)
    for line, expected in zip(found, lines, strict=True):
        assert line.startswith(f"• {expected}")


def _other(value: Any) -> Any:
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case Decimal():
            return value / 2  # with each of the others as it is, it is one that may be
        case MinimumBalances():
            return MinimumBalances(value.others + 1)
        case AccountScope():
            return AccountScope.ALL
        case time():
            return time(value.hour, 30)
        case str():
            return "else"
        case frozenset():
            return value - {min(value)}
        case None:
            return 3
        case tuple():
            return (*value, CHRISTMAS)
        case _:
            raise AssertionError(f"Say how {value!r} may be otherwise.")


def _each(thing: Any) -> Iterator[tuple[str, Any]]:
    """The same with one field otherwise, for each of them."""
    for field in fields(thing):
        value = getattr(thing, field.name)
        if isinstance(value, QuietHours | Limits) or field.name == "warm_up":
            yield from ((f"{field.name}.{name}", replace(thing, **{field.name: one})) for name, one in _each(value))
        else:
            other = (Stage(7, 50),) if field.name == "ramp" else _other(value)
            yield field.name, replace(thing, **{field.name: other})


EACH_OF_TERMS = dict(_each(TERMS))


@pytest.mark.parametrize("name", EACH_OF_TERMS)
def test_nothing_of_a_policy_changes_unsaid(name: str) -> None:
    assert len(said(TERMS, EACH_OF_TERMS[name])) == 1


@given(minimums, minimums)
def test_each_currency_whose_minimum_changes_is_named(older: MinimumBalances, newer: MinimumBalances) -> None:
    lines = said(*(replace(TERMS, minimum_balances=one) for one in (older, newer)))
    for code in {one.currency for one in {*older.own} ^ {*newer.own}}:
        assert len([line for line in lines if f" in {code}: " in line]) == 1
    assert bool(lines) is (older != newer)


FULL = Segment("S", Mode.OFF, "C", ("90+",), Decimal(1), Decimal(2), ("a",), ("b",), ("low",), 3, (time(20), time(7)))


@pytest.mark.parametrize("name", [field.name for field in fields(Segment) if field.name not in ("name", "mode")])
def test_nothing_of_a_segment_changes_unsaid(name: str) -> None:
    bare = replace(FULL, **{name: type(FULL)("S", Mode.OFF).__getattribute__(name)})
    assert len(said(Segments((FULL,)), Segments((bare,)))) == 1


def test_what_has_no_words_is_left_to_the_text() -> None:
    assert change_lines(None) == []
    assert said(TERMS, TERMS) == [], "a comment, or the layout"


def test_very_many_changes_are_cut() -> None:
    many = Segments(tuple(replace(LARGE, name=f"S{number}") for number in range(SHOWN + 4)))
    assert said(Segments(), many)[-1] == "and 4 changes more, in the text itself"


def test_in_a_message_the_words_stand_alone_and_the_text_is_a_click_away() -> None:
    hunks, words = differences("daily_cap: 50", "daily_cap: 60"), ["• Mails a day: 50 → 60"]
    shown: dict[str, Any] = {"left": "Now", "right": "Then", "signet": make_signet(), "words": words}
    message = difference_blocks(hunks, places=Places(POLICY, 2), **shown)
    assert "Mails a day" in str(message) and "daily_cap" not in str(message)
    assert message[-1]["elements"][0]["action_id"] == ids.PLACES_OPEN
    window = difference_blocks(hunks, places=Places(POLICY, 2, start=0), **shown)
    assert "Mails a day" in str(window) and "daily_cap" in str(window)
    nowhere = difference_blocks(hunks, places=None, **shown)
    assert "daily_cap" in str(nowhere), "where there is no such window, it stands below"
