"""A whole office: a real bot over HTTP, a real database, the local Slack, and the people in front of it."""

from __future__ import annotations

import email
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from bot.demo import MANIFEST, demo_settings
from bot.serve import Running, run_bot
from bot.settings import Settings
from bot.slack_app import Aside
from bot.world import build_world, ensure_organisation
from domain.accounts import Account, Contact, Invoice
from domain.values import Person as User
from domain.values import Role
from sandbox.clock import MovableClock
from sandbox.delivery.records import Delivery
from sandbox.people import Channel, Message, Person
from sandbox.server import SandboxServer
from storage import tables
from storage.migrate import upgrade
from tests import factories
from tests.names import FakeNames
from tests.stage import EVENING, release_by

PATIENCE = 60.0
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TEAM, AR, SALES = "T01TEST", "C01AR", "C01SALES"
RITA, SAM, OLGA, CARL, VIK, EVE = "U01RITA", "U02SAM", "U03OLGA", "U04CARL", "U05VIK", "U09EVE"

STAFF = {
    RITA: ("Rita Rep", Role.SALES, "Europe/Berlin"),
    SAM: ("Sam Seller", Role.SALES, "America/New_York"),
    OLGA: ("Olga Operator", Role.OPERATOR, "Europe/London"),
    CARL: ("Carl Controller", Role.CONTROLLER, "Europe/Berlin"),
    VIK: ("Vik Viewer", Role.VIEWER, "Europe/Berlin"),
}


@dataclass
class Office:
    """Drive it as people would, then look at what stands where."""

    slack: SandboxServer
    bot: Running
    clock: MovableClock
    maildir: Path
    staff: dict[str, User]
    acme: Account
    contact: Contact
    invoice: Invoice

    # -- acts --

    def account(self, words: str, *, user: str = RITA) -> Delivery:
        return self.slack.command(user=user, command="/account", text=words, channel=SALES)

    def open_acme(self, *, user: str = RITA) -> None:
        """`/account acm`, and Acme Robotics from the chooser."""
        self.account("acm", user=user)
        value = next(
            block["accessory"]["value"]
            for block in self.last(user=user).blocks
            if "Acme Robotics" in words_of(block) and "accessory" in block
        )
        self.slack.click(user=user, action_id="account.pick", value=value)

    def open_named(self, name: str, *, user: str = RITA) -> None:
        """`/account` with a name that fits one customer."""
        self.account(name, user=user)

    def nudge(self, *, user: str = RITA) -> Delivery:
        """Open the modal from the newest card and submit it."""
        self.slack.click(user=user, action_id="nudge.open")
        return self.slack.submit(user=user)

    def hold(self, alert: Message, why: str, *, user: str = OLGA) -> Delivery:
        """Click Hold in an alert, and say why in its window."""
        self.slack.click(user=user, action_id="alert.hold", channel=alert.channel)
        self.slack.fill(user=user, action_id="words", value=why)
        return self.slack.submit(user=user)

    def beat(self, at: datetime | None = None) -> None:
        """Move the clock, release what is due and post what is to be told."""
        if at is not None:
            self.clock.set(at)
        release_by(self.bot.loop)
        self.bot.loop.notices()

    def chores(self) -> None:
        """Everything that is looked after now and then, here and now: the loop's own threads are not woken for it."""
        self.bot.loop.forget()
        self.bot.loop.chores()

    # -- looks --

    def last(self, *, user: str = RITA, channel: str = SALES) -> Message:
        return self.slack.messages(channel=channel, viewer=user)[-1]

    def alerts(self) -> list[Message]:
        return self.slack.messages(channel=AR)

    def alert(self) -> str:
        (only,) = self.alerts()
        return words_of(only.blocks)

    def told(self, user: str = RITA) -> list[str]:
        return [words_of(message.blocks) or message.text for message in self.slack.dm(user=user)]

    def modal(self, user: str = RITA) -> str:
        view = self.slack.view(user=user)
        assert view is not None
        return words_of([view.title, *view.blocks, view.submit])

    def mail(self) -> list[EmailMessage]:
        """What left, oldest first."""
        files = sorted((self.maildir / "new").glob("*"), key=lambda path: path.stat().st_mtime_ns)
        return [email.message_from_bytes(path.read_bytes(), policy=default) for path in files]  # type: ignore[misc]

    def rows(self, table: Any) -> list[dict[str, Any]]:
        with self.bot.world.across.connect() as connection:
            return [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]

    def states(self) -> list[str]:
        """Of the nudges, in the order in which they were asked for."""
        return [row["state"] for row in sorted(self.rows(tables.messages), key=lambda row: row["requested_at"])]

    def actions(self) -> list[str]:
        return [row["action"] for row in self.rows(tables.audit)]


