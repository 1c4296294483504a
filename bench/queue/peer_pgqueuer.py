"""pgqueuer with a job that does nothing, on its own driver and event loop of choice (asyncpg, uvloop).

python -m bench.queue.peer_pgqueuer DATABASE_URL TALLY SLOT BATCH
"""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta

import asyncpg
import uvloop
from pgqueuer import PgQueuer
from pgqueuer.models import Job
from pgqueuer.queries import Queries

from bench.load import WAIT, is_due
from bench.queue.processes import report_ready_and_wait
from bench.queue.tally import Tally

_AT_ONCE = 10_000


def fill(url: str, size: int, share: float) -> None:
    asyncio.run(_fill(url, size, share))


async def _fill(url: str, size: int, share: float) -> None:
    connection = await asyncpg.connect(url)
    queries = Queries.from_asyncpg_connection(connection)
    await queries.install()
    for start in range(0, size, _AT_ONCE):
        numbers = range(start, min(start + _AT_ONCE, size))
        await queries.enqueue(
            ["nothing"] * len(numbers),
            [None] * len(numbers),
            [0] * len(numbers),
            execute_after=[None if is_due(n, share) else timedelta(hours=1) + WAIT * (n % 97 / 97) for n in numbers],
        )
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


async def work() -> None:
    url, tally_path, slot, batch = sys.argv[1:]
    tally = Tally(tally_path, int(slot))
    queue = PgQueuer.from_asyncpg_connection(await asyncpg.connect(url))

    @queue.entrypoint("nothing")
    async def nothing(job: Job) -> None:
        tally.add()

    report_ready_and_wait()
    await queue.run(batch_size=int(batch), dequeue_timeout=timedelta(seconds=1))


if __name__ == "__main__":
    uvloop.run(work())
