"""The account's record in Slack: what its keepers do there, and what everybody else is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.commitments import DisputeState
from domain.values import Role
from sandbox.people import Impossible
from storage import tables
from tests import factories
from tests.scenario.office import OLGA, RITA, SALES, VIK, Office, words_of
from tests.scenario.reporting import choose_acme, duty, in_sales, make, press, report_from_message, thread
from tests.stage import AFTER, EVENING

WRONG = "Your role doesn't include this."
KEEPER = {"promise.withdraw": Role.OPERATOR, "dispute.resolve": Role.OPERATOR, "legal.answer": Role.LEGAL}
"""Who may do what is in the record; everybody else is refused."""
WRONG_ROLES = [
    ("promise.withdraw", Role.LEGAL),
    ("promise.withdraw", Role.CONTROLLER),
    ("promise.withdraw", Role.AR_MANAGER),
    ("promise.withdraw", Role.VIEWER),
    ("dispute.resolve", Role.LEGAL),
    ("dispute.resolve", Role.CONTROLLER),
    ("dispute.resolve", Role.AR_MANAGER),
    ("dispute.resolve", Role.ADMIN),
    ("legal.answer", Role.OPERATOR),
    ("legal.answer", Role.CONTROLLER),
    ("legal.answer", Role.VIEWER),
    ("legal.answer", Role.BILLING_ADMIN),
]


def open_record(office: Office, user: str) -> str:
    """From the card; returns what stands in the window."""
    if office.slack.view(user=user) is not None:
        office.slack.close(user=user, everything=True)
    office.open_acme(user=user)
    card = office.last(user=user)
    office.slack.click(user=user, action_id="record.open", channel=SALES, message_ts=card.ts)
    return office.modal(user)


def buttons(blocks: list[dict[str, object]]) -> dict[str, object]:
    """Action id and style of each button, in order."""
    shown: dict[str, object] = {}
    for block in blocks:
        if block["type"] == "actions":
            shown |= {one["action_id"]: one.get("style") for one in block["elements"]}  # type: ignore[attr-defined]
    return shown


def settled_with(office: Office) -> tuple[list[str], list[str], int]:
    """States of promises and disputes, and how many steps the disputes' history has."""
    return (
        [row["state"] for row in office.rows(tables.promises)],
        [row["state"] for row in office.rows(tables.disputes)],
        len(office.rows(tables.dispute_events)),
    )


@pytest.fixture
def record(office: Office) -> Office:
    """An open promise and a dispute in review."""
    engine, org_id = office.bot.world.across, office.bot.org_id
    factories.make_promise(engine, org_id, office.acme.id, [office.invoice.id])
    factories.make_dispute(engine, org_id, office.acme.id, state=DisputeState.IN_REVIEW, owner="Vik Viewer")
    return office


@pytest.mark.parametrize(("action", "role"), WRONG_ROLES)
def test_the_wrong_role_is_refused_when_it_begins_and_when_it_ends(record: Office, action: str, role: Role) -> None:
    before = settled_with(record)
    make(record, OLGA, KEEPER[action])
    open_record(record, OLGA)
    make(record, OLGA, role)
    record.slack.click(user=OLGA, action_id=action)
    assert WRONG in record.modal(OLGA)
    assert [name for name in record.actions() if name.endswith(".refused")][-1].startswith("record.")

    make(record, OLGA, KEEPER[action])
    open_record(record, OLGA)
    record.slack.click(user=OLGA, action_id=action)
    if action == "dispute.resolve":
        record.slack.select(user=OLGA, action_id="resolution", option="credit")
    record.slack.fill(user=OLGA, action_id="words", value="They called.")
    make(record, OLGA, role)
    record.slack.submit(user=OLGA)
    assert WRONG in record.modal(OLGA)
    refused = {"promise.withdraw": "promise.withdrawn", "dispute.resolve": "dispute.resolved"}
    assert record.actions()[-1] == f"{refused.get(action, 'dispute.answered')}.refused"
    assert settled_with(record) == before


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.SALES, Role.CSM)])
def test_the_record_shows_each_role_its_own_buttons(record: Office, role: Role) -> None:
    """Sales and Customer Success have no account in scope here; `test_reports` refuses them at every button."""
    make(record, OLGA, role)
    wanted = {
        Role.OPERATOR: ["promise.withdraw", "promise.history", "dispute.resolve", "dispute.history"],
        Role.LEGAL: ["promise.history", "legal.answer", "dispute.history", "legal_hold.place"],
        Role.CONTROLLER: ["promise.history", "dispute.history", "legal_hold.place"],
    }
    if role not in wanted:
        record.open_acme(user=OLGA)
        assert "record.open" not in buttons(record.last(user=OLGA).blocks)
        return
    open_record(record, OLGA)
    view = record.slack.view(user=OLGA)
    assert view is not None
    assert list(buttons(view.blocks)) == wanted[role]