def words_of(part: Any) -> str:
    """Everything a person reads in blocks, in order."""
    if isinstance(part, list):
        return "\n".join(filter(None, (words_of(item) for item in part)))
    if not isinstance(part, dict):
        return ""
    if isinstance(part.get("text"), str):
        return str(part["text"])
    named = ("text", "label", "elements", "fields", "accessory", "element", "options", "initial_option", "title")
    return "\n".join(filter(None, (words_of(part.get(name)) for name in named)))


def at_once(work: Callable[[], None]) -> None:
    work()


@contextmanager
def open_office(
    folder: Path,
    *,
    database_url: str,
    at: datetime = EVENING,
    socket_mode: bool = False,
    aside: Aside | None = at_once,
    haste: float = PATIENCE,
    **changes: Any,
) -> Iterator[Office]:
    """Monday evening, unless told otherwise; `changes` are settings, `haste` as in `build_world`.

    What the bot says to Slack by itself is there when Slack has its acknowledgement; with `aside=None` a moment later,
    as in earnest.
    """
    clock = MovableClock(start=at, frozen=True)
    app_token = "xapp-test" if socket_mode else ""
    given = {"database_url": database_url, "ar_channel": AR, "tick_seconds": 60, "slack_app_token": app_token}

    def settings(api_url: str) -> Settings:
        return demo_settings(folder, api_url=api_url, secret=SECRET, **given | changes)

    first = settings("http://127.0.0.1/api/")
    with (
        SandboxServer(
            manifest=yaml.safe_load(MANIFEST.read_text(encoding="utf-8")),
            people=[
                *(
                    Person(id=id, name=name, email=address(id), zone=zone, locale="en-GB")
                    for id, (name, _, zone) in STAFF.items()
                ),
                Person(id=EVE, name="Eve Stranger", email="eve@elsewhere.example"),
            ],
            channels=[Channel(id=AR, name="ar-team"), Channel(id=SALES, name="sales")],
            signing_secret=SECRET,
            bot_token=first.slack_bot_token,
            app_token="xapp-test",
            team_id=TEAM,
            clock=clock,
            maildir=folder / "mail",
            retry_scale=0.001,
            # How slow a busy machine is says nothing about the code.
            ack_seconds=PATIENCE,
            trigger_seconds=PATIENCE,
        ) as slack,
        build_world(settings(slack.api_url), clock=clock, names=FakeNames(), haste=haste) as world,
    ):
        upgrade(world.engine)
        org_id = ensure_organisation(world)
        with world.uow_for(org_id)() as work:
            staff = {
                id: work.people.save(User(org_id=org_id, id=0, email=address(id), name=name, role=role, is_active=True))
                for id, (name, role, _) in STAFF.items()
            }
        rita = address(RITA)
        acme = factories.make_account(world.across, org_id, name="Acme Robotics GmbH", owner_email=rita, synced_at=at)
        contact = factories.make_contact(world.across, org_id, acme.id, email="paula@acme.example")
        invoice = factories.make_invoice(world.across, org_id, acme.id, number="INV-1042")
        factories.make_account(world.across, org_id, name="Acme Logistics", owner_email=rita, synced_at=at)
        factories.make_account(world.across, org_id, name="Zenith Foods", owner_email=address(SAM), synced_at=at)
        with run_bot(world, aside=aside) as bot:
            slack.bot_url = f"http://127.0.0.1:{bot.port}/slack/events"
            if socket_mode:  # the bot's side of the socket is open a moment before the workspace's
                slack.wait_for(lambda: slack.hub.connections)
            yield Office(
                slack=slack,
                bot=bot,
                clock=clock,
                maildir=folder / "mail",
                staff=staff,
                acme=acme,
                contact=contact,
                invoice=invoice,
            )


def address(slack_id: str) -> str:
    return f"{STAFF[slack_id][0].split()[0].lower()}@northwind.example"
