"""The sending domain's records, looked up in the domain name system."""

from __future__ import annotations

from bot.world import World, signer_of
from domain.errors import Unavailable
from domain.ports import Names
from domain.rules.sender_records import Record, Texts, judge_records


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
