"""`plixo summary`: the receivables summary as a PDF file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getuser
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO
from zoneinfo import ZoneInfo, available_timezones

import click

from bot.console import FAILED, err, out
from bot.desk import open_desk, zone_of
from domain.usecases.export_summary import export_summary_to_file
from handlers.presenters import summary as words
from handlers.presenters.reader import Reader


@click.command()
@click.option(
    "--out",
    "file",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The PDF to write.",
)
@click.option("--zone", help="Whose day and hours are meant; the workspace's when left out.")
@click.option("--by", help="Who takes it; your login name when left out.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def summary(file: Path, zone: str | None, by: str | None, force: bool) -> None:
    """What is open and how old, who owes most, promises, disputes and mail, as a PDF.

    It names customers and amounts. That it was taken is a line of the audit log.
    """
    if file.exists() and not file.is_file():
        raise click.BadParameter(f"{file} is not a file that can be replaced.", param_hint="--out")
    if file.exists() and not force:
        err.print(f"{file} exists already; choose another name, or give --force.", markup=False)
        sys.exit(FAILED)
    if zone is not None and zone not in available_timezones():
        raise click.BadParameter(f"“{zone}” is not an IANA time zone such as Europe/Berlin.", param_hint="--zone")
    with open_desk(patience=60) as desk:
        rulebook = desk.rulebook
        with desk.uow() as work:
            place = ZoneInfo(zone) if zone else zone_of(work)
        # Opened first: what cannot be written is not noted as taken.
        with _in_place_of(file) as stream:
            taken = export_summary_to_file(
                by=by or getuser(), zone=place, uow=desk.uow, clock=desk.world.clock, rulebook=rulebook
            )
            stream.write(words.file_of(taken, reader=Reader.of(None, zone=str(place)))())
        out.print(f"The summary of {taken.today.isoformat()} is in {file}.", markup=False, soft_wrap=True)


@contextmanager
def _in_place_of(file: Path) -> Iterator[IO[bytes]]:
    """A file beside it, for its owner's eyes, that takes its place when all is written; when not, nothing is left."""
    with NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}.", delete=False) as stream:
        beside = Path(stream.name)
        try:
            yield stream
            stream.close()
            beside.replace(file)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
