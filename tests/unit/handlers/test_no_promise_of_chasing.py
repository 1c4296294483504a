"""What ends says only what it ended: whether an invoice can be nudged is looked up where the card shows it."""

from __future__ import annotations

import re

from domain.recording import Act
from handlers import vocabulary
from tests.unit.handlers import nudge_pages, report_pages
from tests.unit.handlers.reading import as_text

UNSEEN = re.compile(r"(may|can) be (chased|nudged) again")
WORDS = vocabulary.NO_LONGER_HELD


def test_nothing_says_unseen_that_an_invoice_can_be_chased() -> None:
    same = {name: as_text(page.blocks) for name, page in report_pages.messages(lambda one: one).items()}
    same |= {name: as_text(blocks) for name, (_, blocks) in report_pages.posted(lambda one: one).items()}
    same |= {name: as_text(view["blocks"]) for name, view in report_pages.modals(lambda one: one).items()}
    assert [name for name, text in same.items() if UNSEEN.search(text)] == []
    for name in ("withdrawn", "dispute in_review to resolved", "outcome: dispute resolved"):
        assert WORDS in same[name], name
    assert f"The report {WORDS}" in same["outcome: promise not valid"]
    assert vocabulary.SEEN_ON_CARD.capitalize() in same["lifted"]
    for act in (Act.REJECT, Act.WITHDRAW, Act.RESOLVE):
        assert WORDS in same[f"begin {act}"], act


def test_the_window_in_which_a_mail_is_held_says_what_does_not_belong_into_a_channel() -> None:
    for view in (nudge_pages.views(lambda one: one)[name] for name in ("hold", "hold one's own")):
        assert "No addresses, amounts or payment links" in view["blocks"][-1]["hint"]["text"]
