"""Log lines for machines and people. Nothing sensitive is ever put into a record; this only sets the form."""

from __future__ import annotations

import logging
import sys


def set_up_logs(level: str) -> None:
    """One line per event on standard error: time, level, logger, message."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # Bolt and the SDK log whole payloads at DEBUG and connection details at INFO; APScheduler logs every tick.
    for noisy in ("slack_bolt", "slack_sdk", "apscheduler", "waitress", "werkzeug", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
