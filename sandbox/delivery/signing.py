"""Slack's v0 request signature."""

from __future__ import annotations

import hashlib
import hmac
import time


def signed_headers(*, secret: str, body: bytes, at: int | None = None) -> dict[str, str]:
    """X-Slack-Signature and X-Slack-Request-Timestamp for `body`.

    `at` is Unix seconds, real time when not given: a bot checks the age against the real clock.
    """
    stamp = str(int(time.time()) if at is None else at)
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}
