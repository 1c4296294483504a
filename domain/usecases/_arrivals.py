"""A mail of which nobody knew has arrived after all: its account's timeline says so."""

from __future__ import annotations

from datetime import datetime

from domain.outcomes import NudgeStory
from domain.ports import UnitOfWork
from domain.timeline import Communication, SentMail


def log_arrival(work: UnitOfWork, story: NudgeStory, at: datetime) -> None:
    """Dated when it was last handed over; `at` when that is not known."""
    communication = Communication(
        source=story.message.source,
        contact_id=story.contact.id,
        subject=f"{story.template.name}: {story.invoice.number}",
        at=story.message.changed_at or at,
        invoice_number=story.invoice.number,
    )
    work.accounts.log([SentMail(story.account.id, story.invoice.id, story.message.id, communication)])
