"""An address to which nobody writes, or somebody may write again."""

from __future__ import annotations

from datetime import datetime

from domain.rules.suppressing import COMPLAINED
from domain.usecases.suppress_contact import SuppressionSet
from handlers import vocabulary
from handlers.escaping import escape
from handlers.presenters.reader import Reader
from handlers.views.blocks import Page, section


def set_page(outcome: SuppressionSet, *, reader: Reader, at: datetime) -> Page:
    email = escape(outcome.email, 320)
    if outcome.now is None:
        lead = "may be written to again" if outcome.is_new else "was not suppressed; nothing was changed"
        return Page("Contacts", f"{email} {lead}.", (section(f"*{email}* {lead}."),))
    suppression = outcome.now.suppression
    why = (
        "they reported a mail of ours as unwanted"
        if outcome.now.detail == COMPLAINED
        else (vocabulary.SUPPRESSIONS[suppression.reason.value])
    )
    ends = (
        f"From {reader.day(suppression.until, at)} on, on the account's calendar, they may be written to again."
        if suppression.until
        else f'Until somebody lifts it: `/plixo suppress lift {email} "why"`.'
    )
    again = "" if outcome.is_new else " It stood so already."
    lead = f"Nobody writes to {email}: {why}."
    return Page("Contacts", lead, (section(f"*Nobody writes to {email}*: {why}.{again}\n{ends}"),))
