"""The Nudge modal: what would leave, when, and what A/R sees. The only place where a pay link is shown."""

from __future__ import annotations

from dataclasses import dataclass

from handlers import ids
from handlers.views.blocks import (
    Block,
    Option,
    Page,
    View,
    asking,
    choice,
    context,
    divider,
    exact,
    modal,
    section,
)


@dataclass(frozen=True, slots=True)
class Choice:
    """`chosen` counts from 0."""

    options: tuple[Option, ...]
    chosen: int


@dataclass(frozen=True, slots=True)
class Preview:
    notice: str
    invoice: str
    templates: Choice
    contacts: Choice
    mail_head: str
    mail_body: str
    departure: str
    alert: str
    submit: str
    draft: str


def waiting_view() -> View:
    """Shown at once, while the books are read."""
    return modal(Page("Nudge", "", (section("Reading the books…"),)))


def preview_view(preview: Preview) -> View:
    blocks: list[Block] = [section(preview.notice)] if preview.notice else []
    blocks.append(section(preview.invoice))
    for label, block_id, action, shown in (
        ("Text", ids.TEMPLATE_BLOCK, ids.NUDGE_TEMPLATE, preview.templates),
        ("To", ids.CONTACT_BLOCK, ids.NUDGE_CONTACT, preview.contacts),
    ):
        if len(shown.options) > 1:
            blocks.append(choice(label, block_id=block_id, action=action, options=shown.options, chosen=shown.chosen))
    blocks += [
        section(preview.departure),
        divider(),
        section("*The mail, exactly as it would leave*"),
        context(preview.mail_head),
        *exact(preview.mail_body),
        divider(),
        context(preview.alert),
    ]
    return asking(
        Page("Nudge", "", tuple(blocks)),
        callback=ids.NUDGE_MODAL,
        submit=preview.submit,
        close="Not now",
        metadata=preview.draft,
    )
