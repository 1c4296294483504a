"""`plixo` as a process of its own, with a clock that may be wrong and a named step at which something happens to it.

    CHAOS_CLOCK   a file that holds seconds to add to this process's clock; it is read again and again
    CHAOS_STEP    such as `fenced:2:KILL`: the second time this step is reached the process sends itself the signal
    CHAOS_PAGES   an SQLite database may not grow beyond so many pages: a disk that is full

A worker is forked from a server that has imported everything, so that it stands in a tenth of a second and a round has
room for many deaths. The product is not touched: the clock is freezegun's, and the steps are seen by SQLAlchemy's own
events after a commit. The steps of the hand-over are seen from outside, on the line to the mail server (`mail_steps`).
"""

from __future__ import annotations

import ctypes
import os
import re
import signal
import sys
import threading
import time
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg  # noqa: F401 - SQLAlchemy imports it late, and compiled modules want datetime's real classes
from freezegun import api, freeze_time
from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool

from bot.cli import main as plixo

_PR_SET_PDEATHSIG = 1
DATABASE_STEPS = ("claimed", "fenced", "recorded")
_CLAIM = re.compile(r"UPDATE messages SET(?:(?!\bWHERE\b).)*state\s*=\s*'claimed'", re.DOTALL)


def step_of(statement: str, parameters: object) -> str | None:
    """Which step of a release a statement is part of, if any."""
    if _CLAIM.search(statement):
        return "claimed"
    if "message_events" in statement and "INSERT" in statement:
        told = repr(parameters).replace('"', "'")
        if "'sent'" in told:
            return "recorded"
        if "'sending'" in told and "'claimed'" in told:
            return "fenced"
    return None


def arm(given: str) -> None:
    """From now on, signal this process when the step is reached for the n-th time, its commit done."""
    wanted, count, name = given.split(":")
    number = signal.Signals[f"SIG{name}"]
    left = int(count)

    @event.listens_for(Engine, "before_cursor_execute")
    def note(connection: Any, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if step_of(statement, parameters) == wanted:
            connection.info["chaos"] = wanted

    @event.listens_for(Engine, "rollback")
    def forget(connection: Any) -> None:
        connection.info.pop("chaos", None)

    @event.listens_for(Pool, "checkin")
    def act(_connection: object, record: Any) -> None:
        nonlocal left
        if record.info.pop("chaos", None) is not None:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), number)


def fill_the_disk(pages: int) -> None:
    @event.listens_for(Engine, "connect")
    def limit(connection: Any, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")


def follow(clock: Path) -> None:
    """Run by the clock of the file from now on: wall clocks only, for nobody sets a monotonic one."""
    running = {id(getattr(api, f"fake_{name}")): getattr(time, name) for name in ("monotonic", "perf_counter")}
    seconds = read(clock)
    frozen = freeze_time(datetime.now(UTC) + timedelta(seconds=seconds), tick=True).start()
    for module in list(sys.modules.values()):
        for name, value in list(vars(module).items()):
            if id(value) in running:
                setattr(module, name, running[id(value)])

    def look() -> None:
        known, wait = seconds, threading.Event()
        while not wait.wait(0.05):
            if (now := read(clock)) != known:
                known = now
                frozen.move_to(api.real_datetime.now(UTC) + timedelta(seconds=now))

    threading.Thread(target=look, daemon=True).start()


def read(clock: Path) -> float:
    return float(clock.read_text() or 0)


def main(*words: str, folder: Path, log: Path, environment: dict[str, str]) -> None:
    """Become `plixo` in `folder`, with nothing of the surroundings' environment and all output in `log`."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    warnings.simplefilter("error")
    if step := environment.get("CHAOS_STEP"):
        arm(step)
    if pages := environment.get("CHAOS_PAGES"):
        fill_the_disk(int(pages))
    if clock := environment.get("CHAOS_CLOCK"):
        follow(Path(clock))
    plixo(words)
