"""A line to the database that is slow: every portion of bytes, in either direction, arrives after a while.

A proxy of TCP on 127.0.0.1. Half of the round trip passes on the way there and half on the way back; the order is
kept, and nothing waits for anything else but its own time.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import make_url

_PORTION = 1 << 16


@contextmanager
def slow_line(url: str, *, seconds: float) -> Iterator[str]:
    """The database's URL by way of the proxy: a round trip takes `seconds` longer. Ends with the block."""
    parsed = make_url(url)
    line = _Line(parsed.host or "127.0.0.1", parsed.port or 5432, seconds / 2)
    thread = threading.Thread(target=lambda: asyncio.run(line.serve()), name="slow line", daemon=True)
    thread.start()
    if not line.ready.wait(10):
        raise RuntimeError("The slow line did not get ready.")
    try:
        yield parsed.set(host="127.0.0.1", port=line.port).render_as_string(hide_password=False)
    finally:
        line.stop()
        thread.join(10)


class _Line:
    """Takes connections until it is stopped; what is under way then is cut."""

    def __init__(self, host: str, port: int, delay: float) -> None:
        self.ready = threading.Event()
        self.port = 0
        self._to = (host, port)
        self._delay = delay
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped: asyncio.Event | None = None

    async def serve(self) -> None:
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self.ready.set()
        await self._stopped.wait()
        server.close()

    def stop(self) -> None:
        if self._loop is not None and self._stopped is not None:
            self._loop.call_soon_threadsafe(self._stopped.set)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection(*self._to)
        try:
            await asyncio.gather(_carry(reader, there_writer, self._delay), _carry(there_reader, writer, self._delay))
        except asyncio.CancelledError:
            pass  # the line is cut
        finally:
            writer.close()
            there_writer.close()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float) -> None:
    """Each portion leaves `delay` seconds after it came; a sleep for each would add up."""
    waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
    clock = asyncio.get_running_loop().time

    async def leave() -> None:
        while True:
            at, portion = await waiting.get()
            await asyncio.sleep(max(0.0, at - clock()))
            if not portion:
                writer.close()
                return
            writer.write(portion)
            await writer.drain()

    leaving = asyncio.ensure_future(leave())
    with suppress(OSError):
        while portion := await reader.read(_PORTION):
            waiting.put_nowait((clock() + delay, portion))
    waiting.put_nowait((clock() + delay, b""))
    with suppress(OSError):
        await leaving
