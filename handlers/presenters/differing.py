"""What changed between two texts, for the eye: what went is struck out, what came is bold, side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from domain.library import Edition
from domain.rules.differences import Hunk, Run, Side
from handlers import ids
from handlers.escaping import escape, width
from handlers.presenters.counting import several
from handlers.seal import Kind, Signet
from handlers.views.blocks import Block, Button, actions, context, mrkdwn, paragraphs, pieces, section

ROWS = 10
"""On a page: each holds two columns of 2,000 characters, and a view 250 KB, six for a character at worst."""
_SIDE = 1_900
_LONG_RUN = re.compile(r".{1,300}(?=\s|$)|.{1,300}")
"""Pieces of it: escaped, each has room in a column whatever it is."""
_NOTHING = "_nothing here_"


@dataclass(frozen=True, slots=True)
class Places:
    """Which two texts are beside each other, as a button carries it: a version and the `number` of another one; without
    a version, what the request with this number asks for. `start`: rows before the page; None: the page stands in a
    message or a form, and others are opened in a window. `is_in_place`: they took the text's place in its own window,
    and it is one click back; a window over a form has no room for all that is opened from a text.
    """

    edition: Edition | None
    number: int
    start: int | None = None
    is_in_place: bool = False

    def sealed(self, signet: Signet, start: int) -> str:
        return signet.close_for_all(Kind.PLACES, str(self.edition or ""), self.number, start, int(self.is_in_place))


def difference_blocks(
    hunks: Sequence[Hunk],
    *,
    left: str,
    right: str,
    places: Places | None,
    signet: Signet,
    words: Sequence[str] = (),
) -> list[Block]:
    """A page in two columns, under `left` and `right`, and the way to the others; None: there is no such window.

    `words`: what changes, where that can be said in words. They come first; in a message and in a form the text itself
    is in the window.
    """
    rows = list(_rows(hunks, left, right))
    if not rows:
        return [section("The two texts are the same.")]
    if words and places and places.start is None:
        written = Button("See it as written", ids.PLACES_OPEN, places.sealed(signet, 0))
        return [*paragraphs(words), actions([written])]
    start = (places and places.start) or 0
    told = [*paragraphs(words), context("As it is written:")] if words and not start else []
    blocks: list[Block] = [
        {"type": "section", "fields": [mrkdwn(column, 2_000) for column in columns]}
        for columns in rows[start : start + ROWS]
    ]
    turns = list(_turns(len(rows), places, signet)) if places else []
    return [*told, *blocks, *([actions(turns)] if turns else [])]


def summary(hunks: Sequence[Hunk]) -> str:
    return f"{several(len(hunks), 'place')} changed"


def _turns(rows: int, places: Places, signet: Signet) -> Iterator[Button]:
    if places.start is None:
        if rows > ROWS:
            yield Button("See all changes", ids.PLACES_OPEN, places.sealed(signet, 0))
        return
    if places.start:
        yield Button("Earlier changes", ids.PLACES_BACK, places.sealed(signet, places.start - ROWS))
    if places.start + ROWS < rows:
        yield Button("Later changes", ids.PLACES_NEXT, places.sealed(signet, places.start + ROWS))


def _rows(hunks: Sequence[Hunk], left: str, right: str) -> Iterator[tuple[str, str]]:
    """One for each place; more where a side has no room in one column."""
    for hunk in hunks:
        sides = zip_longest(_columns(hunk.before, "~"), _columns(hunk.after, "*"), fillvalue=_NOTHING)
        for number, (before, after) in enumerate(sides):
            more = ", continued" if number else ""
            yield f"*{left}*{more}\n{before}", f"*{right}*{more}\n{after}"


def _columns(side: Side, mark: str) -> list[str]:
    return pieces(_lines(side, mark), _SIDE) or [_NOTHING]


def _lines(side: Side, mark: str) -> Iterator[str]:
    """As they are shown; one that has no room in a column goes on in the next line."""
    for line in side:
        now = ""
        for run in line:
            for number, text in enumerate(_LONG_RUN.findall(run.text)):
                words = _run(Run(text, run.is_changed), mark)
                if number or width(now + words) > _SIDE:
                    yield now
                    now = ""
                now += words
        yield now


def _run(run: Run, mark: str) -> str:
    """Marks hug the words: Slack reads none beside a blank."""
    words = escape(run.text, _SIDE)
    if not words.strip():
        return " " if run.text else ""
    before = " " if run.text[:1].isspace() else ""
    after = " " if run.text[-1:].isspace() else ""
    return f"{before}{mark}{words.replace(mark, '')}{mark}{after}" if run.is_changed else f"{before}{words}{after}"
