"""Messages, a modal and a Home tab that between them use every block and element."""

from __future__ import annotations

from typing import Any


def plain(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words}


def mrkdwn(words: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": words}


def button(words: str, action_id: str, **rest: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(words), "action_id": action_id, **rest}


def option(words: str, value: str, note: str | None = None) -> dict[str, Any]:
    return {"text": plain(words), "value": value, **({"description": plain(note)} if note else {})}


def card() -> list[dict[str, Any]]:
    return [
        {"type": "header", "text": plain("Acme GmbH")},
        {
            "type": "section",
            "text": mrkdwn("*Owes €12,480.00*, of it *€4,200.00* past due for 34 days."),
            "accessory": {
                "type": "overflow",
                "action_id": "more",
                "options": [option("Open in billing", "open"), option("Mute for a week", "mute")],
            },
        },
        {
            "type": "section",
            "fields": [
                mrkdwn("*Owner*\n<@U02AMIR>"),
                mrkdwn("*Health*\n:large_yellow_circle: At risk"),
                mrkdwn("*Last nudge*\n<!date^1795000000^{date_short_pretty}, {time}|a while ago>"),
                mrkdwn("*Promise to pay*\n€2,000.00 by Friday"),
            ],
        },
        {
            "type": "table",
            "column_settings": [{"is_wrapped": True}, {"align": "right"}, {"align": "right"}],
            "rows": [
                [{"type": "raw_text", "text": word} for word in ("Invoice", "Open", "Days past due")],
                [{"type": "raw_text", "text": word} for word in ("INV-2041", "€3,000.00", "34")],
                [{"type": "raw_text", "text": word} for word in ("INV-2077", "€1,200.00", "12")],
            ],
        },
        {"type": "context", "elements": [mrkdwn("As of today · data from *billing.csv* · <https://example.com|why?>")]},
        {"type": "divider"},
        {
            "type": "actions",
            "elements": [
                button("Nudge", "nudge", style="primary", value="acme"),
                button(
                    "Hold",
                    "hold",
                    style="danger",
                    value="acme",
                    confirm={
                        "title": plain("Hold Acme?"),
                        "text": mrkdwn("Nothing leaves for *Acme* until somebody lifts it."),
                        "confirm": plain("Hold"),
                        "deny": plain("Never mind"),
                        "style": "danger",
                    },
                ),
                {
                    "type": "static_select",
                    "action_id": "window",
                    "placeholder": plain("Window"),
                    "options": [option("30 days", "30"), option("90 days", "90", "A quarter")],
                },
            ],
        },
    ]


def gallery() -> list[dict[str, Any]]:
    """The blocks and elements that the card, the modal and the Home tab leave out."""

    def said(words: str, **style: bool) -> dict[str, Any]:
        return {"type": "text", "text": words, **({"style": style} if style else {})}

    def listed(words: str) -> dict[str, Any]:
        return {"type": "rich_text_section", "elements": [said(words)]}

    return [
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [
                        said("Bold ", bold=True),
                        said("and code", code=True),
                        said(" for "),
                        {"type": "user", "user_id": "U02AMIR"},
                        {"type": "emoji", "name": "tada"},
                    ],
                },
                {"type": "rich_text_list", "style": "ordered", "elements": [listed("first"), listed("second")]},
                {"type": "rich_text_quote", "elements": [said("They said so.")]},
                {"type": "rich_text_preformatted", "elements": [said("total = 4200")]},
            ],
        },
        {
            "type": "markdown",
            "text": "# Heading\n**Bold**, _italic_, `code`\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |",
        },
        {
            "type": "container",
            "title": plain("Details"),
            "is_collapsible": True,
            "child_blocks": [{"type": "section", "text": mrkdwn("Inside *a container*")}],
        },
        {"type": "card", "title": plain("Acme GmbH"), "subtitle": plain("Berlin"), "body": plain("Owes €4,200.00")},
        {
            "type": "actions",
            "elements": [
                button("Open", "open", url="https://example.com"),
                {"type": "timepicker", "action_id": "time", "initial_time": "07:59"},
                {"type": "multi_users_select", "action_id": "who", "placeholder": plain("Who")},
                {"type": "datetimepicker", "action_id": "when", "initial_date_time": 1_795_420_800},
            ],
        },
        {
            "type": "input",
            "block_id": "mail",
            "label": plain("Mail"),
            "element": {"type": "email_text_input", "action_id": "mail", "placeholder": plain("ann@acme.example")},
        },
    ]


def modal(step: str = "1") -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "nudge_modal",
        "title": plain("Nudge Acme GmbH"),
        "submit": plain("Queue nudge"),
        "close": plain("Cancel"),
        "notify_on_close": True,
        "private_metadata": step,
        "blocks": [
            {
                "type": "alert",
                "level": "warning",
                "text": mrkdwn("Quiet hours in Berlin: this leaves *tomorrow 08:00*."),
            },
            {
                "type": "input",
                "block_id": "contact",
                "label": plain("Recipient"),
                "element": {
                    "type": "external_select",
                    "action_id": "contact",
                    "placeholder": plain("Search contacts"),
                    "min_query_length": 1,
                },
            },
            {
                "type": "input",
                "block_id": "tone",
                "label": plain("Tone"),
                "element": {
                    "type": "radio_buttons",
                    "action_id": "tone",
                    "initial_option": option("Friendly", "friendly", "A first reminder"),
                    "options": [
                        option("Friendly", "friendly", "A first reminder"),
                        option("Firm", "firm", "A last one"),
                    ],
                },
            },
            {
                "type": "input",
                "block_id": "note",
                "label": plain("Personal note"),
                "hint": plain("Goes above the table of invoices."),
                "optional": True,
                "element": {"type": "plain_text_input", "action_id": "note", "multiline": True, "max_length": 300},
            },
            {
                "type": "section",
                "block_id": "invoices",
                "text": mrkdwn("*Invoices to name*"),
                "accessory": {
                    "type": "checkboxes",
                    "action_id": "invoices",
                    "options": [option("INV-2041, €3,000.00", "2041"), option("INV-2077, €1,200.00", "2077")],
                },
            },
            {
                "type": "input",
                "block_id": "amount",
                "optional": True,
                "label": plain("Ask for"),
                "element": {
                    "type": "number_input",
                    "action_id": "amount",
                    "is_decimal_allowed": True,
                    "min_value": "1",
                },
            },
        ],
    }


def home() -> dict[str, Any]:
    return {
        "type": "home",
        "blocks": [
            {"type": "header", "text": plain("Good morning, Rita")},
            {"type": "section", "text": mrkdwn("*3 nudges* leave today. *1* is held. <!channel> stays asleep.")},
            {"type": "divider"},
            {
                "type": "section",
                "text": mrkdwn("*Acme GmbH* · €4,200.00 past due\n>Promised €2,000.00 by Friday"),
                "accessory": button("Cancel nudge", "cancel", style="danger", value="n1"),
            },
            {
                "type": "section",
                "text": mrkdwn("*Globex* · €980.00 past due\n• one invoice\n• first reminder"),
                "accessory": button("Cancel nudge", "cancel", style="danger", value="n2"),
            },
            {
                "type": "actions",
                "elements": [
                    button("Nudge somebody", "nudge", style="primary"),
                    {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-23"},
                    {"type": "users_select", "action_id": "owner", "placeholder": plain("Owner")},
                ],
            },
        ],
    }
