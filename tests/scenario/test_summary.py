"""`/plixo summary`: who gets the file, what stands in it, and how others ask for it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pypdf
import pytest

from domain.values import Role
from storage import tables
from tests.scenario.office import AR, CARL, OLGA, RITA, SALES, VIK, Office, at_once, open_office, words_of
from tests.scenario.reporting import make
from tests.stage import EVENING


@pytest.fixture
def office(tmp_path: Path, sqlite_url: str) -> Iterator[Office]:
    """What it reads is compared on both databases by `tests/contract/test_totals.py`.

    With `at_once` nothing is under way aside when an order is acknowledged: a file that is not there then never comes.
    """
    with open_office(tmp_path, database_url=sqlite_url, aside=at_once) as opened:
        yield opened


def order(office: Office, user: str, words: str = "summary") -> str:
    """What is told at once, to nobody else."""
    assert office.slack.command(user=user, command="/plixo", text=words, channel=SALES).ok
    told = office.last(user=user)
    assert not any(message.ts == told.ts for message in office.slack.messages(channel=SALES, viewer=RITA))
    return words_of(told.blocks)


def nothing_left(office: Office) -> bool:
    """No file, and no line that says that one was taken: that is written before the order is acknowledged."""
    return not office.slack.workspace.files and "summary.exported" not in office.actions()


def text_of(content: bytes | None) -> str:
    assert content is not None
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.CONTROLLER, Role.LEGAL])
def test_who_may_export_gets_it_privately_and_the_log_says_so(office: Office, role: Role) -> None:
    make(office, VIK, role)
    told = order(office, VIK)
    assert told == (
        "The receivables summary as of Mon 23 Nov, 21:40, as you asked. It comes into your messages with Plixo in a"
        " moment."
    )
    office.slack.wait_for(lambda: office.slack.workspace.files)
    (file,) = office.slack.workspace.files.values()
    assert file.name == "receivables-summary-2026-11-23.pdf" and file.is_shared
    assert any(file.id in message.files for message in office.slack.dm(user=VIK))
    assert not any(message.files for user in (RITA, OLGA, CARL) for message in office.slack.dm(user=user))
    assert not any(message.files for channel in (SALES, AR) for message in office.slack.messages(channel=channel))
    read = text_of(file.content)
    assert "Monday 23 November 2026, 21:40 (Berlin time)" in read and "Taken by Vik Viewer." in read
    assert office.acme.name in read and office.acme.external_id in read
    assert office.contact.email not in read and office.contact.name not in read and "pay." not in read
    (taken,) = [row for row in office.rows(tables.audit) if row["action"] == "summary.exported"]
    assert taken["actor_id"] == office.staff[VIK].id
    assert taken["after"]["day"] == "2026-11-23" and taken["after"]["to"] == "slack"


@pytest.mark.parametrize(
    "role", [Role.SALES, Role.CSM, Role.OPERATOR, Role.AR_MANAGER, Role.BILLING_ADMIN, Role.VIEWER]
)
def test_others_are_refused_and_nothing_leaves(office: Office, role: Role) -> None:
    make(office, VIK, role)
    told = order(office, VIK)
    assert "Your role doesn't include this." in told and "Ask the Controller" in told
    assert nothing_left(office)
    (refused,) = [row for row in office.rows(tables.audit) if row["action"].startswith("summary.")]
    assert (refused["action"], refused["reason"]) == ("summary.export.refused", "not_allowed")


def test_whoever_asks_and_is_approved_takes_it(office: Office) -> None:
    order(office, VIK)
    office.slack.click(user=VIK, action_id="access.ask")
    (asked,) = office.rows(tables.access_requests)
    assert asked["capability"] == "export"
    office.beat()
    assert any("read and export the audit log and the summary" in told for told in office.told(CARL))
    dm = office.slack.dm_id(user=CARL)
    assert office.slack.click(user=CARL, action_id="access.approve", channel=dm).ok
    view = office.slack.view(user=CARL)
    assert view is not None
    offered = next(block["element"] for block in view.blocks if block.get("block_id") == "decision.gift")["options"]
    legal = next(option["value"] for option in offered if "Legal" in option["text"]["text"])
    office.slack.fill(user=CARL, action_id="decision.gift", value=legal)
    office.slack.fill(user=CARL, action_id="decision.why", value="Vik reads it for the board.")
    assert office.slack.submit(user=CARL).ok
    order(office, VIK)
    office.slack.wait_for(lambda: office.slack.workspace.files)


def test_days_are_the_readers_own(office: Office) -> None:
    office.clock.set(EVENING + timedelta(hours=3))
    order(office, CARL)
    office.slack.wait_for(lambda: office.slack.workspace.files)
    (file,) = office.slack.workspace.files.values()
    assert file.name == "receivables-summary-2026-11-24.pdf"
    assert "Tuesday 24 November 2026, 00:40 (Berlin time)" in text_of(file.content)


def test_under_maintenance_nothing_is_taken_out(office: Office) -> None:
    order(office, CARL, 'maintenance on "New disks" 2h')
    assert "under maintenance" in order(office, CARL)
    assert nothing_left(office)
