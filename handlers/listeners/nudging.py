"""The Nudge modal: preview, another text or contact, queue, take back."""

from __future__ import annotations

from typing import assert_never

from domain.outcomes import AlreadyQueued, NudgeChanged, NudgePreview, Queued, Refused
from domain.values import Capability
from handlers import inputs
from handlers.answers import Answer, Prepare, Redraw, Turn
from handlers.listeners.refusing import Refusing
from handlers.presenters import nudge, stories
from handlers.request import Request
from handlers.views.blocks import Page, View, modal
from handlers.views.nudge import preview_view, waiting_view

_refusal = Refusing("No nudge now", Capability.NUDGE)

CHANGED = "You changed the text or the contact. This is what leaves now: please look once more."


def open_nudge(request: Request) -> Answer:
    """The window opens first: its trigger lives for three seconds, however busy the books are."""
    account_id, _ = inputs.clicked_account(request.body, request.signet)
    return Prepare(waiting_view(), lambda: _preview(request, account_id))


def choose(request: Request) -> Answer:
    """Another text or another contact: the whole preview anew."""
    return Redraw(_redrawn(request, inputs.draft(request.body, request.signet)))


def queue(request: Request) -> Answer:
    """Queue exactly what was shown. What was chosen in the last moment is shown first."""
    draft = inputs.draft(request.body, request.signet)
    if not draft.is_what_was_shown:
        return Redraw(_redrawn(request, draft, notice=CHANGED))
    outcome = request.cases.queue_nudge(
        draft.account_id,
        contact_id=draft.contact_id,
        invoice_id=draft.invoice_id,
        template_key=draft.template_key,
        template_version=draft.template_version,
        origin=f"view:{inputs.view_id(request.body)}",
    )
    return Turn(_done(request, outcome, draft.account_id))


def _done(request: Request, outcome: Queued | AlreadyQueued | Refused, account_id: int) -> Page:
    match outcome:
        case Queued():
            return nudge.queued_page(outcome, reader=request.reader, signet=request.signet, at=request.at)
        case AlreadyQueued():
            return nudge.already_page(outcome, reader=request.reader, signet=request.signet, at=request.at)
        case Refused():
            return _refusal(request, outcome, account_id)
        case _:
            assert_never(outcome)


def take_back(request: Request) -> Answer:
    """From the window that said “queued”."""
    outcome = request.cases.cancel_nudge(inputs.clicked_nudge(request.body, request.signet))
    match outcome:
        case NudgeChanged():
            return Turn(stories.taken_back_page(outcome))
        case Refused():
            return Turn(_refusal(request, outcome, None, title="Nudge"))
        case _:
            assert_never(outcome)


def _redrawn(request: Request, draft: inputs.Draft, *, notice: str = "") -> View:
    return _preview(
        request,
        draft.account_id,
        template_key=draft.chosen_template,
        contact_id=draft.chosen_contact,
        notice=notice,
    )


def _preview(
    request: Request,
    account_id: int,
    *,
    template_key: str | None = None,
    contact_id: int | None = None,
    notice: str = "",
) -> View:
    outcome = request.cases.preview_nudge(account_id, template_key=template_key, contact_id=contact_id)
    match outcome:
        case NudgePreview():
            return preview_view(
                nudge.preview(outcome, reader=request.reader, signet=request.signet, at=request.at, notice=notice)
            )
        case AlreadyQueued():
            return modal(nudge.already_page(outcome, reader=request.reader, signet=request.signet, at=request.at))
        case Refused():
            return modal(_refusal(request, outcome, account_id))
        case _:
            assert_never(outcome)
