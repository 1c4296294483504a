"""Whatever comes in: a clear answer, nothing lost, nothing sent twice."""

from __future__ import annotations

import json
import sqlite3
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlencode

import pytest
from sqlalchemy import Engine, delete, update

from bot.world import HASTE
from domain.accounts import SuppressionReason
from domain.policy import Sending
from domain.templates import TemplateState
from domain.usecases.set_sending import set_sending
from sandbox.delivery.signing import signed_headers
from storage import tables
from tests import factories
from tests.scenario.office import (
    AR,
    CARL,
    EVE,
    OLGA,
    RITA,
    SAM,
    SECRET,
    TEAM,
    VIK,
    Office,
    address,
    open_office,
    words_of,
)
from tests.stage import AFTER, EVENING, release_by

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def engine(office: Office) -> Engine:
    return office.bot.world.across


def change(office: Office, statement: object) -> None:
    with engine(office).begin() as connection:
        connection.execute(statement)  # type: ignore[call-overload]


def said(office: Office, user: str = RITA) -> str:
    last = office.last(user=user)
    return words_of(last.blocks) or last.text


# -- who asks --


def test_a_team_nobody_knows(office: Office) -> None:
    office.bot.world.directory.unlink_team(TEAM)
    assert office.account("acme").ok
    assert "Acme" not in said(office)
    assert "workspace" in said(office).lower()


def test_a_stranger(office: Office) -> None:
    office.account("acme", user=EVE)
    assert "Acme" not in said(office, EVE)
    assert "Controller" in said(office, EVE)


def test_somebody_deactivated_in_slack_is_refused_at_once(office: Office) -> None:
    office.open_acme()
    office.slack.click(user=RITA, action_id="nudge.open")
    submission = office.slack.submit(user=RITA)
    office.slack.deactivate(user=RITA)
    office.slack.replay(submission)
    office.beat(AFTER)
    assert office.states() == ["refused"]
    assert office.mail() == []
    row = next(row for row in office.rows(tables.users) if row["slack_user_id"] == RITA)
    assert row["is_active"] is False


def test_a_viewer_has_no_nudge_and_is_told_whom_to_ask(office: Office) -> None:
    office.account("Acme Robotics GmbH", user=VIK)
    card = office.last(user=VIK)
    assert "INV-1042" in words_of(card.blocks)
    assert "nudge.open" not in json.dumps(card.blocks)


def test_another_reps_account_is_refused_without_naming_it(office: Office) -> None:
    office.account("zenith", user=RITA)
    assert "Zenith Foods" not in said(office)
    office.account("zenith", user=SAM)
    assert "Zenith Foods" in said(office, SAM)


# -- forged, old, tampered --


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": "v0=ü"},
        {"X-Slack-Signature": None},
        {"X-Slack-Request-Timestamp": "abc"},
        {"X-Slack-Request-Timestamp": None},
        {"X-Slack-Request-Timestamp": "9" * 40},
    ],
)
def test_a_request_that_is_not_slacks(office: Office, headers: dict[str, str | None]) -> None:
    sent = office.account("acme robotics")
    before = office.rows(tables.audit)
    assert office.slack.forge(sent, headers=headers).status == 401
    assert office.rows(tables.audit) == before


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_or_a_future_request(office: Office, minutes: int) -> None:
    sent = office.account("acme robotics")
    assert office.slack.forge(sent, at=int(time.time()) + minutes * 60).status == 401


def test_another_secret_or_another_body(office: Office) -> None:
    sent = office.account("acme robotics")
    assert office.slack.forge(sent, secret="0" * 32).status == 401
    assert office.slack.forge(sent, body=sent.raw.replace(b"acme", b"zeni")).status == 401


