"""What is foretold reads as sentences, with both times and every reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from domain.autopilot import Stop
from domain.policies import Mode
from domain.reasons import Reason
from domain.simulation import DayAhead, Stay
from domain.timeline import AutopilotStep, StepState
from domain.values import Money
from handlers import vocabulary
from handlers.presenters import simulation, simulation_book
from handlers.presenters.simulation_book import table
from tests.builders import make_invoice
from tests.unit.handlers.outcomes import NOW, make_reader
from tests.unit.handlers.simulation_pages import make_ahead, make_week


def plain(text: str, limit: int = 300) -> str:
    return text[:limit]


def lines(**changed: object) -> list[str]:
    return list(simulation.account_lines(make_ahead(**changed), reader=make_reader(zone="Europe/Berlin"), say=plain))


def test_a_step_says_its_day_its_text_both_times_and_why_not_earlier() -> None:
    said = next(line for line in lines() if line.startswith("1. "))
    assert "“Friendly check-in”, Neutral, 14 days after it, for all that were missed" in said
    assert " in New York (" in said and "your time)" in said
    assert "Not earlier: public holiday (Some day" in said


def test_a_step_that_will_not_leave_says_why() -> None:
    said = "\n".join(lines())
    assert "is skipped on" in said and "The payment link of INV-1 runs out before the mail would leave" in said
    assert "waits from" in said and "Sending is paused" in said


def test_a_step_about_too_small_an_invoice_names_the_minimum() -> None:
    small = replace(make_ahead().steps[1], why=Stop.BELOW_MINIMUM)
    cited, minimums = (
        make_invoice(balance=Money(2_999, "JPY")),
        {"EUR": Money(25_00, "EUR"), "JPY": Money(3_000, "JPY")},
    )
    said = "\n".join(lines(steps=(small,), anchor=cited, minimums=minimums))
    assert ": the invoice is below the minimum balance (JP¥3,000)." in said
    said = "\n".join(lines(stay=Stay.BELOW_MINIMUM, steps=(), anchor=None, minimums=minimums))
    assert "No step comes: every open invoice is below the minimum balance (€25.00, JP¥3,000)." in said
    week = make_week(skipped={Stop.BELOW_MINIMUM: 3}, stays={Stay.BELOW_MINIMUM: 2})
    assert "• 3: the invoice is below the minimum balance" in list(simulation_book.why_not_lines(week))
    assert "• 2: every open invoice is below the minimum balance" in list(simulation_book.why_not_lines(week))


def test_in_shadow_a_draft_is_due_and_nothing_leaves() -> None:
    said = "\n".join(lines(mode=Mode.SHADOW))
    assert "a draft is due" in said and ": leaves" not in said


def test_whoever_is_left_alone_is_told_why() -> None:
    for stay in Stay:
        assert f"No step comes: {vocabulary.STAYS[stay]}" in "\n".join(lines(stay=stay, steps=()))


def test_what_another_sender_plans_is_told_with_its_day() -> None:
    planned = AutopilotStep(
        1, "Second reminder", "Formal", StepState.SCHEDULED, datetime(2026, 12, 3, 14, 30, tzinfo=UTC)
    )
    said = lines(stay=Stay.ANOTHER_SENDER, steps=(), others=(planned,))
    assert "Another sender writes to them, as the books plan it; Plixo's own Autopilot adds nothing." in said
    assert said[-2].startswith("1. “Second reminder”, Formal, Thu 3 Dec, 09:30 in New York (")
    assert said[-2].endswith(", planned in the books") and "No step comes" not in "\n".join(said)
    assert said[-1].startswith("The segment's mode (") and said[-1].endswith(") counts for Plixo's own steps alone.")
    assert not [line for line in said if line.startswith("Mode:")], "nobody takes it for the other sender's"


def test_earlier_segments_say_by_what_they_were_missed() -> None:
    said = lines()
    assert "Not in “Large”: their oldest invoice is younger or older (it takes 31-60 days past due)." in said
    assert "Nor in 4 more that were tried before." in said


def test_the_weeks_table_fits_a_phone_and_shows_what_there_is() -> None:
    drawn = table(make_week(), reader=make_reader()).splitlines()
    assert len(drawn) == 8
    assert max(map(len, drawn)) <= 60
    assert drawn[0].split() == ["at", "most", "left", "due", "leave", "later", "expire", "drafts"]
    assert [word for word in drawn[1].split() if word[0].isdigit()][-7:] == [
        "50",
        "3",
        "1,250",
        "40",
        "6",
        "1,204",
        "2",
    ]


def test_the_legend_explains_the_columns_that_are_shown_and_no_other() -> None:
    quiet = DayAhead(NOW.date(), 50, 40, Reason.DAILY_CAP)
    assert "; left: before now; " in simulation_book.legend(make_week())
    said = simulation_book.legend(make_week(days=(quiet,)))
    assert "due: steps" in said and not [word for word in ("left:", "later:", "expire:", "drafts:") if word in said]


def test_customers_in_no_segment_are_counted_too() -> None:
    assert list(simulation_book.segment_lines(make_week(), say=plain))[-1] == "• In none of them: 1,292 customers"


def test_what_moves_says_by_what_it_is_moved() -> None:
    said = "\n".join(simulation_book.moved_lines(make_week()))
    assert "4 times a step waits for another day, as the rest of the day's mails is kept for nudges." in said
