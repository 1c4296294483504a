"""The mail provider's webhook, over HTTP, as the provider uses it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from connectors.mail.events import LARGEST, signature_of
from domain.messages import message_id
from storage import tables
from tests.scenario.office import Office, open_office
from tests.stage import AFTER

SECRET = "a secret of the provider"


@pytest.fixture(params=["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.postgres)])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    url = request.getfixturevalue(request.param)
    with open_office(tmp_path, database_url=url, mail_events_secret=SECRET) as opened:
        yield opened


def post(
    office: Office, body: bytes, *, secret: str = SECRET, stamp: int | None = None, method: str = "POST"
) -> tuple[int, str]:
    said = str(stamp if stamp is not None else int(office.clock.now().timestamp()))
    headers = {"X-Plixo-Timestamp": said, "X-Plixo-Signature": signature_of(secret, said, body)}
    line = HTTPConnection("127.0.0.1", office.bot.port, timeout=30)
    try:
        line.request(method, "/mail/events", body=body, headers=headers)
        answer = line.getresponse()
        return answer.status, answer.read().decode()
    finally:
        line.close()


def sent(office: Office) -> str:
    """A nudge that left; its Message-ID."""
    office.open_acme()
    office.nudge()
    office.beat(AFTER)
    assert office.states() == ["sent"]
    with office.bot.world.uow_for(office.bot.org_id)() as work:
        (story,) = work.messages.stories()
    return message_id(story.message, domain="northwind.example")


def complaint(about: str) -> bytes:
    mail = {"headers": [{"name": "Message-ID", "value": f"<{about}>"}]}
    who = [{"emailAddress": "paula@acme.example"}]
    return json.dumps({"eventType": "Complaint", "mail": mail, "complaint": {"complainedRecipients": who}}).encode()


def test_a_complaint_is_taken_once_however_often_it_is_sent(office: Office) -> None:
    body = complaint(sent(office))
    assert post(office, body) == (200, "new=1 known=0 unknown=0")
    assert post(office, body) == (200, "new=0 known=1 unknown=0")
    (row,) = office.rows(tables.suppressions)
    assert (row["email"], row["reason"]) == ("paula@acme.example", "opted_out")
    (day,) = office.rows(tables.sending_days)
    assert (day["day"], day["complained"]) == (AFTER.date(), 1)
    assert office.actions().count("nudge.complained") == 1


def test_what_is_not_signed_is_too_old_or_cannot_be_read_changes_nothing(office: Office) -> None:
    body = complaint(sent(office))
    now = int(office.clock.now().timestamp())
    for status, said in (post(office, body, secret="somebody else's"), post(office, body, stamp=now - 301)):
        assert (status, "PLIXO_MAIL_EVENTS_SECRET" in said) == (401, True)
    assert post(office, b"{") == (400, "The body is no JSON.")
    assert post(office, b" " * (LARGEST + 1))[0] == 413
    assert post(office, body, method="PUT")[0] == 405
    assert office.rows(tables.suppressions) == []


def test_under_maintenance_it_is_to_be_sent_again(office: Office) -> None:
    body = complaint(sent(office))
    office.slack.command(user="U04CARL", command="/plixo", text='maintenance on "New disks" 2h', channel="C01SALES")
    status, said = post(office, body)
    assert (status, said) == (503, "Plixo is under maintenance. Send it again later.")
    office.slack.command(user="U04CARL", command="/plixo", text="maintenance off", channel="C01SALES")
    assert post(office, body)[0] == 200


def test_without_a_secret_there_is_no_such_address(tmp_path: Path, sqlite_url: str) -> None:
    with open_office(tmp_path, database_url=sqlite_url) as office:
        assert post(office, b"{}")[0] == 404
