"""What Autopilot tells A/R: how a segment stands, and what it leaves to a person."""

from __future__ import annotations

from datetime import datetime

from domain.accounts import Account, Invoice
from domain.autopilot import Judged
from handlers import ids, vocabulary
from handlers.escaping import escape
from handlers.presenters.reader import Reader
from handlers.seal import Kind, Signet
from handlers.views.blocks import Button, Page, actions, section


def standing_page(judged: Judged, *, reader: Reader, at: datetime) -> Page:
    """As it is read, which may be otherwise by then."""
    name, since = escape(judged.segment, 100), reader.moment(judged.since, at)
    if not judged.shortfalls:
        text = f"🟢 *Autopilot writes to the segment “{name}” by itself*\nNothing keeps it from that since {since}."
        return Page("Autopilot", f"Autopilot writes to {name} again", (section(text),))
    lines = [f"• {why} _{fix}_" for why, fix in map(vocabulary.SHORTFALLS.__getitem__, judged.shortfalls)]
    lead = f"🟠 *The segment “{name}” fell to Shadow*\nSince {since} Autopilot drafts, and A/R approves, because:"
    more = "It is judged once a day, and goes on by itself when nothing of this is left."
    return Page("Autopilot", f"{name} fell to Shadow", (section("\n".join([lead, *lines, more])),))


def exhausted_page(account: Account, invoice: Invoice, *, signet: Signet) -> Page:
    """To whoever is on duty for the account. The button lives for 30 days."""
    lead = f"Autopilot has no step left for invoice {escape(invoice.number, 60)} of {escape(account.name, 80)}"
    button = Button("Open account", ids.ACCOUNT_OPEN, signet.close_for_all(Kind.ACCOUNT, account.id, 0))
    text = f"🏁 *{lead}*\nIt is still open, and Autopilot does not write about it any more: it is yours now."
    return Page("Autopilot", lead, (section(text), actions([button])))
