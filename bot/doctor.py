"""What `plixo doctor` looks at, line by line. Each line that is not ok says how to mend it."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot.doctor_policy import check_policy, freshness_asked
from bot.drives import MOUNTS, network_drive
from bot.gauges import Reading, take_reading
from bot.health import check_database, check_loop
from bot.signs import HEARD, LIMITED
from bot.world import World
from connectors.mail.relay import read_smtp_url
from domain.errors import DeliveryError, InvalidValue, PlixoError
from domain.policy import Sending
from domain.readiness import Level, Row, worst
from domain.usecases._house import house_rows
from domain.values import Role
from storage.depths import ENOUGH
from storage.wall import binds

SCOPES = frozenset({"chat:write", "commands", "usergroups:read", "users:read", "users:read.email"})

LATE = timedelta(minutes=5)
"""A due message leaves within seconds. What has been due for longer is stuck, or the loop is."""
UNTOLD = timedelta(minutes=10)
"""Slack takes a notice within seconds; a 429 asks for a minute at most."""
SKEW = 2.0
"""Seconds. What is due is decided on the database's clock, but people read the host's in the log."""
REFUSED_SHARE, REFUSED_LEAST = 0.02, 3
"""The product's ceiling for bounces is 2 %; one or two bad addresses among a few mails are no alarm (decided)."""
SILENCE = timedelta(days=3)
"""Longer than a weekend without a single request of Slack's (decided)."""


def all_checks(world: World, client: WebClient) -> Iterator[Row]:
    """In reading order; what needs the database is left out when it cannot be used."""
    for row in installation_rows(world, client):
        yield row
        if row.name == "sending":
            yield from check_house(world)


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
        yield check_sending(world)
    except (SQLAlchemyError, PlixoError) as error:
        yield Row.of("queue", False, f"cannot be read ({type(error).__name__})", "Mend the database first.")


def of_reading(reading: Reading, *, freshness: timedelta) -> Iterator[Row]:
    """The queue, what waits for people, the books and the clocks, as they stood at one instant."""
    depth, at = reading.depth, reading.at

    def line(name: str, is_ok: bool, detail: str, fix: str, bad: Level = Level.AMBER) -> Row:
        return Row.of(name, is_ok, detail, fix, is_vital=False, bad=bad)

    is_late = depth.oldest_due is not None and at - depth.oldest_due > LATE
    yield line(
        "queue",
        not is_late,
        f"{_many(depth.queued)} waiting, {_many(depth.due)} due now{_since(depth.oldest_due, at)}; "
        f"{depth.held} held{_since(depth.oldest_held, at)}",
        "The loop does not keep up or does not run: docs/runbook.md, “The queue is stuck”.",
        Level.RED,
    )
    yield line(
        "unconfirmed",
        not depth.unconfirmed,
        f"{depth.unconfirmed}{_since(depth.oldest_unconfirmed, at)}",
        "A/R answers the alert in Slack: “It arrived” or “Send again”. docs/runbook.md, “Unconfirmed messages”.",
    )
    is_untold = depth.oldest_notice is not None and at - depth.oldest_notice > UNTOLD
    yield line(
        "notices",
        not is_untold,
        f"{_many(depth.notices)} waiting for Slack{_since(depth.oldest_notice, at)}",
        "Slack does not take them: docs/runbook.md, “Slack is away”.",
        Level.RED,
    )
    is_refused = depth.refused_for_good >= REFUSED_LEAST and depth.share_refused > REFUSED_SHARE
    yield line(
        "refused mail",
        not is_refused,
        f"{depth.refused_for_good} of {depth.tried} in the trailing day ({depth.share_refused:.1%})",
        "More than 2 %: the sender's domain or the addresses are bad. docs/runbook.md, “The mail server fails”.",
        Level.RED,
    )
    is_stale = depth.imported_at is None or at - depth.imported_at > freshness
    yield line(
        "books",
        not is_stale,
        f"imported {_age(at - depth.imported_at)} ago" if depth.imported_at else "never imported",
        f"Run `plixo import` at least every {_age(freshness)}; older books refuse every nudge.",
        Level.RED if depth.imported_at else Level.AMBER,
    )
    yield line(
        "clock",
        abs(reading.skew) <= SKEW,
        _told(reading.skew),
        "Let this host and the database's follow NTP: docs/runbook.md, “A clock is wrong”.",
    )
    heard, limited = reading.beats.get(HEARD), reading.beats.get(LIMITED)
    yield line(
        "slack requests",
        not (heard and at - heard > SILENCE),
        f"last one {_age(at - heard)} ago" if heard else "none yet",
        "Try /account in Slack. If it fails: the app's Event Subscriptions or Socket Mode may be switched off.",
    )
    if limited and at - limited < timedelta(days=1):
        yield line(
            "slack limits",
            False,
            f"Slack held back events {_age(at - limited)} ago",
            "More than 30,000 events in one hour: find out who sends them. Nothing in the queue is lost.",
        )


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


def check_sending(world: World) -> Row:
    """Whether the switch is on, and somebody is there to decide. Raises Busy."""
    at = world.clock.now()
    for workspace in world.directory.organisations():
        if workspace.sending_at(at) is not Sending.ON:
            why = f": {workspace.sending_reason}" if workspace.sending_reason else ""
            return Row.of(
                "sending", False, f"{workspace.sending_at(at)}{why}", "Run `plixo sending on`.", is_vital=False
            )
        with world.uow_for(workspace.org_id)() as work:
            if not work.people.holding({Role.CONTROLLER}, at):
                return Row.of(
                    "sending",
                    False,
                    "on, but nobody is Controller",
                    "Run `plixo roles set you@example.com controller`.",
                    is_vital=False,
                )
    return Row.of("sending", True, "on", is_vital=False)


def check_house(world: World) -> Iterator[Row]:
    """Jobs, templates and the sending domain; of several organisations the worst. Raises Busy."""
    found: dict[str, Row] = {}
    for workspace in world.directory.organisations():
        try:
            rulebook = world.rulebook_for(workspace.org_id)
        except InvalidValue:
            continue  # check_policy says so
        with world.uow_for(workspace.org_id)() as work:
            for row in house_rows(work, rulebook, world.clock.now()):
                if row.name not in found or worst([row, found[row.name]]) is not found[row.name].level:
                    found[row.name] = row
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


def _many(count: int) -> str:
    return f"{ENOUGH:,} or more" if count >= ENOUGH else f"{count:,}"


def _since(since: datetime | None, at: datetime) -> str:
    return f" (oldest {_age(at - since)})" if since else ""


def _told(skew: float) -> str:
    if abs(skew) < 0.1:
        return "agrees with the database's"
    return f"{abs(skew):.1f} s {'ahead of' if skew > 0 else 'behind'} the database's"


def _age(span: timedelta) -> str:
    """`40 s`, `12 min`, `3 h`, `2 days`."""
    seconds = max(0, int(span.total_seconds()))
    for unit, name in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * unit:
            return f"{seconds // unit} {name}"
    return f"{seconds} s"
