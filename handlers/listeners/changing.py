"""Comments on texts and requests to change them: written, sent, answered, decided."""

from __future__ import annotations

from typing import assert_never

from domain.library import Answered, ChangeAsked, ChangeDecided, ChangeShown, Commented, Reading
from domain.outcomes import Refused
from domain.values import Capability
from handlers import ids, library_inputs
from handlers.answers import Answer, Mend, Prepare, Show, Turn
from handlers.listeners.library import refusal
from handlers.presenters import changes, refusals, talk
from handlers.request import Request
from handlers.views.blocks import Page, View, modal, section


def write_comment(request: Request) -> Answer:
    edition = library_inputs.clicked_edition(request.body, request.signet)
    return Prepare(_waiting("Comment"), lambda: _comment_form(request, request.cases.read_text(edition)))


def send_comment(request: Request) -> Answer:
    edition = library_inputs.shown_edition(request.body, request.signet)
    said = library_inputs.written(request.body, ids.COMMENT_BLOCK, limit=talk.SAID_AT_MOST)
    if not said:
        return Mend({ids.COMMENT_BLOCK: talk.NO_COMMENT})
    outcome = request.cases.comment_on_text(edition, body=said, origin=library_inputs.origin(request.body))
    match outcome:
        case Commented():
            return Turn(talk.commented_page(outcome))
        case Refused():
            return Turn(refusal(request, outcome, wanted=Capability.COMMENT))
        case _:
            assert_never(outcome)


def write_answer(request: Request) -> Answer:
    comment_id = library_inputs.clicked_comment(request.body, request.signet)
    return Show(talk.answer_form(comment_id, signet=request.signet))


def send_answer(request: Request) -> Answer:
    comment_id = library_inputs.shown_comment(request.body, request.signet)
    said = library_inputs.written(request.body, ids.ANSWER_BLOCK, limit=talk.SAID_AT_MOST)
    if not said:
        return Mend({ids.ANSWER_BLOCK: talk.NO_ANSWER})
    outcome = request.cases.answer_comment(comment_id, answer=said)
    match outcome:
        case Answered():
            return Turn(talk.answered_page(outcome))
        case Refused():
            return Turn(refusal(request, outcome, wanted=Capability.EDIT_POLICIES))
        case _:
            assert_never(outcome)


def write_change(request: Request) -> Answer:
    edition = library_inputs.clicked_edition(request.body, request.signet)
    return Prepare(_waiting("Request a change"), lambda: _change_form(request, request.cases.read_text(edition)))


def send_change(request: Request) -> Answer:
    """What is wrong with the text is said beside it, and the window stays."""
    proposal = library_inputs.proposal(request.body, request.signet)
    if not proposal.why:
        return Mend({ids.WHY_BLOCK: changes.NO_WHY})
    origin = library_inputs.origin(request.body)
    outcome = request.cases.request_change(proposal.edition, proposed=proposal.text, why=proposal.why, origin=origin)
    match outcome:
        case ChangeAsked():
            return Turn(changes.asked_page(outcome))
        case Refused(reason=reason) if reason in changes.AT_FIELD:
            said = refusals.told(outcome, reader=request.reader, at=request.at)
            return Mend({changes.AT_FIELD[reason]: said.both})
        case Refused():
            return Turn(refusal(request, outcome))
        case _:
            assert_never(outcome)


def weigh_approval(request: Request) -> Answer:
    return _weigh(request, approve=True)


def weigh_decline(request: Request) -> Answer:
    return _weigh(request, approve=False)


def approve_change(request: Request) -> Answer:
    change_id, reason = _decision(request)
    if not reason:
        return Mend({ids.WHY_BLOCK: changes.NO_REASON})
    needs_legal = library_inputs.is_ticked(request.body, ids.LEGAL_BLOCK)
    return _decided(request, request.cases.approve_change(change_id, reason=reason, needs_legal=needs_legal))


def decline_change(request: Request) -> Answer:
    change_id, reason = _decision(request)
    if not reason:
        return Mend({ids.WHY_BLOCK: changes.NO_REASON})
    return _decided(request, request.cases.decline_change(change_id, reason=reason))


def _decision(request: Request) -> tuple[int, str]:
    """What is decided, and why: empty when nothing was written."""
    change_id = library_inputs.shown_change(request.body, request.signet)
    return change_id, library_inputs.written(request.body, ids.WHY_BLOCK, limit=changes.REASON_AT_MOST)


def _weigh(request: Request, *, approve: bool) -> Answer:
    change_id = library_inputs.clicked_change(request.body, request.signet)
    title = "Approve" if approve else "Decline"
    return Prepare(_waiting(title), lambda: _deciding_form(request, request.cases.show_change(change_id), approve))


def _decided(request: Request, outcome: ChangeDecided | Refused) -> Answer:
    match outcome:
        case ChangeDecided():
            return Turn(changes.decided_page(outcome, signet=request.signet))
        case Refused():
            return Turn(refusal(request, outcome, wanted=Capability.DECIDE_REQUESTS))
        case _:
            assert_never(outcome)


def _comment_form(request: Request, outcome: Reading | Refused) -> View:
    match outcome:
        case Reading():
            return talk.comment_form(outcome, signet=request.signet)
        case Refused():
            return modal(refusal(request, outcome))
        case _:
            assert_never(outcome)


def _change_form(request: Request, outcome: Reading | Refused) -> View:
    match outcome:
        case Reading():
            return changes.change_form(outcome, signet=request.signet)
        case Refused():
            return modal(refusal(request, outcome))
        case _:
            assert_never(outcome)


def _deciding_form(request: Request, outcome: ChangeShown | Refused, approve: bool) -> View:
    match outcome:
        case ChangeShown():
            return changes.deciding_form(outcome, approve=approve, signet=request.signet)
        case Refused():
            return modal(refusal(request, outcome, wanted=Capability.DECIDE_REQUESTS))
        case _:
            assert_never(outcome)


def _waiting(title: str) -> View:
    return modal(Page(title, "", (section("Reading…"),)))