def test_unsigned_ssl_check_tells_nothing(office: Office) -> None:
    answer = office.slack.send_raw(b"ssl_check=1", {"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status in (200, 401)
    assert b"Acme" not in answer.body


def test_a_tampered_modal_queues_nothing(office: Office) -> None:
    """Other metadata under a good signature is not accepted in its place; the seal's own test walks every character."""
    office.open_acme()
    office.slack.click(user=RITA, action_id="nudge.open")
    with office.slack.workspace.change():
        view = office.slack.workspace.top_view(RITA)
        assert view is not None
        sealed = view.private_metadata
        view.private_metadata = sealed[:20] + ("A" if sealed[20] != "A" else "B") + sealed[21:]
    office.slack.submit(user=RITA)
    assert office.states() == []


def test_a_modal_of_somebody_else_queues_nothing(office: Office) -> None:
    """Rita's sealed draft, submitted by Sam, who may nudge too but not this account, and not with her seal."""
    office.open_acme()
    office.slack.click(user=RITA, action_id="nudge.open")
    office.account("zenith", user=SAM)
    submission = office.slack.submit(user=RITA)
    payload = json.loads(parse_qs(submission.raw.decode())["payload"][0])
    assert office.states() == ["queued"]
    change(
        office, update(tables.messages).where(tables.messages.c.org_id == office.bot.org_id).values(state="cancelled")
    )
    payload["user"]["id"] = SAM
    payload["view"]["id"] = "V0OTHER"
    raw = urlencode({"payload": json.dumps(payload)}).encode()
    assert office.slack.send_raw(raw, signed_headers(secret=SECRET, body=raw) | FORM).status == 200
    assert office.states() == ["cancelled"]


# -- texts --


def test_ten_thousand_characters(office: Office) -> None:
    assert office.account("x" * 10_000).ok
    assert len(said(office)) < 3_000


@pytest.mark.parametrize(
    "words", ["%", "_", "'", '"', "*", "\\", "acme%' OR 1=1 --", "\u202e\u200b", "😀" * 50, "NEAR(a b)"]
)
def test_words_that_mean_something_to_a_database(office: Office, words: str) -> None:
    assert office.account(words).ok
    assert "Zenith" not in said(office)


def test_a_customer_called_channel(office: Office) -> None:
    change(
        office,
        update(tables.accounts)
        .where(tables.accounts.c.org_id == office.bot.org_id, tables.accounts.c.id == office.acme.id)
        .values(name="<!channel> <https://evil.example|Pay here> & Söhne"),
    )
    office.open_named("Acme Robotics GmbH")
    for user in (RITA,):
        raw = json.dumps(office.last(user=user).blocks)
        assert "<!channel>" not in raw
        assert "<https://evil" not in raw
    office.nudge()
    office.beat()
    posted = json.dumps([m.blocks for m in office.alerts()]) + "".join(m.text for m in office.alerts())
    assert "&lt;!channel&gt;" in posted
    assert "<!channel>" not in posted


def test_a_line_break_in_a_contacts_name_sends_no_other_header(office: Office) -> None:
    change(
        office,
        update(tables.contacts)
        .where(tables.contacts.c.org_id == office.bot.org_id)
        .values(name="Paula\r\nBcc: everyone@evil.example"),
    )
    office.open_acme()
    office.nudge()
    office.beat(AFTER)
    assert office.mail() == []
    assert office.states() == ["failed"]
    assert office.told(RITA)


# -- what is missing --


def blocked(office: Office) -> str:
    office.account("Acme Robotics GmbH")
    return said(office)


def test_no_contact(office: Office) -> None:
    change(office, delete(tables.contacts).where(tables.contacts.c.org_id == office.bot.org_id))
    assert "nobody on file to write to" in blocked(office)


def test_a_suppressed_contact(office: Office) -> None:
    factories.make_suppression(
        engine(office), office.bot.org_id, email="paula@acme.example", reason=SuppressionReason.OPTED_OUT
    )
    assert "asked not to be written to" in blocked(office)


def test_a_dead_pay_link(office: Office) -> None:
    change(
        office,
        update(tables.pay_links).where(tables.pay_links.c.org_id == office.bot.org_id).values(expires_at=EVENING),
    )
    assert "runs out before the mail would leave" in blocked(office)


def test_no_pay_link(office: Office) -> None:
    change(office, delete(tables.pay_links).where(tables.pay_links.c.org_id == office.bot.org_id))
    assert "has no payment link yet" in blocked(office)


def test_stale_books(office: Office) -> None:
    change(
        office,
        update(tables.accounts)
        .where(tables.accounts.c.org_id == office.bot.org_id)
        .values(synced_at=EVENING - timedelta(days=3)),
    )
    assert "books" in blocked(office)


def test_a_zone_that_does_not_exist(office: Office) -> None:
    change(
        office,
        update(tables.accounts).where(tables.accounts.c.org_id == office.bot.org_id).values(zone="Mars/Olympus"),
    )
    assert "Berlin" in blocked(office)
    office.nudge()
    assert office.states() == ["queued"]


def test_a_country_without_a_common_hour(office: Office) -> None:
    change(
        office,
        update(tables.accounts).where(tables.accounts.c.org_id == office.bot.org_id).values(zone=None, country="RU"),
    )
    answer = blocked(office)
    assert "time zone" in answer
    assert office.states() == []


def test_an_unresolved_merge_tag(office: Office) -> None:
    change(
        office,
        update(tables.templates)
        .where(tables.templates.c.org_id == office.bot.org_id)
        .values(body="Dear {customer_name}, {discount_code} {pay_link}"),
    )
    office.open_acme()
    office.slack.click(user=RITA, action_id="nudge.open")
    assert "discount_code" in office.modal()
    assert office.states() == []


def test_no_approved_template(office: Office) -> None:
    change(
        office,
        update(tables.templates)
        .where(tables.templates.c.org_id == office.bot.org_id)
        .values(state=TemplateState.DRAFT.value),
    )
    office.open_acme()
    office.slack.click(user=RITA, action_id="nudge.open")
    assert "approved" in office.modal()


def test_sending_is_paused(office: Office) -> None:
    world = office.bot.world
    set_sending(
        Sending.PAUSED,
        reason="New mail server",
        until=None,
        by="carl",
        uow=world.uow_for(office.bot.org_id),
        clock=world.clock,
    )
    assert "paused" in blocked(office)
    assert "New mail server" in said(office)


# -- what is down --


def test_mail_is_down_then_up(tmp_path: Path, sqlite_url: str) -> None:
    with open_office(
        tmp_path, database_url=sqlite_url, smtp_url="smtp://127.0.0.1:9?starttls=0", maildir=None
    ) as office:
        office.open_acme()
        office.nudge()
        office.beat(AFTER)
        (row,) = office.rows(tables.messages)
        assert (row["state"], row["reason"], row["attempts"]) == ("queued", "mail_unavailable", 1)
        assert row["leaves_at"] > AFTER
        assert "mail" in office.alert().lower()


def test_slack_is_down_and_mail_goes_on(office: Office) -> None:
    office.open_acme()
    office.nudge()
    office.slack.outage(on=True)
    office.beat(AFTER)
    assert office.states() == ["sent"]
    assert len(office.mail()) == 1
    assert office.alerts() == []
    office.slack.outage(on=False)
    office.beat(AFTER + timedelta(hours=2))
    assert "Sent" in office.alert()
    assert office.told(RITA)


def test_slack_asks_to_wait(office: Office) -> None:
    office.open_acme()
    office.nudge()
    office.slack.fail(method="chat.postMessage", error="ratelimited", retry_after=300)
    office.beat()
    assert office.alerts() == []
    office.beat(EVENING + timedelta(minutes=4))
    assert office.alerts() == []
    office.beat(EVENING + timedelta(minutes=6))
    assert len(office.alerts()) == 1


def test_slacks_answer_to_a_post_is_lost(office: Office) -> None:
    """At least once: the alert may stand twice, never not at all; the mail is sent once."""
    office.open_acme()
    office.nudge()
    office.slack.drop_reply(method="chat.postMessage")
    office.beat()
    office.beat(EVENING + timedelta(minutes=5))
    assert 1 <= len(office.alerts()) <= 2
    office.beat(AFTER)
    assert len(office.mail()) == 1


def test_the_channel_is_archived_and_the_controllers_are_told(office: Office) -> None:
    office.slack.archive(channel=AR)
    office.open_acme()
    office.nudge()
    office.beat()
    office.beat(EVENING + timedelta(minutes=5))
    assert any("Acme Robotics" in told for told in office.told(CARL))
    office.beat(AFTER)
    assert len(office.mail()) == 1


def test_the_trigger_is_too_old(office: Office) -> None:
    office.open_acme()
    office.slack.fail(method="views.open", error="expired_trigger_id")
    assert office.slack.click(user=RITA, action_id="nudge.open").ok
    assert "again" in said(office)


def test_the_app_is_uninstalled(office: Office) -> None:
    office.open_acme()
    office.nudge()
    office.slack.uninstall()
    office.beat(AFTER)
    assert office.mail() == []
    assert office.states() == ["queued"]


def test_the_database_is_locked(tmp_path: Path, sqlite_url: str) -> None:
    with open_office(tmp_path, database_url=sqlite_url, haste=HASTE) as office:
        office.open_acme()
        office.slack.click(user=RITA, action_id="nudge.open")
        other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        try:
            answer = office.slack.submit(user=RITA)
            assert answer.ok
            assert answer.last.elapsed < 3
        finally:
            other.execute("ROLLBACK")
            other.close()
        assert "busy" in office.modal().lower() or "busy" in said(office).lower()
        assert office.states() == []


def test_a_stale_button(office: Office) -> None:
    """The alert still shows Hold when the nudge has just left."""
    office.open_acme()
    office.nudge()
    office.beat()
    (alert,) = office.alerts()
    office.clock.set(AFTER)
    release_by(office.bot.loop)
    office.slack.click(user=OLGA, action_id="alert.hold", channel=alert.channel)
    assert office.states() == ["sent"]
    assert "It left" in office.modal(OLGA) and "can't be stopped any more" in office.modal(OLGA)
    office.bot.loop.notices()
    assert "Hold" not in words_of(office.alerts()[0].blocks)


def test_nothing_of_another_organisation(office: Office) -> None:
    foreign = office.bot.world.directory.create_organisation("Contoso", "America/New_York", "US", EVENING)
    factories.make_account(engine(office), foreign, name="Acme Robotics GmbH", owner_email=address(RITA))
    factories.make_account(engine(office), foreign, name="Foreign Secrets Inc", owner_email=address(RITA))
    office.account("foreign secrets")
    assert "Foreign Secrets" not in said(office)
    office.account("", user=RITA)
    assert "Foreign Secrets" not in said(office)
