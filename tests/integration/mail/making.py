"""Mails to send in tests."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy

from domain.mail import Mail, Mailbox

AT = datetime(2025, 3, 26, 9, 30, tzinfo=UTC)
LINK = "https://pay.example.com/i/8fJ2kQ0aZr7pXw3N?ref=INV-2025-0117&v=2"
TEXT = f"""Dear Jörg,

invoice INV-2025-0117 over 12,480.00 EUR was due on 14 March.

Pay it online here:
{LINK}

Kind regards
Ann
"""


SENDER = Mailbox("ann@northwind.test", "Ann Becker")
RECIPIENT = Mailbox("joerg@kunde.test", "Jörg Müller")
REPLY_TO = Mailbox("ar@northwind.test", "Northwind A/R")
UNSUBSCRIBE = Mailbox("stop@northwind.test")


def part(data: bytes, kind: str = "plain") -> str:
    """The text or HTML body of a message as a reader shows it, lines ended by `\\n`."""
    body = message_from_bytes(data, policy=policy.default).get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def make_mail(
    number: int = 1,
    *,
    message_id: str | None = None,
    sender: Mailbox = SENDER,
    to: Mailbox = RECIPIENT,
    reply_to: Mailbox | None = REPLY_TO,
    subject: str = "Invoice INV-2025-0117 is 12 days past due",
    text: str = TEXT,
    pay_link: str = LINK,
    pay_label: str = "Pay 12,480.00 EUR",
    date: datetime = AT,
    unsubscribe: Mailbox | None = UNSUBSCRIBE,
) -> Mail:
    return Mail(
        message_id=message_id or f"nudge-{number}@northwind.test",
        sender=sender,
        to=to,
        reply_to=reply_to,
        subject=subject,
        text=text,
        pay_link=pay_link,
        pay_label=pay_label,
        date=date,
        unsubscribe=unsubscribe,
    )
