"""Lists of accounts: each line with its own button, as wide as a phone."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.views.blocks import Block, Button, Page, actions, context, section


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    button: Button


@dataclass(frozen=True, slots=True)
class Listing:
    title: str
    summary: str
    lead: str
    lines: tuple[Line, ...]
    buttons: tuple[Button, ...] = ()
    footer: str = ""


def listing_page(listing: Listing) -> Page:
    blocks: list[Block] = [section(listing.lead)]
    blocks += [section(line.text, beside=line.button) for line in listing.lines]
    if listing.buttons:
        blocks.append(actions(listing.buttons))
    if listing.footer:
        blocks.append(context(listing.footer))
    return Page(listing.title, listing.summary, tuple(blocks))
