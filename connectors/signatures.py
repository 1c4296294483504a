"""The signature before what others tell by webhook: HMAC-SHA256 over the time and the body, as Slack does it."""

from __future__ import annotations

import hmac
import re
from datetime import datetime
from hashlib import sha256

WINDOW = 300
"""Seconds that a message's time may differ from ours: whoever caught one cannot use it later (as Slack asks for)."""

_STAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v1=[0-9a-f]{64}")


def signature_of(secret: str, stamp: str, body: bytes) -> str:
    """The header that belongs to the body, sent at `stamp` (seconds since 1970)."""
    return "v1=" + hmac.new(secret.encode(), stamp.encode("ascii") + b"." + body, sha256).hexdigest()


def is_signed(secret: str, *, stamp: str, signature: str, body: bytes, at: datetime) -> bool:
    """Whether whoever knows the secret sent it now."""
    if not (_STAMP.fullmatch(stamp) and _SIGNATURE.fullmatch(signature)):
        return False
    is_fresh = abs(at.timestamp() - int(stamp)) <= WINDOW
    return hmac.compare_digest(signature, signature_of(secret, stamp, body)) and is_fresh
