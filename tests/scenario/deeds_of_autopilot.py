"""Deeds about drafts of Autopilot."""

from __future__ import annotations

from domain.values import Capability
from handlers import ids
from handlers.seal import Kind
from tests.scenario.deeds import Deed, Held, Scene, deed, those_who
from tests.scenario.fields import Sealed, typed

APPROVERS = those_who(Capability.APPROVE_DRAFTS)
READ = {"is_audited": False}
QUEUED = "autopilot_steps drafts messages message_events"


def _draft(scene: Scene) -> Sealed:
    return Sealed(Kind.STEP, (scene.step_draft(), 0, 0))


def _edited(scene: Scene) -> Held:
    body = "Hello {customer_name}, {invoice_number} over {invoice_balance} since {due_date}: {pay_link}\n{sender_name}"
    words = {(ids.SUBJECT_BLOCK, ids.WRITTEN): typed("{invoice_number}, once more")}
    return Held(_draft(scene), fields=words | {(ids.TEXT_BLOCK, ids.WRITTEN): typed(body)})


DEEDS: list[Deed] = [
    deed(ids.PLIXO_COMMAND, lambda scene: Held(text="drafts"), may=APPROVERS, what="drafts", **READ),
    deed(ids.DRAFTS_OPEN, lambda scene: Held("drafts", where="home"), may=APPROVERS, **READ),
    *(
        deed(action, lambda scene: Held(Sealed(Kind.DRAFTS, (0,))), may=APPROVERS, **READ)
        for action in (ids.DRAFTS_LIST, ids.DRAFTS_BACK, ids.DRAFTS_NEXT)
    ),
    deed(ids.DRAFT_APPROVE, lambda scene: Held(_draft(scene), where="own"), may=APPROVERS, writes=QUEUED),
    deed(
        ids.DRAFTS_APPROVE,
        lambda scene: Held(Sealed(Kind.STEPS, (0, scene.step_draft(), 0, scene.step_draft(), 0)), where="own"),
        may=APPROVERS,
        writes=QUEUED,
    ),
    deed(ids.DRAFT_EDIT, lambda scene: Held(_draft(scene), where="own"), may=APPROVERS, **READ),
    deed(ids.DRAFT_SKIP, lambda scene: Held(_draft(scene), where="own"), may=APPROVERS, **READ),
    deed(ids.DRAFT_EDIT_MODAL, _edited, may=APPROVERS, writes="drafts draft_wordings"),
    deed(
        ids.DRAFT_SKIP_MODAL,
        lambda scene: Held(_draft(scene), fields={(ids.WHY_BLOCK, ids.WRITTEN): typed("They called.")}),
        may=APPROVERS,
        writes="autopilot_steps drafts sequences",
    ),
]
