"""Account 360, first what stops everything, then what is owed, then what can be done, then the rest."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.views.blocks import Block, Button, Page, actions, context, divider, header, paragraphs, section


@dataclass(frozen=True, slots=True)
class Part:
    """A titled list."""

    title: str
    lines: tuple[str, ...]
    more: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """`alarms` stand before the name. `nudge` says what the Nudge button would do, or why there is none."""

    alarms: tuple[str, ...]
    name: str
    facts: str
    owed: tuple[str, ...]
    nudge: str
    buttons: tuple[Button, ...]
    parts: tuple[Part, ...]
    footer: str
    summary: str


def card_page(card: Card) -> Page:
    blocks: list[Block] = [section(alarm) for alarm in card.alarms]
    blocks += [header(card.name), context(card.facts)]
    blocks += [section(owed) for owed in card.owed]
    if card.nudge:
        blocks.append(section(card.nudge))
    blocks += [actions(card.buttons), divider()]
    for part in card.parts:
        blocks += paragraphs([f"*{part.title}*", *part.lines])
        if part.more:
            blocks.append(actions(part.more))
    blocks.append(context(card.footer))
    return Page("Account", card.summary, tuple(blocks))
