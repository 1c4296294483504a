"""Promises and disputes, end to end: who hears it, who records it, who hears of that."""

from __future__ import annotations

import pytest

from domain.values import Role
from sandbox.people import Impossible
from storage import tables
from tests.scenario.office import OLGA, RITA, SALES, SAM, VIK, Office, words_of
from tests.scenario.reporting import (
    PAYER,
    choose_acme,
    choose_dispute,
    duty,
    in_sales,
    make,
    press,
    report_from_message,
    thread,
)


def test_a_promise_from_a_message_to_the_record_and_back_into_the_thread(office: Office) -> None:
    in_sales(office)
    ts = report_from_message(office)
    form = office.modal()
    assert "Acme Robotics GmbH" in form
    assert "INV-1042" in form
    office.slack.fill(user=RITA, action_id="report.due", value="next Friday")
    assert office.slack.submit(user=RITA).ok
    done = office.modal()
    assert "Friday 4 December 2026" in done
    assert "€12,400.00" in done

    alert = duty(office)
    for told in ("Acme Robotics GmbH", "INV-1042", "€12,400.00", "Friday 4 December 2026", "Rita Rep", PAYER, "Log by"):
        assert told in alert, told
    assert "Log by 21:55" in alert and "minutes left" not in alert, "a message may be read later"
    assert "15 minutes left" in office.slack.dm(user=OLGA)[-1].text, "a notification is read when it comes"
    (row,) = office.rows(tables.reports)
    assert row["evidence_link"]
    assert (row["channel"], row["thread"]) == (SALES, ts)

    press(office, OLGA, "duty.acknowledge")
    assert "Olga Operator has it in hand" in office.told(OLGA)[-1]
    press(office, OLGA, "duty.record")
    assert "On record" in office.told(OLGA)[-1]
    office.beat()
    assert "On record" in office.told(OLGA)[-1]
    (heard,) = thread(office, ts)
    assert "Your report is on record" in heard
    assert "Olga Operator" in heard
    assert "12,400" not in heard

    office.open_acme()
    card = words_of(office.last().blocks)
    assert "No nudge now." in card
    assert "promise to pay INV-1042" in card
    with pytest.raises(Impossible):
        office.slack.click(user=RITA, action_id="nudge.open", channel=SALES, message_ts=office.last().ts)


def test_where_slack_does_not_tell_a_messages_address_the_evidence_has_it_all_the_same(office: Office) -> None:
    office.slack.fail(method="chat.getPermalink", error="channel_not_found", times=1)
    ts = report_from_message(office)
    office.slack.submit(user=RITA)
    (row,) = office.rows(tables.reports)
    assert row["evidence_link"] == f"https://sandbox.slack.com/archives/{SALES}/p{ts.replace('.', '')}"
    assert "See the message" in duty(office)


def test_what_cannot_be_read_is_mended_at_its_field_and_nothing_is_lost(office: Office) -> None:
    report_from_message(office)
    office.slack.fill(user=RITA, action_id="report.due", value="soonish")
    office.slack.fill(user=RITA, action_id="report.amount", value="half of it")
    delivery = office.slack.submit(user=RITA)
    assert any("“next Friday”" in sentence for sentence in delivery.errors.values())
    assert any("plain amount" in sentence for sentence in delivery.errors.values())
    assert office.rows(tables.reports) == []
    office.slack.fill(user=RITA, action_id="report.amount", value="99.999,00")
    office.slack.fill(user=RITA, action_id="report.due", value="Friday")
    delivery = office.slack.submit(user=RITA)
    assert len(delivery.errors) == 1
    office.slack.fill(user=RITA, action_id="report.amount", value="6.200,50")
    assert office.slack.submit(user=RITA).ok
    assert "€6,200.50" in office.modal()
    assert office.rows(tables.reports)[0]["evidence"] == PAYER


