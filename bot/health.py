"""Is it ready? Each line says what was looked at, how it stands, and how to mend it."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot.loop import HEARTBEAT, JOBS
from bot.world import World
from domain.errors import DeliveryError, PlixoError
from domain.policy import Sending
from domain.values import Role
from storage.migrate import is_at_head

SCOPES = frozenset({"chat:write", "commands", "users:read", "users:read.email"})


@dataclass(frozen=True, slots=True)
class Check:
    """One line. `is_vital` ones decide readiness; the others are told but do not take the process out of service."""

    name: str
    is_ok: bool
    detail: str
    fix: str = ""
    is_vital: bool = True


def check_database(world: World) -> Check:
    try:
        at_head = is_at_head(world.engine)
    except (SQLAlchemyError, PlixoError, OSError) as error:
        return Check(
            "database", False, f"unreachable ({type(error).__name__})", "Check PLIXO_DATABASE_URL and the server."
        )
    if not at_head:
        return Check("database", False, "reached, but its tables are older than this program", "Run `plixo migrate`.")
    return Check("database", True, "reached, tables are up to date")


def check_loop(world: World) -> Check:
    """A heartbeat of each job by any worker within three heartbeats."""
    try:
        beats = world.directory.heartbeats()
        now = world.clock.now()
    except (SQLAlchemyError, PlixoError) as error:
        return Check("release loop", False, f"unknown ({type(error).__name__})", "Mend the database first.")
    newest = {job: max((beat.at for beat in beats if beat.job == job), default=None) for job in JOBS}
    late = [job for job, at in newest.items() if at is None or now - at > 3 * HEARTBEAT + timedelta(seconds=60)]
    if late:
        return Check(
            "release loop", False, f"no heartbeat of: {', '.join(late)}", "Start `plixo serve` or `plixo worker`."
        )
    return Check("release loop", True, "beats")


def check_mail(world: World) -> Check:
    if not (world.settings.smtp_url or world.settings.maildir):
        return Check("mail", False, "no transport is set", "Set PLIXO_SMTP_URL or PLIXO_MAILDIR.")
    try:
        world.mailer.check()
    except DeliveryError as error:
        return Check("mail", False, f"{error}", "Check PLIXO_SMTP_URL, its login and its certificate.", is_vital=False)
    return Check("mail", True, "reachable", is_vital=False)


def check_slack(world: World, client: WebClient) -> Check:
    if not world.settings.slack_bot_token:
        return Check("slack", False, "no token", "Set SLACK_BOT_TOKEN (OAuth & Permissions in the app's settings).")
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        return Check(
            "slack", False, f"Slack says {error.response.get('error')}", "Reinstall the app and set its new token."
        )
    except (URLError, OSError) as error:
        return Check("slack", False, f"unreachable ({type(error).__name__})", "Check the network.", is_vital=False)
    granted = {scope.strip() for scope in str(answer.headers.get("x-oauth-scopes", "")).split(",") if scope.strip()}
    missing = sorted(SCOPES - granted) if granted else []
    if missing:
        return Check(
            "slack", False, f"missing scopes: {', '.join(missing)}", "Paste manifest.yaml again and reinstall."
        )
    return Check("slack", True, f"connected to {answer.get('team', 'the workspace')}")


def check_zones(world: World) -> Check:
    try:
        world.rulebook.zones.zone(world.settings.zone)
    except PlixoError:
        return Check("time zones", False, "no zone data", "Install the tzdata package.")
    source = "the system" if zoneinfo.TZPATH else f"the tzdata package {version('tzdata')}"
    return Check("time zones", True, f"read from {source}")


def check_sending(world: World) -> Check:
    """Whether the switch is on, and somebody is there to decide."""
    try:
        at = world.clock.now()
        for workspace in world.directory.organisations():
            if workspace.sending_at(at) is not Sending.ON:
                why = f": {workspace.sending_reason}" if workspace.sending_reason else ""
                return Check(
                    "sending", False, f"{workspace.sending_at(at)}{why}", "Run `plixo sending on`.", is_vital=False
                )
            with world.uow_for(workspace.org_id)() as work:
                if not work.people.holding({Role.CONTROLLER}, at):
                    return Check(
                        "sending",
                        False,
                        "on, but nobody is Controller",
                        "Run `plixo roles set you@example.com controller`.",
                        is_vital=False,
                    )
    except (SQLAlchemyError, PlixoError) as error:
        return Check("sending", False, f"unknown ({type(error).__name__})", "Mend the database first.", is_vital=False)
    return Check("sending", True, "on", is_vital=False)


def check_ar_channel(world: World) -> Check:
    if world.settings.ar_channel:
        return Check("A/R channel", True, world.settings.ar_channel, is_vital=False)
    return Check(
        "A/R channel",
        False,
        "not set; alerts go to the Controllers' direct messages",
        "Set PLIXO_AR_CHANNEL to the channel's id and invite the bot.",
        is_vital=False,
    )


def all_checks(world: World, client: WebClient) -> list[Callable[[], Check]]:
    """What `plixo doctor` looks at, in reading order."""
    return [
        lambda: check_database(world),
        lambda: check_zones(world),
        lambda: check_loop(world),
        lambda: check_sending(world),
        lambda: check_mail(world),
        lambda: check_slack(world, client),
        lambda: check_ar_channel(world),
    ]


def readiness(world: World) -> list[Check]:
    """What `/readyz` asks at every probe: nothing that costs a call to Slack or to the mail server."""
    return [check_database(world), check_loop(world)]
