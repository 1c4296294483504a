"""A release in a process whose files may not grow beyond a size: `python -m ... URL ORG BYTES FILE`.

What the operating system answers then is what a full disk answers. Exit code 0: it got through; 3: no room.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from domain.errors import PlixoError
from domain.mail import Mail
from domain.usecases.rescue import rescue
from sandbox.clock import MovableClock
from storage.engine import build_engine
from storage.unit_of_work import build_unit_of_work
from tests.builders import make_rulebook
from tests.stage import AFTER, release

CHUNK = 2
NO_ROOM = 3


class Noting:
    """Accepts everything and writes down what."""

    def __init__(self, accepted: Path) -> None:
        self._accepted = accepted

    def send(self, mail: Mail) -> str:
        with self._accepted.open("a") as file:
            file.write(mail.message_id + "\n")
        return "250 accepted"

    def check(self) -> None: ...

    def cut(self) -> None: ...

    def close(self) -> None: ...


def main(url: str, org_id: str, room: str, accepted: str) -> int:
    engine = build_engine(url)
    uow = build_unit_of_work(engine, org_id=int(org_id))
    mailer = Noting(Path(accepted))
    clock, rulebook = MovableClock(start=AFTER, frozen=True), make_rulebook()
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(room), int(room)))
    try:
        rescue(uow=uow, clock=clock, rulebook=rulebook)
        release(
            uow=uow,
            clock=clock,
            rulebook=rulebook,
            mailer=mailer,
            worker="cramped",
            limit=50,
            chunk=CHUNK,
        )
    except (DBAPIError, PlixoError):
        return NO_ROOM
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
