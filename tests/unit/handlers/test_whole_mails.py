"""Whoever approves a text has read it to its end, however long it is and whatever stands in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.rules.letters import Letter
from handlers.escaping import escape_lines, stretches
from handlers.library_announcements import render_change
from handlers.views.blocks import exact
from tests.unit.handlers.library_pages import CARL, make_shown
from tests.unit.handlers.limits import problems, units
from tests.unit.handlers.outcomes import NOW, SEAL

LONGEST = {
    "in paragraphs": "\n\n".join(["All of it & more. " * 20] * 8),
    "in one line": "word " * 598,
    "in signs that grow": "&" * 2_980,
    "in signs that count twice": "🧾" * 1_490,
}


@pytest.mark.parametrize("body", LONGEST.values(), ids=LONGEST)
def test_the_controller_sees_the_proposed_mail_to_its_end(body: str) -> None:
    letter = Letter("Neutral", "Subject " * 37, f"{body}\nThe end.\n")
    shown = make_shown()
    asked = replace(shown, change=replace(shown.change, proposed=letter.text))
    _, blocks = render_change(asked, CARL, seal=SEAL, at=NOW, zone="Europe/Berlin")
    assert not problems(blocks, most=50)
    heading = next(at for at, one in enumerate(blocks) if "The whole mail as proposed" in str(one))
    read = [one["text"]["text"] for one in blocks[heading:] if one.get("text", {}).get("type") == "plain_text"]
    assert "".join(read).replace("\n", "") == escape_lines(letter.text).replace("\n", "")


def test_a_line_that_is_longer_than_a_section_goes_on_in_the_next_one() -> None:
    line = "a" + "&amp;" * 1_000
    texts = [block["text"]["text"] for block in exact(line)]
    assert "".join(texts) == line and len(texts) == 2
    assert texts[1].startswith("&amp;"), "no sign is divided"


def test_what_fits_is_not_divided() -> None:
    assert stretches("Hello.", 6) == ["Hello."]
    assert stretches("", 6) == [""]
    assert all(units(one) <= 6 for one in stretches("🧾🧾🧾🧾", 6))
