"""From a `Mail` to the octets that go out: headers, a text part, an HTML part, and a check of the result.

The lines are written here and not by `email.message.EmailMessage`: its header folding can be made to inject headers
(CVE-2024-6923) and takes most of the time of a send. The finished octets are read back, line by line as RFC 5322 says
and with the standard library's decoders, and the result must be what was meant: same headers, same order,
same two bodies. The same mail gives the same octets, so that a provider that
compares repeated submissions sees one message.
"""

from __future__ import annotations

import re
from binascii import a2b_base64, a2b_qp, b2a_base64, b2a_qp
from collections.abc import Sequence
from email.errors import HeaderParseError
from email.header import decode_header
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote

from connectors.mail.headers import (
    checked_message_id,
    guarded,
    is_field_name,
    mailbox_value,
    text_value,
    wire_address,
)
from connectors.mail.letter import find_link, html_letter
from domain.errors import InvalidValue, Rejected
from domain.mail import Mail, Mailbox

LONGEST_LINE = 998
"""Octets of one line without CRLF (RFC 5322)."""
LONGEST_LINK = 2000

_Meant = str | tuple[str, str]
"""What a header must say when it is read back: its text, or (name, address)."""

_LINK = re.compile(r"https?://[A-Za-z0-9][!-~]*")
_LANG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
# Tab and line feed are the only control characters of a letter; a lone surrogate is no character at all.
_NO_BODY = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# Reading an address back is slow, and one sender writes to many: a small cache halves it.
_parsed = lru_cache(maxsize=64)(parseaddr)
_OURS = frozenset(
    "from to cc bcc sender reply-to subject date message-id mime-version content-type "
    "content-transfer-encoding auto-submitted list-id list-unsubscribe x-auto-response-suppress return-path".split()
)


def compose(mail: Mail, *, extra_headers: Sequence[tuple[str, str]] = (), lang: str = "en") -> bytes:
    """The finished message, ASCII, lines ended by CRLF.

    `lang` is the language of the text (BCP 47). Raises Rejected with code `bad-header`, `bad-address`, `smtputf8`
    or `bad-body`; the reason never repeats what was refused. Raises InvalidValue for a naive date.
    """
    if mail.date.tzinfo is None:
        raise InvalidValue("The date of a mail needs a time zone: pass an aware datetime.")
    if not _LANG.fullmatch(lang):
        raise InvalidValue("The language of a mail is a BCP 47 tag such as “en” or “pt-BR”.")
    subject = guarded("subject", mail.subject)
    if not subject:
        raise Rejected("The subject is empty.", code="bad-header")
    text = _checked_text(mail)

    lines: list[str] = []
    meant: list[tuple[str, _Meant]] = []

    def add(field: str, value: str) -> None:
        lines.append(f"{field}: {value}")
        meant.append((field, value))

    def add_text(field: str, value: str) -> None:
        lines.append(f"{field}: {text_value(field, value)}")
        meant.append((field, value))

    def add_mailbox(field: str, what: str, mailbox: Mailbox) -> str:
        address = wire_address(f"{what} address", mailbox)
        name = guarded(f"{what} name", mailbox.name)
        lines.append(f"{field}: {mailbox_value(field, name, address)}")
        meant.append((field, (name, address)))
        return address

    sender = add_mailbox("From", "sender", mail.sender)
    add_mailbox("To", "recipient", mail.to)
    if mail.reply_to is not None:
        add_mailbox("Reply-To", "reply-to", mail.reply_to)
    add_text("Subject", subject)
    add("Date", format_datetime(mail.date))
    message_id = checked_message_id(mail.message_id)
    add("Message-ID", f"<{message_id}>")
    add("Auto-Submitted", "auto-generated")  # RFC 3834: nobody's vacation responder answers
    # Exchange does not read RFC 3834. Delivery reports are not in the list: bounces must come back.
    add("X-Auto-Response-Suppress", "OOF, AutoReply")
    # No `Precedence`: RFC 2076 discourages it, `bulk` sorts a letter to one customer with the newsletters, and
    # the two headers above do its only useful work.
    add("List-Id", f"<payment-reminders.{sender.rpartition('@')[2]}>")
    if mail.unsubscribe is not None:
        address = wire_address("unsubscribe address", mail.unsubscribe)
        # The Message-ID in the subject tells which contact asks, whatever address the answer comes from.
        wish = quote(f"unsubscribe {message_id}", safe="@")
        add("List-Unsubscribe", f"<mailto:{quote(address, safe='@+')}?subject={wish}>")
    for field, value in extra_headers:
        if not is_field_name(field) or field.lower() in _OURS:
            raise Rejected("An extra header has a name that is taken or not allowed.", code="bad-header")
        add_text(field, guarded(f"header {field}", value))

    html = html_letter(
        text,
        subject=subject,
        sender=mail.sender.name.strip(),
        pay_link=mail.pay_link,
        pay_label=guarded("pay label", mail.pay_label),
        lang=lang,
    )
    # “=_” cannot stand in quoted-printable, and “_” not in base64: the boundary never meets a body.
    boundary = "=_" + sha256(message_id.encode("ascii")).hexdigest()[:24]
    add("MIME-Version", "1.0")
    add("Content-Type", f'multipart/alternative; boundary="{boundary}"')

    bodies = [text.replace("\n", "\r\n").encode("utf-8"), html.replace("\n", "\r\n").encode("utf-8")]
    parts = [_part(kind, body) for kind, body in zip(("plain", "html"), bodies, strict=True)]
    delimiter = f"--{boundary}"
    head = "\r\n".join(lines).encode("ascii")
    edge = delimiter.encode("ascii")
    data = b"".join(
        (head, b"\r\n\r\n", edge, b"\r\n", parts[0], b"\r\n", edge, b"\r\n", parts[1], b"\r\n", edge, b"--\r\n")
    )
    _read_back(data, meant, edge, bodies)
    return data


