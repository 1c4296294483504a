"""What no row can keep never comes as far as a use case."""

from __future__ import annotations

from handlers.legible import legible


def test_nul_and_half_characters_are_left_out_wherever_they_stand() -> None:
    body = {"view": {"state": {"a": {"value": "one\x00\ud800two"}}}, "actions": [{"value": "\x00"}, 5, None, True]}
    assert legible(body) == {"view": {"state": {"a": {"value": "onetwo"}}}, "actions": [{"value": ""}, 5, None, True]}


def test_everything_else_stays_as_it_was_typed() -> None:
    body = {"text": " Zoë 👩‍👩‍👧 \u202e\n\t=1+1 <!channel> "}
    assert legible(body) == body
