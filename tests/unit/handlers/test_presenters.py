"""What people read, sentence by sentence."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.accounts import AgeingBucket, ageing_by_currency, dues_of
from domain.commitments import DisputeState, Heard, Promise, PromiseState, Resolution, Verdict
from domain.facts import Health
from domain.outcomes import CardNudge, NothingFound, Refused, RequestFiled
from domain.policies import Mode, Segment
from domain.reasons import Reason
from domain.values import Money, Role
from handlers import ids
from handlers.presenters import card, documents, lists, owed, refusals, shared, timeline
from handlers.presenters.card import Unfolded
from handlers.seal import Kind
from handlers.views.blocks import Page, message_blocks
from handlers.views.card import card_page
from handlers.views.lists import listing_page
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
    make_card,
    make_choice,
    make_mine,
    make_nothing,
    make_reader,
    make_shared,
    make_signet,
    refused_card,
)
from tests.unit.handlers.reading import as_text, button_texts

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
        assert "You can nudge for *INV-1039*. It waits for their business hours and leaves soon after" in text
        assert "Tue 24 Nov, 08:04 in Berlin (07:04 your time)." in text

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
        assert "*You can't nudge:* your role doesn't include it. Your Controller decides" in read(page)

    @pytest.mark.parametrize("role", [Role.OPERATOR, Role.CONTROLLER, Role.LEGAL])
    def test_the_way_to_the_record_is_not_called_like_what_puts_a_report_there(self, role: Role) -> None:
        words = button_texts(shown_card(make_card(nudge=None, reader=replace(OMAR, role=role))))
        assert "Open record" in words and "Record" not in words and "Legal" not in words

    def test_the_owner_has_a_name_where_it_is_known(self) -> None:
        account, known = full_facts().account, "Owner Mia Keller"
        assert account.owner_email is not None
        of_colleague = make_card(card=full_card(owner="Mia Keller"), reader=OMAR)
        assert known in read(shown_card(of_colleague)) and account.owner_email not in read(shown_card(of_colleague))
        assert f"Owner {account.owner_email}" in read(shown_card(make_card(reader=OMAR)))
        assert "Yours" in read(shown_card())

    @pytest.mark.parametrize(("is_own", "planned"), [(True, ""), (False, ", planned in the books")])
    def test_a_step_says_when_the_books_planned_it(self, is_own: bool, planned: str) -> None:
        (step,) = full_facts().steps
        text = read(shown_card(make_card(card=full_card(facts=full_facts(steps=(replace(step, is_own=is_own),))))))
        assert f"Fri 27 Nov, 17:40 in Berlin (16:40 your time){planned}. A nudge doesn't change it." in text

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

    def test_an_answer_due_at_midnight_is_due_on_the_day_that_ends(self) -> None:
        dispute = replace(full_facts().disputes[0], answer_due_at=datetime(2026, 11, 26, tzinfo=UTC))
        (line,) = timeline.dispute_lines([dispute], full_card(), reader=make_reader(), at=NOW)
        assert "answer due Wed 25 Nov" in line

    def test_a_part_that_is_disputed_says_of_how_much(self) -> None:
        dispute = replace(full_facts().disputes[0], invoice_ids=frozenset({2}), amount=eur("100"))
        (line,) = timeline.dispute_lines([dispute], full_card(), reader=make_reader(), at=NOW)
        whole = next(one.balance for one in full_facts().invoices if one.id == 2)
        assert f"(€100.00 of {make_reader().money(whole)})" in line

    def test_what_is_not_due_yet_names_both_days_in_one_form(self) -> None:
        lines = timeline.invoice_lines(full_facts(), 9, reader=make_reader(), at=NOW)
        dues = [line.split("\n")[1].strip() for line in lines if "· issued " in line]
        assert dues and not [one for one in dues if re.search(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) ", one)]

    def test_a_settled_dispute_says_when_it_ended_and_how(self) -> None:
        dispute = replace(
            full_facts().disputes[0],
            invoice_ids=frozenset({99}),
            state=DisputeState.RESOLVED,
            resolution=Resolution.CREDIT,
            resolved_at=NOW - DAY,
        )
        card = replace(full_card(), settled_numbers={99: "INV-0099"})
        (line,) = timeline.dispute_lines([dispute], card, reader=make_reader(), at=NOW)
        assert line.startswith("• INV-0099 (")
        assert "opened Thu 12 Nov · resolved Sun 22 Nov · a credit was agreed\n" in line


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
        assert "Credit not yet used: €300.00" in text

    def test_what_is_late_as_a_whole_is_said_once(self) -> None:
        (text,) = owed.owed(dues_of((make_invoice(balance=eur("300")),)), today=date(2026, 12, 1), reader=make_reader())
        assert text.startswith("*€300.00 open* · all past due\n")

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


class TestLists:
    def test_several_accounts_are_a_choice(self) -> None:
        page = listing_page(lists.choice(make_choice(), signet=make_signet()))
        assert read(page).startswith("*2 accounts fit “acme”.* Which one?")
        assert "matched “Acme Shops”" in read(page)
        assert {block["accessory"]["action_id"] for block in page.blocks if "accessory" in block} == {ids.ACCOUNT_PICK}

    def test_nothing_found_offers_the_nearest(self) -> None:
        page = listing_page(lists.nothing(make_nothing(), signet=make_signet()))
        assert "Did you mean:" in read(page) and button_texts(page) == ["Open", "Open"]

    def test_a_colleagues_account_is_not_named_and_the_controller_reads_the_words(self) -> None:
        listing = lists.nothing(NothingFound("星" * 200, (), is_limited=True), signet=make_signet())
        (button,) = listing.buttons
        assert "If it is a colleague's" in read(listing_page(listing)) and button.text == "Ask the Controller"
        assert make_signet().open(Kind.ASK, button.value) == ["out_of_scope", "view_accounts", 0, "星" * 80]

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


@pytest.mark.parametrize(
    ("mode", "runs", "most"),
    [
        (
            Mode.OFF,
            "Off: Autopilot writes nothing. Switched on, it would write by the cadence “Standard”",
            "At most 20 nudges a day",
        ),
        (
            Mode.SHADOW,
            "Shadow: Autopilot drafts by the cadence “Standard”, a person approves",
            "At most 20 mails a day, nudges and steps together",
        ),
        (
            Mode.AUTOPILOT,
            "Autopilot: steps leave by themselves, by the cadence “Standard”",
            "At most 20 mails a day, nudges and steps together",
        ),
    ],
)
def test_a_segment_says_how_it_runs_in_each_mode(mode: Mode, runs: str, most: str) -> None:
    lines = documents.segment_lines(Segment("Late", mode, "Standard", daily_cap=20))
    assert lines == ["*Late*", "Fits every account with something to chase", runs, most]


def test_a_segment_without_a_cadence_names_none() -> None:
    assert documents.segment_lines(Segment("Late", Mode.OFF))[-1] == "Off: Autopilot writes nothing"
