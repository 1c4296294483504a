"""What stands in the fields of a window, as Slack says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.seal import Kind


@dataclass(frozen=True)
class Sealed:
    """A value that only we can make: sealed when it is sent, for whoever sends it."""

    kind: Kind
    parts: tuple[int | str, ...]


Entry = Mapping[str, Any]
Fields = Mapping[tuple[str, str], Entry]
"""By block and action: what Slack says stands in a field. Sealed values stand in it unsealed."""


def typed(value: str | None) -> Entry:
    return {"type": "plain_text_input", "value": value}


def chosen(value: Sealed | str | None) -> Entry:
    return {"type": "static_select", "selected_option": None if value is None else {"value": value}}


def ticked(*values: Sealed | str) -> Entry:
    return {"type": "checkboxes", "selected_options": [{"value": value} for value in values]}


def day(value: str | None) -> Entry:
    return {"type": "datepicker", "selected_date": value}


def somebody(value: str | None) -> Entry:
    return {"type": "users_select", "selected_user": value}


def several(*values: str) -> Entry:
    return {"type": "multi_users_select", "selected_users": list(values)}
