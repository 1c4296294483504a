"""Documents are read strictly, told with the line that is wrong; letters and differences for people to read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.currencies import CURRENCIES
from domain.library import Edition, Shelf
from domain.minimums import MinimumBalances
from domain.policies import Cadences, DocumentKind, Mode, Segments, Settings, Terms, Tone, Unreadable
from domain.policy import Policy
from domain.rules.differences import Run, differences
from domain.rules.letters import Letter, missing_tag, unknown_tag
from domain.rules.quiet_hours import QuietHours
from domain.rules.terms import terms_of, tree_of
from domain.values import AccountScope, Money, Span
from domain.warming import Limits, Stage, WarmUp
from storage.defaults import default_documents, default_templates
from storage.notation import read_document, write_document

TERMS = terms_of(Policy(), zone="Europe/Berlin", country="NO")
POLICY = write_document(tree_of(TERMS))
SEGMENTS, CADENCES = (default_documents()[kind] for kind in (DocumentKind.SEGMENTS, DocumentKind.CADENCES))


def test_a_policy_says_what_the_settings_say() -> None:
    assert read_document(DocumentKind.POLICY, POLICY) == TERMS
    assert TERMS.country == "NO", "no country is a truth value"


amounts = st.decimals(0, 10**9, places=2)
minimums = st.builds(
    MinimumBalances,
    others=amounts,
    own=st.lists(
        st.builds(Money, st.integers(0, 10**12), st.sampled_from(sorted(CURRENCIES))),
        max_size=4,
        unique_by=lambda one: one.currency,
    ).map(tuple),
)
minutes = st.integers(0, 1439).map(lambda m: time(m // 60, m % 60))
terms = st.builds(
    Terms,
    zone=st.sampled_from(["Europe/Berlin", "Asia/Kolkata"]),
    country=st.sampled_from([None, "NO", "DE"]),
    quiet=st.tuples(minutes, minutes)
    .filter(lambda edges: edges[0] != edges[1])
    .flatmap(
        lambda edges: st.builds(
            QuietHours,
            start=st.just(edges[0]),
            end=st.just(edges[1]),
            open_days=st.frozensets(st.integers(0, 6), min_size=1),
            blackouts=st.sampled_from([(), (Span(date(2026, 12, 24), date(2027, 1, 2)),)]),
            keep_holidays=st.booleans(),
        )
    ),
    spread_minutes=st.integers(0, 240),
    daily_cap=st.integers(1, 10_000),
    contact_gap_hours=st.integers(0, 168),
    nudges_per_week=st.integers(1, 50),
    freshness_hours=st.integers(1, 500),
    autopilot_before_hours=st.integers(0, 500),
    autopilot_after_hours=st.integers(0, 168),
    minimum_balances=minimums,
    expiry_hours=st.integers(1, 500),
    account_scope=st.sampled_from(AccountScope),
    nudge_share_percent=st.integers(0, 100),
    hourly_cap=st.none() | st.integers(1, 10_000),
    warm_up=st.builds(
        WarmUp,
        ramp=st.sampled_from([(), (Stage(7, 50),), (Stage(2, 10), Stage(9, 10), Stage(1, 4_000))]),
        doubles_every=st.none() | st.integers(1, 9),
        used_percent=st.integers(1, 100),
        limits=st.sampled_from([Limits(), Limits(hold_bounced=Decimal("0.5"), stop_complained=Decimal(1))]),
    ),
    remind_after_minutes=st.integers(1, 7),
    escalate_after_minutes=st.integers(8, 14),
)


@given(terms)
def test_whatever_can_be_set_can_be_written_and_read(some: Terms) -> None:
    assert read_document(DocumentKind.POLICY, write_document(tree_of(some))) == some


@pytest.mark.parametrize(
    ("was", "now", "line", "words"),
    [
        ("daily_cap: 50", "daily_cap: many", 8, "“many”"),
        ("daily_cap: 50", "daily_cap: ٥٠", 8, "whole number"),
        ("daily_cap: 50", "daily_cap: 0", 8, "from 1"),
        ("18:00-08:00", "18:00-18:00", 3, "same time"),
        ("18:00-08:00", "18 to 8", 3, "18:00-08:00"),
        ("[mon,", "[monday,", 4, "“monday”"),
        ("keep_holidays: true", "keep_holidays: perhaps", 5, "yes or no"),
        ("account_scope: assigned", "account_scope: mine", 16, "assigned, all"),
        ("zone: Europe/Berlin", "zone: &z Europe/Berlin", 1, "Write it out"),
        ("expiry_hours: 72", "expiry_hours: 72\nexpiry_days: 3", 16, "did you mean “expiry_hours”"),
        ("expiry_hours: 72", "expiry_hours: 72\nexpiry_hours: 3", 16, "twice"),
        ("daily_cap: 50\n", "", 1, "“daily_cap” is missing"),
        ("minimum_balance: '1'", "minimum_balance: '-1'", 14, "amount"),
        ("7x50", "7 days", 19, "7x50 for seven days"),
        ("[7x50,", "[7x600,", 19, "grows"),
        ("hold_bounced: '2'", "hold_bounced: '6'", 19, "not above what stops"),
        ("used_percent: 50", "used_percent: 0", 22, "from 1 to 100"),
        ("used_percent: 50", "used_percents: 50", 22, "did you mean “used_percent”"),
        ("remind_after_minutes: 7", "remind_after_minutes: 0", 27, "from 1 to 13"),
        ("escalate_after_minutes: 12", "escalate_after_minutes: 15", 28, "from 2 to 14"),
        ("escalate_after_minutes: 12", "escalate_after_minutes: 7", 28, "after the reminder, which is due after 7"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(was: str, now: str, line: int, words: str) -> None:
    assert was in POLICY
    said = read_document(DocumentKind.POLICY, POLICY.replace(was, now))
    assert isinstance(said, Unreadable), said
    assert words in said.sentence
    assert said.line == line


def test_a_segment_may_have_a_cap_and_quiet_hours_of_its_own() -> None:
    text = "- name: Late\n  mode: off\n  daily_cap: 20\n  quiet_hours: 20:00-07:00\n- name: Rest\n  mode: off\n"
    said = read_document(DocumentKind.SEGMENTS, text)
    assert isinstance(said, Segments)
    late, rest = said.each
    assert late.settings == Settings(Mode.OFF, 20, (time(20), time(7)))
    assert rest.settings == Settings(Mode.OFF)
    assert said.named("Late") is late and said.named("Early") is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("daily_cap: 0", "from 1"),
        ("daily_cap: 2.5", "whole number"),
        ("daily_cap: none", "whole number"),
        ("quiet_hours: 20 to 7", "18:00-08:00"),
        ("quiet_hours: 20:00-20:00", "same time"),
        ("quiet_hours: 20:61-07:00", "no clock shows"),
        ("open_days: [mon]", "no “open_days” here"),
    ],
)
def test_what_is_wrong_with_them_is_told_with_its_line(line: str, words: str) -> None:
    said = read_document(DocumentKind.SEGMENTS, f"- name: Late\n  mode: off\n  {line}\n")
    assert isinstance(said, Unreadable)
    assert words in said.sentence and said.line == 3


@pytest.mark.parametrize("text", ["", "a: [", "[" * 5_000, "\x00", "- 1", "x", "{" * 200, "a: " + "x" * 200_000])
@pytest.mark.parametrize("kind", DocumentKind)
def test_anything_else_is_told_as_well(kind: DocumentKind, text: str) -> None:
    said = read_document(kind, text)
    assert isinstance(said, Unreadable)
    assert said.sentence.endswith(".")


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    for kind in DocumentKind:
        assert isinstance(read_document(kind, text), Unreadable)


def test_the_defaults_are_readable_and_name_each_other() -> None:
    segments, cadences = read_document(DocumentKind.SEGMENTS, SEGMENTS), read_document(DocumentKind.CADENCES, CADENCES)
    assert isinstance(segments, Segments) and isinstance(cadences, Cadences)
    named = {one.cadence for one in segments.each if one.cadence}
    assert named == {one.name for one in cadences.each}
    texts = {one.key for one in default_templates()}
    assert {step.template for one in cadences.each for step in one.steps} <= texts
    assert {one.mode for one in segments.each} == {Mode.OFF}, "A/R says when it begins"


@pytest.mark.parametrize(
    ("kind", "was", "now", "words"),
    [
        (DocumentKind.SEGMENTS, "mode: off\n  cadence: Firm", "mode: shadow", "needs a cadence"),
        (DocumentKind.SEGMENTS, "mode: off", "mode: on", "off, shadow, autopilot"),
        (DocumentKind.SEGMENTS, "name: Late", "name: Freshly due", "two called"),
        (DocumentKind.SEGMENTS, "50000", "50000, balance_to: 10", "higher than"),
        (DocumentKind.SEGMENTS, "1-30", "1-29", "1-30"),
        (DocumentKind.CADENCES, "day: 14", "day: 3", "go up"),
        (DocumentKind.CADENCES, "tone: Formal", "tone: Rude", "Formal, Neutral, Confident"),
    ],
)
def test_segments_and_cadences_make_sense(kind: DocumentKind, was: str, now: str, words: str) -> None:
    text = default_documents()[kind]
    assert was in text
    said = read_document(kind, text.replace(was, now, 1))
    assert isinstance(said, Unreadable) and words in said.sentence, said
    assert said.line


LETTER = Letter("Neutral", "Invoice {invoice_number}", "Dear {customer_name},\n\n{pay_link}\n")


@pytest.mark.parametrize("template", default_templates(), ids=lambda one: one.key)
def test_letters_of_todays_texts_read_back(template: object) -> None:
    letter = Letter(template.tone, template.subject, template.body)  # type: ignore[attr-defined]
    assert Letter.of(letter.text) == letter
    assert unknown_tag(letter) is None and missing_tag(letter) is None


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"body": "a\nb {frist}\n{pay_link}"}, "{frist} in line 2"),
        ({"subject": "{invoice}"}, "{invoice} in the subject"),
        ({"body": "{pay_link} }"}, "a lone } in line 1"),
        ({"body": "{{pay_link}}"}, "a lone { in line 1"),
        ({"body": "{pay_link.url}"}, "{pay_link.url} in line 1"),
    ],
)
def test_an_unknown_tag_is_named_with_its_line(changed: dict[str, str], words: str) -> None:
    fault = unknown_tag(replace(LETTER, **changed))
    assert fault is not None and fault.words == words


def test_a_reminder_cites_its_invoice_and_carries_its_link() -> None:
    assert missing_tag(LETTER) is None
    no_link = missing_tag(replace(LETTER, body="Dear {customer_name}"))
    no_number = missing_tag(replace(LETTER, subject="Hello"))
    in_subject_only = missing_tag(replace(LETTER, subject="{pay_link}", body="{invoice_number}"))
    assert no_link is not None and no_link.words == "{pay_link}"
    assert no_number is not None and no_number.words == "{invoice_number}"
    assert in_subject_only is not None and in_subject_only.words == "{pay_link}"


def test_a_letter_without_subject_or_body_is_none() -> None:
    assert Letter.drafted(Tone.FORMAL, " ", "x") is None
    assert Letter.drafted(Tone.FORMAL, "x", " \n") is None
    assert Letter.drafted(Tone.FORMAL, "x" * 301, "x") is None
    folded = Letter.drafted(Tone.FORMAL, "two\nlines", "x")
    assert folded is not None and folded.subject == "two lines"


def test_differences_are_of_lines_and_then_of_words() -> None:
    (hunk,) = differences("one\ntwo three four\nfive", "one\ntwo 3 4 four\nfive")
    assert hunk.line == 2
    assert hunk.before == ((Run("two ", False), Run("three", True), Run(" four", False)),)
    assert hunk.after == ((Run("two ", False), Run("3 4", True), Run(" four", False)),)


def test_lines_that_are_hardly_alike_are_not_torn_into_words() -> None:
    older, newer = "It was due on Friday. According to our books it is open.", "Would you be so kind as to look at it?"
    (hunk,) = differences(older, newer)
    assert (hunk.before, hunk.after) == (((Run(older, True),),), ((Run(newer, True),),))


def test_blanks_at_the_ends_are_no_difference() -> None:
    assert differences("a  \nb\n", "a\nb") == ()


lines = st.lists(st.text(alphabet="ab \n", max_size=8), max_size=6).map("\n".join)


@given(lines, lines)
def test_nothing_is_lost_in_a_difference(older: str, newer: str) -> None:
    """What changed on the one side and on the other is all there is: the rest is the same in both."""

    def rest(text: str, hunks: object, side: str) -> list[str]:
        left = [line.rstrip() for line in text.strip("\n").split("\n")]
        for hunk in hunks:  # type: ignore[attr-defined]
            for line in getattr(hunk, side):
                left.remove("".join(run.text for run in line))
        return left

    hunks = differences(older, newer)
    assert rest(older, hunks, "before") == rest(newer, hunks, "after") or sorted(
        rest(older, hunks, "before")
    ) == sorted(rest(newer, hunks, "after"))


@given(st.sampled_from(Shelf), st.integers(1, 99), st.text(alphabet="abc_:", min_size=1, max_size=20))
def test_editions_are_written_and_read(shelf: Shelf, number: int, key: str) -> None:
    edition = Edition(shelf, number, key if shelf is Shelf.TEMPLATE else "")
    assert Edition.of(str(edition)) == edition


def test_amounts_keep_their_cents() -> None:
    some = replace(TERMS, minimum_balances=MinimumBalances(Decimal("12.50")))
    assert read_document(DocumentKind.POLICY, write_document(tree_of(some))) == some
