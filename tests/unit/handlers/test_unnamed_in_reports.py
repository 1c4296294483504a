"""A promise in which the customer named nothing: whole sentences, and the card says so too."""

from __future__ import annotations

from dataclasses import replace

from handlers.presenters import timeline
from handlers.presenters.reports import promised_words
from tests.unit.handlers.outcomes import NOW, full_card, make_reader
from tests.unit.handlers.report_outcomes import make_promise_report


def test_what_was_not_named_is_said_in_a_sentence() -> None:
    story = make_promise_report(promise={"amount": None, "due_on": None})
    assert promised_words(story, reader=make_reader()) == "They pay; no day was named. No amount was named."


def test_a_promise_without_an_invoice_counts_none_and_stops_no_nudge() -> None:
    story = make_promise_report()
    assert story.promise
    bare = replace(story.promise, invoice_ids=frozenset())
    (line,) = timeline.promise_lines([bare], full_card(), reader=make_reader(), at=NOW)
    assert "for no invoice in particular" in line
    assert "0 invoices" not in line
    assert "no nudges" not in line
