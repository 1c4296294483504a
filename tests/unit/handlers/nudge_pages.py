"""Windows and messages about nudges on hold and taken back, rendered from one set of outcomes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from domain.commitments import Verdict
from domain.messages import State
from domain.outcomes import HoldBegun, NudgeChanged, NudgeStory
from domain.reasons import Reason
from domain.reporting import ReportStory
from handlers import announcements
from handlers.presenters import holding
from handlers.views.blocks import View, modal
from handlers.views.words import words_view
from tests.unit.handlers.outcomes import MIA, NOW, OMAR, SEAL, make_reader, make_story
from tests.unit.handlers.report_outcomes import make_promise_report

Change = Callable[[Any], Any]


def taken_back(reason: Reason = Reason.PROMISE_CAME) -> NudgeStory:
    """Omar's doing."""
    story = make_story(State.CANCELLED, held_by=OMAR)
    return replace(story, message=replace(story.message, reason=reason, cause="report:71"))


def held(why: str = "She pays today, she says.") -> NudgeStory:
    story = make_story(State.HELD)
    return replace(story, message=replace(story.message, why=why))


def rejected() -> ReportStory:
    story = make_promise_report()
    report = replace(story.report, verdict=Verdict.NOT_VALID, settled_at=NOW, settled_by=OMAR.id, why="Another Acme.")
    return replace(story, report=report, settled_by=OMAR)


def posted(change: Change) -> dict[str, tuple[str, list[dict[str, Any]]]]:
    to: dict[str, Any] = {"seal": SEAL, "at": NOW, "zone": "Europe/Berlin"}
    pages = {"free": announcements.render_free(change(taken_back()), change(rejected()), MIA, **to)}
    for reason in (Reason.PROMISE_CAME, Reason.DISPUTE_CAME, Reason.HOLD_CAME):
        pages[f"outcome {reason}"] = announcements.render_outcome(change(taken_back(reason)), MIA, **to)
        pages[f"alert {reason}"] = announcements.render_alert(change(taken_back(reason)), **to)
    pages["outcome held, why"] = announcements.render_outcome(change(held()), MIA, **to)
    pages["alert held, why"] = announcements.render_alert(change(held()), **to)
    for stood in (State.HELD, State.UNCONFIRMED):
        for state in (one for one in State if one is not stood):
            pages[f"was {stood}, now {state}"] = announcements.render_earlier(
                change(make_story(state)), stood, MIA, **to
            )
    return pages


def views(change: Change) -> dict[str, View]:
    r = make_reader()
    begun = HoldBegun(change(make_story()), needs_why=True)
    sheets = {"hold": begun, "hold one's own": replace(begun, needs_why=False)}
    shown = {name: words_view(holding.hold_sheet(one, metadata="m", reader=r, at=NOW)) for name, one in sheets.items()}
    done = NudgeChanged(change(held()), State.QUEUED)
    return shown | {"on hold": modal(holding.held_page(done, reader=r, at=NOW))}
