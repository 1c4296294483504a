"""Every reason has its sentence and a way forward, with whatever is known and without."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.accounts import SuppressionReason
from domain.commitments import DisputeState, PromiseState, Resolution, SlaState, Verdict
from domain.messages import State
from domain.outcomes import Refused
from domain.reasons import Reason
from domain.rules.quiet_hours import Wait
from domain.timeline import Department, Source
from domain.values import Capability, Role
from handlers import texts, vocabulary
from handlers.presenters.refusals import told
from tests.unit.handlers.outcomes import BERLIN, LEAVES, NOW, make_reader

EVERYTHING = texts.Details(subject="INV-7", at="Mon", day="Sun", until="Tue", by="Omar")


def test_every_reason_has_words_in_one_room() -> None:
    assert sorted(reason for room in texts.ROOMS for reason in room.REASONS) == sorted(Reason)


@pytest.mark.parametrize("known", [EVERYTHING, texts.Details()], ids=["all known", "nothing known"])
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
