"""The main job, end to end: a signed request, the whole bot, the database, the mail, and what each person reads."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import update

from domain.accounts import InvoiceState
from storage import tables
from tests import factories
from tests.scenario.office import CARL, OLGA, RITA, SALES, SAM, Office, open_office, words_of
from tests.stage import AFTER, MORNING


def test_from_a_typo_at_night_to_a_mail_in_the_morning(office: Office) -> None:
    # 21:40: a typo finds two customers, and nobody guesses.
    assert office.account("acm").ok
    chooser = words_of(office.last().blocks)
    assert "Acme Robotics GmbH" in chooser
    assert "Acme Logistics" in chooser
    assert "Zenith" not in chooser

    office.open_acme()
    card = words_of(office.last().blocks)
    assert "INV-1042" in card
    assert "€12,400.00" in card
    assert office.last().ephemeral

    # The preview is exactly what will leave, and says when, on both clocks.
    office.slack.click(user=RITA, action_id="nudge.open")
    preview = office.modal()
    assert "paula@acme.example" in preview
    assert "08:00" in preview
    assert "Berlin" in preview

    done = office.slack.submit(user=RITA)
    assert done.ok
    assert "INV-1042" in office.modal()
    assert office.states() == ["queued"]
    assert office.mail() == []

    # A/R is told at once, without amounts, addresses or links.
    office.beat()
    alert = office.alert()
    for told in ("Rita Rep", "Acme Robotics GmbH", "INV-1042"):
        assert told in alert
    for secret in ("12,400", "paula@", "pay.example"):
        assert secret not in alert

    # Nothing leaves a second before eight.
    office.beat(MORNING - timedelta(seconds=1))
    assert office.mail() == []
    office.beat(AFTER)
    (mail,) = office.mail()
    assert mail["To"].addresses[0].addr_spec == "paula@acme.example"
    assert "INV-1042" in mail["Subject"]
    body = mail.get_body(("plain",))
    assert body is not None
    assert "https://pay.example/" in body.get_content()
    assert body.get_content().split() == [word for word in body.get_content().split() if word], (
        "the text part is readable"
    )

    # Timeline, audit, alert and the rep's message agree.
    office.beat(AFTER + timedelta(hours=1))
    assert len(office.mail()) == 1
    assert office.states() == ["sent"]
    assert len(office.alerts()) == 1, "the alert is edited in place"
    assert office.alerts()[0].edited
    assert "Sent" in office.alert()
    assert any("INV-1042" in told for told in office.told(RITA))
    assert [a for a in office.actions() if a.startswith("nudge.")] == ["nudge.queued", "nudge.sent"]
    office.open_acme()
    assert "Nudge" in words_of(office.last().blocks)


def test_a_dispute_overnight(office: Office) -> None:
    office.open_acme()
    office.nudge()
    factories.make_dispute(office.bot.world.across, office.bot.org_id, office.acme.id, [office.invoice.id])
    office.beat(AFTER)
    assert office.states() == ["refused"]
    assert office.mail() == []
    assert "dispute" in office.told(RITA)[-1].lower()
    assert "dispute" in office.alert().lower()


def test_paid_overnight(office: Office) -> None:
    office.open_acme()
    office.nudge()
    with office.bot.world.across.begin() as connection:
        connection.execute(
            update(tables.invoices)
            .where(tables.invoices.c.org_id == office.bot.org_id)
            .values(state=InvoiceState.PAID.value, balance=0)
        )
    office.beat(AFTER)
    assert office.states() == ["refused"]
    assert office.mail() == []
    assert "paid" in office.told(RITA)[-1].lower()


def test_hold_and_resume_by_an_operator(office: Office) -> None:
    office.open_acme()
    office.nudge()
    office.beat()
    (alert,) = office.alerts()
    office.clock.advance(timedelta(minutes=5))
    office.hold(alert, "He pays today, he says")
    office.beat(AFTER)
    assert office.states() == ["held"]
    assert office.mail() == []
    assert "Olga Operator" in office.alert()
    assert "He pays today, he says" in office.alert()
    (held,) = office.told(RITA)
    assert "on hold" in held and "Olga Operator" in held and "He pays today, he says" in held
    assert office.slack.click(user=OLGA, action_id="alert.resume", channel=alert.channel).ok
    office.beat()
    assert office.states() == ["sent"]
    assert len(office.mail()) == 1
    earlier, news = office.told(RITA)
    assert "was on hold" in earlier and "It left" in earlier, "what she was told before is true"
    assert "left" in news and "on hold" not in news, "and she is told anew: an edit wakes nobody"


def test_cancel_until_it_has_left(office: Office) -> None:
    office.open_acme()
    office.nudge()
    office.beat()
    (alert,) = office.alerts()
    assert office.slack.click(user=OLGA, action_id="alert.cancel", channel=alert.channel).ok
    office.beat(AFTER)
    assert office.states() == ["cancelled"]
    assert office.mail() == []
    assert "Hold" not in office.alert()
    assert "Olga Operator cancelled it" in office.alert()
    assert any("Olga Operator cancelled it" in told for told in office.told(RITA))


def test_somebody_who_may_not_is_refused_and_nothing_changes(office: Office) -> None:
    office.open_acme()
    office.nudge()
    office.beat()
    (alert,) = office.alerts()
    office.slack.click(user=SAM, action_id="alert.cancel", channel=alert.channel)
    assert office.states() == ["queued"]
    assert "nudge.cancelled.refused" in office.actions()


def test_a_double_click_queues_one(office: Office) -> None:
    office.open_acme()
    office.slack.click(user=RITA, action_id="nudge.open")
    submission = office.slack.submit(user=RITA)
    again = office.slack.replay(submission, retry_num=1)
    assert again.ok
    assert office.states() == ["queued"]
    office.slack.close(user=RITA, everything=True)
    office.slack.click(user=RITA, action_id="nudge.open")
    assert "No second one is sent" in office.modal()
    assert office.states() == ["queued"]


def test_a_submission_delivered_again_after_it_was_sent(office: Office) -> None:
    office.open_acme()
    office.slack.click(user=RITA, action_id="nudge.open")
    submission = office.slack.submit(user=RITA)
    office.beat(AFTER)
    office.slack.replay(submission, retry_num=2)
    assert office.states() == ["sent"]


@pytest.mark.parametrize("url", ["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.postgres)])
def test_two_reps_at_once_queue_one(url: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    with open_office(tmp_path, database_url=request.getfixturevalue(url), account_scope="all") as office:
        for user in (RITA, SAM):
            office.account("Acme Robotics GmbH", user=user)
            office.slack.click(user=user, action_id="nudge.open")
        barrier = Barrier(2)

        def submit(user: str) -> None:
            barrier.wait()
            office.slack.submit(user=user)

        threads = [Thread(target=submit, args=(user,)) for user in (RITA, SAM)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert office.states() == ["queued"]
        seen = [office.modal(RITA), office.modal(SAM)]
        assert sum("No second one is sent" in modal for modal in seen) == 1


def test_a_command_delivered_twice_answers_twice_and_changes_nothing(office: Office) -> None:
    first = office.account("acme robotics")
    before = office.rows(tables.messages)
    assert office.slack.replay(first, retry_num=1).ok
    assert office.rows(tables.messages) == before


def test_autopilots_rows_are_byte_identical(office: Office) -> None:
    for days in (-20, 9, 16):
        factories.make_step(
            office.bot.world.across, office.bot.org_id, office.acme.id, due_at=MORNING + timedelta(days=days)
        )
    before = office.rows(tables.autopilot_steps)
    office.open_acme()
    office.nudge()
    office.beat(AFTER)
    assert office.states() == ["sent"]
    assert office.rows(tables.autopilot_steps) == before


def test_the_controller_hears_of_a_request(office: Office) -> None:
    office.account("zenith", user=RITA)
    office.slack.click(user=RITA, action_id="access.ask")
    office.beat()
    assert any("Rita Rep" in told for told in office.told(CARL))


def test_share_shows_no_amounts(office: Office) -> None:
    office.open_acme()
    office.slack.click(user=RITA, action_id="account.share")
    shared = [m for m in office.slack.messages(channel=SALES) if not m.ephemeral]
    assert len(shared) == 1
    said = words_of(shared[0].blocks)
    assert "Acme Robotics GmbH" in said
    for secret in ("12,400", "paula", "pay.example"):
        assert secret not in said


def test_a_share_delivered_again_stands_once(office: Office) -> None:
    office.open_acme()
    click = office.slack.click(user=RITA, action_id="account.share")
    for retry in (1, 2):
        assert office.slack.replay(click, retry_num=retry).ok
    assert len([m for m in office.slack.messages(channel=SALES) if not m.ephemeral]) == 1
    office.slack.click(user=RITA, action_id="account.share")
    assert len([m for m in office.slack.messages(channel=SALES) if not m.ephemeral]) == 2, "another click is meant"
