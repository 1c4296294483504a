"""What people read about nudges, sentence by sentence: before they leave, in alerts, and what became of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from domain.messages import State
from domain.outcomes import NudgeStory, PassedOver, Refused
from domain.policies import Mode, Segment
from domain.reasons import Reason
from domain.rules.quiet_hours import Opening, Skipped, Wait
from domain.values import Money
from handlers.presenters import nudge, stories, timeline
from handlers.presenters.departures import leaves_words
from handlers.presenters.taken_back import earlier_page, taken_back_words
from handlers.views.blocks import Page, message_blocks
from handlers.views.nudge import preview_view
from tests.unit.handlers.nudge_pages import taken_back
from tests.unit.handlers.outcomes import (
    LEAVES,
    MIA,
    NOW,
    OMAR,
    full_card,
    full_facts,
    make_already,
    make_departure,
    make_preview,
    make_queued,
    make_reader,
    make_signet,
    make_story,
)
from tests.unit.handlers.reading import as_text, button_texts


def read(page: Page) -> str:
    return as_text(message_blocks(page))


class TestDepartures:
    def test_it_names_all_that_is_in_the_way_once(self) -> None:
        skipped = (
            Skipped(Wait.QUIET_HOURS, date(2026, 12, 24)),
            Skipped(Wait.HOLIDAY, date(2026, 12, 25), "Christmas Day"),
            Skipped(Wait.WEEKEND, date(2026, 12, 26)),
            Skipped(Wait.QUIET_HOURS, date(2026, 12, 27)),
        )
        departure = make_departure(opening=Opening(LEAVES, LEAVES + timedelta(hours=9), skipped))
        assert leaves_words(departure, reader=make_reader(), at=NOW).endswith(
            "Why not now: outside their business hours, public holiday (Christmas Day, Fri 25 Dec), weekend."
        )

    def test_it_leaves_at_once_when_nothing_is_in_the_way(self) -> None:
        assert leaves_words(make_departure(waits_for=None), reader=make_reader(), at=NOW) == "It would leave at once."

    def test_it_names_the_segment_whose_quiet_hours_count(self) -> None:
        late = Segment("Late & large", Mode.OFF, quiet=(time(20), time(7)))
        there = make_departure().zone
        said = make_reader().hours_of(there, "DE", late)
        assert said.endswith(", quiet 20:00 to 07:00 (set for the segment “Late &amp; large”)")
        assert "quiet" not in make_reader().hours_of(there, "DE", replace(late, quiet=None))


class TestNudge:
    def test_the_preview_shows_the_exact_mail_and_why_this_invoice(self) -> None:
        outcome = make_preview()
        view = preview_view(nudge.preview(outcome, reader=make_reader(), signet=make_signet(), at=NOW))
        text = as_text(view["blocks"])
        assert outcome.mail.text.strip() in text
        assert "*To* Anna Schmidt (anna.schmidt@acme.example)" in text
        assert (
            "INV-1042 is disputed since Thu 12 Nov, so it can't be chased.\nINV-1039 can: I picked it for you." in text
        )
        assert "A/R will see: Mia Keller nudged Acme Robotics GmbH for INV-1039" in text
        assert view["submit"]["text"] == "Queue nudge"

    def test_it_says_from_what_balance_on_a_newer_invoice_could_be_cited(self) -> None:
        newer = full_facts().invoices[0]
        small = Refused(Reason.BELOW_MINIMUM, subject=newer.number, least=Money(25_00, "EUR"))
        outcome = make_preview(passed_over=(PassedOver(newer, small),))
        view = preview_view(nudge.preview(outcome, reader=make_reader(), signet=make_signet(), at=NOW))
        said = "INV-1042 is too small to chase: the minimum is €25.00.\nINV-1039 can: I picked it for you."
        assert said in as_text(view["blocks"])

    def test_what_leaves_at_once_is_sent_not_queued(self) -> None:
        outcome = make_preview(departure=make_departure(waits_for=None))
        preview = nudge.preview(outcome, reader=make_reader(), signet=make_signet(), at=NOW)
        assert preview.submit == "Send now"

    def test_one_text_and_one_contact_need_no_choice(self) -> None:
        outcome = make_preview()
        outcome = replace(outcome, templates=outcome.templates[:1], contacts=outcome.contacts[:1])
        view = preview_view(nudge.preview(outcome, reader=make_reader(), signet=make_signet(), at=NOW))
        assert not [block for block in view["blocks"] if block["type"] == "input"]

    def test_a_long_mail_is_shown_to_its_end(self) -> None:
        body = "\n\n".join(f"Paragraph {i}: " + "words " * 60 for i in range(30)) + "\nThe end."
        outcome = make_preview()
        outcome = replace(outcome, mail=replace(outcome.mail, text=body))
        view = preview_view(nudge.preview(outcome, reader=make_reader(), signet=make_signet(), at=NOW))
        assert "Paragraph 29:" in as_text(view["blocks"]) and "The end." in as_text(view["blocks"])

    def test_a_second_click_gets_the_first_ones_nudge(self) -> None:
        mine = nudge.already_page(make_already(is_mine=True), reader=make_reader(), signet=make_signet(), at=NOW)
        assert read(mine).startswith("*You nudged Acme Robotics GmbH for INV-1039* (Mon 23 Nov, 16:32). It is queued")
        assert button_texts(mine) == ["Cancel nudge"]
        theirs = nudge.already_page(make_already(is_mine=False), reader=make_reader(), signet=make_signet(), at=NOW)
        assert read(theirs).startswith("*Ben Ito nudged") and button_texts(theirs) == []

    def test_done_says_when_and_how_to_cancel_it(self) -> None:
        page = nudge.queued_page(make_queued(), reader=make_reader(), signet=make_signet(), at=NOW)
        assert "leaves Tue 24 Nov, 08:04 in Berlin (07:04 your time)" in read(page)
        assert button_texts(page) == ["Cancel nudge"]


class TestTakenBack:
    def test_whoever_queued_it_reads_who_why_and_what_they_can_do(self) -> None:
        page = stories.outcome_page(taken_back(), reader=make_reader(), signet=make_signet(), at=NOW)
        assert "INV-1039 was cancelled.*\nOmar Haddad noted a promise to pay INV-1039, so the nudge" in read(page)
        assert "You can nudge about another invoice" in read(page) and "Nudge again" in button_texts(page)

    def test_under_a_legal_hold_there_is_nothing_to_nudge(self) -> None:
        page = stories.outcome_page(taken_back(Reason.HOLD_CAME), reader=make_reader(), signet=make_signet(), at=NOW)
        assert button_texts(page) == ["Open account"]

    @pytest.mark.parametrize(
        ("stories_", "says"),
        [
            ([], ""),
            ([taken_back()], "The nudge waiting for INV-1039 was taken back."),
            ([taken_back(), taken_back()], "The nudges waiting for INV-1039 were taken back."),
            (
                [make_story(State.UNCONFIRMED)],
                "The nudge waiting for INV-1039 may have left before: A/R is asked to find out.",
            ),
        ],
        ids=["none", "one", "two contacts", "in doubt"],
    )
    def test_whoever_caused_it_reads_it_at_once(self, stories_: list[NudgeStory], says: str) -> None:
        assert taken_back_words(stories_) == says

    def test_an_older_message_says_how_it_stood_and_what_became_of_it(self) -> None:
        page = earlier_page(make_story(State.SENT), State.HELD, reader=make_reader(), signet=make_signet(), at=NOW)
        assert read(page).startswith(
            "✅ *Your nudge to Acme Robotics GmbH for INV-1039 was on hold.* It left Tue 24 Nov"
        )


class TestStories:
    @pytest.mark.parametrize(
        ("state", "buttons"),
        [
            (State.QUEUED, ["Open account", "Hold", "Cancel"]),
            (State.HELD, ["Open account", "Resume", "Cancel"]),
            (State.UNCONFIRMED, ["Open account", "It arrived", "Send again"]),
            (State.SENDING, ["Open account"]),
            (State.SENT, ["Open account"]),
            (State.CANCELLED, ["Open account"]),
        ],
    )
    def test_an_alert_offers_what_the_state_allows(self, state: State, buttons: list[str]) -> None:
        page = stories.alert_page(make_story(state), reader=make_reader(), signet=make_signet(), at=NOW)
        assert button_texts(page) == buttons

    def test_an_alert_shows_every_reader_their_own_time(self) -> None:
        page = stories.alert_page(make_story(), reader=make_reader(), signet=make_signet(), at=NOW)
        assert "leaves Tue 24 Nov, 08:04 in Berlin (your time: <!date^1795503840^" in read(page)
        assert "{time}|Tue 24 Nov, 07:04 in London>)" in read(page)  # for clients that cannot

    def test_an_alert_holds_no_amount_and_no_address(self) -> None:
        for state in State:
            page = stories.alert_page(make_story(state), reader=make_reader(), signet=make_signet(), at=NOW)
            assert "12,400" not in read(page) and "@" not in read(page) and "Anna" not in read(page)

    @pytest.mark.parametrize(
        ("reason", "words"),
        [
            (Reason.SENDING_PAUSED, "Sending is paused."),
            (Reason.DEGRADED, "New mail is on hold: billing or the mail provider is in trouble."),
            (Reason.DOMAIN_STOPPED, "Sending from our domain stopped by itself"),
        ],
    )
    def test_what_holds_the_whole_house_is_not_blamed_on_the_invoice(self, reason: Reason, words: str) -> None:
        story = make_story()
        waiting = replace(story, message=replace(story.message, reason=reason))
        assert words in read(stories.alert_page(waiting, reader=make_reader(), signet=make_signet(), at=NOW))

    def test_a_hold_is_not_told_any_more_once_it_is_resumed(self) -> None:
        story = make_story()
        story = replace(story, message=replace(story.message, reason=Reason.HELD_BY_PERSON))
        for page in (
            stories.alert_page(story, reader=make_reader(), signet=make_signet(), at=NOW),
            stories.outcome_page(story, reader=make_reader(), signet=make_signet(), at=NOW),
        ):
            assert "on hold" not in read(page)

    @pytest.mark.parametrize("state", [State.REFUSED, State.EXPIRED, State.FAILED, State.CANCELLED])
    def test_the_rep_can_try_again(self, state: State) -> None:
        page = stories.outcome_page(make_story(state), reader=make_reader(), signet=make_signet(), at=NOW)
        assert button_texts(page) == ["Open account", "Nudge again"]

    def test_the_rep_hears_who_holds_it(self) -> None:
        page = stories.outcome_page(make_story(State.HELD), reader=make_reader(), signet=make_signet(), at=NOW)
        held = "put it on hold. It waits until somebody resumes or cancels it, and expires Thu 26 Nov,"
        assert f"Omar Haddad {held}" in read(page) and "your time)" in read(page)

    def test_who_holds_it_themselves_is_you(self) -> None:
        story = make_story(State.HELD)
        for viewer, who in ((OMAR, "You"), (MIA, "Omar Haddad")):
            text, _ = stories.home_line(story, viewer=viewer, reader=make_reader(), signet=make_signet(), at=NOW)
            assert f"{who} put it on hold. It expires Thu 26 Nov," in text

    def test_nothing_was_done_to_the_customer_before_it_left(self) -> None:
        for state, lead in ((State.HELD, "*Nudge by Mia Keller to Acme"), (State.SENT, "*Mia Keller nudged Acme")):
            page = stories.alert_page(make_story(state), reader=make_reader(), signet=make_signet(), at=NOW)
            assert read(page).startswith(lead)
            assert ("expires Thu 26 Nov," in read(page)) == (state is State.HELD)


@pytest.mark.parametrize(
    ("invoice_id", "ends"),
    [(1, ". It won't be sent while the dispute stands"), (3, ". It won't be sent while the promise stands"), (4, "")],
    ids=["disputed", "promised", "neither"],
)
def test_the_card_says_of_a_queued_nudge_what_will_keep_it(invoice_id: int, ends: str) -> None:
    facts = full_facts()
    queued = replace(facts.nudges[0], invoice_id=invoice_id)
    there = make_departure().zone
    (line,) = timeline.nudge_lines(
        [queued], replace(full_card(), facts=facts), {}, reader=make_reader(), there=there, at=NOW
    )
    assert line.endswith(f"{timeline.state_words(queued, reader=make_reader(), there=there, at=NOW)}{ends}")
    held = replace(queued, state=State.HELD)
    assert (
        "won't"
        not in timeline.nudge_lines(
            [held], replace(full_card(), facts=facts), {}, reader=make_reader(), there=there, at=NOW
        )[0]
    )
