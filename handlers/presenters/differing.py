"""What changed between two texts, for the eye: what went is struck out, what came is bold, side by side."""

from __future__ import annotations

from collections.abc import Sequence

from domain.rules.differences import Hunk, Run, Side
from handlers.escaping import cut, escape
from handlers.views.blocks import Block, context, mrkdwn, section

HUNKS_SHOWN = 12
_SIDE = 1_900
_NOTHING = "_nothing here_"


def difference_blocks(hunks: Sequence[Hunk], *, left: str, right: str) -> list[Block]:
    """Each place in two columns, under `left` and `right`."""
    if not hunks:
        return [section("The two texts are the same.")]
    blocks: list[Block] = []
    for hunk in hunks[:HUNKS_SHOWN]:
        columns = [f"*{left}*\n{_side(hunk.before, '~')}", f"*{right}*\n{_side(hunk.after, '*')}"]
        blocks.append({"type": "section", "fields": [mrkdwn(column, 2_000) for column in columns]})
    if len(hunks) > HUNKS_SHOWN:
        blocks.append(context(f"and {len(hunks) - HUNKS_SHOWN} more places"))
    return blocks


def summary(hunks: Sequence[Hunk]) -> str:
    return f"{len(hunks)} place{'' if len(hunks) == 1 else 's'} changed"


def _side(side: Side, mark: str) -> str:
    lines = ["".join(_run(run, mark) for run in line) for line in side]
    text = "\n".join(lines).strip("\n")
    return cut(text, _SIDE) if text.strip() else _NOTHING


def _run(run: Run, mark: str) -> str:
    """Marks hug the words: Slack reads none beside a blank."""
    words = escape(run.text, _SIDE)
    if not words.strip():
        return " " if run.text else ""
    before = " " if run.text[:1].isspace() else ""
    after = " " if run.text[-1:].isspace() else ""
    return f"{before}{mark}{words.replace(mark, '')}{mark}{after}" if run.is_changed else f"{before}{words}{after}"
