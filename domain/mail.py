"""A mail as the domain knows it: what is said to whom, before any transport's form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address and the name beside it. `address` is a single addr-spec, checked when it entered."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """One reminder, complete. `message_id` (no angle brackets) is derived from the queue row's id, `date` is aware.

    `text` is the whole body in plain text, paragraphs apart by an empty line, and holds `pay_link`; the HTML
    part is made from it by the carrier. A pay link is a bearer secret: it stands in the mail and nowhere else.
    """

    message_id: str
    sender: Mailbox
    to: Mailbox
    reply_to: Mailbox | None
    subject: str
    text: str
    pay_link: str
    pay_label: str
    date: datetime
    unsubscribe: Mailbox | None = None
