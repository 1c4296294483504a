"""Log lines for machines and people. Nothing sensitive is ever put into a record; this only sets the form."""

from __future__ import annotations

import logging
import sys

from structlog import contextvars, processors, stdlib
from structlog.typing import EventDict, Processor, WrappedLogger

from handlers.errors import describe

_FIRST = ["at", "level", "logger", "event"]
_NOISY = ("slack_bolt", "slack_sdk", "apscheduler", "waitress", "werkzeug", "alembic")
"""Bolt and the SDK log whole payloads at DEBUG and connection details at INFO; APScheduler logs every tick."""


def set_up_logs(level: str, form: str = "text") -> None:
    """One line per event on standard error; `form` is `text` (logfmt) or `json`.

    What a record carries in `extra` becomes fields of the line, and so does what is bound for the request that is
    being answered.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(build_formatter(form))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in _NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)


def build_formatter(form: str) -> logging.Formatter:
    """A line as JSON, or as `key=value` pairs; when, how grave, who and what come first."""
    writer: Processor = processors.JSONRenderer(ensure_ascii=False) if form == "json" else processors.LogfmtRenderer()
    return stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            contextvars.merge_contextvars,
            stdlib.add_log_level,
            stdlib.add_logger_name,
            stdlib.ExtraAdder(),
            processors.TimeStamper(fmt="iso", utc=True, key="at"),
        ],
        processors=[stdlib.ProcessorFormatter.remove_processors_meta, _only_kind_and_place, _in_order, writer],
    )


def _only_kind_and_place(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """An exception's own words may hold a row, an address or a token; some libraries log them."""
    caught = event.pop("exc_info", None)
    error = caught[1] if isinstance(caught, tuple) else caught
    if isinstance(error, BaseException):
        event["error"] = describe(error)
    return event


def _in_order(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """A field without a value is left out."""
    return {key: value for key in dict.fromkeys([*_FIRST, *event]) if (value := event.get(key)) is not None}
