"""What came into force, and what would: told, and looked at before."""

from __future__ import annotations

from collections.abc import Sequence

from domain.charter import Waiting
from handlers import ids
from handlers.escaping import escape
from handlers.presenters.differing import summary
from handlers.presenters.library import named
from handlers.seal import Kind, Signet
from handlers.views.blocks import Button, Page, section


def published_page(published: Sequence[Waiting], by: str, *, signet: Signet) -> Page:
    """For whoever answers for chasing, or wrote a draft of it. Each with what it took the place of."""
    names = [named(one.draft.edition, one.draft.name) for one in published]
    lead = f"📣 *{escape(by, 80)} published {_listed(names)}.*"
    blocks = [section(f"{lead}\n{'It counts' if len(names) == 1 else 'They count'} from now on.")]
    for one, name in zip(published, names, strict=True):
        before = f" since version {one.present.edition.number}" if one.present else ""
        line = f"{name[:1].upper()}{name[1:]}: {summary(one.hunks)}{before}"
        blocks.append(section(line, beside=Button("Read", ids.TEXT_BESIDE, _seal(one, signet))))
    return Page("Published", lead.replace("*", ""), tuple(blocks))


def _seal(one: Waiting, signet: Signet) -> str:
    return signet.close_for_all(Kind.EDITION, str(one.draft.edition))


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
