"""A PostgreSQL as it would run in earnest: every commit reaches the disk."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.postgres import OwnServer, Server, find_binaries

SETTINGS = {
    "fsync": "on",
    "full_page_writes": "on",
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "15min",
    "maintenance_work_mem": "256MB",
    "effective_cache_size": "4GB",
    "random_page_cost": "1.1",
}


@contextmanager
def durable_server(**settings: str) -> Iterator[Server]:
    """A server of our own with `SETTINGS`; `$BENCH_DATABASE_URL` names one that runs already instead."""
    if url := os.environ.get("BENCH_DATABASE_URL"):
        yield Server(url)
        return
    server = OwnServer(find_binaries(), **{**SETTINGS, **settings})
    try:
        yield server
    finally:
        server.stop()


def postmaster_of(server: Server) -> int | None:
    """The process id of a server on this machine, by which its CPU time is read; None when it runs elsewhere."""
    with psycopg.connect(server.url("postgres")) as connection:
        (backend,) = connection.execute("SELECT pg_backend_pid()").fetchone() or (0,)
        try:
            fields = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
    return int(fields[1])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
