"""The sending domain's records, looked up in the domain name system."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta

from bot.world import World, signer_of
from domain.errors import Unavailable
from domain.ports import Names
from domain.rules.allowance import sending_domain
from domain.rules.sender_records import Kind, Record, Texts, Verdict, judge_records
from domain.usecases.note_records import note_records

log = logging.getLogger(__name__)

AGAIN = timedelta(hours=1)
"""How often they are looked up for the console, by whichever replica comes first (decided)."""


def sender_records(world: World, domain: str, *, names: Names | None = None) -> tuple[Record, ...]:
    """SPF, DKIM and DMARC. `names` instead of the world's own. Takes seconds when the name servers are slow."""
    asked, settings = names or world.names, world.settings

    def look(name: str) -> Texts:
        try:
            return asked.texts(name)
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
    """
    domain, at = sending_domain(world.rulebook_for(org_id)), world.clock.now()
    records = sender_records(world, domain) if world.settings.smtp_url else tuple(_of_no_interest(domain))
    if silent := [record.kind.value for record in records if not record.is_answered]:
        log.warning("no name server answered about %s", ", ".join(silent))
    return note_records(records, domain=domain, asked_at=at, uow=world.uow_for(org_id))


def _of_no_interest(domain: str) -> Iterator[Record]:
    """A house that keeps its mail in files, as the demo does."""
    said, fix = "No mail server is set, so nobody looks it up.", "Set PLIXO_SMTP_URL where mail is to leave."
    return (Record(kind, Verdict.UNKNOWN, domain, said, fix) for kind in Kind)
