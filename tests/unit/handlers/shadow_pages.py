"""Everything that is shown about drafts of Autopilot, rendered from one set of outcomes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from domain.homing import Cut
from domain.outcomes import Refused
from domain.policies import Mode
from domain.reasons import Reason
from domain.shadow import (
    Approved,
    DraftEdited,
    DraftList,
    DraftsApproved,
    DraftSkipped,
    NotApproved,
    Weighed,
)
from domain.templates import Wording
from handlers.announcements import render_drafts
from handlers.presenters import shadow
from handlers.views.blocks import Page, View, section
from tests.unit.handlers.outcomes import (
    LEAVES,
    MIA,
    NOW,
    make_mail,
    make_preview,
    make_reader,
    make_signet,
    make_step_draft,
)

Change = Callable[[Any], Any]


def make_weighed(**changed: Any) -> Weighed:
    shown = make_preview()
    given: dict[str, Any] = {
        "draft": make_step_draft(),
        "account": shown.facts.account,
        "contact": shown.contact,
        "invoice": shown.invoice,
        "template": shown.template,
        "mode": Mode.SHADOW,
        "zone": shown.departure.zone,
        "mail": make_mail(),
        "departure": shown.departure,
    }
    return Weighed(**given | changed)


EDITED = make_weighed(
    draft=make_step_draft(revision=2, wording=Wording("About {invoice_number}", "Pay: {pay_link}\n"), edited_by="Olga")
)
REFUSED = make_weighed(mail=None, departure=None, objection=Refused(Reason.CONTACT_TOUCHED, at=NOW, until=LEAVES))


def make_list(*drafts: Weighed, start: int = 0, total: int | None = None) -> DraftList:
    return DraftList(drafts, start, len(drafts) if total is None else total, MIA, NOW)


def _eyes() -> shadow.Eyes:
    return {"reader": make_reader(), "signet": make_signet(), "at": NOW}


def messages(change: Change) -> dict[str, Page]:
    five = make_list(make_weighed(), EDITED, REFUSED, make_weighed(mode=Mode.AUTOPILOT), EDITED, start=5, total=40)
    outcome = DraftsApproved(
        (
            Approved(make_weighed(), make_preview().departure),
            Approved(make_weighed(), replace(make_preview().departure, waits_for=None)),
            NotApproved(make_weighed().account, Refused(Reason.DRAFT_DECIDED, subject="approved", by="Olga", at=NOW)),
        )
    )
    words = shadow.approved_words(change(outcome), reader=make_reader(), at=NOW)
    return {
        "drafts": shadow.list_page(change(five), notice="✅ Done.", **_eyes()),
        "drafts, one": shadow.list_page(change(make_list(make_weighed())), **_eyes()),
        "drafts, none": shadow.list_page(make_list(), **_eyes()),
        "drafts approved": Page("Drafts", "Approved", (section(words),)),
        "draft edited": shadow.edited_page(change(DraftEdited(EDITED)), 5, **_eyes()),
        "draft skipped": shadow.skipped_page(change(DraftSkipped(EDITED, LEAVES)), 0, **_eyes()),
        "last draft skipped": shadow.skipped_page(change(DraftSkipped(EDITED, None)), 0, **_eyes()),
    }


def posted() -> dict[str, tuple[str, list[dict[str, Any]]]]:
    return {
        f"{total} drafts wait": render_drafts(Cut((make_step_draft(),), total), at=NOW, zone="Europe/Berlin")
        for total in (1, 7)
    }


def views() -> dict[str, View]:
    return {
        "edit a draft": shadow.editing_form(make_weighed(), 0, signet=make_signet()),
        "edit an edited draft": shadow.editing_form(EDITED, 5, signet=make_signet()),
        "skip a draft": shadow.skipping_form(make_weighed(), 0, signet=make_signet()),
    }
