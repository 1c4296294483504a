"""What came into force, and what would: told, and looked at before."""

from __future__ import annotations

from collections.abc import Sequence

from domain.charter import PublicationShown, Published, Waiting
from handlers import ids
from handlers.escaping import escape
from handlers.presenters.differing import Places, difference_blocks, summary
from handlers.presenters.in_words import change_lines
from handlers.presenters.library import named
from handlers.presenters.simulation_book import ahead_button
from handlers.seal import Kind, Signet
from handlers.views.blocks import Block, Button, Option, Page, View, actions, asking, context, divider, section
from handlers.views.forms import several_ticked

_TOLD = 8
"""Lines about each text in a message that tells of it."""


def published_page(published: Sequence[Waiting], by: str, *, signet: Signet) -> Page:
    """For whoever answers for chasing, or wrote a draft of it. Each with what it took the place of."""
    names = [named(one.draft.edition, one.draft.name) for one in published]
    lead = f"📣 *{escape(by, 80)} published {_listed(names)}.*"
    blocks = [section(f"{lead}\n{'It counts' if len(names) == 1 else 'They count'} from now on.")]
    for one, name in zip(published, names, strict=True):
        before = f" since version {one.present.edition.number}" if one.present else ""
        words = change_lines(one.contents)
        told = "\n".join(["", *words[:_TOLD], *(["…"] if len(words) > _TOLD else [])])
        line = f"{_capital(name)}: {summary(one.hunks)}{before}{told if words else ''}"
        sealed = signet.close_for_all(Kind.EDITION, str(one.draft.edition))
        blocks.append(section(line, beside=_read(ids.TEXT_BESIDE, sealed, name)))
    return Page("Published", lead.replace("*", ""), tuple(blocks))


def weighing_form(shown: PublicationShown, *, signet: Signet) -> View:
    """What would come into force beside what is; other drafts that wait can be published with it."""
    draft = shown.waiting.draft
    name = named(draft.edition, draft.name)
    blocks: list[Block] = [
        section(f"*Publishing {name}, brings it into force at once, for everybody.*"),
        *_changes(shown.waiting, signet),
        actions([ahead_button(draft.edition, signet=signet)]),
    ]
    for other in shown.others:
        other_name = named(other.draft.edition, other.draft.name)
        blocks += [divider(), section(f"📝 *{_capital(other_name)}, waits, too.*"), *_changes(other, signet)]
    if shown.others:
        options = [_option(one, signet) for one in shown.others]
        blocks.append(several_ticked("Publish together with it", block_id=ids.TOGETHER_BLOCK, options=options))
    return asking(
        Page("Publish", "Publish", tuple(blocks)),
        callback=ids.PUBLISH_MODAL,
        submit="Publish",
        close="Not now",
        metadata=signet.close(Kind.EDITION, str(draft.edition)),
    )


def counting_page() -> Page:
    """Shown at once where many customers are counted first."""
    text = (
        "*The customers are being counted,* to see whether enough of them can be written to. With so many this takes a "
        "minute or more, and you may close this window. A message says what came of it. Should none come within ten "
        "minutes, open the text again: it shows whether it is in force, and you can send it once more."
    )
    return Page("Being counted", text.replace("*", ""), (section(text),))


def done_page(outcome: Published, *, signet: Signet) -> Page:
    names = [named(one.edition, one.name) for one in outcome.versions]
    text = f"📣 *Published: {_listed(names)}.* In force within seconds; those it concerns are told."
    blocks = [section(text)]
    # In the same window: others are opened from the text, and Slack allows three on each other.
    blocks += [
        section(_capital(name), beside=_read(ids.TEXT_OPEN, signet.close(Kind.EDITION, str(one.edition)), name))
        for one, name in zip(outcome.versions, names, strict=True)
    ]
    return Page("Published", text.replace("*", ""), tuple(blocks))


def _changes(waiting: Waiting, signet: Signet) -> list[Block]:
    """Side by side with what is in force."""
    present = waiting.present
    left = f"In force: version {present.edition.number}" if present else "In force: nothing"
    right = f"Then: version {waiting.draft.edition.number}"
    places = Places(waiting.draft.edition, present.edition.number) if present else None
    words = change_lines(waiting.contents)
    blocks = difference_blocks(waiting.hunks, left=left, right=right, places=places, signet=signet, words=words)
    beside = f" beside version {present.edition.number}, which is in force" if present else ""
    return [context(f"{summary(waiting.hunks)}{beside}"), *blocks]


def _option(waiting: Waiting, signet: Signet) -> Option:
    edition = waiting.draft.edition
    return Option(
        f"{_capital(edition.shelf.value)}, version {edition.number}", signet.close(Kind.EDITION, str(edition))
    )


def _read(action: str, sealed: str, name: str) -> Button:
    return Button("Read", action, sealed, label=f"Read {name}")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
