"""Requests for another text: the window to write it in, the Controllers' message, the decision."""

from __future__ import annotations

from datetime import datetime

from domain.library import (
    Change,
    ChangeAsked,
    ChangeDecided,
    ChangeShown,
    ChangeState,
    Edition,
    Reading,
    Shelf,
    Version,
)
from domain.policies import Tone
from domain.reasons import Reason
from domain.rules.letters import SUBJECT_AT_MOST
from domain.rules.templates import TAGS
from handlers import ids
from handlers.escaping import escape, escape_lines, quoted
from handlers.presenters.differing import Places, difference_blocks, summary
from handlers.presenters.in_words import change_lines
from handlers.presenters.library import named
from handlers.presenters.reader import Reader
from handlers.seal import Kind, Signet
from handlers.views.blocks import Block, Button, Option, Page, View, actions, asking, context, divider, exact, section
from handlers.views.forms import FIELD_AT_MOST, Field, portions, selected, ticked, written

WHY_AT_MOST, REASON_AT_MOST = 1_000, 500
NO_WHY = "Please say why: the Controller decides by it."
NO_REASON = "Please give a reason: whoever asked reads it."

AT_FIELD: dict[Reason, str] = {
    Reason.UNKNOWN_TAG: f"{ids.TEXT_BLOCK}.0",
    Reason.MISSING_TAG: f"{ids.TEXT_BLOCK}.0",
    Reason.NO_LETTER: f"{ids.TEXT_BLOCK}.0",
    Reason.UNREADABLE_DOCUMENT: f"{ids.TEXT_BLOCK}.0",
    Reason.NOTHING_CHANGED: f"{ids.TEXT_BLOCK}.0",
}
"""Refusals that are said beside the field, so that nothing that was typed is lost."""


def change_form(reading: Reading, *, signet: Signet) -> View:
    """The present text, ready to be changed, and why. What stands now stays in the view behind this window."""
    version = reading.version
    blocks: list[Block] = [
        section(
            f"*{_capital(named(version.edition, version.name))}* stays as it is. A Controller sees your text beside "
            "it and decides; a yes makes a new draft."
        )
    ]
    blocks += _letter_fields(reading) if reading.letter is not None else _text_fields(version.text)
    blocks.append(
        written(
            Field("Why?", ids.WHY_BLOCK, hint="What is wrong with it now, and for whom.", limit=WHY_AT_MOST),
        )
    )
    return asking(
        Page("Request a change", "Request a change", tuple(blocks)),
        callback=ids.CHANGE_MODAL,
        submit="Ask",
        close="Not now",
        metadata=signet.close(Kind.EDITION, str(version.edition)),
    )


def _letter_fields(reading: Reading) -> list[Block]:
    letter = reading.letter
    assert letter is not None
    tones = list(Tone)
    now = next((index for index, tone in enumerate(tones) if tone.value == letter.tone), tones.index(Tone.NEUTRAL))
    return [
        selected(
            "Tone",
            block_id=ids.TONE_BLOCK,
            options=[Option(tone.value, tone.value) for tone in tones],
            chosen=now,
        ),
        written(
            Field("Subject", ids.SUBJECT_BLOCK, value=letter.subject, limit=SUBJECT_AT_MOST, lines=False),
        ),
        *_text_fields(letter.body, hint=f"Merge tags that a mail can fill: {' '.join(f'{{{tag}}}' for tag in TAGS)}"),
    ]


def _text_fields(text: str, *, hint: str = "Keep its shape: names, colons and lists.") -> list[Block]:
    pieces = portions(text)
    blocks = []
    for number, piece in enumerate(pieces):
        label = "Proposed text" if len(pieces) == 1 else f"Proposed text, part {number + 1} of {len(pieces)}"
        blocks.append(written(Field(label, f"{ids.TEXT_BLOCK}.{number}", value=piece, hint=hint, limit=FIELD_AT_MOST)))
    return blocks


