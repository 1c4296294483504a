"""Each guard stops what it should, lets the rest pass, and says when or by whom it is unblocked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.accounts import InvoiceState, PayLink, Suppression, SuppressionReason
from domain.commitments import Dispute, DisputeState, Promise, PromiseState
from domain.facts import Touch
from domain.messages import Message, State
from domain.minimums import MinimumBalances
from domain.outcomes import Refused
from domain.policies import Mode, Segment
from domain.policy import Policy, Sending
from domain.reasons import Reason
from domain.rules.guards import GUARDS, PAUSE_RECHECK, Case, Wait, judge
from domain.rules.quiet_hours import Opening
from domain.timeline import AutopilotStep, Source, StepState
from domain.values import AccountScope, Capability, Money, Role
from domain.warming import SendingDay, Volume
from tests.builders import (
    MONDAY_TEN,
    make_account,
    make_case,
    make_contact,
    make_facts,
    make_invoice,
    make_message,
    make_person,
    make_volume,
    make_workspace,
)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
AUTOPILOT: dict[str, Any] = {"source": Source.AUTOPILOT, "person": None}
OLGA = make_person(id=9, name="Olga", role=Role.OPERATOR)
NOW = MONDAY_TEN
EVENING = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # already Tuesday in Tokyo


def dispute(state: DisputeState = DisputeState.OPEN, invoice: int = 1) -> Dispute:
    return Dispute(1, frozenset({invoice}), "Wrong price", None, state, NOW - DAY)


def promise(state: PromiseState, hold_until: datetime | None = None) -> Promise:
    return Promise(1, frozenset({1}), None, date(2026, 12, 1), state, NOW - HOUR, hold_until)


def step(
    state: StepState = StepState.SCHEDULED, *, due: timedelta = DAY, sent: timedelta | None = None
) -> AutopilotStep:
    return AutopilotStep(1, "Step 2", "Neutral", state, NOW + due, None if sent is None else NOW + sent)


CAPPED = Segment("Late", Mode.AUTOPILOT, "Standard", daily_cap=5)
"""A fifth of its mails is kept for nudges."""


def of_segment(name: str, **counts: int) -> Volume:
    day = NOW.date()
    return replace(make_volume(), segments={(day, name): SendingDay(day, **counts)})


def own_step(due: timedelta) -> AutopilotStep:
    """Of a sequence of ours, planned."""
    return replace(step(due=due), is_own=True)


def mail_of_step(state: State, *, step_id: int = 1) -> Message:
    return make_message(state=state, source=Source.AUTOPILOT, origin=f"step:{step_id}")


def draft(ends: timedelta) -> AutopilotStep:
    """Waits since yesterday's yesterday, until `ends` from now."""
    return AutopilotStep(1, "Step 2", "Neutral", StepState.DRAFTED, NOW - 2 * DAY, expires_at=NOW + ends)


def touch(ago: timedelta, source: Source = Source.AUTOPILOT, contact: int = 1) -> Touch:
    return Touch(contact, source, NOW - ago)


def facts(**changes: Any) -> dict[str, Any]:
    return {"facts": make_facts(**changes)}


def invoice(**changes: Any) -> dict[str, Any]:
    return {"invoice": make_invoice(**changes)}


BY_CURRENCY = MinimumBalances(Decimal(0), (Money(25_00, "EUR"), Money(3_000, "JPY"), Money(7_500, "KWD")))


def dues(minor: int, currency: str) -> dict[str, Any]:
    """So much is owed, under a policy that has some currencies' minimum."""
    return {"policy": Policy(minimum_balances=BY_CURRENCY)} | invoice(balance=Money(minor, currency))


def too_small(least: Money) -> Refused:
    return Refused(Reason.BELOW_MINIMUM, subject="INV-1", least=least)


def contact(**changes: Any) -> dict[str, Any]:
    return {"contact": make_contact(**changes)}


def workspace(**changes: Any) -> dict[str, Any]:
    return {"workspace": make_workspace(**changes)}


