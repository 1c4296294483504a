"""Which invoice, whom to, when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from domain.accounts import InvoiceState, Suppression, SuppressionReason
from domain.commitments import Dispute, DisputeState
from domain.mail import Mail
from domain.outcomes import Refused
from domain.policies import Mode, Segment, Segments
from domain.policy import Rulebook, Sending
from domain.reasons import Reason
from domain.rules.guards import Wait
from domain.rules.nudging import Plan, choose_contact, choose_invoice, departure_of, plan_nudge, write_mail
from domain.rules.objections import by_newest
from domain.rules.retry import LONGEST, next_attempt
from domain.values import Money
from tests.builders import (
    MONDAY_TEN,
    make_account,
    make_case,
    make_contact,
    make_facts,
    make_invoice,
    make_person,
    make_rulebook,
    make_template,
    make_volume,
    make_workspace,
)

EVENING = datetime(2026, 11, 23, 20, 40, tzinfo=UTC)  # 21:40 in Berlin


def plan(at: datetime = MONDAY_TEN, **changes: object) -> Plan | Refused | Wait:
    given_: dict[str, object] = {
        "workspace": make_workspace(),
        "person": make_person(),
        "facts": make_facts(account=make_account(synced_at=at)),
        "rulebook": make_rulebook(),
        "at": at,
        "volume": make_volume(),
    }
    return plan_nudge(**given_ | changes)  # type: ignore[arg-type]


def test_in_business_hours_it_leaves_at_once() -> None:
    planned = plan()
    assert isinstance(planned, Plan)
    assert planned.departure.at == MONDAY_TEN
    assert planned.departure.waits_for is None
    assert departure_of(planned.departure, message_id="x", policy_spread=timedelta(minutes=15)).at == MONDAY_TEN


def test_at_night_it_waits_for_the_morning_and_spreads() -> None:
    planned = plan(EVENING)
    assert isinstance(planned, Plan)
    opening = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)  # 08:00 in Berlin
    assert planned.departure.waits_for is Reason.QUIET_HOURS
    assert planned.departure.opening.at == opening
    spread = timedelta(minutes=15)
    exact = {departure_of(planned.departure, message_id=str(n), policy_spread=spread).at for n in range(50)}
    assert all(opening <= at < opening + timedelta(minutes=15) for at in exact)
    assert len(exact) > 30


def test_at_release_the_wait_itself_is_the_answer() -> None:
    assert plan(EVENING, message_id="m", invoice_id=1, contact_id=1) == Wait(
        Reason.QUIET_HOURS, datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
    )


def test_a_pause_takes_no_new_nudges() -> None:
    paused = make_workspace(sending=Sending.PAUSED, sending_reason="Moving mail servers")
    assert plan(workspace=paused) == Refused(Reason.SENDING_PAUSED, subject="Moving mail servers")


def test_a_full_day_waits_for_the_next_one() -> None:
    planned = plan(volume=make_volume(nudges=50))
    assert isinstance(planned, Plan)
    assert planned.departure.waits_for is Reason.DAILY_CAP
    assert planned.departure.opening.at == datetime(2026, 11, 24, 7, 0, tzinfo=UTC)


def test_the_newest_eligible_invoice_is_cited_and_the_others_are_named() -> None:
    newest = make_invoice(id=3, number="INV-3", issued_on=date(2026, 11, 1))
    middle = make_invoice(id=2, number="INV-2", issued_on=date(2026, 10, 15), pay_link=None)
    oldest = make_invoice(id=1, number="INV-1")
    disputed = Dispute(1, frozenset({3}), "Damaged", None, DisputeState.OPEN, MONDAY_TEN)
    case = make_case(facts=make_facts(invoices=(oldest, newest, middle), disputes=(disputed,)))
    chosen, passed = choose_invoice(case)
    assert chosen == oldest
    assert [(p.invoice.number, p.refusal.reason) for p in passed] == [
        ("INV-3", Reason.INVOICE_DISPUTED),
        ("INV-2", Reason.NO_PAY_LINK),
    ]


def test_credits_and_paid_invoices_are_not_even_mentioned() -> None:
    credit = make_invoice(id=2, number="CN-1", issued_on=date(2026, 11, 2), balance=Money(-100, "EUR"))
    paid = make_invoice(id=3, number="INV-3", issued_on=date(2026, 11, 3), state=InvoiceState.PAID)
    chosen, passed = choose_invoice(make_case(facts=make_facts(invoices=(credit, paid, make_invoice()))))
    assert chosen == make_invoice()
    assert passed == ()


def test_ties_go_by_due_date_then_number() -> None:
    a = make_invoice(number="INV-1")
    b = make_invoice(number="INV-2")
    later = make_invoice(number="INV-0", due_on=date(2026, 11, 1))
    assert sorted([later, b, a], key=by_newest) == [a, b, later]


BERLIN = (ZoneInfo("Europe/Berlin"),)


def test_a_suppressed_primary_contact_gives_way() -> None:
    primary = make_contact(suppression=Suppression(SuppressionReason.OPTED_OUT))
    second = make_contact(id=2, email="otto@acme.example", is_primary=False)
    assert choose_contact(make_facts(contacts=(second, primary)), MONDAY_TEN, BERLIN) == second
    assert choose_contact(make_facts(contacts=(primary,)), MONDAY_TEN, BERLIN) == primary
    assert choose_contact(make_facts(contacts=()), MONDAY_TEN, BERLIN) is None


def test_the_mail_is_signed_by_the_rep_and_sent_by_the_house() -> None:
    planned = plan()
    assert isinstance(planned, Plan)
    mail = write_mail(
        make_template(),
        facts=make_facts(),
        invoice=planned.invoice,
        contact=planned.contact,
        person=make_person(),
        rulebook=make_rulebook(),
        zone=planned.departure.zone,
        leaves_at=planned.departure.at,
        message_id="m",
    )
    assert isinstance(mail, Mail)
    assert (mail.sender.name, mail.sender.address) == ("Rita Rep (Accounts Receivable)", "receivables@example.com")
    assert mail.pay_link in mail.text


@given(st.integers(1, 40), st.one_of(st.none(), st.floats(0, 7200)), st.text(max_size=8))
def test_backoff_grows_to_an_hour_and_never_undercuts_the_other_side(
    attempts: int, retry_after: float | None, key: str
) -> None:
    wait = next_attempt(MONDAY_TEN, attempts=attempts, retry_after=retry_after, key=key) - MONDAY_TEN
    assert wait >= timedelta(minutes=1)
    assert wait >= timedelta(seconds=retry_after or 0)
    assert wait <= max(LONGEST * 1.2, timedelta(seconds=retry_after or 0))


LATE = Segment("Late", Mode.OFF, ageing=("1-30",), quiet=(time(23), time(6)))
OTHERS = Segment("Others", Mode.OFF, quiet=(time(12), time(11)))


def in_segments(*each: Segment) -> Rulebook:
    return replace(make_rulebook(), segments=Segments(each))


def test_a_segments_own_quiet_hours_take_the_place_of_the_policys() -> None:
    """21:40 in Berlin: quiet by the policy, open by the segment in which the customer is now."""
    planned = plan(EVENING, rulebook=in_segments(LATE, OTHERS))
    assert isinstance(planned, Plan)
    assert planned.departure.at == EVENING
    assert planned.departure.segment == LATE


def test_the_segment_is_the_one_in_which_the_customer_is_now() -> None:
    old = make_facts(account=make_account(synced_at=EVENING), invoices=(make_invoice(due_on=date(2026, 9, 1)),))
    planned = plan(EVENING, facts=old, rulebook=in_segments(LATE, OTHERS))
    assert isinstance(planned, Plan)
    assert planned.departure.at == datetime(2026, 11, 24, 10, tzinfo=UTC)
    assert planned.departure.waits_for is Reason.QUIET_HOURS


def test_a_segment_without_hours_has_the_policys() -> None:
    planned = plan(EVENING, rulebook=in_segments(replace(LATE, quiet=None), OTHERS))
    assert isinstance(planned, Plan)
    assert planned.departure == replace(plan(EVENING).departure, segment=None)  # type: ignore[union-attr]


def test_closed_days_stay_the_policys() -> None:
    saturday = datetime(2026, 11, 28, 10, tzinfo=UTC)
    facts = make_facts(account=make_account(synced_at=saturday))
    planned = plan(saturday, facts=facts, rulebook=in_segments(LATE))
    assert isinstance(planned, Plan)
    assert planned.departure.at == datetime(2026, 11, 30, 5, tzinfo=UTC), "Monday, when the segment opens in Berlin"


def test_at_the_release_the_segments_hours_hold_it_back() -> None:
    assert isinstance(plan(message_id="a" * 32), Plan)
    held = plan(message_id="a" * 32, rulebook=in_segments(replace(LATE, quiet=(time(12), time(11)))))
    assert held == Wait(Reason.QUIET_HOURS, MONDAY_TEN + timedelta(hours=1))
