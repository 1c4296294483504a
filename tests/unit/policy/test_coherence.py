"""Segments, cadences and templates fit together, and what never could happen is told."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.policies import AGEING, RISKS, Cadence, Cadences, CadenceStep, Mode, Segment, Segments, Tone
from domain.rules.coherence import Texts, Unfit, unfit_cadences, unfit_segments, used_cadences

CADENCES = Cadences((Cadence("Gentle", (CadenceStep(3, "friendly", Tone.NEUTRAL),)),))


def segment(name: str, **filters: Any) -> Segment:
    return Segment(**{"name": name, "mode": Mode.SHADOW, "cadence": "Gentle"} | filters)


def unfit(*segments: Segment) -> list[Unfit]:
    return list(unfit_segments(Segments(segments), CADENCES))


def test_a_cadence_that_does_not_exist_is_named_with_the_nearest() -> None:
    (found,) = unfit(segment("Late", cadence="Gently"))
    assert found.sentence == "“Late” names the cadence “Gently”, which does not exist; did you mean “Gentle”?"
    assert (found.path, found.is_warning) == ((0, "cadence"), False)
    (found,) = unfit(segment("Late", cadence="Firm"))
    assert found.sentence.endswith("there are “Gentle”.")


def test_a_template_has_to_exist_and_should_be_approved() -> None:
    def found(approved: set[str], drafted: set[str], used: set[str]) -> list[tuple[str, bool]]:
        texts = Texts(approved, drafted, {"friendly": "Neutral"})
        return [(one.sentence, one.is_warning) for one in unfit_cadences(CADENCES, texts, used)]

    assert found({"friendly"}, set(), {"Gentle"}) == []
    ((sentence, is_warning),) = found(set(), {"friendly"}, {"Gentle"})
    assert "no version is approved" in sentence and is_warning
    ((sentence, is_warning),) = found({"friendlier"}, set(), {"Gentle"})
    assert "did you mean “friendlier”" in sentence and not is_warning
    assert found({"friendly"}, set(), set()) == [("No segment uses the cadence “Gentle”.", True)]
    assert used_cadences(Segments((segment("a"), segment("b", cadence=None, mode=Mode.OFF)))) == {"Gentle"}


def test_a_step_has_the_tone_of_its_template_unless_it_was_in_force_before() -> None:
    def found(tone: str, kept: tuple[CadenceStep, ...] = ()) -> list[Unfit]:
        return list(unfit_cadences(CADENCES, Texts({"friendly"}, set(), {"friendly": tone}), {"Gentle"}, kept=kept))

    (wrong,) = found("Formal")
    assert wrong.sentence == (
        "“Gentle”, day 3, says Neutral, but “friendly” is written in the tone Formal; write Formal."
    )
    assert (wrong.path, wrong.is_warning) == ((0, "steps", 0, "tone"), False)
    (noted,) = found("Formal", kept=CADENCES.each[0].steps)
    assert noted.is_warning
    assert found("Neutral") == []
    assert found("Warm and brief") == [], "an older text says its tone in words of its own"


def test_a_narrow_segment_before_a_wide_one_is_how_it_is_meant() -> None:
    assert unfit(segment("Late", ageing=("90+",)), segment("Later", ageing=("61-90", "90+")), segment("Rest")) == []


def test_segments_that_cut_into_each_other_are_told_of() -> None:
    (found,) = unfit(segment("Late", ageing=("90+",)), segment("Large", balance_from=Decimal(50_000)))
    assert found.is_warning and found.path == (1, "when")
    assert found.sentence == "“Late” and “Large” overlap; accounts that fit both go to “Late”."
    off = segment("Never", mode=Mode.OFF, regions=("Bavaria",))
    assert unfit(off, segment("Large", balance_from=Decimal(50_000))) == [], "an exception is meant to cut"


def test_a_segment_for_which_nothing_is_left_is_told_of() -> None:
    (found,) = unfit(segment("Rest"), segment("Late", ageing=("90+",)))
    assert not found.is_warning
    assert found.sentence == "“Late” can never fit: “Rest” before it take everything."
    thirds = [segment(f"to {end}", balance_from=Decimal(end - 10), balance_to=Decimal(end)) for end in (10, 20, 30)]
    (found,) = unfit(*thirds, segment("Small", balance_to=Decimal(30)))
    assert "“to 10” and “to 20” and “to 30”" in found.sentence
    assert unfit(*thirds, segment("All")) == []
    every = [segment(risk, risks=(risk,)) for risk in RISKS]
    assert unfit(*every, segment("Unknown risk")) == [], "of many accounts the risk is not known"
    (found,) = unfit(segment("one", industries=("Retail",)), segment("two", industries=("retail",)))
    assert "“two” can never fit" in found.sentence


filters = st.fixed_dictionaries(
    {
        "ageing": st.lists(st.sampled_from(AGEING[:2]), max_size=2, unique=True).map(tuple),
        "balance_from": st.sampled_from([None, Decimal(0), Decimal(5)]),
        "balance_to": st.sampled_from([None, Decimal(5), Decimal(9)]),
        "industries": st.lists(st.sampled_from(["a", "b"]), max_size=2, unique=True).map(tuple),
        "risks": st.lists(st.sampled_from(RISKS[:2]), max_size=2, unique=True).map(tuple),
    }
).filter(lambda one: None in (one["balance_from"], one["balance_to"]) or one["balance_from"] < one["balance_to"])


@given(st.lists(filters, min_size=2, max_size=5))
def test_told_exactly_of_what_can_never_fit(given: list[dict[str, Any]]) -> None:
    """Beside trying every kind of account there is."""
    segments = [segment(f"s{number}", **one) for number, one in enumerate(given)]
    accounts = list(product(AGEING, [Decimal(n) for n in (0, 3, 5, 7, 9, 20)], ["a", "b", "x"], [*RISKS, ""]))

    def fits(one: Segment, account: Any) -> bool:
        ageing, balance, industry, risk = account
        least, most = one.balance_from or Decimal(0), one.balance_to
        return (
            (not one.ageing or ageing in one.ageing)
            and least <= balance
            and (most is None or balance < most)
            and (not one.industries or industry in one.industries)
            and (not one.risks or risk in one.risks)
        )

    firsts = {next((n for n, one in enumerate(segments) if fits(one, account)), None) for account in accounts}
    told = {found.path[0] for found in unfit(*segments) if "never" in found.sentence}
    assert told == set(range(len(segments))) - firsts
