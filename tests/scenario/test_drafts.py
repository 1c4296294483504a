"""Shadow Mode in Slack: from the plan to the mail, by the hands of A/R."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from domain.accounts import InvoiceState
from domain.usecases.plan_autopilot import plan_autopilot
from domain.usecases.queue_steps import queue_steps
from domain.values import Role
from sandbox.driver import Delivery
from storage import tables
from tests import factories
from tests.scenario.drafts import run_in_shadow
from tests.scenario.office import AR, CARL, OLGA, RITA, SALES, VIK, Office, words_of
from tests.scenario.reporting import make
from tests.scenario.test_faults_slack import change
from tests.stage import AFTER, EVENING

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def shadow(office: Office) -> Office:
    """Every customer is in Shadow, and it is Wednesday morning: Acme's step was planned a day ahead, and is drafted."""
    run_in_shadow(office.bot.world, office.bot.org_id, at=EVENING)
    beat(office)
    office.clock.set(AFTER + DAY)
    beat(office)
    return office


def beat(office: Office) -> None:
    """Everything the loop does, once."""
    world, org_id = office.bot.world, office.bot.org_id
    with world.across.begin() as connection:
        connection.execute(update(tables.accounts).values(synced_at=office.clock.now()))
    given = {"uow": world.uow_for(org_id), "clock": office.clock, "rulebook": world.rulebook_for(org_id)}
    plan_autopilot(**given)
    queue_steps(**given)
    office.beat()


def drafts(office: Office, user: str = OLGA) -> str:
    """What `/plixo drafts` shows."""
    assert office.slack.command(user=user, command="/plixo", text="drafts", channel=SALES).ok
    return words_of(office.last(user=user).blocks)


def click(office: Office, action: str, user: str = OLGA) -> Delivery:
    done = office.slack.click(user=user, action_id=action)
    assert done.ok
    return done


def test_from_the_plan_to_the_mail_by_a_click(shadow: Office) -> None:
    shown = drafts(shadow)
    assert "1 Autopilot draft waits" in shown and "Acme Robotics GmbH" in shown
    assert "step “14 days after the due date” of the cadence “Shadowed”, segment “All” (in Shadow)" in shown
    assert "paula@acme.example" in shown and "INV-1042" in shown
    assert "https://" not in shown and "‹the payment link›" in shown, "a pay link is a bearer secret"
    assert shadow.mail() == []
    click(shadow, "draft.approve")
    assert "approved, leaves within a minute" in words_of(shadow.last(user=OLGA).blocks)
    shadow.clock.advance(MINUTE)
    beat(shadow)
    (mail,) = shadow.mail()
    assert "INV-1042" in mail["Subject"] and mail["To"].endswith("<paula@acme.example>")
    assert "✅ *No Autopilot draft waits.*" in drafts(shadow)


def test_the_words_are_edited_and_the_tags_stay(shadow: Office) -> None:
    drafts(shadow)
    click(shadow, "draft.edit")
    assert "has to stay as it is" in shadow.modal(OLGA)
    shadow.slack.fill(user=OLGA, action_id="written", block_id="change.subject.block", value="About your invoice")
    refused = shadow.slack.submit(user=OLGA)
    assert "{invoice_number} is missing" in str(refused.body), "beside the field, and nothing is lost"
    shadow.slack.fill(
        user=OLGA, action_id="written", block_id="change.subject.block", value="A word about {invoice_number}"
    )
    assert shadow.slack.submit(user=OLGA).ok
    assert "A word about INV-1042" in shadow.modal(OLGA) and "edited by Olga Operator" in shadow.modal(OLGA)
    click(shadow, "draft.approve")
    shadow.clock.advance(MINUTE)
    beat(shadow)
    assert [mail["Subject"] for mail in shadow.mail()] == ["A word about INV-1042"]


def test_what_is_skipped_has_a_reason_and_is_not_sent(shadow: Office) -> None:
    drafts(shadow)
    click(shadow, "draft.skip")
    shadow.slack.fill(user=OLGA, action_id="written", value="They called this morning")
    assert shadow.slack.submit(user=OLGA).ok
    assert "Skipped: Acme Robotics GmbH, INV-1042" in shadow.modal(OLGA)
    assert "next step is planned for" in shadow.modal(OLGA)
    click(shadow, "drafts.list")
    assert "No Autopilot draft waits" in shadow.modal(OLGA)
    beat(shadow)
    assert shadow.mail() == []


