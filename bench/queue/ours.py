"""Our side: the product's loop over the product's world, with a carrier that renders every mail and keeps none.

python -m bench.queue.ours DATABASE_URL TALLY SLOT [SMTP_URL SENDERS]
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

from bench.load import ZONE
from bench.queue.processes import report_done_and_wait, report_ready_and_wait
from bench.queue.tally import Tally
from bot.loop import Loop
from bot.settings import Settings
from bot.world import World, build_world
from connectors.calendars import PublicHolidays
from connectors.mail.compose import compose
from domain.mail import Mail
from domain.notices import Notice
from domain.ports import Announcer, Mailer
from domain.rules.written import DAYS


def settings_for(url: str, *, smtp_url: str = "", senders: int | None = None, maildir: Path | None = None) -> Settings:
    """A workspace whose hours are open now and whose day has room for everything; every guard still runs."""
    now = datetime.now(ZoneInfo(ZONE))
    quiet = now + timedelta(hours=12)
    is_holiday = PublicHolidays().holiday(now.date(), "DE", None) is not None
    given: dict[str, Any] = {
        "database_url": url,
        "smtp_url": smtp_url,
        "maildir": maildir,
        "quiet_hours": f"{quiet:%H:%M}-{quiet + timedelta(hours=1):%H:%M}",
        "open_days": DAYS,
        "keep_holidays": not is_holiday,
        "daily_cap": 100_000_000,
        "warm_up_ramp": "none",
    }
    return Settings.model_validate(given if senders is None else {**given, "senders": senders})


class NullMailer:
    """Renders each mail to its last octet, accepts it and forgets it."""

    def send(self, mail: Mail) -> str:
        compose(mail)
        return "250 2.0.0 Ok"

    def check(self) -> None: ...
    def cut(self) -> None: ...
    def close(self) -> None: ...


class Counting:
    """Another mailer whose accepted mails are counted, so that the bench sees how far the work is."""

    def __init__(self, mailer: Mailer, tally: Tally) -> None:
        self._mailer = mailer
        self._tally = tally
        self._lock = Lock()
        self.check, self.cut, self.close = mailer.check, mailer.cut, mailer.close

    def send(self, mail: Mail) -> str:
        answer = self._mailer.send(mail)
        with self._lock:
            self._tally.add()
        return answer


class NullAnnouncer:
    def post(self, notice: Notice) -> tuple[str, str]:
        return "C1", "1.1"


def _announcer(org_id: int) -> Announcer:
    return NullAnnouncer()


@contextmanager
def loop_over(settings: Settings, *, tally: Tally | None = None) -> Iterator[tuple[World, Loop]]:
    """A world and its loop, not started: who measures calls its beats. Without a way out the mailer is the null one."""
    with build_world(settings) as world:
        mailer = world.mailer if settings.smtp_url or settings.maildir else NullMailer()
        world = replace(world, mailer=Counting(mailer, tally) if tally else mailer)
        loop = Loop(world, _announcer)
        yield world, loop
        loop.stop()


def main() -> None:
    url, tally_path, slot, *mail = sys.argv[1:]
    smtp_url, senders = (mail[0].removeprefix("-"), int(mail[1])) if mail else ("", None)
    settings = settings_for(url, smtp_url=smtp_url, senders=senders)
    with loop_over(settings, tally=Tally(tally_path, int(slot))) as (world, loop):
        world.directory.with_due_work(world.clock.now() - timedelta(days=365))
        report_ready_and_wait()
        while loop.release().claimed:
            pass
        loop.stop()  # records what was under way
        report_done_and_wait()


if __name__ == "__main__":
    main()
