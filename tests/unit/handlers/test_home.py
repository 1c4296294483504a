"""App Home: what each role reads, within Slack's limits however much there is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.commitments import Dispute, DisputeState, PromiseState, Verdict
from domain.homing import MOST_COUNTED, ChangeLine, Cut, DisputeLine, DraftLine, HoldLine, Home, OnePart, Part
from domain.keeping import KeptRate, Share
from domain.library import Edition
from domain.messages import State
from domain.morning import Morning, News
from domain.notices import MUTABLE, NoticeKind
from domain.rules.home import SHOWN, parts_for
from domain.usecases.choose_messages import MessageChoice
from domain.values import Person, Role
from handlers import vocabulary
from handlers.announcements import render_morning
from handlers.presenters import home
from handlers.presenters.home import PARTS
from handlers.presenters.messages import messages_view, saved_page
from handlers.views.blocks import Page
from handlers.views.blocks import home as home_view
from tests.unit.handlers.limits import markup, problems, texts_of, view_problems
from tests.unit.handlers.outcomes import (
    MIA,
    NOW,
    OMAR,
    make_contents,
    make_home,
    make_promise_line,
    make_reader,
    make_report,
    make_signet,
    make_story,
)
from tests.unit.handlers.pages import infected
from tests.unit.handlers.reading import as_text, button_texts


def read(page: Page) -> str:
    return as_text(page.blocks)


def shown(person: Person, **changes: Any) -> Page:
    return home.home_page(make_home(person, **changes), reader=make_reader(), signet=make_signet())


def of_role(role: Role) -> Person:
    return replace(MIA, id=99, role=role)


LENA = of_role(Role.LEGAL)
DAY = timedelta(days=1)


def page_of(part: Part, content: Any, person: Person) -> Page:
    return home.home_page(Home(person, NOW, {part: content}), reader=make_reader(), signet=make_signet())


def one(part: Part, content: Any, person: Person = OMAR) -> str:
    return read(page_of(part, content, person))


def buttons_of(part: Part, content: Any, person: Person) -> list[str]:
    """Without those that Home always has."""
    always = button_texts(page_of(Part.HELP, make_contents(person)[Part.HELP], person))
    return [text for text in button_texts(page_of(part, content, person)) if text not in always]


def test_every_part_has_its_presenter() -> None:
    assert set(PARTS) == set(Part)


def test_parts_stand_in_the_order_of_the_layout() -> None:
    text = read(shown(of_role(Role.AR_MANAGER)))
    titles = ["Escalated to you", "Promises and disputes to record", "Did these arrive?", "Nudges on hold"]
    titles += ["On duty for the record", "Promises due soon", "Broken and partly kept", "Promises kept"]
    places = [text.index(title) for title in [*titles, "Nudges on their way", "Accounts", "How it works"]]
    assert places == sorted(places)


def test_sales_see_theirs_and_what_may_be_stopped_first() -> None:
    text = read(shown(MIA))
    assert text.index("Your nudges on their way") < text.index("Accounts") < text.index("Your reports")
    assert "to record" not in text and "Requests for access" not in text
    quiet = read(shown(MIA, my_nudges=Cut()))
    assert "on their way" not in quiet


def test_nobody_is_offered_what_they_may_not_do() -> None:
    for role in (Role.VIEWER, Role.BILLING_ADMIN, Role.ADMIN):
        assert not {"Hold", "Cancel", "Resume", "It arrived"} & set(button_texts(shown(of_role(role)))), role


@pytest.mark.parametrize("role", Role)
def test_everybody_reads_how_it_works_for_them(role: Role) -> None:
    text = read(shown(of_role(role)))
    assert "How it works" in text and "`/account acme`" in text
    nudges = role in (Role.SALES, Role.CSM)
    assert ("You can't write to a customer yourself" in text) is nudges
    assert ("What you can do" in text) is (role in (Role.ADMIN, Role.BILLING_ADMIN, Role.VIEWER))


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (4, "🟢 *Log by 16:51, 11 minutes left*"),
        (10, "🟠 *Log by 16:45, 5 minutes left*"),
        (14.5, "🟠 *Log by 16:40, less than a minute left*"),
        (15, "🟠 *Log by 16:40, less than a minute left*"),
        (16.5, "🔴 *1 minute late*: was to be logged by 16:38"),
        (21, "🔴 *6 minutes late*: was to be logged by 16:34"),
        (15 + 180, "🔴 *3 hours late*: was to be logged by 13:40"),
        (15 + 3 * 24 * 60, "🔴 *3 days late*: was to be logged by Fri 20 Nov, 16:40"),
    ],
)
def test_each_report_has_its_clock(minutes: float, words: str) -> None:
    line = make_report(said_at=NOW - timedelta(minutes=minutes))
    assert words in one(Part.REPORT_QUEUE, Cut((line,), 1))


def test_a_report_in_the_queue_says_who_has_it() -> None:
    assert "on duty: Omar Haddad" in one(Part.REPORT_QUEUE, Cut((make_report(),), 1))
    taken = make_report(acknowledged_by="Olga Ott")
    assert "Olga Ott has it in hand" in one(Part.REPORT_QUEUE, Cut((taken,), 1))
    assert "several were alerted" in one(Part.REPORT_QUEUE, Cut((make_report(operator=None),), 1))


def test_a_rep_reads_what_came_of_a_report() -> None:
    settled = {"settled_at": NOW, "settled_by": "Omar Haddad"}
    no = make_report(state=PromiseState.WITHDRAWN, verdict=Verdict.NOT_VALID, why="Paula says no.", **settled)
    yes = make_report(state=PromiseState.KEPT, verdict=Verdict.RECORDED, **settled)
    assert "Found not valid by Omar Haddad. Paula says no." in one(Part.MY_REPORTS, Cut((no,), 1), MIA)
    assert "Recorded by Omar Haddad" in one(Part.MY_REPORTS, Cut((yes,), 1), MIA)
    assert "Now: kept." in one(Part.MY_REPORTS, Cut((yes,), 1), MIA)
    assert "Omar Haddad was told; not yet recorded" in one(Part.MY_REPORTS, Cut((make_report(),), 1), MIA)


def test_a_promise_says_when_it_is_due() -> None:
    today, before = NOW.date(), NOW.date() - timedelta(days=3)
    assert "🟠 *Acme Robotics GmbH*\n€4,000.00 · due today" in one(Part.PROMISES_DUE, Cut((make_promise_line(),), 1))
    assert "due since Fri 20 Nov" in one(Part.PROMISES_DUE, Cut((make_promise_line(due_on=before),), 1))
    later = make_promise_line(due_on=today + timedelta(days=1))
    assert "🗓️ *Acme Robotics GmbH*\n€4,000.00 · due Tue 24 Nov" in one(Part.PROMISES_DUE, Cut((later,), 1))


def test_a_dispute_tells_of_its_answer_in_the_middle_of_a_sentence() -> None:
    review = Dispute(1, frozenset(), "Damaged", None, DisputeState.IN_REVIEW, NOW - 11 * DAY, "Lena", NOW + DAY)
    said = one(Part.DISPUTES, Cut((DisputeLine(31, "Acme", (), review),), 1), LENA)
    assert "No invoice named\n🟠 *In review*, answer due by Tue 24 Nov, 16:40 (at risk)" in said
    unset = replace(review, answer_due_at=None)
    fresh = replace(unset, state=DisputeState.OPEN)
    lines = tuple(DisputeLine(31, "Acme", (), one) for one in (unset, fresh))
    both = one(Part.DISPUTES, Cut(lines, 2), LENA)
    assert "🟢 *In review*, no answer date is set" in both
    assert "*Open* since Thu 12 Nov, 16:40, no answer date is set" in both


def test_holds_of_the_books_say_who_can_lift_them() -> None:
    ours, theirs = HoldLine(31, "Acme", "Insolvency", "Lena Brandt", NOW), HoldLine(32, "Beta", "Court order")
    said = one(Part.LEGAL_HOLDS, Cut((ours, theirs), 2), LENA)
    assert "Placed by Lena Brandt, Mon 23 Nov, 16:40" in said
    assert "Court order\nThis hold comes from the books. Lift it there; the next import removes it here." in said


def test_what_waits_for_a_decision_has_its_way_to_it() -> None:
    change = ChangeLine(
        1, Edition.of("template:friendly:3"), "Friendly check-in", "It is too stiff.", "Mia Keller", NOW
    )
    draft = DraftLine(
        Edition.of("template:friendly:4"), "Friendly check-in", "Neutral", "Mia Keller", NOW, needs_legal=True
    )
    carl, lena = of_role(Role.CONTROLLER), of_role(Role.LEGAL)
    assert "Mia Keller* would like to change “Friendly check-in”, version 3" in one(
        Part.CHANGE_REQUESTS, Cut((change,), 1), carl
    )
    assert buttons_of(Part.CHANGE_REQUESTS, Cut((change,), 1), carl) == ["Approve", "Decline"]
    assert buttons_of(Part.DRAFTS, Cut((draft,), 1), carl) == ["Open"]
    policy = DraftLine(Edition.of("policy:2"), "", "", "Mia Keller", NOW, needs_legal=False)
    assert "*Policy*, version 2\nDrafted by Mia Keller" in one(Part.DRAFTS, Cut((policy,), 1), carl)
    assert buttons_of(Part.DRAFTS, Cut((policy,), 1), carl) == ["Open"]
    assert buttons_of(Part.SIGN_OFFS, Cut((draft,), 1), lena) == ["Open"]
    too = "Legal has to sign it off, too."
    assert too in one(Part.DRAFTS, Cut((draft,), 1), carl)
    assert too not in one(Part.SIGN_OFFS, Cut((draft,), 1), lena)


def test_the_kept_rate_is_never_rounded_up_to_its_target() -> None:
    rate = KeptRate(Share(899, 1_000, 0.899), (("EUR", Share(899_900, 1_000_000, 0.8999)),))
    text = one(Part.KEPT_RATE, rate)
    assert "🟠 Promises kept in 90 days: 89% (899 of 1000) · of the money promised, 89% in EUR came in time" in text
    assert "Promises kept" not in one(Part.KEPT_RATE, KeptRate(Share(0, 0, None)))


def test_what_is_empty_is_left_out_or_says_what_that_means() -> None:
    empty = {part.value: Cut() for part in SHOWN if part not in (Part.ACCOUNTS,)}
    text = read(shown(OMAR, **empty))
    assert "Nothing waits. Everything that was reported stands in the record." in text
    for title in ("Did these arrive?", "Nudges on hold", "Promises due soon", "Broken and partly kept"):
        assert title not in text
    manager = one(Part.REPORT_QUEUE, Cut(), of_role(Role.AR_MANAGER))
    assert "Nothing waits." in manager and "escalated" not in manager


def test_what_is_cut_says_so_and_leads_to_the_rest() -> None:
    held = Cut(tuple(make_story(State.HELD) for _ in range(5)), 500)
    page = home.home_page(Home(OMAR, NOW, {Part.HELD: held}), reader=make_reader(), signet=make_signet())
    assert "Nudges on hold (500)" in read(page) and "and 495 more" in read(page)
    assert "See all" in button_texts(page)
    window = home.part_page(
        OnePart(Part.HELD, replace(held, start=40), OMAR, NOW), reader=make_reader(), signet=make_signet()
    )
    assert "Next (455 more)" in button_texts(window) and "Resume" not in button_texts(window)
    end = home.part_page(
        OnePart(Part.HELD, replace(held, start=495), OMAR, NOW), reader=make_reader(), signet=make_signet()
    )
    assert not [text for text in button_texts(end) if text.startswith("Next")]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    role=st.sampled_from(sorted(Role)),
    sizes=st.dictionaries(st.sampled_from(sorted(SHOWN)), st.integers(0, 600)),
    text=st.sampled_from(["", "Very " * 700, "<@U1> & `code` " * 40, "＊" * 3_000]),
)
def test_never_over_a_hundred_blocks_nor_over_a_texts_length(role: Role, sizes: dict[Part, int], text: str) -> None:
    """As the use case cuts it: each list to what its part shows, of however many there are."""
    person = of_role(role)
    contents = make_contents(person)
    for part, content in contents.items():
        if isinstance(content, Cut):
            size = sizes.get(part, 500)
            items = tuple(content.items[index % len(content.items)] for index in range(min(size, SHOWN[part])))
            contents[part] = Cut(items, min(size, MOST_COUNTED))
    outcome = Home(person, NOW, contents)
    outcome = infected(outcome, text) if text else outcome
    page = home.home_page(outcome, reader=make_reader(), signet=make_signet(), notice="✅ Done.")
    assert len(page.blocks) <= 100, len(page.blocks)
    assert not problems(page.blocks, most=100)
    assert not view_problems(home_view(page))
    assert not [bad for part in texts_of(list(page.blocks)) for bad in markup(part)]


@pytest.mark.parametrize("role", Role)
def test_nothing_breaks_where_it_is_narrow(role: Role) -> None:
    """No columns, no code blocks, no runs of blanks that line something up; and no line longer than a paragraph."""
    for block in shown(of_role(role)).blocks:
        assert "fields" not in block
    for text in texts_of(list(shown(of_role(role)).blocks)):
        assert "```" not in text and "   " not in text and "\t" not in text and "|" not in text


def test_what_may_be_muted_has_its_words() -> None:
    assert set(vocabulary.MESSAGES) == MUTABLE
    assert set(vocabulary.NEWS) == set(News)


def test_what_somebody_waits_for_or_what_is_ones_own_right_is_never_muted() -> None:
    to_act_on = "ar_alert ar_digest access_request report_duty report_escalation legal_duty comment change_request"
    more = "sign_off sending_domain alarm drafts_wait note_mention"
    answers = "access_decision change_decision comment_answer discarded"
    own = "role_changed roster"
    duties = {NoticeKind(one) for one in f"{to_act_on} {more} {answers} {own}".split()}
    assert set(NoticeKind) - MUTABLE == duties
    said = "\n".join(texts_of(messages_view(MessageChoice(MUTABLE))["blocks"]))
    for words in ("*Always sent:*\n• ", "comments", "alarms", "the answer", "your role or duties"):
        assert words in said


def test_the_modal_is_ticked_as_chosen() -> None:
    view = messages_view(MessageChoice(frozenset({NoticeKind.DAILY_DIGEST})))
    (field,) = [block for block in view["blocks"] if block["type"] == "input"]
    ticked = [option["value"] for option in field["element"]["initial_options"]]
    assert ticked == ["daily_digest"] and len(field["element"]["options"]) == len(MUTABLE)
    saved = read(saved_page(MessageChoice(frozenset(), saved=True)))
    assert "reports that are yours to record" in saved
    assert "no more messages about: what became of your nudges; " in saved and "Autopilot leaves to you" in saved


def test_a_digest_is_a_few_numbers_and_no_names() -> None:
    text, blocks = render_morning(Morning({News.LEFT: 3, News.REFUSED: 1, News.MISSED: 0}))
    said = "\n".join(texts_of(blocks))
    assert text == "Good morning. ✅ 3 nudges of yours left"
    assert "🚫 1 nudge of yours was not sent" in said and "broken" not in said


def test_every_role_has_parts() -> None:
    assert all(parts_for(of_role(role)) for role in Role)
