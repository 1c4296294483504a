"""procrastinate with a task that does nothing.

python -m bench.queue.peer_procrastinate DATABASE_URL TALLY SLOT CONCURRENCY
"""

from __future__ import annotations

import asyncio
import sys

import psycopg
from procrastinate import App, PsycopgConnector

from bench.queue.processes import report_ready_and_wait
from bench.queue.tally import Tally

# Its own function for many jobs at once, asked by the server itself: a job for each number, evenly due.
_DEFER = """
SELECT procrastinate_defer_jobs_v1(array_agg(ROW(
    'default', 'nothing', 0, NULL, NULL, '{}'::jsonb,
    CASE WHEN trunc((n + 1) * %(share)s::float8) > trunc(n * %(share)s::float8) THEN NULL
         ELSE now() + interval '1 hour' + interval '2 days' * (n %% 97) / 97 END
)::procrastinate_job_to_defer_v1 ORDER BY n))
FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
"""
_AT_ONCE = 10_000


def fill(url: str, size: int, share: float) -> None:
    app = App(connector=PsycopgConnector(conninfo=url))

    async def make_tables() -> None:
        async with app.open_async():
            await app.schema_manager.apply_schema_async()

    asyncio.run(make_tables())
    with psycopg.connect(url, autocommit=True) as connection:
        for start in range(0, size, _AT_ONCE):
            last = min(start + _AT_ONCE, size) - 1
            connection.execute(_DEFER, {"share": share, "first": start, "last": last})
        connection.execute("VACUUM ANALYZE")


async def work() -> None:
    url, tally_path, slot, concurrency = sys.argv[1:]
    tally = Tally(tally_path, int(slot))
    app = App(connector=PsycopgConnector(conninfo=url, min_size=2, max_size=int(concurrency) + 2))

    @app.task(name="nothing")
    async def nothing() -> None:
        tally.add()

    async with app.open_async():
        report_ready_and_wait()
        await app.run_worker_async(concurrency=int(concurrency), install_signal_handlers=False)


if __name__ == "__main__":
    asyncio.run(work())
