"""What the commands share: where they print, their exit codes, and the world behind them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.error import URLError
from zoneinfo import ZoneInfo

from rich.console import Console
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot.effects import command_in_hand, standing_in_the_way
from bot.logs import set_up_logs
from bot.settings import ConfigurationError, Settings, load_settings
from bot.world import World, build_world
from domain.errors import PlixoError

FAILED, NOT_CONFIGURED, ROWS_REJECTED, NOT_READY, CLOSED = 1, 3, 4, 5, 6
TRY_LATER = 75
"""What sysexits.h calls EX_TEMPFAIL: a mail server keeps the mail and tries again."""

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def configured(**overrides: Any) -> Settings:
    """The settings, or every problem with them and exit code 3."""
    try:
        settings = load_settings(**overrides)
    except ConfigurationError as error:
        err.print("The configuration is not valid:")
        for problem in error.problems:
            err.print(f"  • {problem}", markup=False)
        sys.exit(NOT_CONFIGURED)
    set_up_logs(settings.log_level, settings.log_format)
    return settings


@contextmanager
def world_or_exit(settings: Settings, *, patience: float = 15) -> Iterator[World]:
    """The world; known failures end in one sentence and exit code 1 instead of a traceback.

    Under maintenance a command that writes ends here, with who, why and until when (exit code 6).
    """
    try:
        with build_world(settings, patience=patience) as world:
            _refuse_when_closed(world, settings)
            yield world
    except PlixoError as error:
        err.print(str(error), markup=False)
        sys.exit(FAILED)
    except SlackApiError as error:
        err.print(f"Slack refused: {error.response.get('error')}. Try `plixo doctor`.", markup=False)
        sys.exit(FAILED)
    except URLError:
        err.print("Slack could not be reached: check the network and SLACK_API_URL.")
        sys.exit(FAILED)
    except (SQLAlchemyError, OSError) as error:
        err.print(f"The database or a file could not be used ({type(error).__name__}). Try `plixo doctor`.")
        sys.exit(FAILED)


def _refuse_when_closed(world: World, settings: Settings) -> None:
    maintenance = standing_in_the_way(world)
    if maintenance is None:
        return
    until = f"{maintenance.until.astimezone(ZoneInfo(settings.zone)):%a %d %b %H:%M} ({settings.zone})"
    err.print(f"Plixo is under maintenance until {until}: nothing was done.")
    err.print(f"{maintenance.by}: {maintenance.reason}", markup=False)
    err.print("Wait, or end it with `plixo maintenance off`. Commands that only read work.")
    # A mail server's pipe keeps the mail.
    sys.exit(TRY_LATER if command_in_hand() == "bounces" else CLOSED)
