"""Shadow Mode over real databases: a step that is due is drafted, and leaves when a person has approved it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, delete, update

from domain.errors import Busy
from domain.messages import State
from domain.morning import DigestLook, News
from domain.outcomes import Queued, Refused
from domain.policies import Mode, Segment, Segments
from domain.policy import Sending
from domain.reasons import Reason
from domain.shadow import (
    Approved,
    DraftEdited,
    DraftList,
    DraftsApproved,
    DraftSkipped,
    Misworded,
    NotApproved,
    Weighed,
)
from domain.simulation import Proposed
from domain.templates import Wording
from domain.usecases.approve_drafts import approve_drafts
from domain.usecases.edit_draft import edit_draft
from domain.usecases.see_drafts import see_draft, see_drafts
from domain.usecases.set_sending import set_sending
from domain.usecases.simulate_book import book_ahead
from domain.usecases.skip_draft import skip_draft
from domain.values import Actor, Money, Person, Role
from storage import tables
from tests import factories
from tests.integration.autopilot.ground import ALL_IN_SHADOW, ALL_ON, Ground, set_the_ground
from tests.integration.autopilot.test_sequences import STOPS
from tests.stage import AFTER, EVENING

TODAY = EVENING.date()
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
WORDS = Wording(
    "About {invoice_number}",
    "Hello {customer_name},\n\n{invoice_balance} is open since {due_date}. Please pay: {pay_link}\n\n{sender_name}",
)


class Desk:
    """Olga decides about drafts on a ground in Shadow."""

    def __init__(self, ground: Ground) -> None:
        self.ground, self.stage = ground, ground.stage
        self.olga = self.stage.person(email="olga@north.example", name="Olga Operator", role=Role.OPERATOR)
        self.oskar = self.stage.person(email="oskar@north.example", name="Oskar Operator", role=Role.OPERATOR)

    def drafted(self) -> Weighed:
        """By Tuesday morning the step is drafted."""
        self.ground.beat(EVENING)
        self.ground.beat(AFTER)
        return self.seen().drafts[0]

    def seen(self, by: Person | None = None) -> DraftList:
        outcome = see_drafts(**self._as(by))
        assert isinstance(outcome, DraftList)
        return outcome

    def approve(self, *drafts: Weighed, by: Person | None = None) -> Any:
        """The answer for one; for several all of them. Whoever hears that Plixo is busy clicks again."""
        try:
            outcome = approve_drafts({one.draft.step_id: one.draft.revision for one in drafts}, **self._as(by))
        except Busy:
            return self.approve(*drafts, by=by)
        if isinstance(outcome, DraftsApproved) and len(drafts) == 1:
            return outcome.each[0]
        return outcome

    def edit(self, one: Weighed, wording: Wording = WORDS, *, by: Person | None = None) -> Any:
        return edit_draft(one.draft.step_id, wording, revision=one.draft.revision, **self._as(by))

    def skip(self, one: Weighed, *, by: Person | None = None) -> Any:
        return skip_draft(one.draft.step_id, "They called this morning", **self._as(by))

    def told_in_the_morning(self) -> int:
        """How many drafts the digest counts that is raised now."""
        at = self.stage.clock.now()
        with self.stage.uow() as work:
            counts = work.mornings.of_all(DigestLook(at - DAY, at, at.date(), at, late_by=at)).counts
        return counts[News.STEP_DRAFTS]

    def audited(self, action: str) -> list[dict[str, Any]]:
        return [row for row in self.stage.rows(tables.audit) if row["action"] == action]

    def _as(self, person: Person | None) -> dict[str, Any]:
        stage = self.stage
        return {
            "actor": stage.actor(person or self.olga),
            "uow": stage.uow,
            "clock": stage.clock,
            "rulebook": stage.rulebook,
        }


@pytest.fixture
def desk(database: Engine, organisation: int) -> Desk:
    return build_desk(database, organisation)


def build_desk(engine: Engine, org_id: int) -> Desk:
    """On Monday evening the invoice is 10 days late: the step of day 3 is due, the one of day 14 is on Friday."""
    ground = set_the_ground(engine, org_id)
    ground.publish(segments=ALL_IN_SHADOW)
    ground.due(TODAY - 10 * DAY)
    return Desk(ground)


def test_a_step_that_is_due_waits_as_a_draft_with_all_that_would_leave(desk: Desk) -> None:
    one = desk.drafted()
    assert desk.ground.steps() == [(3, "drafted", None)]
    assert (one.account.id, one.invoice.id) == (desk.stage.account.id, desk.stage.invoice.id)
    assert (one.draft.segment, one.draft.cadence, one.draft.day, one.mode) == ("All", "Standard", 3, Mode.SHADOW)
    assert one.contact is not None and one.mail is not None
    assert one.mail.to.address == one.contact.email
    assert one.invoice.number in one.mail.subject
    assert "EUR 12,400.00" in one.mail.text
    assert one.departure is not None and one.departure.at == AFTER, "it is open now"
    assert one.draft.expires_at == AFTER + desk.stage.rulebook.policy.expiry
    for hour in range(1, 6):
        desk.ground.beat(AFTER + hour * HOUR)
    assert (desk.stage.mailer.sent, desk.stage.rows(tables.messages)) == ([], [])
    assert len(desk.audited("draft.made")) == 1


def test_what_is_approved_leaves_from_the_house_and_the_sequence_goes_on(desk: Desk) -> None:
    one = desk.drafted()
    assert isinstance(desk.approve(one), Approved)
    assert desk.seen().total == 0
    desk.ground.beat(AFTER + MINUTE)
    (mail,) = desk.stage.mailer.sent
    assert one.mail is not None
    assert (mail.text, mail.subject, mail.sender) == (
        one.mail.text,
        one.mail.subject,
        desk.stage.rulebook.policy.sender,
    )
    assert desk.ground.steps() == [(3, "sent", None), (14, "scheduled", None)]
    (message,) = desk.stage.rows(tables.messages)
    assert (message["requested_by"], message["source"]) == (desk.olga.id, "autopilot")
    (line,) = desk.audited("draft.approved")
    assert (line["actor_id"], line["after"]["revision"]) == (desk.olga.id, 0)


def test_what_is_approved_names_the_segment_of_its_customer(desk: Desk) -> None:
    desk.stage.rulebook = replace(desk.stage.rulebook, segments=Segments((Segment("Everybody", Mode.SHADOW),)))
    assert isinstance(desk.approve(desk.drafted()), Approved)
    assert [row["segment"] for row in desk.stage.rows(tables.messages)] == ["Everybody"]


def test_what_is_approved_at_night_leaves_in_open_hours(desk: Desk) -> None:
    one = desk.drafted()
    desk.stage.clock.set(EVENING + DAY)
    desk.ground.keep_books_fresh(EVENING + DAY)
    approved = desk.approve(one)
    assert isinstance(approved, Approved)
    assert approved.departure.waits_for is Reason.QUIET_HOURS
    desk.ground.beat(EVENING + DAY + MINUTE)
    assert desk.stage.mailer.sent == []
    desk.ground.beat(AFTER + DAY)
    assert len(desk.stage.mailer.sent) == 1


def test_edited_words_leave_with_the_tags_of_the_approved_text(desk: Desk) -> None:
    one = desk.drafted()
    edited = desk.edit(one)
    assert isinstance(edited, DraftEdited), edited
    assert edited.weighed.draft.edited_by == "Olga Operator"
    assert isinstance(desk.approve(one, by=desk.oskar), NotApproved), "Oskar has read something else"
    assert isinstance(desk.approve(edited.weighed, by=desk.oskar), Approved)
    desk.ground.beat(AFTER + MINUTE)
    (mail,) = desk.stage.mailer.sent
    assert mail.subject == f"About {one.invoice.number}"
    assert "EUR 12,400.00 is open since 13 November 2026. Please pay: https://" in mail.text
    (line,) = desk.audited("draft.edited")
    assert (line["before"]["revision"], line["after"]["revision"]) == (0, 1)
    assert line["before"]["hash"] != line["after"]["hash"]
    assert "open" not in str(line["after"]), "the log knows the text by its hash"


def test_every_wording_is_kept_and_the_last_one_counts(desk: Desk) -> None:
    one = desk.drafted()
    first = desk.edit(one)
    second = desk.edit(first.weighed, replace(WORDS, subject="{invoice_number}, once more"), by=desk.oskar)
    assert isinstance(second, DraftEdited)
    kept = [(row["revision"], row["subject"], row["edited_by"]) for row in desk.stage.rows(tables.draft_wordings)]
    assert kept == [
        (1, "About {invoice_number}", desk.olga.id),
        (2, "{invoice_number}, once more", desk.oskar.id),
    ]
    assert isinstance(desk.approve(second.weighed), Approved)
    desk.ground.beat(AFTER + MINUTE)
    assert desk.stage.mailer.sent[0].subject.endswith("once more")


@pytest.mark.parametrize(
    ("wording", "reason", "in_subject"),
    [
        (replace(WORDS, subject="About your invoice"), Reason.TAGS_CHANGED, True),
        (replace(WORDS, body="Pay: {pay_link}"), Reason.TAGS_CHANGED, False),
        (replace(WORDS, body=WORDS.body + "\nSee https://elsewhere.example"), Reason.FOREIGN_LINK, False),
        (replace(WORDS, body=" "), Reason.NO_LETTER, False),
    ],
)
def test_words_that_cannot_be_taken_change_nothing(
    desk: Desk, wording: Wording, reason: Reason, in_subject: bool
) -> None:
    one = desk.drafted()
    said = desk.edit(one, wording)
    assert isinstance(said, Misworded)
    assert (said.refusal.reason, said.in_subject) == (reason, in_subject)
    assert desk.seen().drafts[0].draft == one.draft


def test_what_is_skipped_is_not_sent_and_the_next_step_is_planned(desk: Desk) -> None:
    skipped = desk.skip(desk.drafted())
    assert isinstance(skipped, DraftSkipped)
    assert skipped.next_at is not None and skipped.next_at.date() == TODAY + 4 * DAY
    assert desk.ground.steps() == [(3, "skipped", "draft_skipped"), (14, "scheduled", None)]
    assert [line["after"]["why"] for line in desk.audited("draft.skipped")] == ["They called this morning"]
    desk.ground.beat(AFTER + HOUR)
    assert desk.stage.mailer.sent == []


@pytest.mark.parametrize(("happens", "why"), STOPS, ids=[why for _, why in STOPS])
def test_what_stops_a_sequence_withdraws_its_draft(desk: Desk, happens: Callable[[Ground], None], why: str) -> None:
    desk.drafted()
    happens(desk.ground)
    desk.ground.plan(AFTER + MINUTE)
    assert (desk.seen().total, desk.ground.ends()) == (0, [why])
    assert [line["after"] for line in desk.audited("draft.withdrawn")] == [{"why": why}]


def test_an_approved_draft_is_foretold_as_a_mail_that_leaves(desk: Desk) -> None:
    """Its segment is in Shadow, and nobody has to approve it again."""
    stage, one = desk.stage, desk.drafted()

    def leaving() -> int:
        return book_ahead(Proposed(), uow=stage.uow, rulebook=stage.rulebook, at=stage.clock.now()).leaving

    stage.clock.set(AFTER + timedelta(hours=11))
    desk.ground.keep_books_fresh(stage.clock.now())
    assert leaving() == 0
    assert isinstance(desk.approve(one), Approved)
    assert leaving() == 1


@pytest.mark.parametrize(("happens", "why"), STOPS, ids=[why for _, why in STOPS])
def test_what_has_just_happened_counts_before_the_approval(
    desk: Desk, happens: Callable[[Ground], None], why: str
) -> None:
    one = desk.drafted()
    happens(desk.ground)
    said = desk.approve(one)
    assert isinstance(said, NotApproved)
    wanted = {
        "paid": Reason.INVOICE_PAID,
        "disputed": Reason.INVOICE_DISPUTED,
        "promised": Reason.INVOICE_PROMISED,
        "below_minimum": Reason.BELOW_MINIMUM,
        "legal_hold": Reason.LEGAL_HOLD,
        "suppressed": Reason.CONTACT_SUPPRESSED,
        "out_of_segment": Reason.DRAFT_WITHDRAWN,
    }
    assert said.refusal.reason is wanted[why]
    assert said.refusal.least == (Money(1_00, "EUR") if why == "below_minimum" else None)
    assert (desk.stage.rows(tables.messages), desk.ground.ends()) == ([], [why])


def test_what_happens_between_the_approval_and_the_release_still_counts(desk: Desk) -> None:
    assert isinstance(desk.approve(desk.drafted()), Approved)
    desk.ground.pay()
    desk.ground.beat(AFTER + MINUTE)
    assert desk.stage.mailer.sent == []
    assert [row["state"] for row in desk.stage.rows(tables.messages)] == [State.REFUSED]


def test_what_was_approved_does_not_leave_when_its_approver_may_not_any_more(desk: Desk) -> None:
    assert isinstance(desk.approve(desk.drafted()), Approved)
    desk.ground.write(update(tables.users).where(tables.users.c.id == desk.olga.id).values(role=Role.SALES))
    desk.ground.beat(AFTER + MINUTE)
    assert desk.stage.mailer.sent == []


def test_the_next_steps_day_takes_the_place_of_a_draft_that_waits(desk: Desk) -> None:
    desk.drafted()
    at = AFTER + 3 * DAY - MINUTE  # its 72 hours are not over
    desk.ground.due(TODAY - 12 * DAY)
    desk.ground.plan(at)
    assert desk.ground.steps() == [(3, "skipped", "superseded"), (14, "scheduled", None)]
    assert [line["after"]["why"] for line in desk.audited("draft.withdrawn")] == ["superseded"]


def test_a_draft_that_nobody_decides_runs_out_after_72_hours(desk: Desk) -> None:
    desk.ground.due(TODAY - 3 * DAY)
    one = desk.drafted()
    desk.ground.beat(AFTER + 3 * DAY - MINUTE)
    assert (desk.seen().total, desk.told_in_the_morning()) == (1, 1)
    desk.stage.clock.set(AFTER + 3 * DAY)
    late = desk.approve(one)
    assert isinstance(late, NotApproved) and late.refusal.reason is Reason.EXPIRED, "whether the job has come or not"
    for refused in (desk.edit(one), desk.skip(one)):
        assert isinstance(refused, Refused) and refused.reason is Reason.EXPIRED
    assert (desk.seen().total, desk.told_in_the_morning()) == (0, 0), "it waits for nobody any more"
    desk.ground.beat(AFTER + 3 * DAY)
    assert desk.ground.steps() == [(3, "skipped", "expired"), (14, "scheduled", None)]
    assert len(desk.audited("draft.expired")) == 1
    said = desk.approve(one)
    assert isinstance(said, NotApproved) and said.refusal.reason is Reason.EXPIRED


def test_whoever_is_slower_hears_who_was_faster(desk: Desk) -> None:
    one = desk.drafted()
    assert isinstance(desk.approve(one), Approved)
    for said in (desk.approve(one, by=desk.oskar), desk.skip(one, by=desk.oskar), desk.edit(one, by=desk.oskar)):
        refusal = said.refusal if isinstance(said, NotApproved) else said
        assert (refusal.reason, refusal.by, refusal.subject) == (Reason.DRAFT_DECIDED, "Olga Operator", "approved")
    assert len(desk.stage.rows(tables.messages)) == 1


def test_a_draft_waits_for_a_person_although_its_segment_rises(desk: Desk) -> None:
    desk.drafted()
    desk.ground.publish(segments=ALL_ON)
    for hour in range(1, 4):
        desk.ground.beat(AFTER + hour * HOUR)
    (one,) = desk.seen().drafts
    assert (one.mode, desk.stage.mailer.sent) == (Mode.AUTOPILOT, [])
    assert isinstance(desk.approve(one), Approved)
    desk.ground.beat(AFTER + 4 * HOUR)
    assert len(desk.stage.mailer.sent) == 1
    desk.ground.day(AFTER + 3 * DAY)
    assert desk.ground.steps()[1] == (14, "sent", None), "the next one leaves by itself"


@pytest.mark.parametrize("reason", [Reason.SENDING_PAUSED])
def test_a_closed_house_refuses_with_its_banner_and_the_draft_waits_on(desk: Desk, reason: Reason) -> None:
    one, stage = desk.drafted(), desk.stage
    set_sending(Sending.PAUSED, reason="Audit", until=None, by="carl", uow=stage.uow, clock=stage.clock)
    said = desk.approve(one)
    assert isinstance(said, Refused)
    assert (said.reason, said.subject) == (reason, "Audit")
    assert desk.seen().total == 1


def test_what_a_guard_refuses_now_waits_on_and_says_why(desk: Desk) -> None:
    one = desk.drafted()
    desk.ground.write(delete(tables.pay_links))
    said = desk.approve(one)
    assert isinstance(said, NotApproved) and said.refusal.reason is Reason.NO_PAY_LINK
    (again,) = desk.seen().drafts
    assert again.objection is not None and again.objection.reason is Reason.NO_PAY_LINK
    assert [row["reason"] for row in desk.audited("draft.approved.refused")] == ["no_pay_link"]


def test_a_draft_is_left_to_another_sender_who_has_planned_reminders_meanwhile(desk: Desk) -> None:
    one, stage = desk.drafted(), desk.stage
    factories.make_step(stage.engine, stage.org_id, stage.account.id, due_at=AFTER + 10 * DAY)
    said = desk.approve(one)
    assert isinstance(said, NotApproved) and said.refusal.reason is Reason.ANOTHER_SENDER
    (again,) = desk.seen().drafts
    assert again.objection is not None and again.objection.reason is Reason.ANOTHER_SENDER


def test_a_nudge_keeps_away_from_a_step_in_shadow_and_from_its_draft(desk: Desk) -> None:
    desk.ground.plan(EVENING)
    planned = desk.stage.click()
    assert isinstance(planned, Refused) and planned.reason is Reason.AUTOPILOT_DUE
    one = desk.drafted()
    drafted = desk.stage.click()
    assert isinstance(drafted, Refused) and drafted.reason is Reason.DRAFT_WAITS
    assert drafted.until == one.draft.expires_at
    desk.skip(one)
    assert isinstance(desk.stage.click(), Queued)


def test_a_step_is_drafted_once_however_often_the_jobs_beat(desk: Desk) -> None:
    desk.drafted()
    for _ in range(3):
        desk.ground.queue()
        desk.ground.plan()
    assert len(desk.stage.rows(tables.drafts)) == len(desk.audited("draft.made")) == 1


def test_a_list_is_read_in_pages_and_approved_at_once(desk: Desk) -> None:
    for _ in range(6):
        factories.make_customer(desk.stage.engine, desk.stage.org_id)
    desk.drafted()
    desk.ground.keep_books_fresh(AFTER)
    first = desk.seen()
    assert (len(first.drafts), first.total) == (5, 7)
    outcome = desk.approve(*first.drafts)
    assert [type(one) for one in outcome.each] == [Approved] * 5
    assert desk.seen().total == 2
    behind = see_drafts(start=40, **desk._as(None))
    assert isinstance(behind, DraftList)
    assert (len(behind.drafts), behind.start) == (2, 0)


def test_ar_hears_when_drafts_begin_to_wait_and_not_of_each(desk: Desk) -> None:
    def told() -> list[int | None]:
        return [row["recipient"] for row in desk.stage.rows(tables.notices) if row["kind"] == "drafts_wait"]

    def another(day: int) -> None:
        """Planned on that day, and drafted the day after: a step is announced a day ahead."""
        factories.make_customer(desk.stage.engine, desk.stage.org_id)
        desk.ground.beat(AFTER + day * DAY)
        desk.ground.beat(AFTER + (day + 1) * DAY)

    desk.drafted()
    another(1)
    assert (desk.seen().total, told()) == (2, [None]), "one message, in A/R's channel"
    for one in desk.seen().drafts:
        desk.skip(one)
    another(3)
    assert (desk.seen().total, told()) == (1, [None, None])


@pytest.mark.parametrize("role", list(Role))
def test_only_ar_decides_about_drafts(desk: Desk, role: Role) -> None:
    one = desk.drafted()
    person = desk.stage.person(email="x@north.example", role=role)
    may = role in (Role.CONTROLLER, Role.AR_MANAGER, Role.OPERATOR)
    given = desk._as(person)
    for outcome in (
        see_drafts(**given),
        see_draft(one.draft.step_id, **given),
        desk.edit(one, by=person),
        desk.approve(desk.seen().drafts[0], by=person),
    ):
        refused = isinstance(outcome, Refused) and outcome.reason is Reason.NOT_ALLOWED
        assert refused is not may
    assert bool(desk.stage.rows(tables.messages)) is may


def test_another_organisations_draft_does_not_exist(desk: Desk, database: Engine, other_organisation: int) -> None:
    one = desk.drafted()
    other = build_desk(database, other_organisation)
    other.drafted()
    assert other.seen().total == 1
    actor = {"actor": Actor(other_organisation, other.olga.id, "Europe/Berlin"), "uow": other.stage.uow}
    given = other._as(None) | actor
    for outcome in (
        approve_drafts({one.draft.step_id: 0}, **given),
        skip_draft(one.draft.step_id, "x", **given),
        edit_draft(one.draft.step_id, WORDS, revision=0, **given),
        see_draft(one.draft.step_id, **given),
    ):
        assert isinstance(outcome, Refused) and outcome.reason is Reason.STALE_BUTTON
    assert desk.seen().drafts[0].draft == one.draft


def test_two_who_approve_at_once_send_one_mail_and_one_is_told_of_the_other(desk: Desk) -> None:
    one = desk.drafted()
    with ThreadPoolExecutor(2) as both:
        waiting = [both.submit(desk.approve, one, by=person) for person in (desk.olga, desk.oskar)]
        said = [one.result() for one in waiting]
    won = [one for one in said if isinstance(one, Approved)]
    (lost,) = [one for one in said if isinstance(one, NotApproved)]
    assert (len(won), lost.refusal.reason) == (1, Reason.DRAFT_DECIDED)
    desk.ground.beat(AFTER + MINUTE)
    assert len(desk.stage.mailer.sent) == len(desk.stage.rows(tables.messages)) == 1


def test_a_payment_that_arrives_while_somebody_approves_is_never_chased(desk: Desk) -> None:
    one = desk.drafted()
    with ThreadPoolExecutor(2) as both:
        approval, payment = both.submit(desk.approve, one), both.submit(desk.ground.pay)
        payment.result()
        approval.result()
    desk.ground.beat(AFTER + MINUTE)
    desk.ground.beat(AFTER + 2 * MINUTE)
    assert (desk.stage.mailer.sent, desk.seen().total) == ([], 0)
