"""What changed between two texts can be read to its end, page by page."""

from __future__ import annotations

from typing import Any

import pytest

from domain.library import Edition, Shelf
from domain.rules.differences import differences
from handlers import ids
from handlers.library_inputs import clicked_places
from handlers.presenters.differing import ROWS, Places, difference_blocks
from handlers.seal import Kind
from handlers.views.blocks import Block, Page, modal
from tests.unit.handlers.limits import view_problems
from tests.unit.handlers.outcomes import make_signet

POLICY = Edition(Shelf.POLICY, 3)
MANY = (
    "\n".join(f"kept {number}\nold{number}" for number in range(40)),
    "\n".join(f"kept {number}\nnew{number}" for number in range(40)),
)
LONG_LINE = "Same.", " ".join(f"word{number}" for number in range(2_000))
ENTITIES = "&" * 4_000, "<" * 4_000
LETTERS = "A", "\n\n".join("paragraph " * 30 + str(number) for number in range(30))


def page(texts: tuple[str, str], places: Places) -> list[Block]:
    blocks = difference_blocks(differences(*texts), left="Now", right="Then", places=places, signet=make_signet())
    assert not view_problems(modal(Page("What changed", "", tuple(blocks))))
    return blocks


def turn(blocks: list[Block], action: str) -> Places | None:
    """Where the button leads to."""
    elements: list[Any] = [one for block in blocks for one in block.get("elements", [])]
    buttons = [one for one in elements if one.get("action_id") == action]
    if not buttons:
        return None
    edition, number, start, is_in_place = make_signet().open(Kind.PLACES, buttons[0]["value"])
    return Places(Edition.of(str(edition)), int(number), int(start), bool(is_in_place))


def pages(texts: tuple[str, str], action: str, places: Places | None) -> list[list[Block]]:
    found = []
    while places is not None:
        found.append(page(texts, places))
        places = turn(found[-1], action)
    return found


def column(found: list[list[Block]], side: int) -> str:
    shown = [block["fields"][side]["text"] for blocks in found for block in blocks if "fields" in block]
    return " ".join(text.partition("\n")[2] for text in shown)


def words(text: str) -> list[str]:
    return text.replace("~", "").replace("*", "").replace("_nothing here_", "").split()


@pytest.mark.parametrize("texts", [MANY, LONG_LINE, LETTERS], ids=["many places", "a long line", "a long letter"])
def test_every_word_stands_on_some_page(texts: tuple[str, str]) -> None:
    found = pages(texts, ids.PLACES_NEXT, Places(POLICY, 2, start=0))
    before, after = set(texts[0].split()), set(texts[1].split())
    assert words(column(found, 0)) == [word for word in texts[0].split() if word not in after]
    assert words(column(found, 1)) == [word for word in texts[1].split() if word not in before]


def test_what_grows_when_it_is_escaped_is_whole() -> None:
    found = pages(ENTITIES, ids.PLACES_NEXT, Places(POLICY, 2, start=0))
    assert column(found, 0).count("&amp;") == column(found, 1).count("&lt;") == 4_000


def test_pages_lead_back() -> None:
    found = pages(MANY, ids.PLACES_NEXT, Places(POLICY, 2, start=0))
    last = Places(POLICY, 2, start=(len(found) - 1) * ROWS)
    assert pages(MANY, ids.PLACES_BACK, last) == found[::-1]


def test_a_message_shows_the_first_page_and_the_way_to_all() -> None:
    assert turn(page(MANY, Places(POLICY, 2)), ids.PLACES_OPEN) == Places(POLICY, 2, start=0)
    assert turn(page(("a", "b"), Places(POLICY, 2)), ids.PLACES_OPEN) is None


def test_a_turned_page_knows_whether_the_text_is_a_click_back() -> None:
    for is_in_place in (True, False):
        first = Places(POLICY, 2, start=0, is_in_place=is_in_place)
        assert turn(page(MANY, first), ids.PLACES_NEXT) == Places(POLICY, 2, ROWS, is_in_place)


@pytest.mark.parametrize(("parts", "is_in_place"), [((), False), ((0,), False), ((1,), True)])
def test_a_button_of_before_the_way_back_was_carried_still_opens(parts: tuple[int, ...], is_in_place: bool) -> None:
    token = make_signet().close_for_all(Kind.PLACES, str(POLICY), 2, 0, *parts)
    body = {"actions": [{"value": token}]}
    assert clicked_places(body, make_signet()) == Places(POLICY, 2, 0, is_in_place)
