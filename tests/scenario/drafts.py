"""Steps of Autopilot that are drafted and wait, for tests of what people do with them."""

from __future__ import annotations

from datetime import datetime

from bot.world import World
from domain.policies import DocumentKind
from domain.shadow import NewDraft
from domain.usecases._autopilot import open_book, plan_accounts
from storage.defaults import default_documents
from tests.integration.autopilot.ground import ALL_IN_SHADOW, cadence


def run_in_shadow(world: World, org_id: int, *, at: datetime) -> None:
    """Every customer is in Shadow from now on."""
    own = cadence(3, 14, 90, name="Shadowed", template="friendly_check_in")
    cadences = default_documents()[DocumentKind.CADENCES] + own
    segments = ALL_IN_SHADOW.replace("Standard", "Shadowed")
    with world.uow_for(org_id)() as work:
        for kind, text in ((DocumentKind.CADENCES, cadences), (DocumentKind.SEGMENTS, segments)):
            work.library.add_document(kind, text, by="carl@northwind.example", at=at, is_published=True)


def draft_step(world: World, org_id: int, account_id: int, contact_id: int, *, at: datetime) -> int:
    """The step that is due for the customer, drafted whatever the hour; its id."""
    rulebook = world.rulebook_for(org_id)
    with world.uow_for(org_id)() as work:
        book = open_book(work)
        assert book is not None
        plan_accounts(work, [account_id], book=book, rulebook=rulebook, at=at)
        pending = work.sequences.of([account_id])[account_id].pending
        assert pending is not None
        new = NewDraft(
            pending.id, contact_id, book.templates[pending.template].version, at, at + rulebook.policy.expiry
        )
        assert work.drafts.make([new]) == {pending.id}
        return pending.id
