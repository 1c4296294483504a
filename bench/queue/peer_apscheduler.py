"""APScheduler with one job for each message in its SQLAlchemy store: what the product would be without a queue.

One process: a store cannot be shared. Two lose jobs, run some twice and end with dead scheduler threads.

    python -m bench.queue.peer_apscheduler DATABASE_URL TALLY SLOT
"""

from __future__ import annotations

import pickle
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Engine, create_engine, make_url

from bench.load import WAIT, is_due
from bench.queue.processes import report_ready_and_wait
from bench.queue.tally import Tally

_tallies: list[Tally] = []


def nothing() -> None:
    _tallies[0].add()


def _engine(url: str) -> Engine:
    return create_engine(make_url(url).set(drivername="postgresql+psycopg"))


def _scheduler(engine: Engine) -> BackgroundScheduler:
    store = SQLAlchemyJobStore(engine=engine)
    return BackgroundScheduler(
        timezone=UTC, jobstores={"default": store}, job_defaults={"misfire_grace_time": None, "coalesce": False}
    )


def fill(url: str, size: int, share: float) -> None:
    """Its own job of each kind once, then rows like it: adding them one by one takes many minutes."""
    engine = _engine(url)
    scheduler = _scheduler(engine)
    scheduler.start(paused=True)
    job = scheduler.add_job("bench.queue.peer_apscheduler:nothing", "date", run_date=datetime.now(UTC) + WAIT)
    state = job.__getstate__()
    job.remove()
    scheduler.shutdown()
    engine.dispose()  # its thread may have taken a connection after the store closed its own
    now = datetime.now(UTC)

    def rows() -> Iterator[tuple[str, float, bytes]]:
        for n in range(size):
            at = now - timedelta(minutes=1) if is_due(n, share) else now + timedelta(hours=1) + WAIT * (n % 97 / 97)
            state["id"], state["next_run_time"] = f"{n:032x}", at
            yield state["id"], at.timestamp(), pickle.dumps(state, pickle.HIGHEST_PROTOCOL)

    with psycopg.connect(url, autocommit=True) as connection:
        with connection.cursor() as cursor, cursor.copy("COPY apscheduler_jobs FROM STDIN") as copy:
            for row in rows():
                copy.write_row(row)
        connection.execute("VACUUM ANALYZE")


def main() -> None:
    url, tally_path, slot = sys.argv[1:]
    # The scheduler imports the job's module by its name, under which this one is not loaded yet.
    from bench.queue import peer_apscheduler

    peer_apscheduler._tallies.append(Tally(tally_path, int(slot)))
    scheduler = _scheduler(_engine(url))
    scheduler.start(paused=True)
    report_ready_and_wait()
    scheduler.resume()
    while True:
        time.sleep(60)


if __name__ == "__main__":
    main()
