"""Header lines: what may stand in them, and how text and addresses are written down.

The guards come first: a customer's name is a stranger's text. A control character, a line break of any
alphabet or the beginning of an encoded word (`=?`) is refused and never repaired, because the standard
library of some supported Pythons turns `=?utf-8?q?x=0ABcc:...?=` into a second header (CVE-2024-6923).
Nothing here is folded by the standard library; it is only asked to read the result back (see `compose`).
"""

from __future__ import annotations

import re
from binascii import b2a_base64

import idna

from domain.errors import Rejected
from domain.mail import Mailbox

LINE = 76
"""Longest line that holds an encoded word (RFC 2047); also where plain text is folded."""
LONGEST_INPUT = 998
"""Characters of one header input. Longer ones are legal when folded, and refused by real servers."""

# C0, DEL, C1 (with NEL), line and paragraph separators, embedding and isolate controls (they make
# “moc.live” read as “evil.com”), lone surrogates, and the opening of an encoded word.
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]|=\\?")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_MESSAGE_ID = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_ATOM}(?:\.{_ATOM})*")
_PHRASE = re.compile(rf"{_ATOM}(?: {_ATOM})*")
_FIELD_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,75})")


def guarded(what: str, text: str) -> str:
    """`text` without outer spaces, safe in one header. Raises Rejected; its reason names `what`, not the text."""
    if _FORBIDDEN.search(text):
        raise Rejected(
            f"The {what} holds a line break, a control character or “=?”, which a mail header may not hold.",
            code="bad-header",
        )
    if len(text) > LONGEST_INPUT:
        raise Rejected(f"The {what} is longer than {LONGEST_INPUT} characters.", code="bad-header")
    return text.strip()


def wire_address(what: str, mailbox: Mailbox) -> str:
    """The address in the form the envelope and the headers carry: ASCII, domain in IDNA form.

    One plain addr-spec; quoted local parts, domain literals, comments and lists are refused (bad_address).
    """
    address = mailbox.address
    if _FORBIDDEN.search(address):
        raise Rejected(
            f"The {what} holds a line break, a control character or “=?”.", code="bad-header", bad_address=True
        )
    local, at, domain = address.rpartition("@")
    if not local.isascii():
        # SMTPUTF8 would need every hop to agree; one that does not bounces the mail days later.
        raise Rejected(
            f"The part of the {what} before the @ is not ASCII; the mail system needs an ASCII address.",
            code="smtputf8",
            bad_address=True,
        )
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            domain = ""
    if not at or len(local) > 64 or len(domain) > 253 or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise Rejected(f"The {what} is not one plain mail address.", code="bad-address", bad_address=True)
    return f"{local}@{domain}"


def checked_message_id(message_id: str) -> str:
    """The Message-ID without brackets, or Rejected."""
    if len(message_id) > 240 or "=?" in message_id or not _MESSAGE_ID.fullmatch(message_id):
        raise Rejected("The Message-ID is not of the form unique@domain.", code="bad-header")
    return message_id


def is_field_name(name: str) -> bool:
    """Whether `name` can be the name of a header we add."""
    return _FIELD_NAME.fullmatch(name) is not None


def text_value(field: str, text: str) -> str:
    """Unstructured text (already guarded), encoded and folded for the header `field`."""
    if not text.isascii():
        return _encoded_words(text, len(field) + 2)[0]
    if len(field) + 2 + len(text) <= LINE:
        return text
    # The fold goes before a run of spaces, so that unfolding gives the very same text back. One word longer
    # than a line stays whole: a key must not turn into an encoded word, and 998 octets is the hard limit.
    lines, used = [""], len(field) + 2
    for word in re.findall(r" *[^ ]+", text):
        if used + len(word) > LINE and lines[-1]:
            lines.append(word)
            used = len(word)
        else:
            lines[-1] += word
            used += len(word)
    return "\r\n".join(lines)


def mailbox_value(field: str, name: str, address: str) -> str:
    """`name` (already guarded) and `address` (a wire address) for an address header, encoded and folded."""
    if not name:
        return address
    used = len(field) + 2
    if name.isascii() and len(name) <= LINE - 20:
        if _PHRASE.fullmatch(name):
            phrase = name
        else:
            phrase = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
        used += len(phrase)
    else:
        phrase, used = _encoded_words(name, used)
    gap = " " if used + len(address) + 3 <= LINE else "\r\n "
    return f"{phrase}{gap}<{address}>"


def _encoded_words(text: str, used: int) -> tuple[str, int]:
    """RFC 2047 words (UTF-8, base64) on folded lines, and the length of the last line.

    A word never ends inside a character: readers decode every word by itself.
    """
    words: list[str] = []
    octets = text.encode("utf-8")
    start, room = 0, (LINE - used - 12) // 4 * 3  # 12: the frame “=?utf-8?b?” “?=”; 4 characters carry 3 octets
    while len(octets) - start > room:
        end = start + room
        while octets[end] & 0xC0 == 0x80:  # inside a character
            end -= 1
        words.append(_word(octets[start:end]))
        start, room = end, (LINE - 1 - 12) // 4 * 3
    words.append(_word(octets[start:]))
    return "\r\n ".join(words), (used if len(words) == 1 else 1) + len(words[-1])


def _word(octets: bytes) -> str:
    return "=?utf-8?b?" + b2a_base64(octets, newline=False).decode("ascii") + "?="