def asked_page(outcome: ChangeAsked) -> Page:
    if outcome.told:
        who = "The Controller has" if outcome.told == 1 else f"All {outcome.told} Controllers have"
        text = (
            f"📮 *Asked.* {who} your text beside the present one. You get a message with the decision and the reason."
        )
    else:
        text = "📮 *Noted.* There is no Controller yet who could decide it; your Admin can name one."
    return Page("Request a change", "Your change was asked for", (section(text),))


def change_page(shown: ChangeShown, *, reader: Reader, signet: Signet, at: datetime) -> Page:
    """A Controller's message; edited when it is decided."""
    change = shown.change
    about = named(change.edition, shown.name)
    lead = f"📮 *{escape(change.asker, 80)} would like to change {about}*"
    blocks: list[Block] = [
        section(f"{lead} ({reader.moment(change.asked_at, at)})"),
        section(f"*Why*\n{escape_lines(change.why, WHY_AT_MOST) or '—'}"),
        *_places(shown, Places(None, change.id), signet),
    ]
    if change.edition.shelf is Shelf.TEMPLATE and change.state is ChangeState.WAITING:
        blocks += [section("*The whole mail as proposed*"), *exact(escape_lines(change.proposed))]
    if shown.is_overtaken and change.state is ChangeState.WAITING:
        blocks.append(section(_overtaken(shown)))
    blocks.append(divider())
    if change.state is ChangeState.WAITING:
        token = signet.close_for_all(Kind.CHANGE, change.id)
        buttons = [
            Button("Approve", ids.CHANGE_APPROVE, token, style="primary"),
            Button("Decline", ids.CHANGE_DECLINE, token),
        ]
        newest = shown.newest.edition if shown.is_overtaken else change.edition
        label = "See the newest" if shown.is_overtaken else "Read present text"
        blocks.append(actions([*buttons, _read(label, newest, signet)]))
    else:
        blocks += [section(_decision(change, reader, at)), actions([_read_outcome(change, signet)])]
    return Page("Request", lead.replace("*", ""), tuple(blocks))


def _places(shown: ChangeShown, places: Places, signet: Signet) -> list[Block]:
    words = change_lines(shown.contents)
    marks = "" if words and places.start is None else ". Struck out: would go. Bold: would come."
    return [
        *difference_blocks(shown.hunks, left="Now", right="Proposed", places=places, signet=signet, words=words),
        context(f"{summary(shown.hunks)}{marks}"),
    ]


def places_page(shown: ChangeShown, places: Places, *, signet: Signet) -> Page:
    """All that is asked for, page by page."""
    lead = f"{escape(shown.change.asker, 80)} would like to change {named(shown.change.edition, shown.name)}"
    return Page("What changed", lead, (section(f"*{lead}*"), *_places(shown, places, signet)))


def _overtaken(shown: ChangeShown) -> str:
    newest: Version = shown.newest
    return (
        f"⚠️ *There is a version {newest.edition.number} since.* This was asked for when version "
        f"{shown.change.edition.number} was read, and the proposed text knows nothing of the newer one."
    )


def _decision(change: Change, reader: Reader, at: datetime) -> str:
    when = f" {reader.moment(change.decided_at, at)}" if change.decided_at else ""
    sign, word = ("✅", "approved") if change.state is ChangeState.APPROVED else ("🚫", "declined")
    by = escape(change.decided_by or "", 80)
    then = f" It is version {change.made.number} now, a draft." if change.made else ""
    return f"{sign} *{by} {word} it{when}:* {quoted(change.decision, REASON_AT_MOST)}{then}"


