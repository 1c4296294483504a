"""Slack as a load: signed requests over kept-open connections, from a process of its own.

Reads one JSON order from standard input and writes one JSON result to standard output:

    {"url": "http://127.0.0.1:3000/slack/events", "secret": "…", "connections": 32, "count": 600, "seconds": 60,
     "pause": 0.0, "requests": [{"name": "account", "body": "command=…", "expect": "INV-1042"}]}

Each connection sends the requests in turn, with `pause` seconds between an answer and the next request, until `count`
were sent in all or `seconds` are over. An answer counts as failed when it is no 200 or lacks `expect`: an error that
comes quickly must not look like speed. Only 127.0.0.1 is talked to.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

LATEST = 10.0
"""Seconds after which an answer is a failure; Slack gives up after three."""


@dataclass(frozen=True)
class Request:
    """One thing that Slack sends: `body` is a form, `expect` a piece of the right answer."""

    name: str
    body: str
    expect: str = ""


@dataclass
class Load:
    """What came of it. `took` holds milliseconds by request name, in the order of the answers."""

    seconds: float = 0.0
    failed: int = 0
    took: dict[str, list[float]] = field(default_factory=dict)

    @property
    def answers(self) -> int:
        return sum(map(len, self.took.values()))

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds

    def percentile(self, share: float, name: str | None = None) -> float:
        """Milliseconds by the nearest rank, of one request or of all."""
        chosen = self.took[name] if name else [one for each in self.took.values() for one in each]
        ordered = sorted(chosen)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def run_load(
    url: str,
    requests: list[Request],
    *,
    secret: str,
    connections: int,
    count: int,
    seconds: float = 60,
    pause: float = 0,
) -> Load:
    """Run the loader in a process of its own, so that it takes no time from whoever is measured.

    Raises ValueError for an address that is not this machine's.
    """
    if urlsplit(url).hostname != "127.0.0.1":
        raise ValueError("Only 127.0.0.1 is put under load.")
    order = {
        "url": url,
        "secret": secret,
        "connections": connections,
        "count": count,
        "seconds": seconds,
        "pause": pause,
        "requests": [asdict(request) for request in requests],
    }
    done = subprocess.run(
        [sys.executable, "-m", "bench.slack.calls"],
        input=json.dumps(order),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=seconds + 2 * LATEST,
    )
    return Load(**json.loads(done.stdout))


def _signed(body: bytes, *, path: str, secret: bytes) -> bytes:
    stamp = str(int(time.time()))
    signature = hmac.new(secret, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\nX-Slack-Request-Timestamp: {stamp}\r\n"
        f"X-Slack-Signature: v0={signature}\r\n\r\n"
    )
    return head.encode() + body


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    length = next(int(line.partition(":")[2]) for line in head if line.lower().startswith("content-length:"))
    return int(head[0].split()[1]), await reader.readexactly(length)


async def _run(order: dict[str, Any]) -> Load:
    parts = urlsplit(order["url"])
    requests = [(one["name"], one["body"].encode(), one["expect"].encode()) for one in order["requests"]]
    secret, load = order["secret"].encode(), Load(took={name: [] for name, _, _ in requests})
    left, until = order["count"], time.monotonic() + order["seconds"]

    async def connection(number: int) -> None:
        nonlocal left
        reader, writer = await asyncio.open_connection("127.0.0.1", parts.port)
        turn = number
        while left > 0 and time.monotonic() < until:
            left -= 1
            name, body, expect = requests[turn % len(requests)]
            turn += 1
            began = time.perf_counter()
            writer.write(_signed(body, path=parts.path, secret=secret))
            try:
                status, said = await asyncio.wait_for(_answer(reader), LATEST)
            except (TimeoutError, OSError, EOFError):
                status, said = 0, b""
            load.took[name].append((time.perf_counter() - began) * 1000)
            if status != 200 or expect not in said:
                load.failed += 1
            if status == 0:
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", parts.port)
            if order["pause"]:
                await asyncio.sleep(order["pause"])
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(connection(number) for number in range(order["connections"])))
    load.seconds = time.perf_counter() - began
    return load


if __name__ == "__main__":
    json.dump(asdict(asyncio.run(_run(json.load(sys.stdin)))), sys.stdout)
