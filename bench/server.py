"""A PostgreSQL as it would run in earnest: every commit reaches the disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

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