def test_from_the_card_the_outcome_comes_as_a_direct_message(office: Office) -> None:
    office.open_acme()
    office.slack.click(user=RITA, action_id="report.open")
    assert "INV-1042" in office.modal()
    office.slack.fill(user=RITA, action_id="report.due", value="in two weeks")
    assert office.slack.submit(user=RITA).ok
    duty(office)
    press(office, OLGA, "duty.record")
    office.beat()
    told = office.told(RITA)[-1]
    assert "Your report is on record" in told
    assert "€12,400.00" in told


def test_a_channel_that_the_app_is_not_in_gets_nothing_and_the_rep_a_direct_message(office: Office) -> None:
    office.slack.workspace.channel(SALES).bot_is_member = False
    ts = report_from_message(office)
    assert office.slack.submit(user=RITA).ok
    duty(office)
    press(office, OLGA, "duty.record")
    office.beat()
    assert thread(office, ts) == []
    assert "Your report is on record" in office.told(RITA)[-1]


def test_not_valid_needs_a_reason_and_the_rep_reads_it(office: Office) -> None:
    in_sales(office)
    ts = report_from_message(office)
    office.slack.submit(user=RITA)
    duty(office)
    press(office, OLGA, "duty.reject")
    office.slack.fill(user=OLGA, action_id="words", value="They meant another supplier.")
    assert office.slack.submit(user=OLGA).ok
    office.beat()
    (heard,) = thread(office, ts)
    assert "was not recorded" in heard
    assert "They meant another supplier." in heard
    assert "Not valid" in office.told(OLGA)[-1]
    office.open_acme()
    assert "You can nudge for" in words_of(office.last().blocks)


def test_corrected_and_recorded(office: Office) -> None:
    in_sales(office)
    ts = report_from_message(office)
    office.slack.submit(user=RITA)
    duty(office)
    press(office, OLGA, "duty.correct")
    office.slack.fill(user=OLGA, action_id="report.amount", value="5,000")
    assert office.slack.submit(user=OLGA).ok, office.modal(OLGA)
    assert "on record, corrected" in office.modal(OLGA)
    office.beat()
    assert "corrected" in thread(office, ts)[0]
    assert office.rows(tables.promises)[0]["amount"] == 500_000


def test_a_dispute_goes_to_legal_and_ends(office: Office) -> None:
    in_sales(office)
    make(office, VIK, Role.LEGAL)
    ts = report_from_message(office, text="Two pallets are broken")
    choose_dispute(office, reason="Two of five pallets arrived damaged")
    office.slack.fill(user=RITA, action_id="report.amount", value="2,480")
    assert office.slack.submit(user=RITA).ok
    assert "The dispute is reported" in office.modal()
    assert "Two of five pallets" in duty(office)
    press(office, OLGA, "duty.record")
    press(office, OLGA, "legal.loop_in")
    office.beat()
    legal = office.told(VIK)[-1]
    assert "A dispute for Legal" in legal
    assert "In review" in legal
    press(office, VIK, "legal.answer")
    asked = office.modal(VIK)
    assert "INV-1042" in asked and "“Two of five pallets arrived damaged” (*€2,480.00*)" in asked
    assert "Answer by " in asked
    office.slack.fill(user=VIK, action_id="words", value="Our terms cover it: a credit is due.")
    assert office.slack.submit(user=VIK).ok
    office.beat()
    assert "a credit is due" in office.told(OLGA)[-1]
    press(office, OLGA, "dispute.resolve")
    assert "Vik Viewer: “Our terms cover it: a credit is due.”" in office.modal(OLGA)
    office.slack.select(user=OLGA, action_id="resolution", option="credit")
    office.slack.fill(user=OLGA, action_id="words", value="Credit note CN-9 over 2,480.")
    assert office.slack.submit(user=OLGA).ok
    assert "resolved" in office.modal(OLGA)
    office.beat()
    heard = thread(office, ts)[-1]
    assert heard.startswith("✅ *The dispute of Acme Robotics GmbH (INV-1042) is resolved (a credit was agreed).*")
    assert "Olga Operator: “Credit note CN-9 over 2,480.”" in heard and "no longer holds its invoices" in heard
    assert office.rows(tables.disputes)[0]["state"] == "resolved"