STOPPED: list[tuple[str, dict[str, Any], Refused | Wait]] = [
    ("a nudge of nobody", {"person": None}, Refused(Reason.REQUESTER_GONE)),
    (
        "a draft approved by somebody who may not approve any more",
        AUTOPILOT | {"person": make_person(role=Role.VIEWER)},
        Refused(Reason.NOT_ALLOWED, ask=Role.CONTROLLER),
    ),
    (
        "Autopilot on a legal hold",
        AUTOPILOT | facts(account=make_account(legal_hold="Case 7")),
        Refused(Reason.LEGAL_HOLD, ask=Role.LEGAL),
    ),
    (
        "Autopilot after any mail waits for the gap",
        AUTOPILOT | facts(touches=(touch(5 * HOUR, Source.OPERATOR),)),
        Wait(Reason.CONTACT_TOUCHED, NOW + 19 * HOUR),
    ),
    (
        "Autopilot after a nudge that may have left",
        AUTOPILOT | facts(nudges=(make_message(state=State.UNCONFIRMED, doubtful_since=NOW - HOUR),)),
        Wait(Reason.CONTACT_TOUCHED, NOW + 23 * HOUR),
    ),
    (
        "sending paused",
        workspace(sending=Sending.PAUSED),
        Wait(Reason.SENDING_PAUSED, NOW + PAUSE_RECHECK, admits=False),
    ),
    (
        "maintenance with an end",
        workspace(sending=Sending.MAINTENANCE, sending_until=NOW + HOUR),
        Wait(Reason.MAINTENANCE, NOW + HOUR, admits=False),
    ),
    (
        "degraded billing",
        workspace(sending=Sending.DEGRADED),
        Wait(Reason.DEGRADED, NOW + PAUSE_RECHECK, admits=False),
    ),
    (
        "deactivated person",
        {"person": make_person(is_active=False)},
        Refused(Reason.DEACTIVATED, ask=Role.CONTROLLER, by="Rita Rep"),
    ),
    (
        "an Operator may not nudge",
        {"person": make_person(role=Role.OPERATOR)},
        Refused(Reason.NOT_ALLOWED, ask=Role.CONTROLLER),
    ),
    (
        "a Viewer without the grant",
        {"person": make_person(role=Role.VIEWER)},
        Refused(Reason.NOT_ALLOWED, ask=Role.CONTROLLER),
    ),
    (
        "somebody else's account",
        facts(account=make_account(owner_email="sam@northwind.example")),
        Refused(Reason.OUT_OF_SCOPE, ask=Role.CONTROLLER),
    ),
    (
        "an account without an owner",
        facts(account=make_account(owner_email=None)),
        Refused(Reason.OUT_OF_SCOPE, ask=Role.CONTROLLER),
    ),
    ("legal hold", facts(account=make_account(legal_hold="court")), Refused(Reason.LEGAL_HOLD, ask=Role.LEGAL)),
    ("paid", invoice(state=InvoiceState.PAID), Refused(Reason.INVOICE_PAID, subject="INV-1")),
    ("void", invoice(state=InvoiceState.VOID), Refused(Reason.INVOICE_VOID, subject="INV-1")),
    (
        "disputed",
        facts(disputes=(dispute(),)),
        Refused(Reason.INVOICE_DISPUTED, subject="INV-1", ask=Role.OPERATOR, at=NOW - DAY),
    ),
    (
        "dispute only reported",
        facts(disputes=(dispute(DisputeState.REPORTED),)),
        Refused(Reason.INVOICE_DISPUTED, subject="INV-1", ask=Role.OPERATOR, at=NOW - DAY),
    ),
    (
        "promised",
        facts(promises=(promise(PromiseState.OPEN),)),
        Refused(Reason.INVOICE_PROMISED, subject="INV-1", ask=Role.OPERATOR, at=NOW - HOUR),
    ),
    (
        "promise reported and held",
        facts(promises=(promise(PromiseState.REPORTED, NOW + DAY),)),
        Refused(Reason.INVOICE_PROMISED, subject="INV-1", until=NOW + DAY, ask=Role.OPERATOR, at=NOW - HOUR),
    ),
    ("too small", invoice(balance=Money(99, "EUR")), too_small(Money(100, "EUR"))),
    ("a credit", invoice(balance=Money(-500, "EUR")), too_small(Money(100, "EUR"))),
    ("a credit, where every balance is chased", dues(-500, "USD"), too_small(Money(1, "USD"))),
    ("nothing, where every balance is chased", dues(0, "USD"), too_small(Money(1, "USD"))),
    ("below the minimum in euros", dues(24_99, "EUR"), too_small(Money(25_00, "EUR"))),
    ("below the minimum in yen", dues(2_999, "JPY"), too_small(Money(3_000, "JPY"))),
    ("below the minimum in dinars", dues(7_499, "KWD"), too_small(Money(7_500, "KWD"))),
    ("Autopilot below the minimum in yen", AUTOPILOT | dues(2_999, "JPY"), too_small(Money(3_000, "JPY"))),
    (
        "at release, below the minimum in yen",
        {"message_id": "a" * 32} | dues(2_999, "JPY"),
        too_small(Money(3_000, "JPY")),
    ),
    (
        "below a half that the currency does not have",
        {"policy": Policy(minimum_balances=MinimumBalances(Decimal("12.5")))} | invoice(balance=Money(12, "JPY")),
        too_small(Money(13, "JPY")),
    ),
    (
        "cash covers it",
        facts(unapplied={"EUR": 1_240_000}),
        Refused(Reason.UNAPPLIED_CASH, subject="INV-1", ask=Role.OPERATOR),
    ),
    ("no pay link", invoice(pay_link=None), Refused(Reason.NO_PAY_LINK, subject="INV-1", ask=Role.OPERATOR)),
    (
        "dead pay link",
        invoice(pay_link=PayLink("https://x.example", NOW)),
        Refused(Reason.PAY_LINK_DEAD, subject="INV-1", ask=Role.OPERATOR, at=NOW),
    ),
    ("no contact", {"contact": None}, Refused(Reason.NO_CONTACT, ask=Role.OPERATOR)),
    (
        "bad address",
        contact(is_valid=False),
        Refused(Reason.CONTACT_INVALID, subject="Paula Payer", ask=Role.OPERATOR),
    ),
    (
        "opted out",
        contact(suppression=Suppression(SuppressionReason.OPTED_OUT)),
        Refused(Reason.CONTACT_SUPPRESSED, subject="opted_out", ask=Role.OPERATOR),
    ),
    (
        "legal hold on the contact until a day",
        contact(suppression=Suppression(SuppressionReason.LEGAL_HOLD, date(2026, 12, 1))),
        Refused(
            Reason.CONTACT_SUPPRESSED,
            subject="legal_hold",
            until=datetime(2026, 12, 1, tzinfo=NOW.tzinfo),
            ask=Role.LEGAL,
        ),
    ),
    (
        "reactivated tomorrow, in one of the zones in which they may be",
        {"zones": (ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York"))}
        | contact(suppression=Suppression(SuppressionReason.OPTED_OUT, date(2026, 11, 24))),
        Refused(
            Reason.CONTACT_SUPPRESSED,
            subject="opted_out",
            until=datetime(2026, 11, 24, 5, tzinfo=UTC),
            ask=Role.OPERATOR,
        ),
    ),
    (
        "never synced",
        facts(account=make_account(synced_at=None)),
        Refused(Reason.STALE_DATA, ask=Role.ADMIN),
    ),
    (
        "stale books",
        facts(account=make_account(synced_at=NOW - 24 * HOUR - timedelta(seconds=1))),
        Refused(Reason.STALE_DATA, ask=Role.ADMIN, at=NOW - 24 * HOUR - timedelta(seconds=1)),
    ),
    (
        "step due in exactly 48 h",
        facts(steps=(step(due=48 * HOUR),)),
        Refused(Reason.PLANNED_DUE, subject="Step 2", at=NOW + 48 * HOUR, until=NOW + 72 * HOUR),
    ),
    (
        "two steps in a row are both waited for",
        facts(steps=(step(due=24 * HOUR), step(due=72 * HOUR))),
        Refused(Reason.PLANNED_DUE, subject="Step 2", at=NOW + 24 * HOUR, until=NOW + 96 * HOUR),
    ),
    (
        "a colleague of theirs was nudged for the same invoice",
        facts(touches=(Touch(2, Source.NUDGE, NOW - HOUR, invoice_id=1),)),
        Refused(Reason.INVOICE_NUDGED, subject="INV-1", at=NOW - HOUR, until=NOW + 23 * HOUR),
    ),
    (
        "step overdue by an hour",
        facts(steps=(step(due=-HOUR),)),
        Refused(Reason.PLANNED_DUE, subject="Step 2", at=NOW - HOUR, until=NOW + 23 * HOUR),
    ),
    (
        "a step of our own has waited for three days",
        facts(steps=(own_step(-3 * DAY),)),
        Refused(Reason.AUTOPILOT_DUE, subject="Step 2", at=NOW - 3 * DAY, until=NOW + DAY),
    ),
    (
        "a step due within the gap between two mails, however near nudges may come by the policy",
        {"policy": Policy(autopilot_before=HOUR), **facts(steps=(own_step(23 * HOUR),))},
        Refused(Reason.AUTOPILOT_DUE, subject="Step 2", at=NOW + 23 * HOUR, until=NOW + 47 * HOUR),
    ),
    (
        "the draft of a step waits, whatever its day was",
        facts(steps=(draft(HOUR),)),
        Refused(Reason.DRAFT_WAITS, subject="Step 2", at=NOW - 2 * DAY, until=NOW + HOUR, ask=Role.OPERATOR),
    ),
    (
        "the mail of a step is on hold: nobody can tell when it leaves",
        {"policy": Policy(autopilot_after=HOUR), **facts(steps=(own_step(-HOUR),), nudges=(mail_of_step(State.HELD),))},
        Refused(Reason.STEP_HELD, subject="Step 2", at=NOW - HOUR, after=HOUR, ask=Role.OPERATOR),
    ),
    (
        "nobody knows whether the mail of a step arrived",
        facts(steps=(own_step(-3 * DAY),), nudges=(mail_of_step(State.UNCONFIRMED),)),
        Refused(Reason.STEP_UNCONFIRMED, subject="Step 2", at=NOW - 3 * DAY, after=DAY, ask=Role.OPERATOR),
    ),
    (
        "the mail of a step is in the queue",
        facts(steps=(own_step(-HOUR),), nudges=(mail_of_step(State.QUEUED),)),
        Refused(Reason.AUTOPILOT_DUE, subject="Step 2", at=NOW - HOUR, until=NOW + 23 * HOUR),
    ),
    (
        "the mail of another step is on hold",
        facts(steps=(own_step(DAY),), nudges=(mail_of_step(State.HELD, step_id=2),)),
        Refused(Reason.AUTOPILOT_DUE, subject="Step 2", at=NOW + DAY, until=NOW + 2 * DAY),
    ),
    (
        "step sent 23 h ago",
        facts(steps=(step(StepState.SENT, due=-23 * HOUR, sent=-23 * HOUR),)),
        Refused(Reason.PLANNED_SENT, subject="Step 2", at=NOW - 23 * HOUR, until=NOW + HOUR),
    ),
    (
        "step of our own sent 23 h ago",
        facts(steps=(replace(step(StepState.SENT, due=-23 * HOUR, sent=-23 * HOUR), is_own=True),)),
        Refused(Reason.AUTOPILOT_SENT, subject="Step 2", at=NOW - 23 * HOUR, until=NOW + HOUR),
    ),
    (
        "touched 23 h ago by an operator",
        facts(touches=(touch(23 * HOUR, Source.OPERATOR),)),
        Refused(Reason.CONTACT_TOUCHED, at=NOW - 23 * HOUR, until=NOW + HOUR),
    ),
    (
        "two nudges in seven days",
        facts(touches=(touch(6 * DAY, Source.NUDGE), touch(2 * DAY, Source.NUDGE))),
        Refused(Reason.NUDGE_CAP, at=NOW - 2 * DAY, until=NOW + DAY),
    ),
    (
        "a nudge to the contact is queued",
        facts(nudges=(make_message(invoice_id=2, leaves_at=NOW + HOUR),)),
        Refused(Reason.NUDGE_QUEUED, at=NOW + HOUR, until=NOW + 25 * HOUR),
    ),
    (
        "at release, another one is being handed over",
        {"message_id": "b" * 32, **facts(nudges=(make_message(state=State.SENDING),))},
        Refused(Reason.NUDGE_QUEUED, at=NOW, until=NOW + 24 * HOUR),
    ),
    (
        "the day is full",
        {"volume": make_volume(nudges=50)},
        Wait(Reason.DAILY_CAP, NOW + 14 * HOUR),
    ),
    (
        "the segment's day is full",
        {"segment": CAPPED, "volume": of_segment("Late", nudges=3, steps=2)},
        Wait(Reason.SEGMENT_CAP, NOW + 14 * HOUR),
    ),
    (
        "what is left of the segment's day is kept for planned steps",
        {"segment": CAPPED, "volume": of_segment("Late", nudges=1), "planned": 9},
        Wait(Reason.SEGMENT_CAP, NOW + 14 * HOUR),
    ),
    (
        "the steps' part of the segment's day is used up",
        AUTOPILOT | {"segment": CAPPED, "volume": of_segment("Late", steps=4)},
        Wait(Reason.SEGMENT_CAP, NOW + 14 * HOUR),
    ),
    (
        "quiet hours",
        {"opening": Opening(NOW + HOUR, NOW + 9 * HOUR)},
        Wait(Reason.QUIET_HOURS, NOW + HOUR),
    ),
]

PASSED: list[tuple[str, dict[str, Any]]] = [
    ("nothing against it", {}),
    ("a pause that has ended", workspace(sending=Sending.PAUSED, sending_until=NOW)),
    (
        "a Viewer with the grant",
        {"person": make_person(role=Role.VIEWER, capabilities=frozenset({Capability.NUDGE}))},
    ),
    (
        "scope all",
        {"policy": Policy(scope=AccountScope.ALL), **facts(account=make_account(owner_email=None))},
    ),
    ("the owner's address in capitals", facts(account=make_account(owner_email="RITA@northwind.example"))),
    ("a resolved dispute", facts(disputes=(dispute(DisputeState.RESOLVED),))),
    ("another invoice's dispute", facts(disputes=(dispute(invoice=2),))),
    ("a report whose hold is over", facts(promises=(promise(PromiseState.REPORTED, NOW),))),
    ("a broken promise", facts(promises=(promise(PromiseState.BROKEN),))),
    ("exactly the minimum", invoice(balance=Money(100, "EUR"))),
    ("the minimum of a currency without cents", invoice(balance=Money(1, "JPY"))),
    ("exactly the minimum in euros", dues(25_00, "EUR")),
    ("exactly the minimum in yen", dues(3_000, "JPY")),
    ("exactly the minimum in dinars", dues(7_500, "KWD")),
    ("a cent, where every balance is chased", dues(1, "USD")),
    ("cash in another currency", facts(unapplied={"USD": 99_000_000})),
    ("cash that covers a part", facts(unapplied={"EUR": 1_239_999})),
    ("a pay link that lives longer", invoice(pay_link=PayLink("https://x.example", NOW + timedelta(seconds=1)))),
    ("reactivated today", contact(suppression=Suppression(SuppressionReason.INVALID, NOW.date()))),
    (
        "reactivated today, where the customer is",
        {"zones": (ZoneInfo("Asia/Tokyo"),), "at": EVENING, **facts(account=make_account(synced_at=EVENING))}
        | contact(suppression=Suppression(SuppressionReason.INVALID, EVENING.date() + timedelta(days=1))),
    ),
    ("books synced 24 h ago to the second", facts(account=make_account(synced_at=NOW - 24 * HOUR))),
    ("step due in more than 48 h", facts(steps=(step(due=48 * HOUR + timedelta(seconds=1)),))),
    ("step sent 24 h ago", facts(steps=(step(StepState.SENT, due=-DAY, sent=-DAY),))),
    ("a draft whose time is over", facts(steps=(draft(timedelta(0)),))),
    ("step skipped", facts(steps=(step(StepState.SKIPPED),))),
    ("step of another sender, overdue by a day", facts(steps=(step(due=-DAY),))),
    ("touched 24 h ago", facts(touches=(touch(DAY),))),
    ("another contact touched", facts(touches=(touch(HOUR, contact=2),))),
    (
        "two nudges, one of them eight days ago",
        facts(touches=(touch(8 * DAY, Source.NUDGE), touch(2 * DAY, Source.NUDGE))),
    ),
    ("the message itself is open", {"message_id": "a" * 32, **facts(nudges=(make_message(state=State.SENDING),))}),
    ("49 of 50", {"volume": make_volume(nudges=49)}),
    ("one mail of the segment is left", {"segment": CAPPED, "volume": of_segment("Late", nudges=2, steps=2)}),
    ("another segment's day is full", {"segment": CAPPED, "volume": of_segment("Early", nudges=5)}),
    ("a segment without a cap", {"segment": replace(CAPPED, daily_cap=None), "volume": of_segment("Late", nudges=5)}),
    (
        "a segment that is off sends no steps",
        {"segment": replace(CAPPED, mode=Mode.OFF), "volume": of_segment("Late", nudges=4), "planned": 9},
    ),
    (
        "a colleague of theirs was nudged for another invoice",
        facts(touches=(Touch(2, Source.NUDGE, NOW - HOUR, invoice_id=2),)),
    ),
    (
        "the same invoice a day ago, to another contact",
        facts(touches=(Touch(2, Source.NUDGE, NOW - DAY, invoice_id=1),)),
    ),
]


@pytest.mark.parametrize(("change", "verdict"), [case[1:] for case in STOPPED], ids=[case[0] for case in STOPPED])
def test_stops(change: dict[str, Any], verdict: Refused | Wait) -> None:
    assert judge(make_case(**change)) == verdict


@pytest.mark.parametrize("change", [case[1] for case in PASSED], ids=[case[0] for case in PASSED])
def test_lets_pass(change: dict[str, Any]) -> None:
    assert judge(make_case(**change)) is None


def test_a_refusal_says_when_it_will_be_possible_or_who_unblocks_it_where_anybody_can() -> None:
    nobody_can = {Reason.REQUESTER_GONE, Reason.INVOICE_PAID, Reason.INVOICE_VOID, Reason.BELOW_MINIMUM}
    silent = {case[2].reason for case in STOPPED if isinstance(case[2], Refused) and not (case[2].until or case[2].ask)}
    assert silent == nobody_can


def test_the_morning_is_judged_by_the_morning() -> None:
    """A contact touched 20 h ago may be written to when quiet hours end in 5 h, and not when they end in 3 h."""
    touched = make_facts(touches=(touch(20 * HOUR),))

    def at_opening(hours: int) -> Refused | Wait | None:
        return judge(make_case(facts=touched, opening=Opening(NOW + hours * HOUR, NOW + 12 * HOUR)))

    assert at_opening(5) == Wait(Reason.QUIET_HOURS, NOW + 5 * HOUR)
    assert isinstance(at_opening(3), Refused)


def test_a_refusal_is_not_hidden_by_a_wait() -> None:
    verdict = judge(
        make_case(workspace=make_workspace(sending=Sending.PAUSED), facts=make_facts(disputes=(dispute(),)))
    )
    assert isinstance(verdict, Refused)
    assert verdict.reason is Reason.INVOICE_DISPUTED


def test_the_longest_wait_counts_and_the_first_names_the_reason() -> None:
    verdict = judge(make_case(volume=make_volume(nudges=50), opening=Opening(NOW + 20 * HOUR, NOW + 28 * HOUR)))
    assert verdict == Wait(Reason.DAILY_CAP, NOW + 20 * HOUR)


def test_without_an_invoice_the_newest_one_says_why() -> None:
    older = make_invoice(id=2, number="INV-0", issued_on=date(2026, 9, 1), pay_link=None)
    case = make_case(invoice=None, facts=make_facts(invoices=(older, make_invoice()), disputes=(dispute(),)))
    verdict = judge(case)
    assert isinstance(verdict, Refused)
    assert (verdict.reason, verdict.subject) == (Reason.INVOICE_DISPUTED, "INV-1")


def test_without_any_open_invoice_there_is_nothing_to_chase() -> None:
    assert judge(make_case(invoice=None, facts=make_facts(invoices=()))) == Refused(Reason.NO_ELIGIBLE_INVOICE)


def test_every_guard_is_needed() -> None:
    """Taking any guard out of the list lets something pass that the table stops."""

    def first(guards: tuple[Any, ...], case: Case) -> object:
        return next((verdict for guard in guards if (verdict := guard(case)) is not None), None)

    for left_out in GUARDS:
        rest = tuple(guard for guard in GUARDS if guard is not left_out)
        assert any(first(rest, make_case(**change)) is None for _, change, _ in STOPPED), left_out.__name__
