"""Which messages somebody gets, and the daily digest."""

from __future__ import annotations

import re

from domain.morning import Morning, News
from domain.notices import NoticeKind
from domain.usecases.choose_messages import MessageChoice
from handlers import ids, vocabulary
from handlers.views.blocks import Block, Option, Page, View, asking, context, option, plain, section

DUTIES = "\n".join(
    (
        "*Always sent:*",
        "• reports that are yours to record, and what was escalated to you",
        "• disputes that Legal is to answer, and nudges that nobody confirmed",
        "• requests, comments and texts to decide",
        "• notes that name you, and alarms",
        "• the answer to what you asked for",
        "• what changes your role or duties",
    )
)


def messages_view(choice: MessageChoice) -> View:
    """Ticked is what is wanted."""
    options = [option(Option(*_option(kind))) for kind in choice.offered]
    chosen = [one for kind, one in zip(choice.offered, options, strict=True) if kind in choice.wanted]
    boxes: Block = {"type": "checkboxes", "action_id": ids.MESSAGES_KINDS, "options": options}
    if chosen:
        boxes["initial_options"] = chosen
    field: Block = {
        "type": "input",
        "block_id": ids.MESSAGES_BLOCK,
        "optional": True,
        "label": plain("Send me a message", 2_000),
        "element": boxes,
    }
    note = (
        "What you mute can still be looked up, and the digest counts your nudges, reports and promises all the same. "
        "What was posted before is kept up to date."
    )
    page = Page("Messages", "Messages", (field, context(note), context(DUTIES)))
    return asking(page, callback=ids.MESSAGES_MODAL, submit="Save", close="Cancel", metadata="")


def saved_page(choice: MessageChoice) -> Page:
    titles = [vocabulary.MESSAGES[kind][0] for kind in choice.offered if kind not in choice.wanted]
    muted = [_to_you(title[:1].lower() + title[1:]) for title in titles]
    if muted:
        text = f"Saved. You get no more messages about: {'; '.join(muted)}."
    else:
        text = "Saved. You get every kind of message."
    return Page("Messages", text, (section(text), context(DUTIES)))


def _to_you(title: str) -> str:
    """`What became of my nudges`, said by whoever sends them."""
    return re.sub(r"\bme\b", "you", re.sub(r"\bmy\b", "your", title))


def morning_page(morning: Morning) -> Page:
    """A line for each thing, in the order of the table; numbers only, so it can lie open on a screen."""
    lines = [_news(news, count) for news, count in morning.counts.items() if count]
    lead = "*Good morning. Since your last digest and for today:*"
    note = "Everything stands on Plixo's *Home* tab. The digest comes once a working day; *Messages*, there, stops it."
    return Page(
        "Digest", f"Good morning. {lines[0] if lines else ''}", (section("\n".join([lead, *lines])), context(note))
    )


def _option(kind: NoticeKind) -> tuple[str, str, str]:
    title, description = vocabulary.MESSAGES[kind]
    return title, kind.value, description


def _news(news: News, count: int) -> str:
    one, many = vocabulary.NEWS[news]
    return one if count == 1 else many.format(count="999 or more" if count >= 999 else count)
