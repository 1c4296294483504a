"""The window of an account's record: what is in it for whom, and that it fits however much there is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.commitments import DisputeState, PromiseState
from domain.recording import Act
from domain.values import Role
from handlers import ids
from handlers.presenters.acts import words_sheet
from handlers.presenters.card import Unfolded, card
from handlers.presenters.record import STEPS_SHOWN, history_page, record_page
from handlers.views.blocks import VIEW_BLOCKS, Page
from handlers.views.card import card_page
from handlers.views.words import words_view
from tests.unit.handlers.outcomes import MIA, NOW, OMAR, full_account, full_facts, make_card, make_reader, make_signet
from tests.unit.handlers.reading import as_text, button_texts
from tests.unit.handlers.report_outcomes import (
    make_begun,
    make_dispute,
    make_dispute_report,
    make_dispute_story,
    make_keepers_card,
    make_promise,
    make_promise_report,
)

MANY = range(11, 41)
OVER = [state for state in PromiseState if state not in (PromiseState.REPORTED, PromiseState.OPEN)]


def shown(outcome: object, waiting: object = ()) -> Page:
    return record_page(outcome, waiting, reader=make_reader(), signet=make_signet())  # type: ignore[arg-type]


def with_facts(outcome: object, **changes: object) -> object:
    return replace(outcome, card=replace(outcome.card, facts=replace(outcome.card.facts, **changes)))  # type: ignore


def test_with_many_of_everything_nothing_is_cut_off() -> None:
    """Whatever the reader may do about each."""
    promises = [make_promise(id=id, state=PromiseState.OPEN) for id in MANY]
    promises += [make_promise(id=100 + id, state=PromiseState.KEPT) for id in MANY]
    disputes = [make_dispute(id=id, state=DisputeState.OPEN) for id in MANY]
    disputes += [make_dispute(id=100 + id, state=DisputeState.RESOLVED) for id in MANY]
    waiting = [make_promise_report(), make_dispute_report()] * 15
    for role in Role:
        outcome = make_keepers_card(replace(OMAR, role=role))
        page = shown(with_facts(outcome, promises=tuple(promises), disputes=tuple(disputes)), waiting)
        assert len(page.blocks) <= VIEW_BLOCKS, role
        assert "and 63 more: they come up when these are settled" in as_text(page.blocks)


@pytest.mark.parametrize("state", OVER)
def test_a_promise_that_is_over_has_its_history(state: PromiseState) -> None:
    over = make_promise(state=state, decided_at=NOW)
    page = shown(with_facts(make_keepers_card(), promises=(over,), disputes=()))
    assert "Nothing is promised or disputed at the moment." in as_text(page.blocks)
    assert button_texts(page) == ["History"]
    assert page.blocks[-1]["accessory"]["action_id"] == ids.PROMISE_HISTORY


@pytest.mark.parametrize(("is_held_here", "offered"), [(True, ["Lift legal hold"]), (False, [])])
def test_only_a_hold_that_was_placed_here_can_be_lifted_here(is_held_here: bool, offered: list[str]) -> None:
    keeper = make_keepers_card(replace(OMAR, role=Role.LEGAL))
    held = with_facts(keeper, account=replace(full_account(), legal_hold="Case 7"), promises=(), disputes=())
    page = shown(replace(held, is_held_here=is_held_here))  # type: ignore[type-var]
    assert button_texts(page) == offered
    assert "“Case 7”" in as_text(page.blocks)
    assert ("Lift it there; the next import removes it here." in as_text(page.blocks)) is not is_held_here


def test_the_last_to_end_come_first() -> None:
    promises = [
        make_promise(id=day, state=PromiseState.KEPT, decided_at=NOW - timedelta(days=day)) for day in range(1, 10)
    ]
    resolved = make_dispute(state=DisputeState.RESOLVED, resolved_at=NOW - timedelta(hours=1))
    page = shown(with_facts(make_keepers_card(), promises=tuple(promises), disputes=(resolved,)))
    actions = [block["accessory"]["action_id"] for block in page.blocks if "accessory" in block]
    assert actions == [ids.DISPUTE_HISTORY, *[ids.PROMISE_HISTORY] * 7]


def test_who_does_not_keep_it_reads_a_promise_that_is_only_reported_there() -> None:
    reported = make_promise(state=PromiseState.REPORTED)
    page = shown(with_facts(make_keepers_card(MIA), promises=(reported,), disputes=()))
    assert button_texts(page) == ["History"] and "Nothing is promised" not in as_text(page.blocks)


def test_everybody_else_finds_it_under_more_on_the_card() -> None:
    def buttons(unfolded: Unfolded, **changes: object) -> list[str]:
        outcome = with_facts(make_card(), **changes)
        view = card(outcome, reader=make_reader(), signet=make_signet(), unfolded=unfolded)  # type: ignore[arg-type]
        return button_texts(card_page(view))

    assert full_facts().promises and "See record" in buttons(Unfolded.MORE)
    assert "See record" not in buttons(Unfolded.NOTHING)
    assert "See record" not in buttons(Unfolded.MORE, promises=(), disputes=())


@pytest.mark.parametrize(("earlier", "said"), [(0, ""), (1, "and 1 earlier one"), (3, "and 3 earlier ones")])
def test_a_long_history_says_how_many_steps_came_before(earlier: int, said: str) -> None:
    story = make_dispute_story()
    long = replace(story, history=story.history[:1] * (STEPS_SHOWN + earlier))
    last = history_page(long, reader=make_reader(), at=NOW).blocks[-1]
    assert last["type"] == ("context" if earlier else "section")
    assert said in as_text([last])


@pytest.mark.parametrize("act", [Act.RESOLVE, Act.ANSWER])
def test_what_an_act_does_stays_whole_however_long_the_dispute_is(act: Act) -> None:
    begun = make_begun(act)
    story = make_dispute_story(reason="&" * 5_000)
    answers = replace(story, history=tuple(replace(turn, why="&" * 5_000) for turn in story.history))
    many = replace(answers, invoices=story.invoices * 30)
    sheet = words_sheet(replace(begun, about=many), metadata="m", reader=make_reader(), at=NOW)
    lead, effect, *_ = words_view(sheet)["blocks"]
    assert "&amp;" in as_text([lead])
    assert as_text([effect]).endswith(("what can be nudged.", "A/R reads it and resolves the dispute."))
