"""`plixo demo`: the whole product on one machine, with a Slack of its own.

The bot does not know that it is in a sandbox: only its base URL and its clock differ.
"""

from __future__ import annotations

import secrets
import shutil
import socket
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot.demo_book import load_book, refresh_books
from bot.logs import set_up_logs
from bot.serve import run_bot, wait_for_signal
from bot.settings import Settings
from bot.world import build_world, ensure_organisation
from sandbox.book import DEMO_CHANNELS, DEMO_PEOPLE, make_book
from sandbox.clock import MovableClock
from sandbox.server import SandboxServer
from storage.migrate import upgrade

FOLDER = Path("var/demo")
TEAM = "T01PLIXO"
AR_CHANNEL = "C01AR"
SEED = 20


def demo_settings(folder: Path, *, api_url: str, secret: str) -> Settings:
    """The demo's configuration: nothing of it comes from the environment."""
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        slack_bot_token=f"xoxb-demo-{secret}",
        slack_signing_secret=secret,
        slack_api_url=api_url,
        database_url=f"sqlite:///{folder / 'plixo.db'}",
        maildir=folder / "mail",
        http_port=0,
        tick_seconds=1,
        organisation="Northwind Machines",
        zone="Europe/Berlin",
        country="DE",
        ar_channel=AR_CHANNEL,
        sender_address="receivables@northwind.example",
        sender_name="Northwind Machines Receivables",
        reply_to="receivables@northwind.example",
        unsubscribe_address="unsubscribe@northwind.example",
    )
