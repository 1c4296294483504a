"""How a segment runs: the window in which it is set, and what was set."""

from __future__ import annotations

from domain.library import SegmentSet, SegmentShown
from domain.policies import Mode
from domain.reasons import Reason
from domain.rules.fields import NotAsAgreed
from domain.rules.quiet_hours import QuietHours
from domain.rules.written import write_hours
from handlers import ids, vocabulary
from handlers.escaping import escape
from handlers.presenters.documents import segment_lines
from handlers.seal import Kind, Signet
from handlers.views.blocks import Block, Button, Option, Page, View, asking, context, section
from handlers.views.forms import Field, selected, written

WHY_AT_MOST = 500
AT_FIELD = {Reason.NEEDS_CADENCE: ids.MODE_BLOCK, Reason.SAME_SETTINGS: ids.MODE_BLOCK}
"""Refusals that are said beside the field, so that nothing that was typed is lost."""
_FIELDS = {
    "daily_cap": (ids.CAP_BLOCK, "Write a whole number from 1 on, such as 20. Leave it empty for no cap of its own."),
    "quiet_hours": (ids.QUIET_BLOCK, "Write two different times like 18:00-08:00. Leave it empty for the policy's."),
}
_MODES = tuple(Mode)


def mended(error: NotAsAgreed) -> dict[str, str]:
    block, sentence = _FIELDS.get(str(error.path[-1]), (ids.MODE_BLOCK, error.sentence))
    return {block: sentence}


def settings_button(number: int, index: int, name: str, *, signet: Signet) -> Button:
    value = signet.close(Kind.SEGMENT, number, index)
    return Button("Settings", ids.SEGMENT_OPEN, value, label=f"Settings of {escape(name, 55)}")


def settings_form(shown: SegmentShown, *, signet: Signet) -> View:
    segment, number = shown.segment, shown.version.edition.number
    name = escape(segment.name, 100)
    blocks: list[Block] = [
        section(f"*How “{name}” runs.* It counts within seconds, for everybody."),
        selected(
            "Mode",
            block_id=ids.MODE_BLOCK,
            options=[Option(vocabulary.MODES[mode], mode.value) for mode in _MODES],
            chosen=_MODES.index(segment.mode),
        ),
        written(
            Field(
                "Mails a day",
                ids.CAP_BLOCK,
                str(segment.daily_cap or ""),
                "Nudges and Autopilot's steps together. The policy's limits count as well. Empty: no cap of its own.",
                limit=10,
                lines=False,
                is_optional=True,
            )
        ),
        written(
            Field(
                "Quiet hours on the customer's clock",
                ids.QUIET_BLOCK,
                write_hours(*segment.quiet) if segment.quiet else "",
                f"Such as 20:00-07:00. Empty: the policy's, {_hours(shown.quiet)}. Its closed days count either way.",
                limit=20,
                lines=False,
                is_optional=True,
            )
        ),
        written(Field("Why?", ids.WHY_BLOCK, hint="It stands in the audit log.", limit=WHY_AT_MOST)),
    ]
    if shown.drafts:
        which = ", ".join(map(str, shown.drafts[:3]))
        blocks.append(context(f"📝 A draft of the segments waits (version {which}). It would be set aside by this."))
    return asking(
        Page("Settings", name, tuple(blocks)),
        callback=ids.SEGMENT_MODAL,
        submit="Set",
        close="Not now",
        metadata=signet.close(Kind.SEGMENT, number, shown.index),
    )


def set_page(outcome: SegmentSet, *, signet: Signet) -> Page:
    edition = outcome.version.edition
    text = (
        f"✅ *Set: this is how it runs now,* by version {edition.number} of the segments. Those it concerns are told."
    )
    read = Button("All segments", ids.TEXT_OPEN, signet.close(Kind.EDITION, str(edition)))
    lines = segment_lines(outcome.segment)
    return Page("Settings", text.replace("*", ""), (section(text), section("\n".join(lines), beside=read)))


def _hours(quiet: QuietHours) -> str:
    return f"{quiet.start:%H:%M}-{quiet.end:%H:%M}"
