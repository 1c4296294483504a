"""What `plixo doctor` looks at, line by line. Each line that is not ok says how to mend it."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot.doctor_policy import check_policy, freshness_asked
from bot.doctor_reading import of_reading
from bot.drives import MOUNTS, network_drive
from bot.gauges import take_reading
from bot.health import check_database, check_loop
from bot.world import World
from connectors.mail.relay import read_smtp_url
from domain.errors import DeliveryError, InvalidValue, PlixoError
from domain.readiness import Level, Row, worst_first
from domain.usecases._house import house_rows
from domain.usecases._sending_now import sending_now
from storage.wall import binds

SCOPES = frozenset({"chat:write", "commands", "files:write", "usergroups:read", "users:read", "users:read.email"})


def all_checks(world: World, client: WebClient) -> Iterator[Row]:
    """In reading order; what needs the database is left out when it cannot be used."""
    is_reached = False
    for row in installation_rows(world, client):
        yield row
        is_reached = is_reached or (row.name == "database" and row.is_ok)
    if is_reached:
        try:
            yield from check_house(world)
        except (SQLAlchemyError, PlixoError) as error:
            yield Row.of("sending", False, f"cannot be read ({type(error).__name__})", "Mend the database first.")


def installation_rows(world: World, client: WebClient) -> Iterator[Row]:
    """All but what each organisation's own tables answer."""
    database = check_database(world)
    yield database
    yield from check_drive(world.settings.database_url)
    yield check_zones(world)
    if database.is_ok:
        yield from _of_the_database(world)
    yield check_mail(world)
    yield check_slack(world, client)
    yield check_line(world)
    yield check_ar_channel(world)


def _of_the_database(world: World) -> Iterator[Row]:
    yield check_loop(world)
    try:
        yield check_wall(world)
        reading = take_reading(across=world.across, directory=world.directory, clock=world.clock)
        yield check_policy(world)
        yield from of_reading(reading, freshness=freshness_asked(world))
    except (SQLAlchemyError, PlixoError) as error:
        yield Row.of("queue", False, f"cannot be read ({type(error).__name__})", "Mend the database first.")


def check_mail(world: World) -> Row:
    if not (world.settings.smtp_url or world.settings.maildir):
        return Row.of("mail", False, "no transport is set", "Set PLIXO_SMTP_URL or PLIXO_MAILDIR.")
    try:
        world.mailer.check()
    except DeliveryError as error:
        fix = "Check PLIXO_SMTP_URL, its login and its certificate."
        return Row.of("mail", False, f"{error}", fix, is_vital=False, bad=Level.RED)
    if not world.settings.smtp_url:
        return Row.of("mail", True, "written into a Maildir, not sent", is_vital=False)
    relay = read_smtp_url(world.settings.smtp_url)
    login = "logged in" if relay.user else "without a login"
    return Row.of("mail", True, f"{relay.host}:{relay.port} answers by {relay.security.value}, {login}", is_vital=False)


def check_slack(world: World, client: WebClient) -> Row:
    if not world.settings.slack_bot_token:
        return Row.of("slack", False, "no token", "Set SLACK_BOT_TOKEN (OAuth & Permissions in the app's settings).")
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        return Row.of(
            "slack", False, f"Slack says {error.response.get('error')}", "Reinstall the app and set its new token."
        )
    except (URLError, OSError, ValueError) as error:  # ValueError: SLACK_API_URL is no address
        return Row.of("slack", False, f"unreachable ({type(error).__name__})", "Check the network.", is_vital=False)
    granted = {scope.strip() for scope in str(answer.headers.get("x-oauth-scopes", "")).split(",") if scope.strip()}
    missing = sorted(SCOPES - granted) if granted else []
    if missing:
        return Row.of(
            "slack", False, f"missing scopes: {', '.join(missing)}", "Paste manifest.yaml again and reinstall."
        )
    scopes = "all scopes granted" if granted else "its scopes were not told"
    return Row.of("slack", True, f"connected to {answer.get('team', 'the workspace')}, {scopes}")


def check_zones(world: World) -> Row:
    try:
        world.rulebook.zones.zone(world.settings.zone)
    except PlixoError:
        return Row.of("time zones", False, "no zone data", "Install the tzdata package.")
    if zoneinfo.TZPATH:
        return Row.of(
            "time zones",
            False,
            "read from the system's zone data",
            "Replicas may differ: start Plixo by `plixo`, which reads the tzdata package.",
            is_vital=False,
        )
    return Row.of("time zones", True, f"read from the tzdata package {version('tzdata')}")


def check_line(world: World) -> Row:
    """How Slack's requests come in; `plixo worker` needs none."""
    if world.settings.slack_app_token:
        return Row.of("slack's line", True, "Socket Mode")
    if world.settings.slack_signing_secret:
        return Row.of("slack's line", True, "HTTP, at /slack/events")
    return Row.of(
        "slack's line",
        False,
        "neither Socket Mode nor HTTP is set up",
        "Set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP).",
    )


def check_wall(world: World) -> Row:
    """The second wall between organisations. Raises SQLAlchemyError."""
    if world.engine.dialect.name != "postgresql":
        return Row.of("database role", True, "SQLite has no roles; all processes run on this host", is_vital=False)
    if binds(world.engine):
        return Row.of("database role", True, "bound by row-level security", is_vital=False)
    return Row.of(
        "database role",
        False,
        "a superuser, or one that passes by row-level security",
        "Log in as an ordinary role that owns the tables; change PLIXO_DATABASE_URL.",
        is_vital=False,
    )


def check_drive(database_url: str) -> Iterator[Row]:
    """Says nothing on PostgreSQL, and on systems that have no table of mounts."""
    if not database_url.startswith("sqlite:///") or not MOUNTS.is_file():
        return
    kind = network_drive(Path(database_url.removeprefix("sqlite:///")), mounts=MOUNTS.read_text(errors="replace"))
    yield Row.of(
        "database file",
        kind is None,
        "on a drive of this host" if kind is None else f"on a network drive ({kind})",
        "SQLite's locks do not hold there: move the file to a local disk, or use PostgreSQL.",
        is_vital=False,
    )


def check_house(world: World) -> Iterator[Row]:
    """The switch, jobs, templates and the sending domain; of several organisations the worst. Raises Busy."""
    found: dict[str, Row] = {}
    for workspace in world.directory.organisations():
        try:
            rulebook = world.rulebook_for(workspace.org_id)
        except InvalidValue:
            rulebook = None  # check_policy says so
        at = world.clock.now()
        with world.uow_for(workspace.org_id)() as work:
            sending = sending_now(work, rulebook, at) if rulebook is not None else None
            for row in house_rows(work, sending, at):
                found[row.name] = worst_first([found.get(row.name, row), row])[0]
    yield from found.values()


def check_ar_channel(world: World) -> Row:
    if world.settings.ar_channel:
        return Row.of("A/R channel", True, world.settings.ar_channel, is_vital=False)
    return Row.of(
        "A/R channel",
        False,
        "not set; alerts go to the Controllers' direct messages",
        "Set PLIXO_AR_CHANNEL to the channel's id and invite the bot.",
        is_vital=False,
    )
