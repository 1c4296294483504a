"""Celery on Redis with a task that does nothing. Messages that are not due are ETA tasks: a worker takes them all
into its memory and waits there. Redis keeps nothing on disk here, as Celery is usually run.

    python -m bench.queue.peer_celery REDIS_URL TALLY SLOT
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which
from uuid import UUID

from celery import Celery
from celery.signals import worker_ready
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from bench.load import WAIT, is_due
from bench.queue.processes import report_ready_and_wait
from bench.queue.tally import Tally
from bench.server import free_port

WAITING = "bench:waiting"
QUEUE = "celery"
_AT_ONCE = 10_000

app = Celery("bench")
app.conf.task_ignore_result = True
app.conf.broker_transport_options = {"visibility_timeout": 7 * 86_400}
app.conf.worker_hijack_root_logger = False
app.conf.worker_redirect_stdouts = False  # “ready” is for the bench
_tallies: dict[int, Tally] = {}


@app.task(name="nothing")
def nothing() -> None:
    pid = os.getpid()
    if pid not in _tallies:
        _tallies[pid] = Tally(os.environ["BENCH_TALLY"], int(os.environ["BENCH_SLOT"]))
    _tallies[pid].add()


def find_redis() -> str | None:
    """Debian's server program, or None."""
    return which("redis-server", path=os.environ.get("PATH", "") + ":/usr/bin:/usr/sbin")


@contextmanager
def redis_server(program: str) -> Iterator[tuple[str, int]]:
    """A Redis of our own that keeps nothing on disk: its URL and process id."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="plixo-redis-") as folder:
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        process = subprocess.Popen([*command, "--dir", folder, "--logfile", str(Path(folder) / "log")])
        try:
            _await(port)
            yield f"redis://127.0.0.1:{port}/0", process.pid
        finally:
            process.terminate()
            process.wait()


def _await(port: int, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    with Redis(port=port) as client:
        while True:
            try:
                client.ping()
                return
            except RedisConnectionError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)


def fill(url: str, size: int, share: float) -> None:
    """Celery's own message of each kind once, then as many like it, put aside for each round to copy."""
    now = datetime.now(UTC)
    with Redis.from_url(url) as client:
        client.flushall()
        with app.connection_for_write(url) as connection:
            nothing.apply_async(connection=connection)
            nothing.apply_async(connection=connection, eta=now + WAIT)
        waiting, due = (json.loads(raw) for raw in client.lrange(QUEUE, 0, 1))
        client.flushall()
        for start in range(0, size, _AT_ONCE):
            pipeline = client.pipeline(transaction=False)
            for n in range(start, min(start + _AT_ONCE, size)):
                message = due if is_due(n, share) else waiting
                if message is waiting:
                    at = now + timedelta(hours=1) + WAIT * (n % 97 / 97)
                    message["headers"]["eta"] = at.isoformat()
                id = str(UUID(int=n))
                message["headers"]["id"] = message["headers"]["root_id"] = id
                message["properties"]["correlation_id"] = message["properties"]["delivery_tag"] = id
                pipeline.lpush(WAITING, json.dumps(message))
            pipeline.execute()


def reset(url: str) -> None:
    """The backlog as it was filled, and nothing that a killed worker left behind."""
    with Redis.from_url(url) as client:
        for key in client.scan_iter():
            if key != WAITING.encode():
                client.delete(key)
        client.copy(WAITING, QUEUE)


@worker_ready.connect
def _ready(**_: object) -> None:
    report_ready_and_wait()


def main() -> None:
    os.environ["BENCH_TALLY"], os.environ["BENCH_SLOT"] = sys.argv[2:]
    app.conf.broker_url = sys.argv[1]
    options = "--concurrency=1 --loglevel=ERROR --without-gossip --without-mingle --without-heartbeat"
    app.worker_main(["worker", *options.split(), f"--hostname=bench{sys.argv[3]}@localhost"])


if __name__ == "__main__":
    main()
