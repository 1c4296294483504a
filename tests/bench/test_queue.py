"""The measurements of the queue work: a short round of each, without a look at how fast it was."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from bench.load import Loaded, load, name_of
from bench.queue.contenders import OURS, Ours, contenders
from bench.queue.depth import measure_depth
from bench.queue.race import race, run_lap
from bench.queue.smtp import find_sink, measure_smtp
from bench.report import Row, save
from domain.messages import State
from storage.directory import Directory
from storage.tables import messages
from storage.unit_of_work import build_unit_of_work
from tests.factories import NOON
from tests.postgres import Server

BOUND = 60
PEERS = ["pgqueuer, batch 10", "pgqueuer, batch 1", "procrastinate", "APScheduler", "Celery"]


@pytest.fixture
def loaded(database: Engine) -> Loaded:
    return load(database, accounts=20, invoices=2, due=0.25, keys=True, at=NOON)


def test_the_loaded_queue_is_one_that_the_product_finds_due(database: Engine, loaded: Loaded) -> None:
    (due,) = Directory(database).with_due_work(NOON)
    assert due.org_id == loaded.org_id
    with build_unit_of_work(database, org_id=loaded.org_id)() as work:
        claimed = work.messages.claim(at=NOON, lease_until=NOON, worker="w", limit=100)
    assert len(claimed) == loaded.due == 5


def test_loaded_accounts_are_found_by_name_and_have_their_books(database: Engine, loaded: Loaded) -> None:
    with build_unit_of_work(database, org_id=loaded.org_id)() as work:
        (hit,) = [each for each in work.accounts.search(name_of(7), owner_email=None, limit=5) if each.is_exact]
        facts = work.accounts.facts([hit.account.id], at=NOON)[hit.account.id]
    assert hit.account.id == loaded.first_account + 7
    assert len(facts.invoices) == 2
    assert len(facts.contacts) == 1
    assert all(invoice.pay_link and invoice.pay_link.is_live(NOON) for invoice in facts.invoices)


@pytest.mark.postgres
def test_two_workers_of_ours_release_what_is_due_and_nothing_else(postgres_server: Server) -> None:
    ours = Ours(postgres_server, OURS)
    laps = race([ours], size=80, share=0.5, rounds=1, bound=BOUND)[OURS]
    assert [(lap.done, lap.is_whole) for lap in laps] == [(40, True)]


@pytest.mark.postgres
def test_a_round_that_sends_too_few_is_no_result(postgres_server: Server) -> None:
    ours = Ours(postgres_server, OURS)
    ours.fill(20, 0.5)
    try:
        with pytest.raises(RuntimeError, match="was to send 11 messages, and its rows say 10"):
            run_lap(ours, due=11, bound=BOUND)
    finally:
        ours.empty()


@pytest.mark.postgres
@pytest.mark.parametrize("name", PEERS)
def test_a_peer_does_what_is_due_and_nothing_else(postgres_server: Server, name: str) -> None:
    with ExitStack() as stack:
        (peer,) = [each for each in contenders(postgres_server, stack) if each.name.startswith(f"{name}")][:1]
        if missing := peer.missing():
            pytest.skip(f"{missing} is not installed; `make bench` brings it")
        (lap,) = race([peer], size=80, share=0.5, rounds=1, bound=BOUND)[peer.name]
    assert (lap.done, lap.is_whole) == (40, True)


@pytest.mark.postgres
def test_depth_is_measured_at_each_size_and_an_idle_beat_sends_two_statements_at_most(postgres_server: Server) -> None:
    ours = Ours(postgres_server, OURS)
    rows = measure_depth(ours, sizes=[40, 80], due=10, rounds=1, bound=BOUND)
    assert [row.name for row in rows] == [
        "idle beat of release, 40 waiting",
        "idle beat of notices, 40 waiting",
        "idle beat of release, 80 waiting",
        "idle beat of notices, 80 waiting",
        "10 due of 40",
        "10 due of 80",
        "80 beside 40",
    ]
    assert {int(row.more["statements"]) for row in rows if row.more} <= {1, 2}


@pytest.mark.postgres
def test_ours_and_bare_connections_send_into_a_sink(postgres_server: Server) -> None:
    program = find_sink()
    if program is None:
        pytest.skip("smtp-sink (Debian's postfix) is not installed")
    rows = measure_smtp(postgres_server, program, senders=[2], due=10, rounds=1, bound=BOUND, backlog=40)
    assert [row.unit for row in rows] == ["messages/s", "messages/s", "×"] * 2


def test_a_page_of_results_says_what_was_met_and_what_was_not(tmp_path: Path) -> None:
    rows = [
        Row("fast", "messages/s", [900, 1000, 1100], goal="at least 500", met=True),
        Row("slow", "ms", [1.25], beside="fast", ratio=2.5, goal="at most 1", met=False),
    ]
    save("part", "A part", rows, about=["In words."], folder=tmp_path)
    page = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "| fast | 1,000 messages/s | 900 – 1,100 |  | at least 500: met |" in page
    assert "| slow | 1.25 ms |  | 2.50 × fast | at most 1: **missed** |" in page
    assert "- In words." in page


def test_what_is_not_due_stays_queued(database: Engine, loaded: Loaded) -> None:
    with database.connect() as connection:
        states = connection.execute(select(messages.c.state, func.count()).group_by(messages.c.state)).all()
    assert states == [(State.QUEUED, 20)]
