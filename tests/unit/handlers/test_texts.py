"""Every reason has its sentence and a way forward, with whatever is known and without."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.accounts import SuppressionReason
from domain.commitments import DisputeState, PromiseState, Resolution, SlaState, Verdict
from domain.messages import State
from domain.outcomes import Refused
from domain.reasons import Reason
from domain.rules.quiet_hours import Wait
from domain.timeline import Department, Source
from domain.values import Capability, Money, Role
from handlers import texts, vocabulary
from handlers.presenters.refusals import told
from handlers.texts import drafting, guarding
from tests.unit.handlers.outcomes import BERLIN, LEAVES, NOW, make_reader

EVERYTHING = texts.Details(
    subject="INV-7",
    at="Mon",
    day="Sun",
    until="Tue",
    by="Omar",
    share="6 of 10 customers (60 %)",
    after="1 hour",
    least="€25.00",
)


def test_every_reason_has_words_in_one_room() -> None:
    assert sorted(reason for room in texts.ROOMS for reason in room.REASONS) == sorted(Reason)


@pytest.mark.parametrize(
    "known",
    [EVERYTHING, texts.Details(), replace(EVERYTHING, of_draft=True), texts.Details(of_draft=True)],
    ids=["all known", "nothing known", "of a draft, all known", "of a draft, nothing known"],
)
@pytest.mark.parametrize("reason", Reason)
def test_sentences_are_whole(reason: Reason, known: texts.Details) -> None:
    said = texts.tell(reason, known)
    for sentence in (said.what, said.forward):
        assert sentence[0].isupper() or sentence.startswith("INV-")
        assert sentence.endswith((".", "?"))
        assert not set("{}[]|") & set(sentence)
        assert "  " not in sentence and " ," not in sentence and " ." not in sentence
    assert len(said.what) <= 160
    assert said.what != said.forward


def test_an_invoice_is_spoken_of_only_where_one_is_meant() -> None:
    spoken_of = {reason for reason in Reason if "this invoice" in texts.tell(reason).what.lower()}
    assert spoken_of == guarding.OF_INVOICE | {Reason.NEWER_INVOICE}


def test_sentences_tell_reasons_apart() -> None:
    assert len({texts.tell(reason).what for reason in Reason}) == len(Reason)


def test_a_refusal_reads_like_a_colleague() -> None:
    refusal = Refused(Reason.INVOICE_DISPUTED, subject="INV-1042", at=NOW - timedelta(days=11))
    said = told(refusal, reader=make_reader(), at=NOW)
    assert said.what == "INV-1042 is disputed since Thu 12 Nov, so it can't be chased."


def test_times_stand_in_both_zones() -> None:
    refusal = Refused(Reason.AUTOPILOT_SENT, at=NOW - timedelta(hours=3), until=LEAVES)
    said = told(refusal, reader=make_reader(), at=NOW, there=BERLIN)
    assert said.what.startswith("Autopilot reminded them Mon 23 Nov, 14:40 in Berlin (13:40 your time), so")
    assert said.forward == "You can nudge again from Tue 24 Nov, 08:04 in Berlin (07:04 your time)."


@pytest.mark.parametrize(("hours", "span"), [(24, "24 hours"), (1, "1 hour")])
def test_how_long_a_nudge_keeps_away_from_a_step_on_hold_is_the_policys(hours: int, span: str) -> None:
    refusal = Refused(Reason.STEP_HELD, at=NOW, after=timedelta(hours=hours), ask=Role.OPERATOR)
    said = told(refusal, reader=make_reader(), at=NOW)
    assert said.forward == f"Ask A/R: once it is cancelled, or {span} after it left, you can nudge."


@pytest.mark.parametrize(
    ("least", "sentence"),
    [
        (Money(2_500, "EUR"), "INV-7 is too small to chase: the minimum is €25.00."),
        (Money(3_000, "JPY"), "INV-7 is too small to chase: the minimum is JP¥3,000."),
        (Money(7_500, "KWD"), "INV-7 is too small to chase: the minimum is KWD\xa07.500."),
        (None, "INV-7 is too small to chase."),
    ],
)
def test_too_small_is_said_in_the_invoices_own_currency(least: Money | None, sentence: str) -> None:
    said = told(Refused(Reason.BELOW_MINIMUM, subject="INV-7", least=least), reader=make_reader(), at=NOW)
    assert said.what == sentence
    assert said.forward == "Nothing to do. The Controller sets that amount."


def test_who_ends_a_legal_hold_depends_on_where_it_came_from() -> None:
    forward = texts.tell(Reason.LEGAL_HOLD).forward
    assert "Legal or the Controller can lift a hold that was placed here" in forward
    assert "one that came with the books ends in the books" in forward


def test_a_reminder_planned_in_the_books_is_not_called_autopilots() -> None:
    said = told(Refused(Reason.PLANNED_DUE, at=NOW), reader=make_reader(), at=NOW).what
    assert said.startswith("A reminder that is planned in the books is due") and "Autopilot" not in said


def test_customers_cannot_write_patterns() -> None:
    said = texts.tell(Reason.INVOICE_PAID, texts.Details(subject="[{by}|{until}]"))
    assert said.what == "[{by}|{until}] is paid."


def test_states_and_blocks_are_named_in_plain_words() -> None:
    gone = told(Refused(Reason.ALREADY_DONE, subject="cancelled"), reader=make_reader(), at=NOW)
    assert gone.what == "Somebody was faster: it is already cancelled."
    blocked = told(Refused(Reason.CONTACT_SUPPRESSED, subject="opted_out"), reader=make_reader(), at=NOW)
    assert blocked.what == "We may not write to this contact: they asked not to be written to."


def test_the_requester_is_not_called_you_in_front_of_others() -> None:
    said = texts.tell(Reason.DEACTIVATED, texts.Details(of_requester=True))
    assert said.what == "Whoever asked for it has no Plixo access any more."


SAID_TO_REPS = r"can nudge|nudge works|be nudged|the nudge again|[Aa]sk A/R|[Gg]ive A/R|A/R (matches|has)"
OF_NUDGES_ALONE = {
    Reason.NO_ELIGIBLE_INVOICE,
    Reason.NEWER_INVOICE,
    Reason.AUTOPILOT_DUE,
    Reason.PLANNED_DUE,
    Reason.AUTOPILOT_SENT,
    Reason.PLANNED_SENT,
    Reason.STEP_HELD,
    Reason.STEP_UNCONFIRMED,
    Reason.DRAFT_WAITS,
    Reason.CONTACT_TOUCHED,
    Reason.INVOICE_NUDGED,
    Reason.NUDGE_QUEUED,
    Reason.NUDGE_CAP,
}
"""Guards that a draft of Autopilot passes, or waits for."""


@pytest.mark.parametrize("known", [EVERYTHING, texts.Details()], ids=["all known", "nothing known"])
def test_about_a_draft_nobody_is_told_to_nudge_or_to_ask_themselves(known: texts.Details) -> None:
    about = set(guarding.REASONS) | set(drafting.REASONS) | set(drafting.OF_DRAFT)
    for reason in about - OF_NUDGES_ALONE:
        said = texts.tell(reason, replace(known, of_draft=True)).both
        assert not re.search(SAID_TO_REPS, said)


def test_everything_countable_has_a_name() -> None:
    assert set(vocabulary.STATES) == set(vocabulary.STATE_SIGNS) == set(State)
    assert set(vocabulary.ROLES) == set(Role)
    assert set(vocabulary.CAPABILITIES) == set(Capability)
    assert set(vocabulary.SUPPRESSIONS) == {one.value for one in SuppressionReason}
    assert set(vocabulary.PROMISES) == set(PromiseState)
    assert set(vocabulary.DISPUTES) == set(DisputeState)
    assert set(vocabulary.VERDICTS) == set(Verdict)
    assert set(vocabulary.RESOLUTIONS) == set(Resolution)
    assert set(vocabulary.SLAS) == set(vocabulary.SLA_SIGNS) == set(SlaState)
    assert set(vocabulary.DEPARTMENTS) == set(Department)
    assert set(vocabulary.SOURCES) == set(Source)
    assert set(vocabulary.WAITS) == set(Wait)
