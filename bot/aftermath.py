"""`plixo bounces` and `plixo restored`: what is learnt from outside after mail has left."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from getpass import getuser
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy.exc import SQLAlchemyError

from bot.console import FAILED, TRY_LATER, configured, err, out, world_or_exit
from bot.world import World, ensure_organisation
from connectors.mail.bounces import LARGEST, read_bounces
from domain.bounces import Noted
from domain.errors import Busy
from domain.messages import State
from domain.usecases.distrust_restored import distrust_restored
from domain.usecases.note_bounce import note_bounce
from storage.migrate import upgrade


@click.command()
@click.argument("sources", nargs=-1, type=click.Path(exists=True, path_type=Path, allow_dash=True))
def bounces(sources: tuple[Path, ...]) -> None:
    """Read mails that tell what became of ours: returned ones and complaints.

    SOURCES are files with one mail each, or Maildirs whose new mails are read and then marked as seen; `-` or nothing
    is standard input, for a mail server's pipe. A mail that was read before, or that is no
    report about one of ours, changes nothing.
    Exit code 75 asks a mail server to try again later.
    """
    with world_or_exit(configured()) as world:
        try:
            upgrade(world.engine)
            noted = _note_all(world, sources)
        except (Busy, SQLAlchemyError):
            err.print("The database cannot take it now. Try again later: what was noted is found and not noted again.")
            sys.exit(TRY_LATER)
    out.print(
        f"Mails read: {noted[None]}. New reports: {noted[Noted.NEW]}, already known: {noted[Noted.KNOWN]}, "
        f"about no mail of ours: {noted[Noted.UNKNOWN]}."
    )


def _note_all(world: World, sources: tuple[Path, ...]) -> Counter[Noted | None]:
    """How many reports changed what; under None how many mails were read."""
    org_id = ensure_organisation(world)
    uow, rulebook = world.uow_for(org_id), world.rulebook_for(org_id)
    counts: Counter[Noted | None] = Counter()
    for octets in _mails(sources or (Path("-"),)):
        counts[None] += 1
        for bounce in read_bounces(octets):
            counts[note_bounce(bounce, uow=uow, clock=world.clock, rulebook=rulebook)] += 1
    return counts


def _mails(sources: tuple[Path, ...]) -> Iterator[bytes]:
    """The beginning of each mail. One of a Maildir is marked as seen when the next one is asked for."""
    for source in sources:
        if source == Path("-"):
            with click.open_file("-", "rb") as pipe:
                yield pipe.read(LARGEST)
                # A mail server whose pipe is closed early takes it for a failure.
                while pipe.read(LARGEST):
                    pass
        elif source.is_dir():
            for path in sorted((source / "new").iterdir()):
                yield _beginning(path)
                path.rename(source / "cur" / f"{path.name}:2,S")
        else:
            yield _beginning(source)


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST)


@click.command()
@click.option(
    "--taken",
    required=True,
    type=click.DateTime(["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]),
    help="When the backup ended, on the clock of --zone. Rather too late than too early.",
)
@click.option("--zone", help="IANA zone of --taken; the workspace's when left out.")
def restored(taken: datetime, zone: str | None) -> None:
    """Run this after a backup was restored and before anything else is started.

    What the backup still has in the queue may have left since. Nothing of it leaves by itself: A/R is asked about each.
    """
    settings = configured()
    # Of an hour that the clocks have twice the later one: more is asked about, nothing is forgotten.
    when = taken.replace(tzinfo=_zone(zone or settings.zone), fold=1)
    with world_or_exit(settings) as world:
        upgrade(world.engine)
        uow = world.uow_for(ensure_organisation(world))
        beats = [beat.at for beat in world.directory.heartbeats()]
        if when > world.clock.now():
            _refuse("That is in the future: give the time at which the backup ended.")
        if beats and max(beats) > when:
            alive = f"{max(beats).astimezone(when.tzinfo):%Y-%m-%d %H:%M:%S} ({zone or settings.zone})"
            _refuse(
                f"A worker was alive on this database at {alive}. Either the backup is from later than you say: give a "
                "later time. Or workers have been started on it: stop them, and give the present time."
            )
        count = 0
        while moved := distrust_restored(when, by=getuser(), uow=uow, clock=world.clock):
            count += moved
        with uow() as work:
            held = work.oversight.standing()[State.HELD]
    out.print(f"{count} nudges may have left since the backup. None leaves by itself; A/R is asked about each.")
    if held:
        out.print(f"{held} were on hold in it: look into the mail server's log before you resume them.")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        raise click.BadParameter("Write an IANA zone such as Europe/Berlin.", param_hint="--zone") from None


def _refuse(sentence: str) -> None:
    err.print(sentence)
    sys.exit(FAILED)
