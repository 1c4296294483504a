"""DKIM (RFC 6376): our own signature on each mail, for installations whose relay does not sign.

Canonicalised `relaxed/relaxed`, rsa-sha256. There is no time in it (`t=` may be left out): the same mail gives the same
octets, so that a provider that compares repeated submissions sees one message. `from` is signed twice, so that nobody
can add a second one. The arithmetic is dkimpy's; what is hashed is worked out here, and dkimpy checks it in tests.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from dkim.crypto import RSASSA_PKCS1_v1_5_sign, UnparsableKeyError, parse_pem_private_key

from connectors.mail.headers import wire_address
from domain.errors import InvalidValue
from domain.mail import Mail

SHORTEST = 1_024
"""Bits: receivers ignore a shorter key (RFC 8301)."""
SIGNED = (
    "from",
    "from",
    "to",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "auto-submitted",
    "list-id",
    "list-unsubscribe",
    "mime-version",
    "content-type",
)
"""Whoever changes one of these breaks the signature."""

_BLANKS = re.compile(rb"[ \t]+")
_RSA = bytes.fromhex("300d06092a864886f70d0101010500")
"""The algorithm's name in a public key: rsaEncryption, without parameters."""


class DkimSigner:
    """Signs what leaves with one key. The domain is the sender's own, so that DMARC finds them to be the same."""

    def __init__(self, pem: bytes, *, selector: str) -> None:
        """`pem`: an RSA private key, PKCS #1 or #8, without a passphrase. Raises InvalidValue with the fix."""
        self._selector = selector
        try:
            self._key: dict[str, int] = parse_pem_private_key(pem.replace(b"\r\n", b"\n"))
        except (UnparsableKeyError, ValueError, IndexError, TypeError):
            raise InvalidValue(
                "The DKIM key is no RSA private key in PEM: make one with `openssl genrsa 2048`."
            ) from None
        if self._key["modulus"].bit_length() < SHORTEST:
            raise InvalidValue(f"The DKIM key is shorter than {SHORTEST} bits; receivers ignore it. Make one of 2048.")

    def __repr__(self) -> str:
        return f"DkimSigner({self._selector})"

    @property
    def public_key(self) -> str:
        """As it stands in the record (p=): SubjectPublicKeyInfo in base64."""
        pair = _der(0x30, _number(self._key["modulus"]) + _number(self._key["publicExponent"]))
        return b64encode(_der(0x30, _RSA + _der(0x03, b"\0" + pair))).decode()

    def sign(self, data: bytes, mail: Mail) -> bytes:
        """The composed mail with its signature before it."""
        domain = wire_address("sender address", mail.sender).rpartition("@")[2].lower()
        head, _, body = data.partition(b"\r\n\r\n")
        fields = _fields(head)
        names = [name for name in SIGNED if name in fields]
        lines = [
            f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s={self._selector};",
            f"\th={':'.join(names[:6])}",
            f"\t:{':'.join(names[6:])};",
            f"\tbh={b64encode(sha256(_relaxed_body(body)).digest()).decode()};",
            "\tb=",
        ]
        unsigned = "\r\n".join(lines).encode("ascii")
        hashed = sha256()
        seen: set[str] = set()
        for name in names:
            # A name that stands there again says: and there is no further one (RFC 6376, 5.4.2).
            if name not in seen:
                hashed.update(_relaxed_field(fields[name]) + b"\r\n")
            seen.add(name)
        hashed.update(_relaxed_field(unsigned))
        signature = b64encode(RSASSA_PKCS1_v1_5_sign(hashed, self._key)).decode()
        folded = "\r\n\t ".join(signature[start : start + 70] for start in range(0, len(signature), 70))
        return unsigned + folded.encode("ascii") + b"\r\n" + data


def read_signer(file: Path, *, selector: str) -> DkimSigner:
    """Raises InvalidValue, whose sentence names the setting and the fix."""
    if not selector:
        raise InvalidValue("PLIXO_DKIM_KEY_FILE needs PLIXO_DKIM_SELECTOR: the name under which its key is published.")
    try:
        pem = file.read_bytes()
    except OSError as error:
        raise InvalidValue(
            f"PLIXO_DKIM_KEY_FILE: {file} cannot be read ({type(error).__name__}); name a file that Plixo may read."
        ) from None
    return DkimSigner(pem, selector=selector)


def _fields(head: bytes) -> dict[str, bytes]:
    """Whole fields by their name in lower case. Ours stand there once each."""
    whole: list[bytes] = []
    for line in head.split(b"\r\n"):
        if line[:1] in (b" ", b"\t") and whole:
            whole[-1] += b"\r\n" + line
        else:
            whole.append(line)
    return {field.partition(b":")[0].decode("ascii").lower(): field for field in whole}


def _relaxed_field(field: bytes) -> bytes:
    name, _, value = field.partition(b":")
    return name.strip().lower() + b":" + _BLANKS.sub(b" ", value.replace(b"\r\n", b"")).strip()


def _relaxed_body(body: bytes) -> bytes:
    lines = [_BLANKS.sub(b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    return b"".join(line + b"\r\n" for line in lines)


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(octets))) + octets + content


def _number(value: int) -> bytes:
    return _der(0x02, value.to_bytes(value.bit_length() // 8 + 1))
