"""A mail server that is some way off: passes everything on after half of a round trip, in both directions.

python -m bench.queue.far PORT ROUND_TRIP_MS
"""

from __future__ import annotations

import asyncio
import sys


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float) -> None:
    loop = asyncio.get_running_loop()
    while octets := await reader.read(65_536):
        loop.call_later(delay, writer.write, octets)
    loop.call_later(delay, writer.close)


async def main() -> None:
    port, round_trip = int(sys.argv[1]), float(sys.argv[2]) / 1000

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(_pass_on(reader, back, round_trip / 2), _pass_on(there, writer, round_trip / 2))

    server = await asyncio.start_server(connected, "127.0.0.1", 0, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
