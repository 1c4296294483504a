"""`plixo audit` on the command line: verified, listed, exported, by whom, what and when."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select

from bot.auditing import read_bound
from domain.errors import InvalidValue
from domain.ports import UnitOfWorkFactory
from domain.usecases.seal_audit import seal_audit
from sandbox.clock import MovableClock
from storage import tables
from storage.engine import build_engine
from storage.unit_of_work import build_unit_of_work
from tests.factories import make_account, make_user
from tests.integration.cli.test_cli import Run, plixo  # noqa: F401 - a fixture
from tests.unguarded import unguarded

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
"""Tuesday half past midnight in Berlin, Monday evening in New York."""


@pytest.fixture
def engine(plixo: Run, tmp_path: Path) -> Iterator[Engine]:  # noqa: F811
    assert plixo("audit", "list").exit_code == 0  # makes the tables and the organisation
    engine = build_engine(f"sqlite:///{tmp_path / 'plixo.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def uow(engine: Engine) -> UnitOfWorkFactory:
    """Rita holds a nudge of Acme at night; the house sends one at noon before."""
    uow = build_unit_of_work(engine, org_id=1)
    rita = make_user(engine, 1, email="rita@northwind.example", name="=Rita")
    acme = make_account(engine, 1, name="Acme", external_id="C-100")
    with uow() as work:
        work.audit.record("nudge.sent", at=NIGHT - timedelta(hours=12), actor_id=None, subject="nudge:1")
        work.audit.record("nudge.held", at=NIGHT, actor_id=rita.id, subject="nudge:2", account_id=acme.id)
    return uow


def sealed(uow: UnitOfWorkFactory) -> None:
    seal_audit(uow=uow, clock=MovableClock(start=NIGHT, frozen=True))


def test_a_sound_log_and_one_that_is_not(plixo: Run, engine: Engine, uow: UnitOfWorkFactory) -> None:  # noqa: F811
    assert "Not sealed yet, and so not verified: 2 rows" in plixo("audit", "verify").output
    sealed(uow)
    sound = plixo("audit", "verify")
    assert sound.exit_code == 0
    assert "The audit log is sound: 2 rows in 1 blocks." in sound.output
    head = sound.output.split("Newest block: ")[1].strip()
    assert plixo("audit", "verify", "--expect", head).exit_code == 0
    assert plixo("audit", "verify", "--expect", "f" * 64).exit_code == 1
    with unguarded(engine) as connection:
        connection.exec_driver_sql("UPDATE audit SET subject = 'nudge:3' WHERE id = 2")
    broken = plixo("audit", "verify")
    assert broken.exit_code == 1
    assert "Block 1 (rows 1 to 2), row 2: a row was changed after it was sealed." in broken.output


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ([], ["nudge:1", "nudge:2"]),
        (["--user", "RITA@northwind.example"], ["nudge:2"]),
        (["--account", "c-100"], ["nudge:2"]),
        (["--action", "nudge.sent"], ["nudge:1"]),
        (["--action", "nudge."], ["nudge:1", "nudge:2"]),
        (["--action", "nudge"], []),
        (["--from", "2026-11-24"], ["nudge:2"]),
        (["--until", "2026-11-23"], ["nudge:1"]),
        (["--until", "2026-11-23", "--zone", "America/New_York"], ["nudge:1", "nudge:2"]),
        (["--from", "2026-11-24T00:30"], ["nudge:2"]),
        (["--from", "2026-11-24T00:31"], []),
        (["--from", "2026-11-23T23:30+00:00"], ["nudge:2"]),
        (["--until", "2026-11-23T23:30+00:00"], ["nudge:1"]),
    ],
    ids=lambda value: " ".join(value) or "all",
)
def test_what_is_asked_for_is_listed(plixo: Run, uow: UnitOfWorkFactory, asked: list[str], shown: list[str]) -> None:  # noqa: F811
    listed = plixo("audit", "list", *asked)
    assert listed.exit_code == 0, listed.output
    assert [subject for subject in ("nudge:1", "nudge:2") if subject in listed.output] == shown


@pytest.mark.parametrize(
    "asked",
    [
        ["--user", "nobody@northwind.example"],
        ["--account", "C-9"],
        ["--from", "soon"],
        ["--until", "9999-12-31"],
        ["--zone", "Mars/Base"],
    ],
    ids=" ".join,
)
def test_what_is_not_there_is_wrong_use(plixo: Run, uow: UnitOfWorkFactory, asked: list[str]) -> None:  # noqa: F811
    assert plixo("audit", "list", *asked).exit_code == 2


def test_an_export_is_a_file_and_a_line_of_the_log(
    plixo: Run,  # noqa: F811
    engine: Engine,
    uow: UnitOfWorkFactory,
    tmp_path: Path,
) -> None:
    told = plixo("audit", "export", "log.csv", "--user", "rita@northwind.example", "--by", "otto")
    assert told.exit_code == 0, told.output
    raw = (tmp_path / "log.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(raw.decode("utf-8-sig").splitlines())
    assert (row["actor"], row["at_local"], row["account_number"]) == ("'=Rita", "2026-11-24 00:30:00", "C-100")
    with engine.connect() as connection:
        last = connection.execute(select(tables.audit).order_by(tables.audit.c.id.desc())).mappings().first()
    assert last is not None
    assert last["action"] == "audit.exported"
    assert (last["after"]["by"], last["after"]["lines"], last["after"]["to"]) == ("otto", 1, "file")
    again = plixo("audit", "export", "log.csv")
    assert (again.exit_code, "exists already" in again.output) == (1, True)
    assert plixo("audit", "export", "log.csv", "--force").exit_code == 0
    assert len((tmp_path / "log.csv").read_text("utf-8-sig").splitlines()) == 4


@pytest.mark.parametrize(
    ("text", "is_end", "moment"),
    [
        ("2026-10-25", False, "2026-10-24T22:00+00:00"),
        ("2026-10-25", True, "2026-10-25T23:00+00:00"),  # a day of 25 hours
        ("2026-03-29", True, "2026-03-29T22:00+00:00"),  # one of 23
        ("2026-10-25T02:30", False, "2026-10-25T00:30+00:00"),  # shown twice: the first
        ("2026-11-30T14:00", True, "2026-11-30T13:00+00:00"),
        ("2026-11-30T14:00Z", True, "2026-11-30T14:00+00:00"),
    ],
)
def test_days_and_instants_of_a_zone(text: str, is_end: bool, moment: str) -> None:
    assert read_bound(text, BERLIN, is_end=is_end) == datetime.fromisoformat(moment)


def test_what_is_no_day_is_said() -> None:
    with pytest.raises(InvalidValue, match="neither a day"):
        read_bound("tomorrow", BERLIN, is_end=False)