def test_all_that_are_shown_are_approved_at_once_with_their_number_in_view(office: Office) -> None:
    for _ in range(6):
        factories.make_customer(office.bot.world.across, office.bot.org_id)
    run_in_shadow(office.bot.world, office.bot.org_id, at=EVENING)
    beat(office)
    office.clock.set(AFTER + DAY)
    beat(office)
    assert "7 Autopilot drafts wait* · 1-5 of 7" in drafts(office)
    asked = next(
        element["confirm"]
        for block in office.last(user=OLGA).blocks
        for element in block.get("elements", [])
        if element.get("action_id") == "drafts.approve"
    )
    assert asked["title"]["text"] == "Approve 5 drafts?"
    click(office, "drafts.approve")
    shown = words_of(office.last(user=OLGA).blocks)
    assert shown.count("approved, leaves") == 5 and "2 Autopilot drafts wait" in shown
    office.clock.advance(MINUTE)
    beat(office)
    assert len(office.mail()) == 5


def test_whoever_is_slower_is_told_who_was_faster(shadow: Office) -> None:
    make(shadow, VIK, Role.AR_MANAGER)
    drafts(shadow)
    drafts(shadow, VIK)
    click(shadow, "draft.approve", VIK)
    click(shadow, "draft.approve")
    assert "This draft is already approved, by Vik" in words_of(shadow.last(user=OLGA).blocks)
    beat(shadow)
    assert len(shadow.mail()) == 1


def test_ars_channel_hears_once_and_leads_to_the_drafts(shadow: Office) -> None:
    (told,) = [one for one in shadow.slack.messages(channel=AR) if "Autopilot draft" in one.text]
    assert "Acme" not in words_of(told.blocks), "a channel reads along"
    assert shadow.slack.click(user=OLGA, action_id="drafts.open", channel=AR).ok
    assert "Acme Robotics GmbH" in shadow.modal(OLGA)
    assert shadow.slack.click(user=RITA, action_id="drafts.open", channel=AR).ok
    assert "Acme" not in shadow.modal(RITA)


def test_home_shows_the_number_and_leads_there(shadow: Office) -> None:
    for user in (OLGA, CARL):
        shadow.slack.open_home(user=user)
        home = shadow.slack.home(user=user)
        assert home is not None and "1 Autopilot draft waits for you" in words_of(home.blocks)
        click(shadow, "drafts.open", user)
        assert "Acme Robotics GmbH" in shadow.modal(user)
    shadow.slack.open_home(user=RITA)
    home = shadow.slack.home(user=RITA)
    assert home is not None and "Autopilot draft" not in words_of(home.blocks)


def test_the_card_says_what_waits_and_the_nudge_keeps_away(shadow: Office) -> None:
    shadow.open_acme()
    card = words_of(shadow.last().blocks)
    assert "a draft waits for A/R" in card
    assert "A/R has yet to decide about it" in card and "once it is skipped, you can nudge" in card


def test_a_closed_house_refuses_with_its_banner(shadow: Office) -> None:
    drafts(shadow)
    shadow.slack.command(user=CARL, command="/plixo", text='maintenance on "Moving house" 2h', channel=SALES)
    click(shadow, "draft.approve")
    assert "Moving house" in words_of(shadow.last(user=OLGA).blocks)
    assert "1 Autopilot draft waits" in drafts(shadow), "reading goes on"
    assert [row["state"] for row in shadow.rows(tables.autopilot_steps)] == ["drafted"]


def test_what_stands_in_a_drafts_way_is_told_to_ar_and_not_to_a_rep(shadow: Office) -> None:
    drafts(shadow)
    change(shadow, update(tables.accounts).values(synced_at=shadow.clock.now() - 2 * DAY))
    click(shadow, "draft.approve")
    shown = words_of(shadow.last(user=OLGA).blocks)
    assert shown.count("As soon as they are synced again, the draft can be approved.") == 2, "the click, and the list"
    assert "nudge" not in shown

    click(shadow, "draft.edit")
    change(shadow, update(tables.invoices).values(state=InvoiceState.PAID.value, balance=0))
    beat(shadow)
    shadow.slack.fill(user=OLGA, block_id="change.subject.block", action_id="written", value="About {invoice_number}")
    shadow.slack.submit(user=OLGA)
    assert "*INV-1042 is paid.*\nNothing is left to send: the draft is withdrawn by itself." in shadow.modal(OLGA)
