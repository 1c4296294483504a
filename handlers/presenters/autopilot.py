"""How a segment stands, in words for those who may change its mode."""

from __future__ import annotations

from datetime import datetime

from domain.autopilot import Judged
from handlers import vocabulary
from handlers.escaping import escape
from handlers.presenters.reader import Reader
from handlers.views.blocks import Page, section


def standing_page(judged: Judged, *, reader: Reader, at: datetime) -> Page:
    """As it is read, which may be otherwise by then."""
    name, since = escape(judged.segment, 100), reader.moment(judged.since, at)
    if not judged.shortfalls:
        text = f"🟢 *Autopilot writes to the segment “{name}” by itself*\nNothing keeps it from that since {since}."
        return Page("Autopilot", f"Autopilot writes to {name} again", (section(text),))
    lines = [f"• {why} _{fix}_" for why, fix in map(vocabulary.SHORTFALLS.__getitem__, judged.shortfalls)]
    lead = f"🟠 *The segment “{name}” fell to Shadow*\nAutopilot sends nothing to its customers since {since}:"
    more = "It is judged once a day, and goes on by itself when nothing of this is left."
    return Page("Autopilot", f"{name} fell to Shadow", (section("\n".join([lead, *lines, more])),))