def test_of_two_operators_the_second_is_told_who_was_faster(office: Office) -> None:
    make(office, SAM, Role.OPERATOR)
    report_from_message(office)
    office.slack.submit(user=RITA)
    duty(office)
    first = press(office, OLGA, "duty.record")
    office.slack.replay(first)
    press(office, SAM, "duty.reject")  # his alert does not show it yet
    if (window := office.slack.view(user=SAM)) is not None and window.submit:
        office.slack.fill(user=SAM, action_id="words", value="She says no.")
        office.slack.submit(user=SAM)
    assert "Olga Operator has settled this report already" in office.modal(SAM)
    assert [row["verdict"] for row in office.rows(tables.reports)] == ["recorded"]
    assert [row["settled_by"] for row in office.rows(tables.reports)] == [office.staff[OLGA].id]
    assert office.actions().count("report.recorded") == 1 and "report.rejected" not in office.actions()


def test_a_submission_sent_twice_is_one_report(office: Office) -> None:
    report_from_message(office)
    sent = office.slack.submit(user=RITA)
    again = office.slack.replay(sent, retry_num=1)
    assert again.attempts[-1].ok
    assert len(office.rows(tables.reports)) == 1
    office.beat()
    assert len(office.told(OLGA)) == 1


@pytest.mark.parametrize(
    ("role", "action"),
    [
        (Role.VIEWER, "duty.acknowledge"),
        (Role.VIEWER, "duty.record"),
        (Role.SALES, "duty.record"),
        (Role.CSM, "duty.record"),
        (Role.LEGAL, "duty.record"),
        (Role.CONTROLLER, "duty.record"),
        (Role.SALES, "duty.correct"),
        (Role.CSM, "duty.reject"),
    ],
)
def test_the_wrong_role_is_refused_at_every_button(office: Office, role: Role, action: str) -> None:
    report_from_message(office)
    office.slack.submit(user=RITA)
    duty(office)
    make(office, OLGA, role)
    press(office, OLGA, action)
    assert office.rows(tables.reports)[0]["settled_at"] is None
    assert office.rows(tables.reports)[0]["acknowledged_at"] is None
    view = office.slack.view(user=OLGA)
    read = words_of(view.blocks) if view else "\n".join(office.told(OLGA))
    assert "Your role doesn't include this." in read
    assert any(name.endswith(".refused") for name in office.actions())


def test_a_viewer_cannot_report(office: Office) -> None:
    office.slack.shortcut(user=VIK, callback_id="report")
    choose_acme(office, user=VIK)
    assert "Your role doesn't include this." in office.modal(VIK)


def test_another_reps_account_is_not_even_found(office: Office) -> None:
    office.slack.shortcut(user=SAM, callback_id="report")
    assert office.slack.options(user=SAM, action_id="report.account", query="acme").options == []


def test_a_legal_hold_from_the_card(office: Office) -> None:
    make(office, VIK, Role.LEGAL)
    office.open_acme(user=VIK)
    office.slack.click(user=VIK, action_id="record.open")
    office.slack.click(user=VIK, action_id="legal_hold.place")
    office.slack.fill(user=VIK, action_id="words", value="Insolvency filed")
    assert office.slack.submit(user=VIK).ok
    assert "is on legal hold" in office.modal(VIK)
    office.open_acme()
    card = words_of(office.last().blocks)
    assert "Legal hold" in card
    assert "Insolvency filed" in card

    office.slack.close(user=VIK)
    office.open_acme(user=VIK)
    office.slack.click(user=VIK, action_id="record.open", message_ts=office.last(user=VIK).ts, channel=SALES)
    make(office, VIK, Role.VIEWER)
    office.slack.click(user=VIK, action_id="legal_hold.lift")
    assert "Your role doesn't include this." in office.modal(VIK)
    assert [row["lifted_at"] for row in office.rows(tables.legal_holds)] == [None]