def _checked_text(mail: Mail) -> str:
    """The body with `\\n` line ends and one at the end, after checking it and the pay link in it."""
    text = mail.text.replace("\r\n", "\n").replace("\r", "\n")
    if _NO_BODY.search(text):
        raise Rejected("The text holds a control character.", code="bad-body")
    if not text.strip():
        raise Rejected("The text is empty.", code="bad-body")
    if mail.pay_link:
        if len(mail.pay_link) > LONGEST_LINK or not _LINK.fullmatch(mail.pay_link):
            raise Rejected("The pay link is not a plain http(s) address.", code="bad-body")
        if not find_link(text, mail.pay_link):
            raise Rejected("The text does not hold the pay link.", code="bad-body")
        if not mail.pay_label.strip():
            raise Rejected("The pay link has no label.", code="bad-body")
    return text if text.endswith("\n") else text + "\n"


def _part(kind: str, body: bytes) -> bytes:
    """One body part with its headers. Base64 only where quoted-printable would be longer (Japanese, Arabic ...)."""
    escapes = len(body.translate(None, delete=bytes(range(128))))
    if escapes * 6 > len(body):
        encoding = "base64"
        whole = b2a_base64(body, newline=False)
        encoded = b"\r\n".join(whole[start : start + 76] for start in range(0, len(whole), 76))
    else:
        encoding = "quoted-printable"
        # Also for pure ASCII: it keeps blanks at line ends and any line length safe from helpful relays.
        encoded = b2a_qp(body, istext=True)
    return _part_head(kind, encoding) + encoded


def _part_head(kind: str, encoding: str) -> bytes:
    return f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'.encode()


def _read_back(data: bytes, meant: list[tuple[str, _Meant]], edge: bytes, bodies: list[bytes]) -> None:
    """Raise Rejected unless a reader of `data` sees exactly the headers and bodies that were meant."""
    lines = data.split(b"\r\n")
    if not data.isascii() or b"\0" in data or max(map(len, lines)) > LONGEST_LINE:
        raise Rejected("The finished mail has a line that mail may not have.", code="bad-header")
    if len(lines) - 1 != data.count(b"\n") or len(lines) - 1 != data.count(b"\r"):
        raise Rejected("The finished mail has a bare line break.", code="bad-header")
    head, _, body = data.partition(b"\r\n\r\n")
    fields = _fields(head.decode("ascii"))
    if [name for name, _ in fields] != [name for name, _ in meant]:
        raise Rejected("The finished mail has other headers than were meant.", code="bad-header")
    for (_, value), (_, wanted) in zip(fields, meant, strict=True):
        if not _says(value, wanted):
            raise Rejected("A header of the finished mail does not say what was meant.", code="bad-header")
    chunks = body.split(edge)
    if len(chunks) != 4 or chunks[0] or chunks[3] != b"--\r\n":
        raise Rejected("The finished mail has other parts than were meant.", code="bad-body")
    for kind, chunk, wanted_body in zip(("plain", "html"), chunks[1:3], bodies, strict=True):
        part_head, _, encoded = chunk[2:-2].partition(b"\r\n\r\n")
        if part_head + b"\r\n\r\n" == _part_head(kind, "base64"):
            decoded = a2b_base64(encoded)
        elif part_head + b"\r\n\r\n" == _part_head(kind, "quoted-printable"):
            decoded = a2b_qp(encoded)
        else:
            decoded = b""
        if decoded != wanted_body:
            raise Rejected("A part of the finished mail does not say what was meant.", code="bad-body")


def _fields(head: str) -> list[tuple[str, str]]:
    """Names and unfolded values of a block of headers, as every reader of RFC 5322 sees them."""
    fields: list[tuple[str, str]] = []
    for line in head.split("\r\n"):
        if line[:1] in (" ", "\t") and line.strip() and fields:
            name, value = fields[-1]
            fields[-1] = (name, value + line)
            continue
        name, colon, value = line.partition(": ")
        if not colon or not is_field_name(name):
            raise Rejected("The finished mail has a line that is no header.", code="bad-header")
        fields.append((name, value))
    return fields


def _says(value: str, wanted: _Meant) -> bool:
    try:
        if isinstance(wanted, str):
            return _decoded(value) == wanted
        name, address = _parsed(value)
        return (_decoded(name), address) == wanted
    except (HeaderParseError, LookupError, UnicodeError):
        return False


def _decoded(value: str) -> str:
    if "=?" not in value:
        return value
    return "".join(
        part if isinstance(part, str) else part.decode(charset or "ascii") for part, charset in decode_header(value)
    )
