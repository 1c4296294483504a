"""The measurement of `/account`: a short round on both databases, without a look at the time."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from random import Random

import pytest

from bench.account.__main__ import about, measure, rows
from bench.account.names import companies
from bench.account.questions import KINDS, LIST, LONGEST, percentile
from bench.report import save


@pytest.mark.parametrize("address", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_short_round(address: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'book.db'}" if address == "sqlite" else request.getfixturevalue("empty_postgres_url")
    found = {address: measure(url, [30, 200], each=4, long=100)}
    for size in (30, 200):
        times = found[address][size]
        assert {kind: len(times.by_kind[kind]) for kind in KINDS} == dict.fromkeys(KINDS, 4)
        assert times.nothing == 0
    assert {LIST, LONGEST} <= set(found[address][200].by_kind)
    save("account", "/account by name", rows(found), about=about(found), folder=tmp_path)
    assert "prefix" in (tmp_path / "README.md").read_text("utf-8")


def test_the_same_seed_is_the_same_book_and_words_are_shared_as_in_life() -> None:
    some, again = (list(islice(companies(3), 3_000)) for _ in range(2))
    assert some == again
    words = [word for company in some for word in company.name.split()]
    common, distinct = max(words.count(word) for word in Random(1).sample(words, 200)), len(set(words))
    assert common > len(some) / 50
    assert distinct > len(some) / 3


def test_percentiles_are_by_the_nearest_rank() -> None:
    assert [percentile(range(1, 101), share) for share in (0.01, 0.5, 0.99, 1.0)] == [1, 50, 99, 100]
