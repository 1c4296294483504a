"""Maintenance in words."""

from __future__ import annotations

from datetime import datetime

from domain.maintenance import Maintenance, MaintenanceSwitched
from handlers.escaping import escape
from handlers.presenters.reader import Reader
from handlers.views.blocks import Page, section


def banner(maintenance: Maintenance, *, reader: Reader, at: datetime) -> str:
    """Who, why, and until when on the reader's clock."""
    why = escape(maintenance.reason, 500)
    return (
        f":construction: *Plixo is under maintenance until {reader.deadline(maintenance.until, at)}*\n"
        f"{escape(maintenance.by, 100)}: {why}\nLooking things up works; nothing is changed or sent until then."
    )


def maintenance_page(switched: MaintenanceSwitched, *, reader: Reader, at: datetime) -> Page:
    """As it stands now, for whoever looks after the house."""
    now = switched.now
    if now is None:
        ended = "Maintenance has ended: everybody can work again." if switched.was else "No maintenance is on."
        begin = 'To begin one: `/plixo maintenance on "why" 2h`.'
        return Page("Maintenance", ended, (section(f"*{ended}*\n{begin}"),))
    mails = f"Mails under way that may still leave: {switched.under_way}. Nothing else does."
    end = "It ends by itself; earlier with `/plixo maintenance off`."
    text = banner(now, reader=reader, at=at)
    return Page("Maintenance", f"Maintenance: {escape(now.reason, 200)}", (section(text), section(f"{mails}\n{end}")))


def wrong_order_page(sentence: str, usage: str) -> Page:
    """What was typed could not be read."""
    return Page("Please write it again", sentence, (section(f"{escape(sentence, 500)}\n{usage}"),))
