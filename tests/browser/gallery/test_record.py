"""Reports, the record and its windows, as the rep, the Operator and Legal read them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.demo import Demo
from handlers import ids
from tests.browser.gallery.conftest import Seat, TakeSeat
from tests.browser.walking import CARL, HALL, LENA, MAYA, OLGA, RITA, agree, close_windows, pick, press

pytestmark = pytest.mark.slow


def open_record(keeper: Seat, number: str) -> None:
    press(keeper.card(number), ids.RECORD_OPEN)


def newest(reader: Seat) -> None:
    """The newest message from Plixo is what is looked at."""
    reader.messages()


def test_a_promise_is_reported(seat: TakeSeat) -> None:
    rita = seat(RITA)
    press(rita.card("C-1001"), ids.REPORT_OPEN)
    rita.hang(rita.window, "window-report-promise", says="They will pay by")
    pick(rita.page, rita.window, "Invoices", option="INV-21164")
    rita.write(ids.REPORT_DUE, "next Friday")
    rita.write(ids.REPORT_EVIDENCE, "We pay the newest one next Friday, promised.\nJana")
    rita.send()
    rita.hang(rita.window, "window-report-promise-done", says="The promise is reported.")
    rita.close()


def test_what_cannot_be_read_is_said_at_its_field(seat: TakeSeat) -> None:
    rita = seat(RITA)
    press(rita.card("C-1003"), ids.REPORT_OPEN)
    rita.write(ids.REPORT_AMOUNT, "a lot")
    rita.write(ids.REPORT_DUE, "when they can")
    rita.send()
    rita.hang(rita.window, "window-report-mended", says="Amount")
    rita.close()


def test_a_dispute_is_reported(seat: TakeSeat) -> None:
    rita = seat(RITA)
    press(rita.card("C-1003"), ids.REPORT_OPEN)
    rita.window.get_by_label("Dispute").check()
    rita.write(ids.REPORT_REASON, "Two of five pallets arrived damaged")
    rita.hang(rita.window, "window-report-dispute", says="What is wrong?")
    rita.send()
    rita.hang(rita.window, "window-report-dispute-done", says="The dispute is reported.")
    rita.close()


def test_the_shortcut_asks_for_the_account_first(seat: TakeSeat, demo: Demo) -> None:
    rita = seat(RITA)
    demo.slack.shortcut(user=RITA, callback_id=ids.REPORT_SHORTCUT)
    rita.hang(rita.window, "window-report-shortcut", says="What did the customer say?")
    rita.close()


def test_the_alerts_and_their_windows(seat: TakeSeat) -> None:
    olga = seat(OLGA)
    newest(olga)
    promised = olga.page.get_by_test_id("message").filter(has_text="Promise reported: Acme")
    olga.hang(promised, "alert-promise", says="Log by")
    olga.hang(olga.message, "alert-dispute", says="Dispute reported")
    press(promised, ids.DUTY_CORRECT)
    olga.hang(olga.window, "window-correct", says="What you change is told to them")
    olga.close()
    press(olga.message, ids.DUTY_REJECT)
    olga.hang(olga.window, "window-not-valid", says="Why is it not valid?")
    olga.close()
    press(promised, ids.DUTY_ACKNOWLEDGE)
    olga.hang(promised, "alert-promise-acknowledged", says="has it in hand")
    olga.hang(olga.home(), "home-operator-with-reports", says="Log by")


def test_what_comes_late_is_escalated(seat: TakeSeat, demo: Demo) -> None:
    maya, rita = seat(MAYA), seat(RITA)
    for number in ("C-1007", "C-1009", "C-1013"):
        press(rita.card(number), ids.REPORT_OPEN)
        rita.write(ids.REPORT_DUE, "in 10 days")
        rita.send()
        rita.close()
    demo.clock.advance(timedelta(minutes=16))
    newest(maya)
    maya.hang(maya.message, "alert-escalated", says="Hand to…")
    maya.hang(maya.home(), "home-ar-manager-escalated", says="Escalated to you")
    press(maya.home(), ids.HOME_MORE)
    maya.hang(maya.window, "window-all-of-it", says="Escalated to you (5)")
    maya.close()
    rita.hang(rita.home(), "home-sales-with-reports", says="Your reports")


def test_an_escalated_report_is_handed_over(seat: TakeSeat) -> None:
    maya, olga = seat(MAYA), seat(OLGA)
    newest(maya)
    press(maya.message, ids.DUTY_HAND)
    maya.hang(maya.window, "window-hand-over", says="The report becomes theirs")
    maya.window.get_by_role("button", name="To:").click()
    maya.page.get_by_role("option", name="Olga").click()
    maya.send()
    maya.hang(maya.window, "window-handed-over", says="has it now")
    maya.close()
    newest(olga)
    olga.hang(olga.message, "alert-handed", says="handed over by Maya")
    newest(maya)
    maya.hang(maya.message, "alert-escalated-handed", says="was given it")


def test_the_records_window(seat: TakeSeat) -> None:
    olga = seat(OLGA)
    open_record(olga, "C-1001")
    olga.hang(olga.window, "window-record-waiting", says="reported by Rita Rep")
    press(olga.window, ids.DUTY_RECORD)
    olga.hang(olga.window, "window-recorded", says="on record")
    olga.close()
    open_record(olga, "C-1001")
    olga.hang(olga.window, "window-record-promise", says="Acme Robotics GmbH")
    press(olga.window, ids.PROMISE_HISTORY)
    olga.hang(olga.page.get_by_role("dialog", name="History"), "window-history-promise", says="reported → open")
    close_windows(olga.page, "History")
    press(olga.window, ids.PROMISE_WITHDRAW)
    olga.hang(olga.window, "window-withdraw", says="What did the customer say?")
    olga.write(ids.WORDS, "They need two more weeks")
    olga.send()
    olga.hang(olga.window, "window-withdrawn", says="no longer holds its invoices")
    olga.close()
    open_record(olga, "C-1001")
    olga.hang(olga.window, "window-record-ended", says="Ended lately")
    olga.close()
    open_record(olga, "C-1012")
    olga.hang(olga.window, "window-record-empty", says="Nothing is promised or disputed")
    olga.close()


def test_the_rep_reads_the_history(seat: TakeSeat) -> None:
    rita = seat(RITA)
    press(rita.card("C-1001"), ids.ACCOUNT_MORE)
    rita.hang(rita.message, "card-more-rep", says="See record")
    press(rita.message, ids.RECORD_OPEN)
    rita.hang(rita.window, "window-record-rep", says="Ended lately")
    press(rita.window, ids.PROMISE_HISTORY)
    rita.hang(rita.page.get_by_role("dialog", name="History"), "window-history-ended", says="They need two more weeks")
    rita.close()


def test_what_the_rep_hears(seat: TakeSeat) -> None:
    rita = seat(RITA)
    newest(rita)
    rita.hang(rita.message, "told-recorded", says="is withdrawn")


def test_a_dispute_goes_to_legal_and_back(seat: TakeSeat) -> None:
    olga, lena = seat(OLGA), seat(LENA)
    open_record(olga, "C-1006")
    olga.hang(olga.window, "window-record-dispute", says="Service week billed twice")
    press(olga.window, ids.LEGAL_LOOP_IN)
    agree(olga.page)
    olga.hang(olga.window, "window-looped-in", says="is asked about the dispute")
    olga.close()
    newest(lena)
    lena.hang(lena.message, "alert-legal", says="A dispute for Legal")
    press(lena.message, ids.LEGAL_ANSWER)
    lena.hang(lena.window, "window-legal-answer", says="Legal's answer")
    lena.write(ids.WORDS, "They are right: week 44 stands on both invoices.")
    lena.send()
    lena.hang(lena.window, "window-legal-answered", says="is on record")
    lena.close()
    lena.hang(lena.home(), "home-legal-answered", says="Legal answered")
    open_record(olga, "C-1006")
    press(olga.window, ids.DISPUTE_HISTORY)
    olga.hang(olga.page.get_by_role("dialog", name="History"), "window-history-dispute", says="answered")
    olga.close()
    newest(olga)
    olga.hang(olga.message, "alert-legal-answered", says="Legal answered")
    press(olga.message, ids.DISPUTE_RESOLVE)
    olga.hang(olga.window, "window-resolve", says="How did it end?")
    olga.write(ids.RESOLUTION, "credit")
    olga.write(ids.WORDS, "A credit note over one week")
    olga.send()
    olga.hang(olga.window, "window-resolved", says="is resolved")
    olga.close()


def test_a_legal_hold_is_placed_and_lifted(seat: TakeSeat) -> None:
    lena = seat(LENA)
    open_record(lena, "C-1012")
    press(lena.window, ids.HOLD_PLACE)
    lena.hang(lena.window, "window-legal-hold", says="Nobody may chase this account")
    lena.write(ids.WORDS, "Our claim is before the court")
    lena.send()
    lena.hang(lena.window, "window-legal-hold-placed", says="is on legal hold")
    lena.close()
    carl = seat(CARL)
    open_record(carl, "C-1012")
    carl.hang(carl.window, "window-record-on-hold", says="Legal hold")
    press(carl.window, ids.HOLD_LIFT)
    carl.hang(carl.window, "window-legal-hold-lift", says="Why?")
    carl.close()
    open_record(carl, "C-1010")
    press(carl.window, ids.HOLD_LIFT)
    carl.write(ids.WORDS, "Settled")
    carl.send()
    carl.hang(carl.window, "window-legal-hold-of-the-books", says="the books hold it")
    carl.close()


def test_a_report_from_a_message_is_answered_in_its_thread(seat: TakeSeat, demo: Demo) -> None:
    rita = seat(RITA)
    said = demo.slack.say(user=RITA, channel=HALL, text="De Vries: “we pay on 30 Nov, sorry for the delay”")
    demo.slack.message_shortcut(user=RITA, callback_id=ids.REPORT_MESSAGE_SHORTCUT, channel=HALL, message_ts=said.ts)
    rita.hang(rita.window, "window-report-from-message", says="Their words")
    found = demo.slack.options(user=RITA, action_id=ids.REPORT_ACCOUNT, query="de vries")
    demo.slack.select(user=RITA, action_id=ids.REPORT_ACCOUNT, option=found.options[0]["value"])
    rita.hang(rita.window, "window-report-from-message-chosen", says="De Vries")
    rita.close()
