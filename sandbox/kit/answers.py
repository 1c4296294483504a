"""What Slack itself checks of a filled modal before it tells the app: nothing missing, nothing malformed."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.kit.values import STATE, Chosen

REQUIRED = "Please complete this required field."
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def missing_or_malformed(blocks: list[dict[str, Any]], *, values: Chosen) -> dict[str, str]:
    """Errors by block_id, in Slack's manner. Empty means that the submission may leave."""
    errors: dict[str, str] = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        key = STATE[element["type"]][0]
        value = values[block["block_id"]][element["action_id"]][key]
        problem = _problem(element, value=value, optional=block.get("optional", False))
        if problem:
            errors[block["block_id"]] = problem
    return errors


def _problem(element: dict[str, Any], *, value: Any, optional: bool) -> str | None:
    if value is None or value == []:
        return None if optional else REQUIRED
    match element["type"]:
        case "plain_text_input":
            if not value.strip() and not optional:
                return REQUIRED
            if len(value) < element.get("min_length", 0):
                return f"Must be at least {element['min_length']} characters."
            if len(value) > element.get("max_length", 3000):
                return f"Must be at most {element.get('max_length', 3000)} characters."
        case "email_text_input" if not EMAIL.fullmatch(value):
            return "Please enter a valid email address."
        case "url_text_input" if not re.fullmatch(r"https?://\S+", value):
            return "Please enter a valid URL."
        case "number_input":
            return _number_problem(element, value=value)
    return None


def _number_problem(element: dict[str, Any], *, value: str) -> str | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "Please enter a valid number."
    if not number.is_finite():
        return "Please enter a valid number."
    if not element["is_decimal_allowed"] and number != number.to_integral_value():
        return "Please enter a whole number."
    if "min_value" in element and number < Decimal(element["min_value"]):
        return f"Must be {element['min_value']} or more."
    if "max_value" in element and number > Decimal(element["max_value"]):
        return f"Must be {element['max_value']} or less."
    return None
