"""App Home for each role, over signed requests: what they see, what they do there, what they mute, and the digest."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.commitments import DisputeState, PromiseState
from domain.messages import State
from domain.reasons import Reason
from domain.templates import TemplateState
from domain.values import Capability, Money, Role
from storage import tables
from tests import factories
from tests.scenario.office import CARL, OLGA, RITA, SALES, SAM, VIK, Office, address, words_of
from tests.stage import EVENING

EUR = Money(400_000, "EUR")


def fill(office: Office) -> None:
    """A busy evening: reports with clocks, nudges in every state, promises, disputes, requests and drafts."""
    engine, org_id = office.bot.world.across, office.bot.org_id
    rita, olga = office.staff[RITA], office.staff[OLGA]
    row: dict[str, Any] = {"org_id": org_id, "account_id": office.acme.id, "reported_by": rita.id}
    for minutes, operator in ((21, olga.id), (11, None), (4, None)):
        promise = factories.make_promise(
            engine,
            org_id,
            office.acme.id,
            [office.invoice.id],
            state=PromiseState.REPORTED,
            amount=EUR,
            due_on=(EVENING + timedelta(days=4)).date(),
        )
        factories.add_row(
            engine,
            tables.reports,
            **row,
            promise_id=promise,
            origin=f"view:{minutes}",
            said_at=EVENING - timedelta(minutes=minutes),
            reported_at=EVENING - timedelta(minutes=minutes - 1),
            operator_id=olga.id,
            acknowledged_by=operator,
            escalated_at=EVENING if minutes == 21 else None,
        )
    for number, state in enumerate((State.UNCONFIRMED, State.HELD, State.HELD)):
        _, contact, (invoice,) = factories.make_customer(
            engine, org_id, name=f"Borealis {number}", owner_email=rita.email, synced_at=EVENING
        )
        factories.make_message(
            engine,
            org_id,
            account_id=invoice.account_id,
            contact_id=contact.id,
            invoice_id=invoice.id,
            requested_by=rita.id,
            requested_at=EVENING - timedelta(hours=3),
            leaves_at=EVENING + timedelta(hours=11),
            expires_at=EVENING + timedelta(hours=72),
            state=state,
            reason=Reason.MAIL_UNKNOWN if state is State.UNCONFIRMED else Reason.HELD_BY_PERSON,
            held_by=olga.id if state is State.HELD else None,
            changed_at=EVENING - timedelta(hours=1),
        )
    due = (EVENING + timedelta(days=1)).date()
    factories.make_promise(engine, org_id, office.acme.id, [office.invoice.id], amount=EUR, due_on=due)
    broken = factories.make_promise(engine, org_id, office.acme.id, state=PromiseState.BROKEN, amount=EUR, due_on=due)
    with engine.begin() as connection:
        connection.execute(
            tables.promises.update()
            .where(tables.promises.c.org_id == org_id, tables.promises.c.id == broken)
            .values(decided_at=EVENING - timedelta(hours=2))
        )
    factories.make_dispute(
        engine,
        org_id,
        office.acme.id,
        [office.invoice.id],
        state=DisputeState.IN_REVIEW,
        reason="Two of five pallets arrived damaged",
        owner="Lena Legal",
        answer_due_at=EVENING + timedelta(hours=20),
    )
    factories.make_template(
        engine, org_id, key="gentle", name="Gentle reminder", state=TemplateState.DRAFT, approved_at=None
    )
    with office.bot.world.uow_for(org_id)() as work:
        work.requests.file(
            asked_by=office.staff[VIK].id,
            reason=Reason.NOT_ALLOWED,
            capability=Capability.NUDGE,
            account_id=office.acme.id,
            at=EVENING - timedelta(hours=1),
        )


def become(office: Office, user: str, role: Role) -> None:
    with office.bot.world.uow_for(office.bot.org_id)() as work:
        work.people.grant(office.staff[user].id, role=role, capability=None, until=None, by="test")


def named(element: dict[str, Any], action_id: str) -> bool:
    return bool(element.get("action_id") == action_id)


def home_of(office: Office, user: str) -> str:
    assert office.slack.open_home(user=user).ok
    view = office.slack.home(user=user)
    assert view is not None
    assert len(view.blocks) <= 100
    return words_of(view.blocks)


def test_sales_see_their_nudges_accounts_and_reports(office: Office) -> None:
    fill(office)
    text = home_of(office, RITA)
    assert text.index("Your nudges on their way (3)") < text.index("Your accounts") < text.index("Your reports (3)")
    assert "Olga Operator has it in hand. Not yet recorded." in text
    assert "You can't write to a customer yourself" in text
    for others in ("to record", "Requests for access", "People and roles", "Promises kept"):
        assert others not in text
    assert "Borealis" not in home_of(office, SAM) and "Acme" not in home_of(office, SAM)


def test_the_operator_sees_the_queue_with_its_clocks_and_acts_there(office: Office) -> None:
    fill(office)
    text = home_of(office, OLGA)
    places = [
        text.index(words)
        for words in (
            "Promises and disputes to record (3)",
            "6 minutes late",
            "4 minutes left",
            "11 minutes left",
            "Did these arrive? (1)",
            "Nudges on hold (2)",
            "Promises due soon (1)",
            "Broken and partly kept promises (1)",
            "Promises kept in 90 days: not enough data, 1 promise decided of the 3 it takes.",
        )
    ]
    assert places == sorted(places) and "🔴" in text[: places[2]]
    view = office.slack.home(user=OLGA)
    assert view is not None
    cancels = [one["value"] for block in view.blocks for one in block.get("elements", ()) if named(one, "home.cancel")]
    assert office.slack.click(user=OLGA, action_id="home.cancel", value=cancels[0]).ok
    view = office.slack.home(user=OLGA)
    assert view is not None and "Nudges on hold (1)" in words_of(view.blocks)


def test_a_report_is_recorded_from_there(office: Office) -> None:
    fill(office)
    home_of(office, OLGA)
    view = office.slack.home(user=OLGA)
    assert view is not None
    ways = [block["block_id"] for block in view.blocks if named(block.get("accessory", {}), "record.open")]
    assert len(ways) == 4, "a report each, and the dispute that is on record"
    assert office.slack.click(user=OLGA, action_id="record.open", block_id=ways[0]).ok
    assert "Acme Robotics GmbH" in office.modal(OLGA)
    window = office.slack.view(user=OLGA)
    assert window is not None
    buttons = [one for block in window.blocks for one in block.get("elements", ())]
    waiting = [one["value"] for one in buttons if named(one, "duty.record")]
    assert len(waiting) == 3
    assert office.slack.click(user=OLGA, action_id="duty.record", value=waiting[0]).ok
    settled = [row for row in office.rows(tables.reports) if row["settled_at"] is not None]
    assert [(row["verdict"], row["settled_by"]) for row in settled] == [("recorded", office.staff[OLGA].id)]


def test_the_ar_manager_sees_what_was_escalated_apart(office: Office) -> None:
    fill(office)
    become(office, VIK, Role.AR_MANAGER)
    text = home_of(office, VIK)
    assert "Escalated to you (1)" in text and "to record (2)" in text
    assert text.index("Escalated") < text.index("to record") < text.index("On duty for the record")
    assert text.count("6 minutes late") == 1
    view = office.slack.home(user=VIK)
    assert view is not None
    handing = [block["block_id"] for block in view.blocks if named(block.get("accessory", {}), "duty.hand")]
    assert len(handing) == 3, "a manager does not record: each report can be handed to whoever does"
    assert office.slack.click(user=VIK, action_id="duty.hand", block_id=handing[0]).ok
    window = office.slack.view(user=VIK)
    assert window is not None and "Olga Operator" in str(window.blocks)


def test_the_controller_sees_what_waits_for_an_answer(office: Office) -> None:
    fill(office)
    text = home_of(office, CARL)
    assert "Requests for access (1)" in text and "Vik Viewer" in text and "asks to send nudges" in text
    assert "Drafts of texts waiting for you (1)" in text and "Gentle reminder" in text
    assert "2 Sales" in text and "1 Controller" in text
    assert "to record" not in text


def test_legal_sees_disputes_by_their_answer(office: Office) -> None:
    fill(office)
    become(office, VIK, Role.LEGAL)
    text = home_of(office, VIK)
    assert "In review" in text and "Two of five pallets" in text and "Lena Legal" in text
    assert "Escalated" not in text and "Requests" not in text


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ADMIN, Role.BILLING_ADMIN])
def test_others_read_what_they_can_do(office: Office, role: Role) -> None:
    fill(office)
    become(office, VIK, role)
    text = home_of(office, VIK)
    assert "You can look up accounts" in text and "How it works" in text
    assert "Borealis" not in text.split("Accounts")[0]
    assert "to record" not in text and "On hold" not in text
    office.slack.command(user=VIK, command="/plixo", text="help", channel=SALES)
    assert "you can look up accounts" in words_of(office.last(user=VIK).blocks)
    assert "payments" not in text.split("Accounts")[0] + words_of(office.last(user=VIK).blocks), "nothing does it yet"


def test_what_is_held_on_home_stands_there_as_held_at_once(office: Office) -> None:
    office.open_acme()
    office.nudge()
    home_of(office, RITA)
    office.slack.click(user=RITA, action_id="home.hold")
    office.slack.submit(user=RITA)
    view = office.slack.home(user=RITA)
    assert view is not None and "is on hold" in office.modal()
    assert "You put it on hold" in words_of(view.blocks)
    offered = [one["action_id"] for block in view.blocks for one in block.get("elements", ()) if "action_id" in one]
    assert "home.resume" in offered and "home.hold" not in offered


def test_who_has_lost_the_account_still_takes_a_nudge_back_and_reads_no_more_than_it_said(office: Office) -> None:
    office.open_acme()
    office.nudge()
    office.slack.close(user=RITA, everything=True)
    with office.bot.world.uow_for(office.bot.org_id)() as work:
        work.requests.hand_over(office.acme.id, owner_email=address(SAM))
    factories.make_invoice(office.bot.world.across, office.bot.org_id, office.acme.id, number="INV-2000")
    home_of(office, RITA)
    office.slack.click(user=RITA, action_id="home.cancel")
    assert office.states() == ["cancelled"]
    home = office.slack.home(user=RITA)
    assert home is not None
    said = words_of(home.blocks).partition("Accounts")[0]
    assert "The nudge for INV-1042 (Acme Robotics GmbH) is cancelled." in said
    for hidden in ("€", "INV-2000", "paula@", "Sam", "overdue"):
        assert hidden not in said
    assert office.actions()[-1] == "nudge.cancelled"


def test_a_long_part_is_seen_in_full_in_a_window(office: Office) -> None:
    engine, org_id = office.bot.world.across, office.bot.org_id
    rita = office.staff[RITA]
    _, contact, invoices = factories.make_customer(engine, org_id, invoices=60, owner_email=rita.email)
    for number, invoice in enumerate(invoices):
        factories.make_message(
            engine,
            org_id,
            account_id=invoice.account_id,
            contact_id=contact.id,
            invoice_id=invoice.id,
            requested_by=rita.id,
            state=State.HELD,
            changed_at=EVENING - timedelta(minutes=number),
        )
    text = home_of(office, OLGA)
    assert "Nudges on hold (60)" in text and "and 55 more" in text
    assert office.slack.click(user=OLGA, action_id="home.more").ok
    assert "Next (20 more)" in office.modal(OLGA)
    assert office.slack.click(user=OLGA, action_id="home.next").ok
    assert "Nudges on hold (60)" in office.modal(OLGA) and "Next" not in office.modal(OLGA)


def test_a_part_that_is_no_longer_theirs_is_refused(office: Office) -> None:
    """Looked up when it is clicked, not when it was shown."""
    test_a_long_part_is_seen_in_full_in_a_window(office)
    office.slack.close(user=OLGA, everything=True)
    become(office, OLGA, Role.BILLING_ADMIN)
    office.slack.click(user=OLGA, action_id="home.more")
    assert "INV-" not in office.modal(OLGA)
    assert "home.part.refused" in office.actions()


def test_what_is_muted_is_not_sent_but_counted_in_the_digest(office: Office) -> None:
    office.open_acme()
    office.nudge()
    office.slack.close(user=RITA, everything=True)
    office.slack.open_home(user=RITA)
    assert office.slack.click(user=RITA, action_id="home.messages").ok
    assert "What became of my nudges" in office.modal()
    office.slack.fill(user=RITA, action_id="messages.kinds", value=["daily_digest"])
    assert office.slack.submit(user=RITA).ok
    assert "You get no more messages about: what became of your nudges" in office.modal()

    office.beat(EVENING + timedelta(hours=11))  # 08:40: it leaves
    assert office.states() == ["sent"]
    assert office.told(RITA) == []
    office.clock.set(EVENING + timedelta(hours=34, minutes=51))  # 08:31 the next day
    office.chores()
    office.beat()
    (digest,) = office.told(RITA)
    assert "1 nudge of yours left" in digest
    office.chores()
    office.beat()
    assert len(office.told(RITA)) == 1
