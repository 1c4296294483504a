"""Reads a method's arguments, which come as JSON or as a form in which objects are JSON strings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sandbox.api.errors import ApiError


class Arguments(Mapping[str, Any]):
    """What the caller sent. Asking for a missing required one raises `invalid_arguments`."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = {key: value for key, value in given.items() if value is not None}

    def __getitem__(self, key: str) -> Any:
        return self._given[key]

    def __iter__(self) -> Any:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)

    def text(self, name: str, default: str | None = None) -> str:
        """A string; required when there is no default."""
        value = self._given.get(name, default)
        if value is None or (value == "" and default is None):
            raise missing(name)
        if isinstance(value, (dict, list)):
            raise ApiError("invalid_arguments", messages=[f"[ERROR] must be a string [json-pointer:/{name}]"])
        return str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self._given.get(name, default)
        return value if isinstance(value, bool) else str(value).lower() in ("1", "true")

    def number(self, name: str, default: int) -> int:
        value = self._given.get(name, default)
        try:
            return int(value)
        except (TypeError, ValueError):
            raise ApiError(
                "invalid_arguments", messages=[f"[ERROR] must be an integer [json-pointer:/{name}]"]
            ) from None

    def thing(self, name: str) -> Any:
        """An object or a list, sent as such or as a JSON string; None when it was not sent."""
        value = self._given.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise ApiError(
                "invalid_arguments", messages=[f"[ERROR] must be valid JSON [json-pointer:/{name}]"]
            ) from None


def missing(name: str) -> ApiError:
    return ApiError("invalid_arguments", messages=[f"[ERROR] missing required field: {name} [json-pointer:]"])


def page_of(found: list[Any], arguments: Arguments) -> tuple[list[Any], str]:
    """One page of a list and the cursor of the next one, "" at the end."""
    limit = min(max(arguments.number("limit", 100), 1), 1000)
    cursor = arguments.text("cursor", "")
    start = 0
    if cursor:
        if not cursor.startswith("dXNlcjo") or not cursor[7:].isdigit():
            raise ApiError("invalid_cursor")
        start = int(cursor[7:])
    after = start + limit
    return found[start:after], f"dXNlcjo{after}" if after < len(found) else ""
