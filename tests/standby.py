"""Two PostgreSQL servers, one of which follows the other, to be failed over to."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from tests.postgres import OwnServer, find_binaries

NAME = "standby"


class Standby(OwnServer):
    """A physical copy of a running server that follows it by streaming."""

    def __init__(self, binaries: Path, *, of: OwnServer) -> None:
        self._port_of_primary = str(make_url(of.superuser_url("postgres")).port)
        super().__init__(
            binaries,
            primary_conninfo=f"host=127.0.0.1 port={self._port_of_primary} user=postgres application_name={NAME}",
        )

    def promote(self) -> None:
        """It follows nobody any more, and may be written to."""
        with psycopg.connect(self.superuser_url("postgres"), autocommit=True) as connection:
            assert connection.execute("SELECT pg_promote()").fetchone() == (True,)

    def _initialise(self) -> None:
        data = self._folder / "data"
        copied = subprocess.run(
            [
                *(self._binaries / "pg_basebackup", "-D", data, "-X", "stream", "-c", "fast", "--no-sync"),
                *("-h", "127.0.0.1", "-p", self._port_of_primary, "-U", "postgres"),
            ],
            capture_output=True,
            text=True,
            check=False,
            **self._run_as(),
        )
        if copied.returncode:
            raise RuntimeError(f"pg_basebackup failed: {copied.stderr.strip()}")
        (data / "standby.signal").touch()


class Pair:
    """A primary and its standby; `url` names both, so that a client finds whichever may be written to."""

    def __init__(self) -> None:
        binaries = find_binaries()
        self.primary = OwnServer(binaries)
        self.primary.create("plixo")
        self.standby = Standby(binaries, of=self.primary)
        ports = [make_url(server.superuser_url("postgres")).port for server in (self.primary, self.standby)]
        hosts = "&".join(f"host=127.0.0.1:{port}" for port in ports)
        user = make_url(self.primary.url("plixo"))
        self.url = f"postgresql://{user.username}:{user.password}@/plixo?{hosts}&target_session_attrs=read-write"

    def wait_for_the_standby(self) -> None:
        """From here on no commit is answered before the standby has it."""
        with psycopg.connect(self.primary.superuser_url("postgres"), autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{NAME}'")
            connection.execute("SELECT pg_reload_conf()")
            until = time.monotonic() + 30
            while connection.execute("SELECT sync_state FROM pg_stat_replication").fetchone() != ("sync",):
                assert time.monotonic() < until, "the standby does not follow"
                time.sleep(0.02)

    def catch_up(self) -> None:
        """Wait until the standby has everything that is there now."""
        with psycopg.connect(self.primary.superuser_url("postgres"), autocommit=True) as connection:
            (now,) = connection.execute("SELECT pg_current_wal_lsn()").fetchone() or ("",)
            until = time.monotonic() + 30
            question = "SELECT count(*) FROM pg_stat_replication WHERE replay_lsn >= %s"
            while connection.execute(question, [now]).fetchone() != (1,):
                assert time.monotonic() < until, "the standby does not follow"
                time.sleep(0.02)

    def fail_over(self) -> None:
        """The primary is gone for good, and the standby takes its place."""
        self.primary.crash()
        self.standby.revive()
        self.standby.promote()

    def cut_off(self) -> None:
        """The standby hears of nothing any more until it takes over."""
        self.standby.crash()

    def stop(self) -> None:
        self.standby.stop()
        self.primary.stop()
