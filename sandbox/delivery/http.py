"""One POST to the bot, given up when the time for an ack is over."""

from __future__ import annotations

import http.client
import time
from urllib.parse import urlsplit

from sandbox.delivery.records import FAILED, TIMEOUT, Attempt


def post(*, url: str, body: bytes, headers: dict[str, str], seconds: float) -> Attempt:
    """Send and wait at most `seconds`, all told. Never raises for what the network does."""
    parts = urlsplit(url)
    make = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    began = time.monotonic()
    connection = make(parts.hostname or "", parts.port, timeout=seconds)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, body=body, headers=headers)
        if connection.sock is not None:
            connection.sock.settimeout(max(0.001, seconds - (time.monotonic() - began)))
        answer = connection.getresponse()
        content = answer.read()
        return Attempt(
            status=answer.status,
            body=content,
            headers={name.lower(): value for name, value in answer.getheaders()},
            elapsed=time.monotonic() - began,
            reason=None if 200 <= answer.status < 300 else "http_error",
        )
    except TimeoutError:
        return Attempt(status=None, elapsed=time.monotonic() - began, error=TIMEOUT, reason="http_timeout")
    except (OSError, http.client.HTTPException):
        return Attempt(status=None, elapsed=time.monotonic() - began, error=FAILED, reason="connection_failed")
    finally:
        connection.close()
