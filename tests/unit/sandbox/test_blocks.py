"""Every limit of Block Kit, with the place Slack names."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.kit.check import check_blocks, check_view, view_bytes


def plain(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words}


def mrkdwn(words: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": words}


def section(**rest: Any) -> dict[str, Any]:
    return {"type": "section", "text": mrkdwn("hi"), **rest}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def button(**rest: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain("Go"), "action_id": "go", **rest}


def option(value: str = "a", **rest: Any) -> dict[str, Any]:
    return {"text": plain(value or "x"), "value": value, **rest}


def select(**rest: Any) -> dict[str, Any]:
    return {"type": "static_select", "action_id": "s", "options": [option()], **rest}


def asks(element: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return {"type": "input", "block_id": "b", "label": plain("Label"), "element": element, **rest}


def typed(**rest: Any) -> dict[str, Any]:
    return {"type": "plain_text_input", "action_id": "t", **rest}


def confirm(**rest: Any) -> dict[str, Any]:
    return {"title": plain("t"), "text": plain("t"), "confirm": plain("y"), "deny": plain("n"), **rest}


def table(rows: list[list[dict[str, Any]]], **rest: Any) -> dict[str, Any]:
    return {"type": "table", "rows": rows, **rest}


CELL = {"type": "raw_text", "text": "x"}
MESSAGE, MODAL, HOME = "message", "modal", "home"

WRONG: list[tuple[str, str, list[Any], str]] = [
    ("51 blocks", MESSAGE, [{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    ("101 blocks", MODAL, [{"type": "divider"}] * 101, "no more than 100 items allowed [json-pointer:/blocks]"),
    ("101 on Home", HOME, [{"type": "divider"}] * 101, "no more than 100 items allowed [json-pointer:/blocks]"),
    ("no object", MESSAGE, ["hi"], "must provide an object [json-pointer:/blocks/0]"),
    ("no type", MESSAGE, [{}], "missing required field: type [json-pointer:/blocks/0]"),
    ("unknown type", MESSAGE, [{"type": "sparkle"}], "unsupported type: sparkle [json-pointer:/blocks/0/type]"),
    ("unknown field", MESSAGE, [section(colour="red")], "invalid additional property: colour [json-pointer:/blocks/0]"),
    (
        "block_id",
        MESSAGE,
        [section(block_id="b" * 256)],
        "must be less than 256 characters [json-pointer:/blocks/0/block_id]",
    ),
    (
        "same block_id",
        MESSAGE,
        [section(block_id="b")] * 2,
        "block_id `b` already exists [json-pointer:/blocks/1/block_id]",
    ),
    (
        "header too long",
        MESSAGE,
        [{"type": "header", "text": plain("x" * 151)}],
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
    (
        "header mrkdwn",
        MESSAGE,
        [{"type": "header", "text": mrkdwn("x")}],
        "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
    ),
    (
        "section empty text",
        MESSAGE,
        [{"type": "section", "text": mrkdwn("")}],
        "must be more than 0 characters [json-pointer:/blocks/0/text/text]",
    ),
    (
        "section too long",
        MESSAGE,
        [{"type": "section", "text": mrkdwn("x" * 3001)}],
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ),
    (
        "section of nothing",
        MESSAGE,
        [{"type": "section"}],
        "must define either `text` or `fields` [json-pointer:/blocks/0/type]",
    ),
    (
        "11 fields",
        MESSAGE,
        [section(fields=[mrkdwn("x")] * 11)],
        "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
    ),
    (
        "long field",
        MESSAGE,
        [section(fields=[mrkdwn("x" * 2001)])],
        "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
    ),
    (
        "input as accessory",
        MESSAGE,
        [section(accessory=typed())],
        "unsupported type: plain_text_input [json-pointer:/blocks/0/accessory/type]",
    ),
    (
        "11 in context",
        MESSAGE,
        [{"type": "context", "elements": [mrkdwn("x")] * 11}],
        "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        "button in context",
        MESSAGE,
        [{"type": "context", "elements": [button()]}],
        "unsupported type: button [json-pointer:/blocks/0/elements/0/type]",
    ),
    (
        "26 actions",
        MESSAGE,
        [actions(*[button(action_id=str(n)) for n in range(26)])],
        "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ),
    ("no actions", MESSAGE, [actions()], "no less than 1 items allowed [json-pointer:/blocks/0/elements]"),
    (
        "same action_id",
        MESSAGE,
        [actions(button(), button())],
        "action_id `go` already exists in this block [json-pointer:/blocks/0/elements/1/action_id]",
    ),
    (
        "action_id",
        MESSAGE,
        [actions(button(action_id="a" * 256))],
        "must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]",
    ),
    (
        "button text",
        MESSAGE,
        [actions(button(text=plain("x" * 76)))],
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
    ),
    (
        "button value",
        MESSAGE,
        [actions(button(value="x" * 2001))],
        "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
    ),
    (
        "button url",
        MESSAGE,
        [actions(button(url="https://x/" + "x" * 3000))],
        "must be less than 3001 characters [json-pointer:/blocks/0/elements/0/url]",
    ),
    (
        "button no url",
        MESSAGE,
        [actions(button(url="javascript:1"))],
        "must be a valid URL [json-pointer:/blocks/0/elements/0/url]",
    ),
    (
        "button style",
        MESSAGE,
        [actions(button(style="default"))],
        "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]",
    ),
    (
        "confirm title",
        MESSAGE,
        [actions(button(confirm=confirm(title=plain("x" * 101))))],
        "must be less than 101 characters [json-pointer:/blocks/0/elements/0/confirm/title/text]",
    ),
    (
        "confirm text",
        MESSAGE,
        [actions(button(confirm=confirm(text=plain("x" * 301))))],
        "must be less than 301 characters [json-pointer:/blocks/0/elements/0/confirm/text/text]",
    ),
    (
        "confirm deny",
        MESSAGE,
        [actions(button(confirm=confirm(deny=plain("x" * 31))))],
        "must be less than 31 characters [json-pointer:/blocks/0/elements/0/confirm/deny/text]",
    ),
    (
        "no options",
        MESSAGE,
        [actions(select(options=[]))],
        "no less than 1 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    (
        "101 options",
        MESSAGE,
        [actions(select(options=[option(str(n)) for n in range(101)]))],
        "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    (
        "option text",
        MESSAGE,
        [actions(select(options=[option(text=plain("x" * 76))]))],
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]",
    ),
    (
        "option value",
        MESSAGE,
        [actions(select(options=[option("x" * 151, text=plain("x"))]))],
        "must be less than 151 characters [json-pointer:/blocks/0/elements/0/options/0/value]",
    ),
    (
        "option description",
        MESSAGE,
        [actions(select(options=[option(description=plain("x" * 76))]))],
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/description/text]",
    ),
    (
        "option mrkdwn",
        MESSAGE,
        [actions(select(options=[option(text=mrkdwn("x"))]))],
        "unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/options/0/text/type]",
    ),
    (
        "options and groups",
        MESSAGE,
        [actions(select(option_groups=[{"label": plain("g"), "options": [option()]}]))],
        "must define only one of `options` or `option_groups` [json-pointer:/blocks/0/elements/0/type]",
    ),
    (
        "select of nothing",
        MESSAGE,
        [actions({"type": "static_select", "action_id": "s"})],
        "must define either `options` or `option_groups` [json-pointer:/blocks/0/elements/0/type]",
    ),
    (
        "initial not offered",
        MESSAGE,
        [actions(select(initial_option=option("z")))],
        "must exactly match one of the options [json-pointer:/blocks/0/elements/0/initial_option]",
    ),
    (
        "initial null",
        MESSAGE,
        [actions(select(initial_option=None))],
        "must provide an object [json-pointer:/blocks/0/elements/0/initial_option]",
    ),
    (
        "placeholder",
        MESSAGE,
        [actions(select(placeholder=plain("x" * 151)))],
        "must be less than 151 characters [json-pointer:/blocks/0/elements/0/placeholder/text]",
    ),
    (
        "11 checkboxes",
        MESSAGE,
        [actions({"type": "checkboxes", "action_id": "c", "options": [option(str(n)) for n in range(11)]})],
        "no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    (
        "11 radios",
        MESSAGE,
        [actions({"type": "radio_buttons", "action_id": "c", "options": [option(str(n)) for n in range(11)]})],
        "no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    (
        "6 in overflow",
        MESSAGE,
        [section(accessory={"type": "overflow", "action_id": "o", "options": [option(str(n)) for n in range(6)]})],
        "no more than 5 items allowed [json-pointer:/blocks/0/accessory/options]",
    ),
    (
        "url outside overflow",
        MESSAGE,
        [actions(select(options=[option(url="https://x.y")]))],
        "invalid additional property: url [json-pointer:/blocks/0/elements/0/options/0]",
    ),
    (
        "date",
        MESSAGE,
        [actions({"type": "datepicker", "action_id": "d", "initial_date": "1.2.2026"})],
        "must be a date in the format YYYY-MM-DD [json-pointer:/blocks/0/elements/0/initial_date]",
    ),
    (
        "time",
        MESSAGE,
        [actions({"type": "timepicker", "action_id": "d", "initial_time": "25:00"})],
        "must be a time in the format HH:mm [json-pointer:/blocks/0/elements/0/initial_time]",
    ),
    (
        "image alt",
        MESSAGE,
        [{"type": "image", "image_url": "https://x.y/z.png"}],
        "missing required field: alt_text [json-pointer:/blocks/0]",
    ),
    (
        "image source",
        MESSAGE,
        [{"type": "image", "alt_text": "x"}],
        "must define either `image_url` or `slack_file` [json-pointer:/blocks/0/type]",
    ),
    ("button as input", MODAL, [asks(button())], "unsupported type: button [json-pointer:/blocks/0/element/type]"),
    (
        "label",
        MODAL,
        [asks(typed(), label=plain("x" * 2001))],
        "must be less than 2001 characters [json-pointer:/blocks/0/label/text]",
    ),
    (
        "hint mrkdwn",
        MODAL,
        [asks(typed(), hint=mrkdwn("x"))],
        "unsupported type: mrkdwn [json-pointer:/blocks/0/hint/type]",
    ),
    (
        "max_length",
        MODAL,
        [asks(typed(max_length=3001))],
        "must be between 1 and 3000 [json-pointer:/blocks/0/element/max_length]",
    ),
    (
        "min over max",
        MODAL,
        [asks(typed(min_length=9, max_length=3))],
        "`min_length` must not be more than `max_length` [json-pointer:/blocks/0/element/min_length]",
    ),
    (
        "number",
        MODAL,
        [asks({"type": "number_input", "action_id": "n"})],
        "missing required field: is_decimal_allowed [json-pointer:/blocks/0/element]",
    ),
    (
        "two focused",
        MODAL,
        [asks(typed(focus_on_load=True), block_id="x"), asks(typed(focus_on_load=True))],
        "only one element may have `focus_on_load` [json-pointer:/blocks/1/element/focus_on_load]",
    ),
    (
        "alert in message",
        MESSAGE,
        [{"type": "alert", "text": plain("x")}],
        "unsupported type: alert [json-pointer:/blocks/0/type]",
    ),
    (
        "alert level",
        MODAL,
        [{"type": "alert", "text": plain("x"), "level": "loud"}],
        "must be a valid enum value [json-pointer:/blocks/0/level]",
    ),
    (
        "markdown in modal",
        MODAL,
        [{"type": "markdown", "text": "x"}],
        "unsupported type: markdown [json-pointer:/blocks/0/type]",
    ),
    (
        "markdown on Home",
        HOME,
        [{"type": "markdown", "text": "x"}],
        "unsupported type: markdown [json-pointer:/blocks/0/type]",
    ),
    (
        "markdown together",
        MESSAGE,
        [{"type": "markdown", "text": "x" * 7000}] * 2,
        "markdown blocks must be less than 12001 characters together [json-pointer:/blocks]",
    ),
    ("table in modal", MODAL, [table([[CELL]])], "unsupported type: table [json-pointer:/blocks/0/type]"),
    ("two tables", MESSAGE, [table([[CELL]])] * 2, "only one table allowed [json-pointer:/blocks/1/type]"),
    ("101 rows", MESSAGE, [table([[CELL]] * 101)], "no more than 100 items allowed [json-pointer:/blocks/0/rows]"),
    ("21 columns", MESSAGE, [table([[CELL] * 21])], "no more than 20 items allowed [json-pointer:/blocks/0/rows/0]"),
    (
        "empty cell",
        MESSAGE,
        [table([[{"type": "raw_text", "text": ""}]])],
        "must be more than 0 characters [json-pointer:/blocks/0/rows/0/0/text]",
    ),
    (
        "card title",
        MESSAGE,
        [{"type": "card", "title": plain("x" * 151)}],
        "must be less than 151 characters [json-pointer:/blocks/0/title/text]",
    ),
    (
        "card in modal",
        MODAL,
        [{"type": "card", "title": plain("x")}],
        "unsupported type: card [json-pointer:/blocks/0/type]",
    ),
    (
        "container on Home",
        HOME,
        [{"type": "container", "title": plain("x"), "child_blocks": [section()]}],
        "unsupported type: container [json-pointer:/blocks/0/type]",
    ),
    (
        "11 in container",
        MESSAGE,
        [{"type": "container", "title": plain("x"), "child_blocks": [{"type": "divider"}] * 11}],
        "no more than 10 items allowed [json-pointer:/blocks/0/child_blocks]",
    ),
    (
        "11 cards",
        MESSAGE,
        [{"type": "carousel", "elements": [{"type": "card", "title": plain("x")}] * 11}],
        "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        "rich text part",
        MESSAGE,
        [{"type": "rich_text", "elements": [{"type": "text", "text": "x"}]}],
        "unsupported type: text [json-pointer:/blocks/0/elements/0/type]",
    ),
    (
        "emoji no flag",
        MESSAGE,
        [{"type": "header", "text": {**plain("x"), "emoji": "yes"}}],
        "must be a boolean [json-pointer:/blocks/0/text/emoji]",
    ),
]

RIGHT: list[tuple[str, str, list[Any]]] = [
    ("50 blocks", MESSAGE, [{"type": "divider"}] * 50),
    ("100 blocks", HOME, [{"type": "divider"}] * 100),
    ("header of 150", MESSAGE, [{"type": "header", "text": plain("x" * 150)}]),
    ("section of 3000", MESSAGE, [{"type": "section", "text": mrkdwn("x" * 3000)}]),
    ("10 fields of 2000", MESSAGE, [{"type": "section", "fields": [mrkdwn("x" * 2000)] * 10}]),
    ("25 actions", MESSAGE, [actions(*[button(action_id=str(n)) for n in range(25)])]),
    (
        "mrkdwn in checkboxes",
        MESSAGE,
        [actions({"type": "checkboxes", "action_id": "c", "options": [option(text=mrkdwn("*x*"))]})],
    ),
    ("same action_id in two blocks", MESSAGE, [actions(button()), actions(button())]),
    (
        "overflow with url",
        MESSAGE,
        [section(accessory={"type": "overflow", "action_id": "o", "options": [option(url="https://x.y")]})],
    ),
    ("table", MESSAGE, [table([[CELL] * 20] * 100, column_settings=[{"align": "right"}])]),
    ("alert", MODAL, [{"type": "alert", "text": mrkdwn("x"), "level": "success"}]),
    ("inputs on Home", HOME, [asks(typed(min_length=1, max_length=3000))]),
    ("input in message", MESSAGE, [asks(select())]),
    ("markdown", MESSAGE, [{"type": "markdown", "text": "# x"}]),
]


@pytest.mark.parametrize(("surface", "blocks", "complaint"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_slack_names_what_is_wrong_and_where(surface: str, blocks: list[Any], complaint: str) -> None:
    assert complaint in check_blocks(blocks, surface=surface)


@pytest.mark.parametrize(("surface", "blocks"), [row[1:] for row in RIGHT], ids=[row[0] for row in RIGHT])
def test_what_is_just_within_the_limits_passes(surface: str, blocks: list[Any]) -> None:
    assert check_blocks(blocks, surface=surface) == []


def modal(**rest: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain("T"), "blocks": [], **rest}


VIEWS: list[tuple[str, dict[str, Any], str]] = [
    ("title", modal(title=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
    ("no title", {"type": "modal", "blocks": []}, "missing required field: title [json-pointer:/view]"),
    ("no blocks", {"type": "modal", "title": plain("T")}, "missing required field: blocks [json-pointer:/view]"),
    ("submit", modal(submit=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/submit/text]"),
    ("close", modal(close=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/close/text]"),
    (
        "metadata",
        modal(private_metadata="x" * 3001),
        "must be less than 3001 characters [json-pointer:/view/private_metadata]",
    ),
    ("callback_id", modal(callback_id="x" * 256), "must be less than 256 characters [json-pointer:/view/callback_id]"),
    ("external_id", modal(external_id="x" * 256), "must be less than 256 characters [json-pointer:/view/external_id]"),
    ("unknown", modal(submit_disabled=True), "invalid additional property: submit_disabled [json-pointer:/view]"),
    (
        "input alone",
        modal(blocks=[asks(typed())]),
        "must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/0/input]",
    ),
    (
        "home title",
        {"type": "home", "title": plain("x"), "blocks": []},
        "invalid additional property: title [json-pointer:/view]",
    ),
    ("type", {"type": "workflow_step", "blocks": []}, "unsupported type: workflow_step [json-pointer:/view/type]"),
    ("metadata null", modal(private_metadata=None), "must be a string [json-pointer:/view/private_metadata]"),
]


@pytest.mark.parametrize(("view", "complaint"), [row[1:] for row in VIEWS], ids=[row[0] for row in VIEWS])
def test_views_have_their_limits(view: dict[str, Any], complaint: str) -> None:
    assert complaint in check_view(view, kinds=("modal", "home"))


def test_a_views_size_is_its_json() -> None:
    assert view_bytes({"a": "é"}) == len('{"a":"é"}'.encode())
