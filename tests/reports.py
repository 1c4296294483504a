"""Mails that mail systems write about ours: returned, late, or reported as unwanted. Made up, in usual forms."""

from __future__ import annotations

PAYER = "paula@acme.example"


def make_return(
    message_id: str,
    *,
    to: str = PAYER,
    action: str = "failed",
    status: str = "5.1.1",
    diagnostic: str = "smtp; 550 5.1.1 no such user",
    returned: str = "message/rfc822",
    head: str = "",
    more: str = "",
) -> bytes:
    """A delivery status notification (RFC 3464). `head`: more headers of it; `more`: further recipients' fields."""
    about = f"Message-ID: <{message_id}>\nSubject: Invoice INV-1\nTo: {to}\n"
    text = f"""\
From: Mail Delivery System <MAILER-DAEMON@mx.acme.example>
To: receivables@northwind.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
{head}Content-Type: multipart/report; report-type=delivery-status; boundary="A1"

This is a MIME-encapsulated message.

--A1
Content-Type: text/plain; charset=utf-8

Your message to {to} could not be delivered.

--A1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.acme.example
Arrival-Date: Tue, 24 Nov 2026 08:03:11 +0100

Original-Recipient: rfc822;{to}
Final-Recipient: rfc822; {to.upper()}
Action: {action}
Status: {status}
Diagnostic-Code: {diagnostic}
{more}
--A1
Content-Type: {returned}

{about}
Dear Paula, this is not read.

--A1--
"""
    return text.replace("\n", "\r\n").encode()


def make_complaint(message_id: str, *, kind: str = "abuse", to: str = PAYER) -> bytes:
    """A feedback report (RFC 5965), as a mailbox provider writes it when somebody clicks “spam”."""
    text = f"""\
From: <feedback@provider.example>
To: <abuse@northwind.example>
Subject: FW: Invoice INV-1
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="=_b"

--=_b
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report.

--=_b
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeGenerator/1.0
Version: 1
Original-Rcpt-To: {to}

--=_b
Content-Type: message/rfc822
Content-Disposition: inline

From: <receivables@northwind.example>
To: <{to}>
Subject: Invoice INV-1
Message-ID: <{message_id}>

Not read.

--=_b--
"""
    return text.encode()
