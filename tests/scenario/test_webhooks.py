"""The webhooks over HTTP, as the mail provider and billing use them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path

import pytest

from connectors.mail.events import LARGEST
from connectors.signatures import signature_of
from domain.messages import message_id
from storage import tables
from tests.scenario.office import CARL, Office, open_office, words_of
from tests.stage import AFTER

SECRET = "a secret of the provider"
BILLING = "a secret of billing's"
MAIL, SENDING = "/mail/events", "/sending/events"


@pytest.fixture(params=["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.postgres)])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    url = request.getfixturevalue(request.param)
    with open_office(tmp_path, database_url=url, mail_events_secret=SECRET, sending_events_secret=BILLING) as opened:
        yield opened


def post(
    office: Office, body: bytes, *, to: str = MAIL, secret: str = "", stamp: int | None = None, method: str = "POST"
) -> tuple[int, str]:
    said = str(stamp if stamp is not None else int(office.clock.now().timestamp()))
    secret = secret or {MAIL: SECRET, SENDING: BILLING}[to]
    headers = {"X-Plixo-Timestamp": said, "X-Plixo-Signature": signature_of(secret, said, body)}
    line = HTTPConnection("127.0.0.1", office.bot.port, timeout=30)
    try:
        line.request(method, to, body=body, headers=headers)
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
        assert [post(office, b"{}", to=path)[0] for path in (MAIL, SENDING)] == [404, 404]


def tell(office: Office, **said: str) -> tuple[int, str]:
    return post(office, json.dumps(said).encode(), to=SENDING)


UNPAID = {"state": "degraded", "reason": "The invoice of November is unpaid.", "by": "billing"}


def test_billing_closes_sending_and_opens_it_again(office: Office) -> None:
    assert tell(office, **UNPAID) == (200, "sending=degraded")
    assert tell(office, **UNPAID) == (200, "sending=degraded")
    office.open_acme()
    assert "on hold (The invoice of November is unpaid.)" in words_of(office.last().blocks)
    office.clock.advance(minutes=1)
    assert tell(office, state="well", by="billing") == (200, "sending=well")
    office.open_acme()
    office.nudge()
    assert office.states() == ["queued"]
    changes = [action for action in office.actions() if action.startswith("sending.")]
    assert changes == ["sending.degraded", "sending.recovered"]


def about_sending(office: Office) -> list[str]:
    """What Carl hears of it while the house is watched for a while."""
    for _ in range(4):
        office.clock.advance(minutes=3)
        office.chores()
    office.beat()
    return [text for text in office.told(CARL) if "*sending*" in text]


def test_controllers_hear_once_that_sending_is_degraded_and_that_it_is_well(office: Office) -> None:
    tell(office, **UNPAID)
    (red,) = about_sending(office)
    assert "degraded: The invoice of November is unpaid." in red
    tell(office, state="well", by="billing")
    (_, well) = about_sending(office)
    assert "*sending* is no longer red" in well


def test_what_no_row_can_keep_is_left_out(office: Office) -> None:
    body = b'{"state": "degraded", "reason": "Unpaid \\ud83d\\u0000since Monday"}'
    assert post(office, body, to=SENDING) == (200, "sending=degraded")
    office.open_acme()
    assert "on hold (Unpaid since Monday)" in words_of(office.last().blocks)


def test_what_billing_said_before_its_newest_word_changes_nothing(office: Office) -> None:
    now, before = ((office.clock.now() - timedelta(minutes=minutes)).isoformat() for minutes in (0, 5))
    assert tell(office, state="well", by="billing", at=now) == (200, "sending=well")
    assert tell(office, **UNPAID, at=before) == (200, "sending=well")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{", "The body is no JSON."),
        (b"[" * 9_000, "The body is no JSON."),
        (b"[]", 'Send an object whose "state" is "degraded" or "well".'),
        (b'{"state": "down"}', 'Send an object whose "state" is "degraded" or "well".'),
        (b'{"state": "degraded"}', 'Say in "reason" why: whoever waits for a mail reads it.'),
        (b'{"state": "degraded", "reason": 7}', '"reason" is a text.'),
        (b'{"state": "well", "at": "2026-11-28"}', '"at" is a moment with its zone, such as 2026-11-28T09:00:00Z.'),
        (b'{"state": "well", "at": "9999-12-31T23:59:59Z"}', '"at" lies ahead: say when it began, not when it will.'),
    ],
)
def test_what_cannot_be_read_is_answered_with_what_to_send(office: Office, body: bytes, said: str) -> None:
    assert post(office, body, to=SENDING) == (400, said)
    assert office.actions() == []


def test_each_webhook_has_a_secret_of_its_own(office: Office) -> None:
    status, said = post(office, json.dumps(UNPAID).encode(), to=SENDING, secret=SECRET)
    assert (status, "PLIXO_SENDING_EVENTS_SECRET" in said) == (401, True)