def deciding_form(shown: ChangeShown, *, approve: bool, signet: Signet) -> View:
    """Why, in either case; of a template also whether Legal looks at it."""
    change = shown.change
    about = named(change.edition, shown.name)
    blocks: list[Block] = [section(_overtaken(shown))] if shown.is_overtaken else []
    if approve:
        blocks.append(
            section(f"Approving makes a draft of {escape(change.asker, 80)}'s text for {about}. What is live stays.")
        )
    else:
        blocks.append(section(f"{escape(change.asker, 80)} hears that {about}, stays as it is, and why."))
    blocks.append(
        written(Field("Your reason", ids.WHY_BLOCK, hint="The asker reads it.", limit=REASON_AT_MOST)),
    )
    if approve and change.edition.shelf is Shelf.TEMPLATE:
        blocks.append(
            ticked(
                "Before anybody can nudge with it",
                block_id=ids.LEGAL_BLOCK,
                text="Legal signs it off, too",
                value="legal",
                is_ticked=shown.needs_legal,
            )
        )
    return asking(
        Page("Approve" if approve else "Decline", "Decision", tuple(blocks)),
        callback=ids.CHANGE_APPROVE_MODAL if approve else ids.CHANGE_DECLINE_MODAL,
        submit="Make the draft" if approve else "Decline",
        close="Not now",
        metadata=signet.close(Kind.CHANGE, change.id),
    )


def decided_page(outcome: ChangeDecided, *, signet: Signet) -> Page:
    change = outcome.change
    told = f"{escape(change.asker, 80)} is told, with your reason."
    if change.made is None:
        return Page("Declined", "Declined", (section(f"🚫 *Declined.* Nothing was changed. {told}"),))
    text = f"✅ *Approved.* {_capital(named(change.made, outcome.name))}, is a draft now. {told}"
    # In the same window: others are opened from the draft, and Slack allows three on each other.
    read = Button("Read the draft", ids.TEXT_OPEN, signet.close(Kind.EDITION, str(change.made)))
    return Page("Approved", "Approved", (section(text), actions([read])))


def decision_page(shown: ChangeShown, *, reader: Reader, signet: Signet, at: datetime) -> Page:
    """For whoever asked."""
    change = shown.change
    what = f"Your change to {named(change.edition, shown.name)}"
    if change.state is ChangeState.APPROVED:
        lead = f"✅ *{what}, was approved*"
        then = "It is a draft now. It can be used once it is approved." if change.made else ""
    else:
        lead, then = f"🚫 *{what}, was declined*", "The text stays as it is."
    by = escape(change.decided_by or "", 80)
    lines = [lead, f"{by}: “{escape(change.decision, REASON_AT_MOST)}”", then]
    blocks = (section("\n".join(filter(None, lines))), actions([_read_outcome(change, signet)]))
    return Page("Request", lead.replace("*", ""), blocks)


def sign_off_page(version: Version, *, signet: Signet) -> Page:
    """For Legal; edited when it is signed off."""
    about = named(version.edition, version.name)
    if version.signed_off_by or version.state.value == "retired":
        text = f"⚖️ {_capital(about)}, needs nothing from you any more."
    else:
        text = f"⚖️ *{_capital(about)}, waits for your sign-off.* Nobody can nudge with it before."
    return Page(
        "Sign-off", text.replace("*", ""), (section(text), actions([_read("Read it", version.edition, signet)]))
    )


def discarded_page(version: Version, *, signet: Signet) -> Page:
    """For whoever wrote the draft or asked for it."""
    lead = f"🗄️ *Your draft of {named(version.edition, version.name)}, was discarded.*"
    text = f"{lead}\nIt does not come into force, and can still be read. A Controller can tell you why."
    read = actions([_read("Read the draft", version.edition, signet)])
    return Page("Discarded", lead.replace("*", ""), (section(text), read))


def _read(label: str, edition: Edition, signet: Signet) -> Button:
    return Button(label, ids.TEXT_BESIDE, signet.close_for_all(Kind.EDITION, str(edition)))


def _read_outcome(change: Change, signet: Signet) -> Button:
    return _read("Read the draft" if change.made else "Read the text", change.made or change.edition, signet)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
