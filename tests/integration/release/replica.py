"""A replica in a process of its own that releases until nothing is due: `python -m ... URL ORG`.

Waits for a line on its standard input, so that several begin together; then prints how many mails it sent.
"""

from __future__ import annotations

import sys
from datetime import datetime

from domain.policy import Policy
from domain.warming import WarmUp
from storage.engine import build_engine
from storage.unit_of_work import build_unit_of_work
from tests.builders import make_rulebook
from tests.stage import AFTER, RememberingMailer, release


class Still:
    """Nobody's clock moves."""

    def now(self) -> datetime:
        return AFTER


def main(url: str, org_id: str) -> None:
    # On SQLite there is one writer: each waits for the other, however slow the machine is.
    engine = build_engine(url, statement_timeout=60, lock_timeout=60)
    uow, mailer = build_unit_of_work(engine, org_id=int(org_id)), RememberingMailer()
    print("ready", flush=True)
    sys.stdin.readline()
    rulebook = make_rulebook(warm_up=WarmUp(), daily_cap=10 * Policy().daily_cap)
    while release(uow=uow, clock=Still(), rulebook=rulebook, mailer=mailer, worker="replica", limit=200).claimed:
        pass
    print(len(mailer.sent), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
