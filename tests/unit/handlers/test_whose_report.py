"""Whose a report is that waits, as each reader of its alert is told; and to whom it can be handed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.duties import HandingShown
from domain.reporting import ReportStory
from domain.values import Person
from handlers.presenters.reports import duty_page, escalation_page
from handlers.presenters.roster import handing_window
from tests.unit.handlers.outcomes import CARL, NOW, OMAR, make_reader, make_signet
from tests.unit.handlers.reading import as_text
from tests.unit.handlers.report_outcomes import SETTLED, make_promise_report

OTHER = replace(OMAR, id=12, name="Otto Operator")


def handed(**changes: object) -> ReportStory:
    return replace(make_promise_report(handed_by=CARL.id, **changes), handed_by=CARL)


def alert(story: ReportStory, viewer: Person) -> str:
    page = duty_page(story, viewer=viewer, reader=make_reader(), signet=make_signet(), at=NOW)
    return as_text(page.blocks).replace("*", "")


def test_whose_it_is_by_duty_or_because_somebody_gave_it_to_them() -> None:
    assert "With Omar Haddad, on duty." in alert(make_promise_report(), OTHER)
    assert "With Omar Haddad, handed over by Carl Controller." in alert(handed(), OTHER)
    assert "With you, handed over by Carl Controller." in alert(handed(), OMAR)
    assert "With" not in alert(replace(make_promise_report(), operator=None), OTHER), "several people's"


def test_who_has_it_in_hand_is_said_once_and_nothing_of_what_is_settled() -> None:
    in_hand = {"acknowledged_at": NOW, "acknowledged_by": OMAR.id}
    assert "With" not in alert(make_promise_report(**in_hand), OTHER)
    assert "With Omar Haddad, handed over by" in alert(handed(**in_hand), OTHER)
    assert "With" not in alert(replace(handed(**in_hand), acknowledged_by=OTHER), OTHER)
    assert "With" not in alert(handed(**SETTLED), OTHER)


def test_those_above_read_that_it_was_given_and_not_taken_in_hand() -> None:
    page = escalation_page(handed(), viewer=CARL, reader=make_reader(), signet=make_signet(), at=NOW)
    assert "Omar Haddad was given it and has not said that they have it." in as_text(page.blocks)


@pytest.mark.parametrize(("are_away", "said"), [(True, "an absence can be ended"), (False, "There is no Operator yet")])
def test_without_anybody_to_hand_it_to_the_way_on_is_said(are_away: bool, said: str) -> None:
    outcome = HandingShown(make_promise_report(), (), are_away=are_away)
    assert said in as_text(handing_window(outcome, signet=make_signet(), metadata="m")["blocks"])
