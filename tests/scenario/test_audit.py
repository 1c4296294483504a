"""`/plixo audit`: who may read the log, what they read, and the file they take out."""

from __future__ import annotations

import csv
import io

import pytest

from domain.values import Role
from storage import tables
from tests.scenario.office import CARL, OLGA, RITA, SALES, VIK, Office
from tests.scenario.reporting import make


def audit(office: Office, user: str) -> str:
    assert office.slack.command(user=user, command="/plixo", text="audit", channel=SALES).ok
    return office.modal(user)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.CONTROLLER, Role.LEGAL])
def test_who_may_export_reads_the_newest_lines(office: Office, role: Role) -> None:
    make(office, VIK, role)
    office.open_acme()
    office.nudge()
    read = audit(office, VIK)
    assert "Rita Rep" in read and "nudge.queued" in read
    assert office.acme.name in read


@pytest.mark.parametrize(
    "role", [Role.SALES, Role.CSM, Role.OPERATOR, Role.AR_MANAGER, Role.BILLING_ADMIN, Role.VIEWER]
)
def test_others_are_refused_and_can_ask(office: Office, role: Role) -> None:
    make(office, VIK, role)
    office.open_acme()
    read = audit(office, VIK)
    assert "Your role doesn't include this." in read and "Ask the Controller" in read
    assert "account.opened" not in read
    assert any(name.endswith(".refused") for name in office.actions())


def test_the_file_comes_privately_and_taking_it_is_in_the_log_too(office: Office) -> None:
    office.open_acme()
    office.nudge()
    audit(office, CARL)
    assert office.slack.click(user=CARL, action_id="audit.export").ok
    office.slack.wait_for(lambda: office.slack.workspace.files)
    (file,) = office.slack.workspace.files.values()
    assert file.content is not None and file.is_shared
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert any("nudge.queued" in row for row in rows)
    assert any(file.id in message.files for message in office.slack.dm(user=CARL))
    assert not any(message.files for user in (RITA, OLGA) for message in office.slack.dm(user=user))
    (taken,) = [row for row in office.rows(tables.audit) if row["action"] == "audit.exported"]
    assert taken["actor_id"] == office.staff[CARL].id


def test_who_lost_the_role_while_the_window_was_open_takes_nothing_out(office: Office) -> None:
    audit(office, CARL)
    make(office, CARL, Role.SALES)
    office.slack.click(user=CARL, action_id="audit.export")
    assert "Your role doesn't include this." in office.modal(CARL)
    assert not office.slack.workspace.files


def test_what_the_fields_choose_is_read_and_nothing_else_is_in_the_file(office: Office) -> None:
    office.open_acme()
    office.nudge()
    office.account("acme", user=OLGA)
    office.slack.command(user=VIK, command="/plixo", text="audit", channel=SALES)
    read = audit(office, CARL)
    assert "nudge.queued" in read and "audit.read.refused" in read
    office.slack.fill(user=CARL, block_id="audit.person.block", action_id="audit.field", value=VIK)
    assert office.slack.submit(user=CARL).ok
    read = office.modal(CARL)
    assert "audit.read.refused" in read and "nudge.queued" not in read and "Rita Rep" not in read
    assert office.slack.click(user=CARL, action_id="audit.export").ok
    office.slack.wait_for(lambda: office.slack.workspace.files)
    (file,) = office.slack.workspace.files.values()
    assert file.content is not None
    head, *rows = csv.reader(io.StringIO(file.content.decode("utf-8-sig")))
    assert rows and {row[head.index("actor")] for row in rows} == {"Vik Viewer"}
    (taken,) = [row for row in office.rows(tables.audit) if row["action"] == "audit.exported"]
    assert taken["after"]["lines"] == len(rows) and taken["after"]["actor_id"] == office.staff[VIK].id
