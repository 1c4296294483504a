"""Is it ready? Each line says what was looked at, how it stands, and how to mend it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.ledger import HEARTBEAT
from bot.world import World
from domain.errors import PlixoError
from domain.jobs import BEATS
from domain.readiness import Row
from storage.directory import Heartbeat
from storage.migrate import current, head, serves


def check_database(world: World) -> Row:
    try:
        revision = current(world.engine)
    except (SQLAlchemyError, PlixoError, OSError) as error:
        return Row.of(
            "database", False, f"unreachable ({type(error).__name__})", "Check PLIXO_DATABASE_URL and the server."
        )
    if serves(revision):
        age = "up to date" if revision == head() else "those of a newer release, which this one can work on"
        return Row.of("database", True, f"reached, its tables are {age} ({revision})")
    found = f"its tables are at {revision}" if revision else "it has no tables yet"
    return Row.of("database", False, f"reached, but {found} and this program needs {head()}", "Run `plixo migrate`.")


def check_loop(world: World) -> Row:
    """A heartbeat of each job by any worker within three of them and a minute."""
    try:
        beats = world.directory.heartbeats()
        now = world.clock.now()
    except (SQLAlchemyError, PlixoError) as error:
        return Row.of("release loop", False, f"unknown ({type(error).__name__})", "Mend the database first.")
    newest = {job: max((beat for beat in beats if beat.job == job), key=_at, default=None) for job in BEATS}
    late = [
        job for job, beat in newest.items() if beat is None or now - beat.at > 3 * HEARTBEAT + timedelta(seconds=60)
    ]
    if late:
        return Row.of(
            "release loop", False, f"no heartbeat of: {', '.join(late)}", "Start `plixo serve` or `plixo worker`."
        )
    beats_of: dict[str, list[str]] = {}
    for beat in filter(None, newest.values()):
        beats_of.setdefault(beat.worker, []).append(f"{beat.job} {_seconds(now, beat)} s")
    told = "; ".join(f"{', '.join(beats)} ago by {worker}" for worker, beats in beats_of.items())
    return Row.of("release loop", True, told)


def _at(beat: Heartbeat) -> datetime:
    return beat.at


def _seconds(now: datetime, beat: Heartbeat) -> int:
    return max(0, int((now - beat.at).total_seconds()))


def readiness(world: World) -> list[Row]:
    """What `/readyz` asks at every probe: nothing that costs a call to Slack or to the mail server."""
    return [check_database(world), check_loop(world)]
