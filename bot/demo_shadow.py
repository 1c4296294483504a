"""The demo has a segment in Shadow, and drafts of Autopilot that wait for somebody."""

from __future__ import annotations

from datetime import datetime

from bot.world import World
from domain.policies import DocumentKind
from domain.rules.nudging import choose_contact, zones_of
from domain.shadow import NewDraft
from domain.usecases._autopilot import open_book, plan_accounts
from domain.usecases._drafting import make_drafts
from storage.defaults import default_documents

BY = "the demo"
SEGMENT = """\
# The demo's own: a few customers whose reminders are drafted for A/R. See /plixo drafts.
- name: Drafts to try
  when: {industries: [Food, Leather goods, Marine, Textiles]}
  mode: shadow
  cadence: Standard
"""


def run_in_shadow(world: World, *, org_id: int, at: datetime) -> int:
    """Publish the segment before all others and draft what is due for it, whatever the hour. Returns how many.

    To be called once, when the book has been loaded: customers to whom another sender writes are left to it.
    """
    rulebook = world.rulebook_for(org_id)
    with world.uow_for(org_id)() as work:
        text = SEGMENT + default_documents()[DocumentKind.SEGMENTS]
        work.library.add_document(DocumentKind.SEGMENTS, text, by=BY, at=at, is_published=True)
        book = open_book(work)
        assert book is not None, "cadences and segments are published before"
        ids = work.sequences.book(after=0, limit=500)
        facts = plan_accounts(work, ids, book=book, rulebook=rulebook, at=at).facts
        steps = {one.pending.id: one.pending for one in work.sequences.of(ids).values() if one.pending is not None}
        drafts = []
        for step in steps.values():
            known = facts[step.account_id]
            contact = choose_contact(known, at, zones_of(known.account, book.workspace, rulebook))
            assert contact is not None, "nothing is planned for whom nobody can write to"
            version = book.templates[step.template].version
            drafts.append(NewDraft(step.id, contact.id, version, at, at + rulebook.policy.expiry))
        return make_drafts(work, drafts, steps, at=at)
