"""Tokens: nobody can write, bend, borrow or keep one."""

from __future__ import annotations

import string
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.seal import BrokenSeal, Kind, Seal, Signet
from tests.unit.handlers.outcomes import MIA, NOW, SEAL, make_signet

ALPHABET = string.ascii_letters + string.digits + "-_.=+/ é"


@given(st.lists(st.one_of(st.integers(), st.text(max_size=40)), max_size=5))
def test_what_was_sealed_comes_back(parts: list[int | str]) -> None:
    signet = make_signet()
    assert signet.open(Kind.DRAFT, signet.close(Kind.DRAFT, *parts)) == parts
    assert signet.open(Kind.DRAFT, signet.close_for_all(Kind.DRAFT, *parts)) == parts


def test_no_character_can_be_changed_added_or_left_out() -> None:
    signet = make_signet()
    for token in (signet.close(Kind.ACCOUNT, 31, 0), signet.close_for_all(Kind.NUDGE, "b" * 32)):
        kind = Kind.ACCOUNT if token.startswith("p") else Kind.NUDGE
        for place in range(len(token) + 1):
            changed = {token[:place] + one + token[place + 1 :] for one in ALPHABET}
            added = {token[:place] + one + token[place:] for one in ALPHABET}
            for other in (changed | added | {token[:place] + token[place + 1 :]}) - {token}:
                with pytest.raises(BrokenSeal):
                    signet.open(kind, other)


@pytest.mark.parametrize("token", ["", "p", "p.", "a.", "p....", "null", "é" * 20, "p" + "A" * 5_000, "\ud800"])
def test_nonsense_is_refused(token: str) -> None:
    with pytest.raises(BrokenSeal):
        make_signet().open(Kind.ACCOUNT, token)


@pytest.mark.parametrize(
    "other",
    [
        SEAL.of(org_id=2, user_id=MIA.id, at=NOW),
        SEAL.of(org_id=1, user_id=8, at=NOW),
        Seal(b"t" * 32).of(org_id=1, user_id=MIA.id, at=NOW),
    ],
    ids=["another organisation", "another person", "another secret"],
)
def test_a_personal_token_is_worth_nothing_to_others(other: Signet) -> None:
    with pytest.raises(BrokenSeal):
        other.open(Kind.ACCOUNT, make_signet().close(Kind.ACCOUNT, 31, 0))


def test_a_token_for_all_serves_everybody_of_the_organisation_and_nobody_else() -> None:
    token = SEAL.of_everybody(org_id=1, at=NOW).close_for_all(Kind.NUDGE, "n")
    assert make_signet().open(Kind.NUDGE, token) == ["n"]
    with pytest.raises(BrokenSeal):
        SEAL.of(org_id=2, user_id=MIA.id, at=NOW).open(Kind.NUDGE, token)


def test_a_token_of_one_kind_is_not_accepted_as_another() -> None:
    signet = make_signet()
    with pytest.raises(BrokenSeal):
        signet.open(Kind.CONTACT, signet.close(Kind.ACCOUNT, 31))


def test_tokens_run_out() -> None:
    personal, shared = make_signet().close(Kind.ACCOUNT, 31, 0), make_signet().close_for_all(Kind.ACCOUNT, 31, 0)
    for token, life in ((personal, timedelta(hours=24)), (shared, timedelta(days=30))):
        before = SEAL.of(org_id=1, user_id=MIA.id, at=NOW + life - timedelta(seconds=1))
        after = SEAL.of(org_id=1, user_id=MIA.id, at=NOW + life)
        assert before.open(Kind.ACCOUNT, token) == [31, 0]
        with pytest.raises(BrokenSeal):
            after.open(Kind.ACCOUNT, token)


def test_who_only_looks_may_come_late_and_nobody_else_with_their_token() -> None:
    token, late = make_signet().close(Kind.ACCOUNT, 31, 0), NOW + timedelta(days=365)
    assert SEAL.of(org_id=1, user_id=MIA.id, at=late, takes_late=True).open(Kind.ACCOUNT, token) == [31, 0]
    for org_id, user_id, kind in ((1, 8, Kind.ACCOUNT), (2, MIA.id, Kind.ACCOUNT), (1, MIA.id, Kind.CONTACT)):
        with pytest.raises(BrokenSeal):
            SEAL.of(org_id=org_id, user_id=user_id, at=late, takes_late=True).open(kind, token)


def test_the_longest_option_fits_slack() -> None:
    assert len(make_signet().close(Kind.TEMPLATE, "k" * 64)) <= 150
    assert len(make_signet().close(Kind.CONTACT, 2**63)) <= 150
    assert len(make_signet().close(Kind.DRAFT, 2**63, 2**63, 2**63, "k" * 64, 2**31)) <= 3_000


def test_a_short_secret_is_refused_and_no_secret_is_printed() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Seal(b"short")
    assert "ssss" not in repr(SEAL)
    assert "ssss" not in repr(make_signet())
