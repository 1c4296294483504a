"""Slack's limits as tables. A change of Slack's rules is a change of a line here.

Lengths are characters. Sources: Slack's Block Kit reference; the few that are documented only by the
errors people got are marked.
"""

from __future__ import annotations

from sandbox.kit.schema import (
    BOTH,
    Bool,
    Confirm,
    Either,
    Element,
    Field,
    Group,
    Inner,
    Int,
    Many,
    Obj,
    OneOf,
    Option,
    Shape,
    Str,
    Text,
)

BLOCKS_PER_SURFACE = {"message": 50, "modal": 100, "home": 100}
VIEW_BYTES = 250_000
MARKDOWN_TOTAL = 12_000
# chat.update says 4,000 in its reference; posting cuts only far later.
TEXT_LIMIT = {"chat.postMessage": 40_000, "chat.postEphemeral": 40_000, "chat.update": 4_000, "response": 40_000}

_DATE = Str(max=10, pattern=r"\d{4}-\d{2}-\d{2}", why="must be a date in the format YYYY-MM-DD")
_TIME = Str(max=5, pattern=r"([01]\d|2[0-3]):[0-5]\d", why="must be a time in the format HH:mm")
_URL = Str(max=3000, pattern=r"(https?|mailto|slack):.+", why="must be a valid URL")

_ACTION: dict[str, Field] = {"action_id": Str(max=255)}
_ASKS: dict[str, Field] = {**_ACTION, "confirm": Confirm(), "focus_on_load": Bool()}
_HINTED: dict[str, Field] = {**_ASKS, "placeholder": Text(max=150)}
_TYPED: dict[str, Field] = {
    **_ACTION,
    "focus_on_load": Bool(),
    "placeholder": Text(max=150),
    "dispatch_action_config": Obj(),
}
_OPTIONS: dict[str, Field] = {
    "options": Many(of=Option(), max=100),
    "option_groups": Many(of=Group(), max=100),
}
_SEVERAL: dict[str, Field] = {"max_selected_items": Int(min=1, max=100)}
_RICH_CHOICE = Option(kinds=BOTH)

ELEMENTS: dict[str, Shape] = {
    "button": Shape(
        required={"text": Text(max=75)},
        optional={
            **_ACTION,
            "url": _URL,
            "value": Str(max=2000, min=0),
            "style": OneOf(("primary", "danger")),
            "confirm": Confirm(),
            "accessibility_label": Str(max=75),
        },
    ),
    "static_select": Shape(
        optional={**_HINTED, **_OPTIONS, "initial_option": Option()},
        one_of=("options", "option_groups"),
        exclusive=True,
    ),
    "external_select": Shape(
        optional={**_HINTED, "initial_option": Option(), "min_query_length": Int(min=0, max=1000)}
    ),
    "users_select": Shape(optional={**_HINTED, "initial_user": Str(max=255)}),
    "conversations_select": Shape(
        optional={
            **_HINTED,
            "initial_conversation": Str(max=255),
            "default_to_current_conversation": Bool(),
            "response_url_enabled": Bool(),
            "filter": Obj(),
        }
    ),
    "channels_select": Shape(optional={**_HINTED, "initial_channel": Str(max=255), "response_url_enabled": Bool()}),
    "multi_static_select": Shape(
        optional={**_HINTED, **_OPTIONS, **_SEVERAL, "initial_options": Many(of=Option(), max=100)},
        one_of=("options", "option_groups"),
        exclusive=True,
    ),
    "multi_external_select": Shape(
        optional={
            **_HINTED,
            **_SEVERAL,
            "initial_options": Many(of=Option(), max=100),
            "min_query_length": Int(min=0, max=1000),
        }
    ),
    "multi_users_select": Shape(
        optional={**_HINTED, **_SEVERAL, "initial_users": Many(of=Str(max=255), max=100, min=0)}
    ),
    "multi_conversations_select": Shape(
        optional={
            **_HINTED,
            **_SEVERAL,
            "initial_conversations": Many(of=Str(max=255), max=100, min=0),
            "default_to_current_conversation": Bool(),
            "filter": Obj(),
        }
    ),
    "multi_channels_select": Shape(
        optional={**_HINTED, **_SEVERAL, "initial_channels": Many(of=Str(max=255), max=100, min=0)}
    ),
    "overflow": Shape(
        required={"options": Many(of=Option(url=True), max=5)}, optional={**_ACTION, "confirm": Confirm()}
    ),
    "datepicker": Shape(optional={**_HINTED, "initial_date": _DATE}),
    "timepicker": Shape(optional={**_HINTED, "initial_time": _TIME, "timezone": Str(max=255)}),
    "datetimepicker": Shape(optional={**_ASKS, "initial_date_time": Int(min=1_000_000_000, max=9_999_999_999)}),
    "radio_buttons": Shape(
        required={"options": Many(of=_RICH_CHOICE, max=10)}, optional={**_ASKS, "initial_option": _RICH_CHOICE}
    ),
    "checkboxes": Shape(
        required={"options": Many(of=_RICH_CHOICE, max=10)},
        optional={**_ASKS, "initial_options": Many(of=_RICH_CHOICE, max=10)},
    ),
    "plain_text_input": Shape(
        optional={
            **_TYPED,
            "initial_value": Str(max=3000, min=0),
            "multiline": Bool(),
            "min_length": Int(min=0, max=3000),
            "max_length": Int(min=1, max=3000),
        }
    ),
    "email_text_input": Shape(optional={**_TYPED, "initial_value": Str(max=3000, min=0)}),
    "url_text_input": Shape(optional={**_TYPED, "initial_value": Str(max=3000, min=0)}),
    "number_input": Shape(
        required={"is_decimal_allowed": Bool()},
        optional={
            **_TYPED,
            "initial_value": Str(max=255, min=0),
            "min_value": Str(max=255),
            "max_value": Str(max=255),
        },
    ),
    "rich_text_input": Shape(optional={**_TYPED, "initial_value": Obj()}),
    "file_input": Shape(
        optional={**_ACTION, "filetypes": Many(of=Str(max=255), max=100), "max_files": Int(min=1, max=10)}
    ),
    "image": Shape(
        required={"alt_text": Str(max=2000)},
        optional={"image_url": _URL, "slack_file": Obj()},
        one_of=("image_url", "slack_file"),
        exclusive=True,
    ),
    "feedback_buttons": Shape(required={"positive_button": Obj(), "negative_button": Obj()}, optional=_ACTION),
    "icon_button": Shape(
        required={"icon": OneOf(("trash",)), "text": Text(max=75)},
        optional={
            **_ACTION,
            "value": Str(max=2000, min=0),
            "confirm": Confirm(),
            "accessibility_label": Str(max=75),
            "visible_to_user_ids": Many(of=Str(max=255), max=100),
        },
    ),
}

