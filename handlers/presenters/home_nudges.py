"""Nudges on App Home: what may be stopped, what waits for somebody, what became of the rest."""

from __future__ import annotations

from domain.homing import Cut, Part
from domain.outcomes import MyAccounts, NudgeStory
from handlers.presenters.frame import Frame
from handlers.presenters.lists import mine
from handlers.presenters.stories import home_line
from handlers.views.blocks import Block, Button, actions, header, section


def unconfirmed(cut: Cut[NudgeStory], frame: Frame) -> list[Block]:
    """Nobody knows whether these arrived; they are never sent again by themselves."""
    return _with_buttons(Part.UNCONFIRMED, "❓ Did these arrive?", cut, frame)


def held(cut: Cut[NudgeStory], frame: Frame) -> list[Block]:
    return _with_buttons(Part.HELD, "✋ Nudges on hold", cut, frame)


def on_their_way(cut: Cut[NudgeStory], frame: Frame) -> list[Block]:
    return _with_buttons(Part.ON_THEIR_WAY, "Nudges on their way", cut, frame, note="None at the moment.")


def my_nudges(cut: Cut[NudgeStory], frame: Frame) -> list[Block]:
    """What can still be stopped; nothing where nothing is, so that the accounts come first."""
    return _with_buttons(Part.MY_NUDGES, "Your nudges on their way", cut, frame)


def my_latest(cut: Cut[NudgeStory], frame: Frame) -> list[Block]:
    lines = []
    for story in cut.items:
        text, buttons = _line(story, frame)
        lines.append(section(text, beside=buttons[0]))
    return frame.listed(Part.MY_LATEST, "Your latest nudges", cut, lines)


def accounts(outcome: MyAccounts, frame: Frame) -> list[Block]:
    listing = mine(outcome, reader=frame.reader, signet=frame.signet)
    lead = section(listing.lead)
    footer = [section(listing.footer)] if listing.footer and outcome.total != len(outcome.summaries) else []
    return [header("Accounts"), lead, *(section(line.text, beside=line.button) for line in listing.lines), *footer]


def _with_buttons(part: Part, title: str, cut: Cut[NudgeStory], frame: Frame, *, note: str = "") -> list[Block]:
    """On Home each with what may be done about it; in a window, where nothing is redrawn, only its account."""
    lines: list[Block] = []
    for story in cut.items:
        text, buttons = _line(story, frame)
        lines += [section(text, beside=buttons[0])] if frame.by_itself else [section(text), actions(buttons)]
    return frame.listed(part, title, cut, lines, note=note)


def _line(story: NudgeStory, frame: Frame) -> tuple[str, list[Button]]:
    return home_line(story, viewer=frame.viewer, reader=frame.reader, signet=frame.signet, at=frame.at)