def test_a_report_from_the_shortcut_has_no_thread_and_its_outcome_comes_privately(office: Office) -> None:
    office.slack.shortcut(user=RITA, callback_id="report")
    choose_acme(office)
    assert "INV-1042" in office.modal()
    office.slack.fill(user=RITA, action_id="report.due", value="end of month")
    office.slack.fill(user=RITA, action_id="report.said", value="5 minutes ago")
    office.slack.fill(user=RITA, action_id="report.evidence", value="She said so on the phone.")
    assert office.slack.submit(user=RITA).ok
    assert "Monday 30 November 2026" in office.modal()
    alert = duty(office)
    assert "She said so on the phone." in alert and "Log by 21:50" in alert
    (row,) = office.rows(tables.reports)
    assert (row["channel"], row["thread"], row["evidence_link"]) == (None, None, None)
    assert row["said_at"] == EVENING - timedelta(minutes=5)
    press(office, OLGA, "duty.record")
    office.beat()
    assert "Your report is on record" in office.told(RITA)[-1]
    assert not [one for one in office.slack.messages(channel=SALES) if one.thread_ts]


def test_a_promise_that_was_taken_back_stops_nothing_any_more(office: Office) -> None:
    in_sales(office)
    ts = report_from_message(office)
    office.slack.submit(user=RITA)
    duty(office)
    press(office, OLGA, "duty.record")
    office.slack.close(user=RITA, everything=True)
    office.open_acme()
    assert "No nudge now." in words_of(office.last().blocks)
    assert "INV-1042" in open_record(office, OLGA)
    office.slack.click(user=OLGA, action_id="promise.history")
    assert "Rita Rep: reported" in office.modal(OLGA) and "Olga Operator: reported → open" in office.modal(OLGA)
    office.slack.close(user=OLGA)
    office.slack.click(user=OLGA, action_id="promise.withdraw")
    assert "Promise taken back" in office.modal(OLGA) and "INV-1042" in office.modal(OLGA)
    assert office.slack.submit(user=OLGA).errors, "a reason is needed"
    office.slack.fill(user=OLGA, action_id="words", value="Their bank said no.")
    assert office.slack.submit(user=OLGA).ok
    assert "is withdrawn" in office.modal(OLGA)
    assert [row["state"] for row in office.rows(tables.promises)] == ["withdrawn"]
    office.beat()
    heard = thread(office, ts)[-1]
    assert heard.startswith("↩️ *The promise of Acme Robotics GmbH (INV-1042) is withdrawn.*")
    assert "Their bank said no." in heard
    assert "The promise no longer holds its invoices; the card shows what can be nudged." in heard
    assert "Nothing is promised or disputed" in open_record(office, OLGA)
    office.slack.click(user=OLGA, action_id="promise.history")
    assert "Olga Operator: open → withdrawn “Their bank said no.”" in office.modal(OLGA)
    office.open_acme()
    office.slack.click(user=RITA, action_id="account.more")
    office.slack.click(user=RITA, action_id="record.open")
    assert "Ended lately" in office.modal()
    office.slack.click(user=RITA, action_id="promise.history")
    assert "Olga Operator: open → withdrawn “Their bank said no.”" in office.modal()
    office.slack.close(user=RITA, everything=True)
    office.open_acme()
    office.nudge()
    assert office.states() == ["queued"]


