"""`state.values` and `actions` in Slack's exact shapes."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.kit.answers import missing_or_malformed
from sandbox.kit.values import action_for, entry_for, state_values
from sandbox.people import Impossible

ONE = {"text": {"type": "plain_text", "text": "One"}, "value": "1"}
TWO = {"text": {"type": "plain_text", "text": "Two"}, "value": "2"}

EMPTY: dict[str, dict[str, Any]] = {
    "plain_text_input": {"value": None},
    "email_text_input": {"value": None},
    "url_text_input": {"value": None},
    "number_input": {"value": None},
    "rich_text_input": {"rich_text_value": None},
    "static_select": {"selected_option": None},
    "external_select": {"selected_option": None},
    "radio_buttons": {"selected_option": None},
    "users_select": {"selected_user": None},
    "conversations_select": {"selected_conversation": None},
    "channels_select": {"selected_channel": None},
    "datepicker": {"selected_date": None},
    "timepicker": {"selected_time": None},
    "datetimepicker": {"selected_date_time": None},
    "checkboxes": {"selected_options": []},
    "multi_static_select": {"selected_options": []},
    "multi_external_select": {"selected_options": []},
    "multi_users_select": {"selected_users": []},
    "multi_conversations_select": {"selected_conversations": []},
    "multi_channels_select": {"selected_channels": []},
    "file_input": {"files": []},
}


def block(element: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return {"type": "input", "block_id": "b", "element": {"action_id": "a", **element}, **rest}


@pytest.mark.parametrize("kind", EMPTY)
def test_an_untouched_element_is_there_and_empty(kind: str) -> None:
    values = state_values([block({"type": kind, "options": [ONE]})], chosen={})
    assert values == {"b": {"a": {"type": kind, **EMPTY[kind]}}}


@pytest.mark.parametrize(
    ("element", "shown"),
    [
        ({"type": "plain_text_input", "initial_value": "x"}, {"value": "x"}),
        ({"type": "plain_text_input", "initial_value": ""}, {"value": None}),
        ({"type": "static_select", "options": [ONE], "initial_option": ONE}, {"selected_option": ONE}),
        ({"type": "checkboxes", "options": [ONE], "initial_options": [ONE]}, {"selected_options": [ONE]}),
        ({"type": "users_select", "initial_user": "U1"}, {"selected_user": "U1"}),
        ({"type": "datepicker", "initial_date": "2026-03-01"}, {"selected_date": "2026-03-01"}),
    ],
)
def test_initial_choices_count_as_chosen(element: dict[str, Any], shown: dict[str, Any]) -> None:
    values = state_values([block(element)], chosen={})
    assert values["b"]["a"] == {"type": element["type"], **shown}


def test_buttons_and_overflow_menus_have_no_state() -> None:
    blocks = [
        {"type": "actions", "block_id": "b", "elements": [{"type": "button", "action_id": "x"}]},
        {"type": "section", "block_id": "c", "accessory": {"type": "overflow", "action_id": "y", "options": [ONE]}},
    ]
    assert state_values(blocks, chosen={}) == {}


def test_a_choice_is_the_whole_option() -> None:
    element = {"type": "static_select", "action_id": "a", "options": [ONE, TWO]}
    assert entry_for(element, value="2") == {"type": "static_select", "selected_option": TWO}
    assert entry_for(element, value=None) == {"type": "static_select", "selected_option": None}


def test_nobody_can_choose_what_is_not_offered() -> None:
    with pytest.raises(Impossible, match="offers no option 'z'"):
        entry_for({"type": "static_select", "action_id": "a", "options": [ONE]}, value="z")


def test_nobody_can_choose_more_than_allowed() -> None:
    element = {"type": "multi_static_select", "action_id": "a", "options": [ONE, TWO], "max_selected_items": 1}
    with pytest.raises(Impossible, match="takes 1 at most"):
        entry_for(element, value=["1", "2"])


def test_what_was_typed_before_a_change_of_kind_is_forgotten() -> None:
    chosen = {"b": {"a": {"type": "plain_text_input", "value": "x"}}}
    assert state_values([block({"type": "static_select", "options": [ONE]})], chosen=chosen) == {
        "b": {"a": {"type": "static_select", "selected_option": None}}
    }


def test_a_buttons_action_carries_its_text_and_value() -> None:
    element = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}, "value": "7"}
    assert action_for(element, block_id="b", action_ts="1.2") == {
        "type": "button",
        "action_id": "go",
        "block_id": "b",
        "text": {"type": "plain_text", "text": "Go"},
        "value": "7",
        "action_ts": "1.2",
    }


@pytest.mark.parametrize(
    ("element", "value", "complaint"),
    [
        ({"type": "plain_text_input"}, None, "Please complete this required field."),
        ({"type": "plain_text_input"}, "   ", "Please complete this required field."),
        ({"type": "plain_text_input", "min_length": 3}, "ab", "Must be at least 3 characters."),
        ({"type": "plain_text_input", "max_length": 3}, "abcd", "Must be at most 3 characters."),
        ({"type": "email_text_input"}, "rita", "Please enter a valid email address."),
        ({"type": "url_text_input"}, "example", "Please enter a valid URL."),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "Please enter a whole number."),
        ({"type": "number_input", "is_decimal_allowed": True}, "NaN", "Please enter a valid number."),
        ({"type": "number_input", "is_decimal_allowed": True, "min_value": "2"}, "1", "Must be 2 or more."),
        ({"type": "number_input", "is_decimal_allowed": True, "max_value": "2"}, "3", "Must be 2 or less."),
        ({"type": "checkboxes", "options": [ONE]}, [], "Please complete this required field."),
        ({"type": "static_select", "options": [ONE]}, None, "Please complete this required field."),
    ],
)
def test_slack_holds_back_what_is_not_filled_in(element: dict[str, Any], value: Any, complaint: str) -> None:
    element = {"action_id": "a", **element}
    chosen = {"b": {"a": entry_for(element, value=value)}}
    blocks = [block(element)]
    assert missing_or_malformed(blocks, values=state_values(blocks, chosen=chosen)) == {"b": complaint}


def test_an_optional_field_may_stay_empty() -> None:
    blocks = [block({"type": "plain_text_input"}, optional=True)]
    assert missing_or_malformed(blocks, values=state_values(blocks, chosen={})) == {}
