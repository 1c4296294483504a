"""The full release into Postfix's `smtp-sink`, beside bare smtplib connections that send a finished mail."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shutil import which
from statistics import median

from bench.load import load
from bench.queue.contenders import Ours, Ready
from bench.queue.ours import loop_over, settings_for
from bench.queue.processes import HERE, Worker
from bench.queue.race import Lap, run_lap
from bench.report import Row
from bench.server import free_port
from storage.engine import build_engine
from storage.migrate import upgrade
from tests.postgres import Server

SHARE_OF_BARE = 0.75
"""The goal."""
PROCESSES = 2
ROUND_TRIP_MS = 20.0
FAR_EACH = 60
"""Messages for each connection to the server that is far off."""
BACKLOG = 20_000


def find_sink() -> str | None:
    """The program of Debian's postfix package, or None. Postfix itself need not run."""
    return which("smtp-sink", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/libexec/postfix")


@contextmanager
def smtp_sink(program: str) -> Iterator[int]:
    """A server in C that accepts every mail at once; its port."""
    port = free_port()
    # As root it wants somebody else to be.
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    process = subprocess.Popen([program, *user, f"127.0.0.1:{port}", "256"], stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionRefusedError:
                if time.monotonic() > deadline or process.poll() is not None:
                    raise RuntimeError("smtp-sink did not start.") from None
                time.sleep(0.02)
        yield port
    finally:
        process.terminate()
        process.wait()


@contextmanager
def far_away(port: int, round_trip: float) -> Iterator[int]:
    """The same server behind a round trip of so many milliseconds; the port of the near end."""
    command = [sys.executable, "-m", "bench.queue.far", str(port), str(round_trip)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=HERE)
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


class Bare:
    """As many processes and connections, without database, guards or rendering."""

    most = None

    def __init__(self, port: int, mail: Path, *, name: str, connections: int, count: int) -> None:
        self.name = name
        self._port = port
        self._mail = mail
        self._connections = connections
        self._count = count

    def missing(self) -> str:
        return ""

    def fill(self, size: int, share: float) -> None: ...

    def empty(self) -> None: ...

    @contextmanager
    def ready(self, tally: Path) -> Iterator[Ready]:
        with ExitStack() as stack:
            workers = []
            for slot in range(PROCESSES):
                arguments = (str(self._port), str(self._mail), str(tally), str(slot), str(self._connections))
                each = str(self._count // PROCESSES)
                workers.append(Worker("bench.queue.bare_smtp", *arguments, each))
                stack.callback(workers[-1].stop)
            for worker in workers:
                worker.await_ready()
            yield Ready(workers, [], says_done=True)


def measure_smtp(
    server: Server,
    program: str,
    *,
    senders: Sequence[int],
    due: int,
    rounds: int,
    bound: float,
    backlog: int = BACKLOG,
    say: Callable[[str], None] = print,
) -> list[Row]:
    """For each number of senders a process, near by and a round trip away: ours, the bare connections, their ratio."""
    rows: list[Row] = []
    with ExitStack() as stack:
        near = stack.enter_context(smtp_sink(program))
        far = stack.enter_context(far_away(near, ROUND_TRIP_MS))
        mail = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="plixo-mail-"))) / "mail"
        mail.write_bytes(one_mail(server))
        for count in senders:
            for port, where in ((near, ""), (far, f", {ROUND_TRIP_MS:.0f} ms away")):
                # A server that is far off takes its time: fewer messages tell as much.
                some = due if port == near else min(due, FAR_EACH * PROCESSES * count)
                some -= some % PROCESSES
                connections = f"{PROCESSES} × {count} connections{where}"
                ours = Ours(server, f"ours, {connections}", f"smtp://127.0.0.1:{port}", str(count))
                bare = Bare(port, mail, name=f"bare smtplib, {connections}", connections=count, count=some)
                ours.fill(backlog, some / backlog)
                laps = [
                    (run_lap(ours, due=some, bound=bound), run_lap(bare, due=some, bound=bound)) for _ in range(rounds)
                ]
                ours.empty()
                rows += _rows(ours.name, [mine for mine, _ in laps])
                rows += _rows(bare.name, [theirs for _, theirs in laps])
                rows.append(_beside(connections, [mine.rate / theirs.rate for mine, theirs in laps]))
                for row in rows[-3:]:
                    say(f"  {row.name}: {row.median:,.2f} {row.unit}")
    return rows


def _rows(name: str, laps: Sequence[Lap]) -> list[Row]:
    cpu = {"CPU ms each": f"{median(lap.cpu_ms for lap in laps):.2f}"}
    return [Row(name, "messages/s", [lap.rate for lap in laps], more=cpu)]


def _beside(connections: str, ratios: list[float]) -> Row:
    met = median(ratios) >= SHARE_OF_BARE
    return Row(f"ours beside bare, {connections}", "×", ratios, goal=f"at least {SHARE_OF_BARE}", met=met)


def one_mail(server: Server) -> bytes:
    """A reminder as it leaves, taken from a Maildir, with the line ends of the wire."""
    url = server.create(name := "one_mail")
    try:
        engine = build_engine(url, pool_size=2, across=True)
        upgrade(engine)
        load(engine, accounts=1, due=1.0)
        engine.dispose()
        with tempfile.TemporaryDirectory(prefix="plixo-maildir-") as folder:
            with loop_over(settings_for(url, maildir=Path(folder) / "mail")) as (_, loop):
                loop.release()
                loop.stop()
            (written,) = (Path(folder) / "mail" / "new").iterdir()
            octets = written.read_bytes()
            return octets if b"\r\n" in octets else octets.replace(b"\n", b"\r\n")
    finally:
        server.drop(name)
