"""What people do to report something and to settle it, for every scenario in which somebody does."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from domain.values import Role
from storage import tables
from tests.scenario.office import OLGA, RITA, SALES, Office, words_of

PAYER = "We pay INV-1042 on Friday, promised. Paula"


def report_from_message(office: Office, *, user: str = RITA, text: str = PAYER) -> str:
    """Somebody pastes what the customer wrote; the rep reports it from there. Returns the message's ts."""
    message = office.slack.say(user=user, channel=SALES, text=text)
    office.slack.message_shortcut(user=user, callback_id="report_message", channel=SALES, message_ts=message.ts)
    choose_acme(office, user=user)
    office.slack.fill(user=user, action_id="report.due", value="Friday")
    return message.ts


def choose_acme(office: Office, *, user: str = RITA) -> None:
    found = office.slack.options(user=user, action_id="report.account", query="acme robtics")
    office.slack.select(user=user, action_id="report.account", option=found.options[0]["value"])


def choose_dispute(office: Office, *, reason: str, user: str = RITA) -> None:
    office.slack.select(user=user, action_id="report.kind", option="dispute")
    office.slack.fill(user=user, action_id="report.reason", value=reason)


def duty(office: Office, user: str = OLGA) -> str:
    office.beat()
    return office.told(user)[-1]


def thread(office: Office, ts: str) -> list[str]:
    return [
        words_of(one.blocks)
        for one in office.slack.messages(channel=SALES)
        if one.thread_ts == ts and one.ts != ts and one.blocks
    ]


def press(office: Office, user: str, action: str) -> Any:
    return office.slack.click(user=user, action_id=action, channel=office.slack.dm_id(user=user))


def in_sales(office: Office) -> None:
    """The app was invited into the channel."""
    office.slack.workspace.channel(SALES).bot_is_member = True


def make(office: Office, slack_id: str, role: Role) -> None:
    """Their role from now on."""
    with office.bot.world.across.begin() as connection:
        connection.execute(
            update(tables.users).where(tables.users.c.id == office.staff[slack_id].id).values(role=role.value)
        )
