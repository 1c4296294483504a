"""A release in a process of its own that is killed at a named step: `python -m ... URL ORG STEP FILE`."""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from domain.mail import Mail
from storage.engine import build_engine
from storage.unit_of_work import build_unit_of_work
from tests.builders import make_rulebook
from tests.stage import AFTER, release


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Hourglass:
    """A clock that is looked at before the claim and before the decision; dies at the second look when told to."""

    def __init__(self, step: str) -> None:
        self._looks_left = 1 if step == "claimed" else None

    def now(self) -> datetime:
        if self._looks_left is not None:
            if not self._looks_left:
                die()
            self._looks_left -= 1
        return AFTER


class Doomed:
    """Writes what it accepts into a file. Dies before or after its one hand-over."""

    def __init__(self, step: str, accepted: Path) -> None:
        self._step, self._accepted = step, accepted

    def send(self, mail: Mail) -> str:
        if self._step == "fenced":
            die()
        with self._accepted.open("a") as file:
            file.write(mail.message_id + "\n")
        if self._step == "accepted":
            die()
        return "250 accepted"

    def check(self) -> None: ...

    def cut(self) -> None: ...

    def close(self) -> None: ...


def main(url: str, org_id: str, step: str, accepted: str) -> None:
    release(
        uow=build_unit_of_work(build_engine(url), org_id=int(org_id)),
        clock=Hourglass(step),
        rulebook=make_rulebook(),
        mailer=Doomed(step, Path(accepted)),
        worker="doomed",
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
