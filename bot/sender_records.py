"""The sending domain's records, looked up in the domain name system."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from time import monotonic

from bot.looks import Heard
from bot.world import World, signer_of
from domain.errors import Unavailable
from domain.ports import Names
from domain.rules.allowance import sending_domain
from domain.rules.sender_records import Kind, Record, Texts, Verdict, judge_records
from domain.usecases.note_records import note_records

log = logging.getLogger(__name__)

AGAIN = timedelta(hours=1)
"""How often they are looked up for the console, by whichever replica comes first (decided)."""
SECONDS = 5.0
"""For all three together, however slow the name servers are (decided): somebody waits, or the other jobs do."""


def sender_records(
    world: World, domain: str, *, names: Names | None = None, elapsed: Callable[[], float] = monotonic
) -> tuple[Record, ...]:
    """SPF, DKIM and DMARC. `names` instead of the world's own. What was not answered within SECONDS is unknown."""
    asked, settings = names or world.names, world.settings
    until = elapsed() + SECONDS

    def look(name: str) -> Texts:
        try:
            return asked.texts(name, within=max(0.0, until - elapsed()))
        except Unavailable:
            return None

    signer = signer_of(settings)
    return judge_records(
        look,
        domain=domain,
        selector=settings.dkim_selector,
        own_key=signer.public_key if signer else "",
        relay=settings.spf_include,
    )


def look_up(world: World, org_id: int) -> int:
    """For the console: how many records are not as they were. Asks name servers, and nothing of that inside a
    transaction. Where no mail leaves nobody is asked.

    The other jobs wait meanwhile, so one look serves every organisation that sends from the domain until it is time
    AGAIN; and nothing is done where another replica has looked since this one saw that it was due.
    """
    domain, last_time = sending_domain(world.rulebook_for(org_id)), world.clock.now() - AGAIN
    with world.uow_for(org_id)() as work:
        if any(one.asked_at > last_time for one in work.sender_records.of(domain).values()):
            return 0
    return _note(world, org_id, domain, heard_after=last_time)


def look_up_now(world: World, org_id: int) -> int:
    """The same for somebody who wants to know: what was heard before does not count."""
    return _note(world, org_id, sending_domain(world.rulebook_for(org_id)), heard_after=world.clock.now())


def _note(world: World, org_id: int, domain: str, *, heard_after: datetime) -> int:
    heard = world.last_heard.of(domain, after=heard_after, look=lambda: _ask(world, domain))
    return note_records(heard.records, domain=domain, asked_at=heard.at, uow=world.uow_for(org_id))


def _ask(world: World, domain: str) -> Heard:
    at = world.clock.now()
    records = sender_records(world, domain) if world.settings.smtp_url else tuple(_of_no_interest(domain))
    if silent := [record.kind.value for record in records if not record.is_answered]:
        log.warning("no name server answered about %s", ", ".join(silent))
    return Heard(at, records)


def _of_no_interest(domain: str) -> Iterator[Record]:
    """A house that keeps its mail in files, as the demo does."""
    said = "No mail server is set, so it is looked up only when somebody asks."
    fix = "`plixo deliverability` looks now. Set PLIXO_SMTP_URL where mail is to leave."
    return (Record(kind, Verdict.UNKNOWN, domain, said, fix) for kind in Kind)
