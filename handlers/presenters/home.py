"""App Home: one function for each part; which parts, and in which order, is the domain's to say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from domain.homing import Home, OnePart, Part
from domain.rules.access import may
from domain.rules.duty import sees_duty
from domain.values import Capability, Person
from handlers import ids, vocabulary
from handlers.escaping import escape
from handlers.presenters import home_help, home_nudges, home_office, home_record, operations, shadow
from handlers.presenters.console import trouble_line
from handlers.presenters.frame import Frame
from handlers.presenters.reader import Reader
from handlers.seal import Signet
from handlers.views.blocks import Block, Button, Page, actions, context, header, section

Presenter = Callable[[Any, Frame], list[Block]]

ALARMS = 5
"""Rows of the console on Home; the button beside shows them all."""

PARTS: dict[Part, Presenter] = {
    Part.ESCALATED: home_record.escalated,
    Part.REPORT_QUEUE: home_record.report_queue,
    Part.UNCONFIRMED: home_nudges.unconfirmed,
    Part.HELD: home_nudges.held,
    Part.ON_THEIR_WAY: home_nudges.on_their_way,
    Part.MY_NUDGES: home_nudges.my_nudges,
    Part.MY_LATEST: home_nudges.my_latest,
    Part.ACCOUNTS: home_nudges.accounts,
    Part.MY_REPORTS: home_record.my_reports,
    Part.PROMISES_DUE: home_record.promises_due,
    Part.PROMISES_MISSED: home_record.promises_missed,
    Part.KEPT_RATE: home_record.kept_rate,
    Part.DUTY: home_office.duty,
    Part.ACCESS_REQUESTS: home_office.access_requests,
    Part.CHANGE_REQUESTS: home_office.change_requests,
    Part.DRAFTS: home_office.drafts,
    Part.STEP_DRAFTS: shadow.home_drafts,
    Part.SIGN_OFFS: home_office.sign_offs,
    Part.PEOPLE: home_office.people,
    Part.DISPUTES: home_record.disputes,
    Part.LEGAL_HOLDS: home_record.legal_holds,
    Part.ABLE: home_help.able,
    Part.HELP: home_help.help_,
}
"""Each takes what its reader read. A list that is empty and says nothing by that is left out."""


def home_page(outcome: Home, *, reader: Reader, signet: Signet, notice: str = "") -> Page:
    """`notice` is what the last click on this page did."""
    person, at = outcome.reader, outcome.at
    frame = Frame(viewer=person, reader=reader, signet=signet, at=at)
    blocks: list[Block] = [section(notice)] if notice else []
    if outcome.maintenance:
        blocks.append(section(operations.banner(outcome.maintenance, reader=reader, at=at)))
    blocks += [
        header(f"Hello {escape(person.name, 100)}"),
        context(f"{vocabulary.ROLES[person.role]} · as of {reader.moment(at, at)} ({reader.city(reader.zone)} time)"),
        actions(_first_buttons(person)),
    ]
    if outcome.absence:
        until = reader.deadline(outcome.absence.ends_at, at)
        who = f"{escape(outcome.stand_in, 80)} stands in" if outcome.stand_in else "nobody stands in"
        blocks.append(section(f"🌴 *You are away* until {until}, {who}. *On duty*, above, has *I am back*."))
    if outcome.alarms:
        blocks.append(section("\n".join(trouble_line(row) for row in outcome.alarms[:ALARMS])))
    for part, content in outcome.contents.items():
        blocks += PARTS[part](content, frame)
    return Page("Plixo", "Plixo", tuple(blocks))


def _first_buttons(person: Person) -> list[Button]:
    buttons = [
        Button("Refresh", ids.HOME_REFRESH, "home"),
        Button("Messages", ids.HOME_MESSAGES, "home", label="Choose which messages you get"),
    ]
    if sees_duty(person):
        buttons.append(Button("On duty", ids.ROSTER_OPEN, "roster", label="Who keeps the record, and who is away"))
    if may(person, Capability.ASSIGN_ROLES):
        buttons.append(Button("People and roles", ids.ROLES_OPEN, "people"))
    if may(person, Capability.VIEW_OPERATIONS):
        buttons.append(Button("Operations", ids.OPS_OPEN, "ops", label="Whether everything is in order"))
    return buttons


def part_page(outcome: OnePart, *, reader: Reader, signet: Signet) -> Page:
    """One part by itself, for a window."""
    frame = Frame(viewer=outcome.reader, reader=reader, signet=signet, at=outcome.at, by_itself=True)
    blocks = PARTS[outcome.part](outcome.content, frame)
    return Page("All of it", "All of it", tuple(blocks) or (section("There is nothing more here by now."),))
