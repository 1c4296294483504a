"""Log lines for machines and people. Nothing sensitive is ever put into a record; this only sets the form."""

from __future__ import annotations

import json
import logging
import sys
from contextvars import ContextVar
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from handlers.errors import describe

IN_REQUEST: ContextVar[str | None] = ContextVar("in_request", default=None)
"""The name of Slack's request that is being answered; it stands in each line that is written meanwhile."""

_FIRST = ("at", "level", "logger", "event", "request")
_NOISY = ("slack_bolt", "slack_sdk", "apscheduler", "waitress", "werkzeug", "alembic")
"""Bolt and the SDK log whole payloads at DEBUG and connection details at INFO; APScheduler logs every tick."""
_RAISING = "slack_sdk.web.base_client"
"""What it logs as an error it raises as well: whoever called says it, in words of ours."""


def set_up_logs(level: str, form: str = "text") -> None:
    """One line per event on standard error; `form` is `text` (logfmt) or `json`.

    What a record carries in `extra` becomes fields of the line, and so does the request that is being answered.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(build_formatter(form))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in _NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.getLogger(_RAISING).setLevel(logging.CRITICAL)


def build_formatter(form: str) -> logging.Formatter:
    """A line as JSON, or as `key=value` pairs; when, how grave, who and what come first."""
    return (_Lines if form == "json" else _Pairs)(
        ["levelname", "name", "message"],
        rename_fields={"levelname": "level", "name": "logger", "message": "event", "exc_info": "error"},
        timestamp="at",
        json_ensure_ascii=False,
    )


class _Lines(JsonFormatter):
    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """In order; a field without a value is left out."""
        log_data["at"] = log_data["at"].isoformat(timespec="milliseconds").replace("+00:00", "Z")
        log_data["level"] = log_data["level"].lower()
        log_data["request"] = IN_REQUEST.get()
        ordered = dict.fromkeys([*_FIRST, *log_data])
        return {key: value for key in ordered if (value := log_data.get(key)) is not None}

    def formatException(self, ei: Any) -> str:
        """An exception's own words may hold a row, an address or a token, and libraries log them."""
        return describe(ei[1])


class _Pairs(_Lines):
    def jsonify_log_record(self, log_data: dict[str, Any]) -> str:
        return " ".join(f"{key}={_quoted(str(value))}" for key, value in log_data.items())


def _quoted(text: str) -> str:
    """Itself when it is one word."""
    return text if text and text.isprintable() and not set(text) & set(' "=') else json.dumps(text, ensure_ascii=False)
