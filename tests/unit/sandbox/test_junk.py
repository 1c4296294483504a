"""Whatever stands in the place of a value, the validator answers; and what it lets through can be finished."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.identifiers import Identifiers
from sandbox.kit.check import check_blocks, check_view
from sandbox.kit.finish import finish_blocks
from sandbox.kit.values import state_values
from tests.browser.sandbox.showcase_blocks import card, gallery, home, modal

JUNK: list[Any] = [
    None,
    0,
    "",
    "x",
    True,
    1.5,
    [],
    {},
    [None],
    [[]],
    {"type": "plain_text"},
    {"type": "rich_text", "elements": 3},
    {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "bullet", "elements": [1]}]},
    {"type": []},
]


def places(thing: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if at:
        yield at
    for key, inner in thing.items() if isinstance(thing, dict) else enumerate(thing) if isinstance(thing, list) else ():
        yield from places(inner, (*at, key))


def with_junk(thing: Any, at: tuple[Any, ...], junk: Any) -> Any:
    done = copy.deepcopy(thing)
    inside = done
    for key in at[:-1]:
        inside = inside[key]
    inside[at[-1]] = copy.deepcopy(junk)
    return done


@pytest.mark.parametrize(
    ("blocks", "surface"),
    [(card(), "message"), (gallery(), "message"), (modal()["blocks"], "modal"), (home()["blocks"], "home")],
    ids=["card", "gallery", "modal", "home"],
)
def test_junk_in_any_place(blocks: list[Any], surface: str) -> None:
    ids = Identifiers()
    for at in places(blocks):
        for junk in JUNK:
            given = with_junk(blocks, at, junk)
            if not check_blocks(given, surface=surface):
                state_values(finish_blocks(given, ids=ids), chosen={})


def test_junk_in_a_view() -> None:
    for view in (modal(), home()):
        assert check_view(view, kinds=("modal", "home")) == []
        for key in view:
            for junk in JUNK:
                check_view({**view, key: junk}, kinds=("modal", "home"))
