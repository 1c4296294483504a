"""Payloads as a database can hold them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
"""PostgreSQL's text holds no NUL, and half a pair of surrogates is no character in any encoding."""


def legible(body: Mapping[str, Any]) -> dict[str, Any]:
    """The same, without the few characters that nobody typed on purpose and no row can keep."""
    return {name: _legible(part) for name, part in body.items()}


def _legible(part: Any) -> Any:
    if isinstance(part, str):
        return _UNWRITABLE.sub("", part)
    if isinstance(part, Mapping):
        return legible(part)
    return [_legible(each) for each in part] if isinstance(part, list) else part