_SELECTS = ("static_select", "external_select", "users_select", "conversations_select", "channels_select")
_CHOICES = (
    *_SELECTS,
    *(f"multi_{kind}" for kind in _SELECTS),
    "checkboxes",
    "radio_buttons",
    "datepicker",
    "timepicker",
)
_INPUTS = (
    *_CHOICES,
    "datetimepicker",
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "rich_text_input",
    "file_input",
)

BLOCKS: dict[str, Shape] = {
    "section": Shape(
        optional={
            "text": Text(max=3000, kinds=BOTH),
            "fields": Many(of=Text(max=2000, kinds=BOTH), max=10),
            "accessory": Element(("button", "overflow", "image", *_CHOICES)),
            "expand": Bool(),
        },
        one_of=("text", "fields"),
    ),
    "divider": Shape(),
    "header": Shape(required={"text": Text(max=150)}, optional={"level": Int(min=1, max=4)}),
    "context": Shape(
        required={"elements": Many(of=Either(text=Text(max=3000, kinds=BOTH), element=Element(("image",))), max=10)}
    ),
    "context_actions": Shape(
        required={"elements": Many(of=Element(("feedback_buttons", "icon_button")), max=5)}, surfaces=("message",)
    ),
    "actions": Shape(
        required={"elements": Many(of=Element(("button", "overflow", "datetimepicker", *_CHOICES)), max=25)}
    ),
    "image": Shape(
        required={"alt_text": Str(max=2000)},
        optional={"image_url": _URL, "slack_file": Obj(), "title": Text(max=2000)},
        one_of=("image_url", "slack_file"),
        exclusive=True,
    ),
    "input": Shape(
        required={"label": Text(max=2000), "element": Element(_INPUTS)},
        optional={"hint": Text(max=2000), "optional": Bool(), "dispatch_action": Bool()},
    ),
    "rich_text": Shape(required={"elements": Many(of=Obj(), max=1000)}),
    "markdown": Shape(required={"text": Str(max=12_000)}, surfaces=("message",)),
    "table": Shape(
        required={"rows": Many(of=Many(of=Obj(), max=20), max=100)},
        optional={"column_settings": Many(of=Obj(), max=20)},
        surfaces=("message",),
    ),
    "alert": Shape(
        required={"text": Text(max=3000, kinds=BOTH)},
        optional={"level": OneOf(("default", "info", "warning", "error", "success"))},
        surfaces=("modal",),
    ),
    "card": Shape(
        optional={
            "hero_image": Element(("image",)),
            "icon": Element(("image",)),
            "title": Text(max=150, kinds=BOTH),
            "subtitle": Text(max=150, kinds=BOTH),
            "body": Text(max=200, kinds=BOTH),
            "actions": Many(of=Element(("button",)), max=25),
        },
        one_of=("hero_image", "title", "actions", "body"),
        surfaces=("message", "home"),
    ),
    "carousel": Shape(required={"elements": Many(of=Inner(("card",)), max=10)}, surfaces=("message", "home")),
    "container": Shape(
        required={
            "child_blocks": Many(
                of=Inner(("section", "divider", "header", "context", "actions", "image", "rich_text", "table")), max=10
            )
        },
        optional={
            "title": Text(max=150),
            "rich_text_title": Obj(),
            "subtitle": Text(max=150, kinds=BOTH),
            "width": OneOf(("narrow", "standard", "wide", "full")),
            "icon": Element(("image",)),
            "is_collapsible": Bool(),
            "default_collapsed": Bool(),
            "has_header_divider": Bool(),
        },
        one_of=("title", "rich_text_title"),
        surfaces=("message",),
    ),
}

_VIEW: dict[str, Field] = {
    "private_metadata": Str(max=3000, min=0),
    "callback_id": Str(max=255, min=0),
    "external_id": Str(max=255, min=0),
}
VIEWS: dict[str, Shape] = {
    "modal": Shape(
        required={"title": Text(max=24)},
        optional={
            **_VIEW,
            "submit": Text(max=24),
            "close": Text(max=24),
            "clear_on_close": Bool(),
            "notify_on_close": Bool(),
        },
    ),
    "home": Shape(optional=_VIEW),
}