def test_a_legal_hold_from_its_beginning_to_its_end(office: Office) -> None:
    """Placed over a nudge that waits, lifted, and nudged again."""
    make(office, VIK, Role.LEGAL)
    office.open_acme()
    card = office.last()
    office.nudge()
    open_record(office, VIK)
    office.slack.click(user=VIK, action_id="legal_hold.place")
    office.slack.fill(user=VIK, action_id="words", value="Insolvency filed")
    assert office.slack.submit(user=VIK).ok
    assert "The nudge waiting for INV-1042 was taken back." in office.modal(VIK)

    office.slack.close(user=RITA, everything=True)
    office.slack.click(user=RITA, action_id="nudge.open", channel=SALES, message_ts=card.ts)  # a card from before
    assert "legal hold" in office.modal() and "paula@acme.example" not in office.modal()
    assert (office.actions()[-1], office.rows(tables.audit)[-1]["reason"]) == ("nudge.refused", "legal_hold")
    office.beat(AFTER)
    assert office.states() == ["cancelled"] and office.mail() == []
    assert office.rows(tables.messages)[0]["reason"] == "hold_came"
    assert "Vik Viewer put this account on legal hold" in office.told(RITA)[-1]

    assert "Insolvency filed" in open_record(office, VIK)
    office.slack.click(user=VIK, action_id="legal_hold.lift")
    assert office.slack.submit(user=VIK).errors, "a reason is needed"
    office.slack.fill(user=VIK, action_id="words", value="Withdrawn by the court")
    assert office.slack.submit(user=VIK).ok
    assert "is no longer on legal hold" in office.modal(VIK)
    assert "No legal hold." in open_record(office, VIK)

    office.slack.close(user=RITA, everything=True)
    office.open_acme()
    assert "Legal hold" not in words_of(office.last().blocks)
    office.slack.click(user=RITA, action_id="nudge.open", channel=SALES, message_ts=office.last().ts)
    assert office.slack.submit(user=RITA).ok
    office.beat(AFTER)
    assert office.states() == ["cancelled", "sent"] and len(office.mail()) == 1


def test_without_an_invoice_it_is_corrected_before_it_is_recorded(office: Office) -> None:
    """The alert and the record's window offer the same."""
    report_from_message(office)
    office.slack.select(user=RITA, action_id="report.invoices", option=[])
    assert office.slack.submit(user=RITA).ok
    duty(office)
    wanted = {"duty.correct": "primary", "duty.reject": "danger"}
    alert = buttons(office.slack.dm(user=OLGA)[-1].blocks)
    assert alert == {"duty.acknowledge": None, **wanted, "account.open": None}
    open_record(office, OLGA)
    view = office.slack.view(user=OLGA)
    assert view is not None
    assert buttons(view.blocks) == wanted
    with pytest.raises(Impossible):
        office.slack.find(user=OLGA, action_id="duty.record")

    office.slack.click(user=OLGA, action_id="duty.correct", view_id=view.id)
    invoices = office.slack.find(user=OLGA, action_id="report.invoices").element["options"]
    office.slack.select(user=OLGA, action_id="report.invoices", option=[invoices[0]["value"]])
    assert office.slack.submit(user=OLGA).ok, office.modal(OLGA)
    assert [row["state"] for row in office.rows(tables.promises)] == ["open"]
    assert [row["invoice_id"] for row in office.rows(tables.promise_invoices)] == [office.invoice.id]
