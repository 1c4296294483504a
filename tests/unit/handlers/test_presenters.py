"""What people read, sentence by sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from domain.accounts import AgeingBucket, ageing_by_currency, dues_of
from domain.commitments import Heard, Promise, PromiseState, Verdict
from domain.facts import Health
from domain.messages import State
from domain.outcomes import CardNudge, Refused, RequestFiled
from domain.policies import Mode, Segment
from domain.reasons import Reason
from domain.rules.quiet_hours import Opening, Skipped, Wait
from domain.values import Money, Role
from handlers import ids
from handlers.presenters import card, lists, nudge, owed, refusals, shared, stories, timeline
from handlers.presenters.card import Unfolded
from handlers.presenters.departures import leaves_words
from handlers.views.blocks import Page, message_blocks
from handlers.views.card import card_page
from handlers.views.lists import listing_page
from handlers.views.nudge import preview_view
from tests.builders import make_invoice
from tests.unit.handlers.outcomes import (
    LEAVES,
    MIA,
    NOW,
    OMAR,
    empty_card,
    eur,
    full_account,
    full_card,
    full_facts,
    make_already,
    make_card,
    make_choice,
    make_departure,
    make_mine,
    make_nothing,
    make_preview,
    make_queued,
    make_reader,
    make_shared,
    make_signet,
    make_story,
    refused_card,
)
from tests.unit.handlers.reading import as_text

DAY = timedelta(days=1)


def shown_card(outcome: object = None, unfolded: Unfolded = Unfolded.NOTHING, *, may_share: bool = True) -> Page:
    return card_page(
        card.card(
            outcome or make_card(),  # type: ignore[arg-type]
            reader=make_reader(),
            signet=make_signet(),
            unfolded=unfolded,
            may_share=may_share,
        )
    )


def read(page: Page) -> str:
    return as_text(message_blocks(page))


def button_texts(page: Page) -> list[str]:
    return [
        element["text"]["text"]
        for block in page.blocks
        for element in block.get("elements", [block.get("accessory", {})])
        if element.get("type") == "button"
    ]


class TestCard:
    def test_a_legal_hold_and_a_dispute_are_the_first_things_seen(self) -> None:
        lines = read(shown_card(refused_card())).split("\n")
        assert lines[0].startswith("🛑 *Legal hold.*")
        assert lines[1] == "⚠️ *Disputed.*"
        assert (
            "INV-1042" in lines[2] and "owner Lena Brandt (Legal)" in lines[2] and "🟠 at risk, answer due" in lines[2]
        )

    def test_it_says_when_a_nudge_would_leave(self) -> None:
        text = read(shown_card())
        assert "You can nudge for *INV-1039*. It would leave soon after Tue 24 Nov, 08:04 in Berlin (07:04" in text
        assert "Why not now: outside their business hours." in text

    def test_when_no_nudge_is_possible_it_says_why_and_offers_no_button(self) -> None:
        page = shown_card(refused_card())
        assert "*No nudge now.* This account is on legal hold, so nobody may chase it." in read(page)
        assert "Nudge" not in button_texts(page)
        assert "Ask the Controller" in button_texts(page)

    def test_who_looks_after_the_books_is_not_told_about_nudging(self) -> None:
        page = shown_card(make_card(nudge=None, reader=OMAR))
        assert "Nudge" not in button_texts(page) and "No nudge now" not in read(page)

    def test_a_viewer_can_ask_for_the_nudge(self) -> None:
        page = shown_card(make_card(nudge=None, reader=replace(MIA, role=Role.VIEWER)))
        assert "Ask the Controller" in button_texts(page)

    def test_invoices_unfold_and_fold(self) -> None:
        folded, unfolded = shown_card(), shown_card(unfolded=Unfolded.INVOICES)
        assert "Show all 7 invoices" in button_texts(folded) and "INV-1051" not in read(folded)
        assert "Show fewer invoices" in button_texts(unfolded) and "INV-1051" in read(unfolded)

    def test_hundreds_of_invoices_still_fit(self) -> None:
        many = tuple(make_invoice(id=i, number=f"INV-{i:05}" + "x" * 40) for i in range(1, 500))
        page = shown_card(make_card(card=full_card(facts=full_facts(invoices=many))), Unfolded(3))
        assert len(page.blocks) < 50
        assert "and 439 newer ones, in Plixo" in read(page)

    def test_share_needs_a_place_to_share_to(self) -> None:
        assert "Share" in button_texts(shown_card())
        assert "Share" not in button_texts(shown_card(may_share=False))

    def test_few_paid_invoices_say_nothing_about_health(self) -> None:
        assert timeline.health_line(Health(2, 2, 0.0), make_reader()).startswith("Not enough data: 2 invoices paid")
        assert timeline.health_line(None, make_reader()).startswith("Not enough data: 0 invoices")
        assert (
            timeline.health_line(Health(22, 14, 12.4), make_reader())
            == "Pays 12 days late on average · 64% on time (14 of 22 in the last 12 months)"
        )

    def test_who_reported_and_what_became_of_it_stands_below(self) -> None:
        text = read(shown_card())
        assert "Reported by Mia Keller 22\u00a0Nov\n" in text
        assert "Reported by Mia Keller 11\u00a0Nov, corrected and recorded by Omar Haddad 12\u00a0Nov" in text

    def test_how_it_ended_follows_except_where_that_is_said_already(self) -> None:
        heard = Heard("Mia Keller", NOW - 9 * DAY, Verdict.RECORDED, "Omar Haddad", NOW - 8 * DAY)
        kept = Promise(1, frozenset(), None, None, PromiseState.KEPT, NOW - 9 * DAY, decided_at=NOW - DAY)
        never = Promise(2, frozenset(), None, None, PromiseState.WITHDRAWN, NOW - 9 * DAY, decided_at=NOW - DAY)
        both = {1: heard, 2: replace(heard, verdict=Verdict.NOT_VALID)}
        card = full_card(heard_promises=both)
        first, second = timeline.promise_lines([kept, never], card, reader=make_reader(), at=NOW)
        assert first.endswith("recorded by Omar Haddad 15\u00a0Nov, kept 22\u00a0Nov")
        assert second.endswith("found not valid by Omar Haddad 15\u00a0Nov")

    def test_promises_kept_stand_beside_how_they_pay(self) -> None:
        said = "Promises kept in 365 days: 83% (5 of 6) · of the money promised, 90% in EUR came in time"
        assert said in read(shown_card())
        assert "Promises kept" not in read(shown_card(make_card(card=full_card(kept=()))))

    def test_an_empty_account_reads_as_a_calm_one(self) -> None:
        text = read(shown_card(empty_card()))
        assert "*Nothing open.* All invoices are settled." in text
        assert "Books never synced." in text and "Promises" not in text

    def test_the_reasons_an_invoice_waits_stand_on_its_line(self) -> None:
        text = read(shown_card())
        assert "*INV-1042* · €6,200.00 · disputed since Thu 12 Nov" in text
        assert "*INV-1021* · €3,150.50 · promised for Fri 27 Nov" in text
        assert "115 days late (31 Jul) · issued 1 Jul" in text.replace("\u00a0", " ")

    def test_a_reported_promise_says_until_when_it_holds(self) -> None:
        text = read(shown_card())
        assert "reported, not yet recorded by A/R; no nudges until Wed 25 Nov, 16:40" in text


class TestAgeing:
    def test_the_bar_is_in_proportion_and_hides_nothing(self) -> None:
        invoices = (
            make_invoice(id=1, due_on=date(2026, 12, 1), balance=eur("990000")),
            make_invoice(id=2, due_on=date(2026, 1, 1), balance=eur("1")),
        )
        (ageing,) = ageing_by_currency(dues_of(invoices), today=date(2026, 11, 23))
        assert owed.bar(ageing) == "🟩" * 11 + "🟪"

    def test_the_legend_needs_no_colours(self) -> None:
        (text,) = owed.owed(dues_of(full_facts().invoices), today=date(2026, 11, 23), reader=make_reader())
        assert "not due €15,650.00" in text.replace("\u00a0", " ") and "over 90 €880.00" in text.replace("\u00a0", " ")
        assert "*€32,080.50 open* · €16,430.50 past due" in text
        assert "Credit not yet used: -€300.00" in text

    def test_currencies_never_mix(self) -> None:
        invoices = tuple(
            make_invoice(id=i, balance=Money(100_00, code))
            for i, code in enumerate(("EUR", "USD", "GBP", "CHF", "NOK", "JPY", "SEK"))
        )
        texts = owed.owed(dues_of(invoices), today=date(2026, 11, 23), reader=make_reader())
        assert len(texts) == 7 and texts[6].startswith("Also open: ")

    @pytest.mark.parametrize("bucket", AgeingBucket)
    def test_every_bucket_has_a_square_of_its_own(self, bucket: AgeingBucket) -> None:
        assert bucket in owed.BUCKETS
        assert len({square for square, _ in owed.BUCKETS.values()}) == len(AgeingBucket)


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
        assert button_texts(mine) == ["Take it back"]
        theirs = nudge.already_page(make_already(is_mine=False), reader=make_reader(), signet=make_signet(), at=NOW)
        assert read(theirs).startswith("*Ben Ito nudged") and button_texts(theirs) == []

    def test_done_says_when_and_how_to_take_it_back(self) -> None:
        page = nudge.queued_page(make_queued(), reader=make_reader(), signet=make_signet(), at=NOW)
        assert "leaves Tue 24 Nov, 08:04 in Berlin (07:04 your time)" in read(page)
        assert button_texts(page) == ["Take it back"]


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
        assert "Omar Haddad put it on hold. It waits until somebody resumes or cancels it." in read(page)


class TestLists:
    def test_several_accounts_are_a_choice(self) -> None:
        page = listing_page(lists.choice(make_choice(), signet=make_signet()))
        assert read(page).startswith("*2 accounts fit “acme”.* Which one?")
        assert "matched “Acme Shops”" in read(page)
        assert {block["accessory"]["action_id"] for block in page.blocks if "accessory" in block} == {ids.ACCOUNT_PICK}

    def test_nothing_found_offers_the_nearest(self) -> None:
        page = listing_page(lists.nothing(make_nothing(), signet=make_signet()))
        assert "Did you mean:" in read(page) and button_texts(page) == ["Open", "Open"]

    def test_a_colleagues_account_is_not_named(self) -> None:
        page = listing_page(lists.nothing(make_nothing(outside=True), signet=make_signet()))
        assert "belongs to a colleague" in read(page) and button_texts(page) == ["Ask the Controller"]

    def test_my_accounts_are_counted(self) -> None:
        page = listing_page(lists.mine(make_mine(), reader=make_reader(), signet=make_signet()))
        assert "worst first* (3 of 14)" in read(page)
        assert "€16,430.50 past due\n1 invoice, oldest 1 day · promised" in read(page)


class TestShare:
    def test_a_shared_card_says_little(self) -> None:
        page = shared.shared_page(make_shared(), reader=make_reader(), signet=make_signet())
        text = read(page)
        assert "6 open invoices, 3 past due (the oldest 115 days)" in text
        assert "€" not in text and "@" not in text and "16,430" not in text


def test_asking_again_changes_nothing() -> None:
    assert read(refusals.request_page(RequestFiled(1, again=False))).startswith("Asked.")
    assert "already has this question" in read(refusals.request_page(RequestFiled(1, again=True)))


def test_a_refusal_offers_to_ask_only_where_somebody_can_help() -> None:
    with_ask = CardNudge(Refused(Reason.NO_CONTACT, ask=Role.OPERATOR), None, None)
    without = CardNudge(Refused(Reason.CONTACT_TOUCHED, until=LEAVES), None, None)
    assert "Ask the Controller" in button_texts(shown_card(make_card(nudge=with_ask)))
    assert "Ask the Controller" not in button_texts(shown_card(make_card(nudge=without)))


def test_a_long_name_is_cut_in_the_header() -> None:
    facts = full_facts(account=full_account("Very " * 100))
    page = shown_card(make_card(card=full_card(facts=facts)))
    header = next(block for block in page.blocks if block["type"] == "header")
    assert header["text"]["text"].endswith("…")
