"""The queue's states: one table, no way around it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.messages import FINAL_STATES, OPEN_STATES, TRANSITIONS, State, may_follow, message_id
from tests.builders import make_message


def test_every_state_stands_in_the_table() -> None:
    assert set(TRANSITIONS) == set(State)


def test_a_state_is_open_or_final() -> None:
    assert set(State) == OPEN_STATES | FINAL_STATES
    assert not OPEN_STATES & FINAL_STATES


def test_every_state_is_reached_and_every_open_one_ends() -> None:
    reached = {State.QUEUED}
    while new := {after for state in reached for after in TRANSITIONS[state]} - reached:
        reached |= new
    assert reached == set(State)
    for state in OPEN_STATES:
        seen = {state}
        while new := {after for known in seen for after in TRANSITIONS[known]} - seen:
            seen |= new
        assert seen & FINAL_STATES


def test_nothing_is_sent_without_the_fence() -> None:
    """Only from `sending` does a worker reach `sent`; the other way is a person who settles an unconfirmed one."""
    assert {state for state in State if may_follow(state, State.SENT)} == {State.SENDING, State.UNCONFIRMED}
    assert {state for state in State if may_follow(state, State.SENDING)} == {State.CLAIMED}


@given(st.lists(st.sampled_from(State), max_size=12))
def test_whatever_is_asked_a_final_state_stays(asked: list[State]) -> None:
    state = State.QUEUED
    ended_at: State | None = None
    for following in asked:
        if may_follow(state, following):
            assert ended_at is None
            state = following
        ended_at = state if state in FINAL_STATES else None


def test_the_message_id_is_the_same_for_every_attempt() -> None:
    first, second = make_message(attempts=0), make_message(attempts=3, token="t")
    assert message_id(first, domain="northwind.example") == message_id(second, domain="northwind.example")
    assert message_id(first, domain="northwind.example") == f"nudge.{'a' * 32}@northwind.example"
