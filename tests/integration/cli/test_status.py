"""`plixo status` and `plixo sending degraded`, on both databases."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select
from werkzeug.test import Client

from bot import status
from bot.chores import JOBS
from bot.cli import main
from bot.http import build_http
from bot.settings import load_settings
from bot.status import as_data, consoles_of
from bot.world import World, build_world
from domain import jobs
from domain.policies import DocumentKind
from domain.readiness import Level, Row
from domain.timeline import Source
from storage import tables
from storage.directory import Directory
from storage.engine import build_engine
from storage.rounds import Rounds
from storage.unit_of_work import build_unit_of_work
from tests import factories
from tests.integration.cli.test_cli import Run

VITAL = {"PLIXO_MAILDIR": "mail", "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "secret"}


@pytest.fixture(params=["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def plixo(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PLIXO_DATABASE_URL", url)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    runner = CliRunner()
    yield lambda *words: runner.invoke(main, words)
    root.handlers[:], level = handlers, root.setLevel(level)


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = build_engine(url, across=True)
    yield engine
    engine.dispose()


@pytest.fixture
def org_id(plixo: Run, engine: Engine) -> int:
    """The organisation that the first command makes."""
    plixo("roles", "set", "carla@northwind.example", "controller")
    return Directory(engine).organisations()[0].org_id


def words(text: str) -> str:
    return " ".join(text.split())


def wait_in_the_queue(engine: Engine, org_id: int, *, late: timedelta) -> None:
    account, contact, (invoice,) = factories.make_customer(engine, org_id, name="Acme Robotics GmbH")
    due = datetime.now(UTC) - late
    factories.make_message(
        engine,
        org_id,
        account_id=account.id,
        contact_id=contact.id,
        invoice_id=invoice.id,
        requested_by=None,
        source=Source.AUTOPILOT,
        requested_at=due,
        leaves_at=due,
        expires_at=due + timedelta(days=3),
    )


def test_everything_at_a_glance_with_the_fix_beside_what_is_wrong(plixo: Run, engine: Engine, org_id: int) -> None:
    wait_in_the_queue(engine, org_id, late=timedelta(hours=1))
    plixo("cron", "pause", "seals", "30m", "a look at it")
    now = datetime.now(UTC)
    Rounds(engine).write(
        [
            jobs.Run(org_id, "reports", now, now, jobs.Outcome.FAILED, error="Busy"),
            jobs.Run(org_id, "promises", now, now, jobs.Outcome.DONE),
            jobs.Run(org_id, "absences", now, now, jobs.Outcome.DONE, did=3),
        ]
    )
    result = plixo("status")
    said = words(result.output)
    assert result.exit_code == 5, result.output
    assert result.output.splitlines()[0].startswith("My organisation")
    assert "bad slack no token → Set SLACK_BOT_TOKEN (OAuth & Permissions in the app's settings)." in said
    assert "bad queue 1 waiting, 1 due now (oldest 60 min); 0 held → The loop does not keep up" in said
    assert "bad jobs failing: reports → `plixo cron list`, then the log." in said
    assert "Queue 1 queued; due now 1, oldest since" in said
    assert "Today 0 of 50 mails; the queue will have left by" in said
    assert "Last 24 hours ························ 0 sent" in said
    assert all(f"Job {job}" in said for job in JOBS)
    assert "(Busy) and is tried again" in said.split("Job reports")[1].split("Job ")[0]
    assert "; ran and had nothing to do " in said.split("Job promises")[1].split("Job ")[0]
    assert "; did 3 things " in said.split("Job absences")[1].split("Job ")[0]
    assert "; idle so far" in said.split("Job groups")[1].split("Job ")[0]
    assert "a look at it" in said.split("Job seals")[1]
    assert "Acme" not in said
    names = [line.split()[1] for line in result.output.splitlines() if line.startswith(("bad ", "note ", "ok "))]
    assert names.index("slack") < names.index("A/R") < names.index("database"), "the worst come first"


def test_what_nobody_can_know_is_white_and_points_to_nothing(
    plixo: Run, org_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = Row("relay", Level.WHITE, "Nobody can know.")
    monkeypatch.setattr(status, "installation_rows", lambda *_: [unknown])
    lines = [line.strip() for line in plixo("status").output.splitlines()]
    assert f"-    {unknown.name:<14} {unknown.detail}" in lines and "→" not in lines


def test_machines_read_the_same(plixo: Run, engine: Engine, org_id: int) -> None:
    wait_in_the_queue(engine, org_id, late=timedelta(hours=1))
    plixo("sending", "degraded", "the invoice is unpaid")
    result = plixo("status", "--json")
    (told,) = json.loads(result.stdout)["organisations"]
    rows = {row["name"]: row for row in told["rows"]}
    assert (result.exit_code, told["level"], told["organisation"]) == (5, "red", "My organisation")
    assert rows["database"] | {"detail": ""} == {"name": "database", "level": "green", "detail": "", "fix": ""}
    assert rows["sending"] == {
        "name": "sending",
        "level": "red",
        "detail": "degraded: the invoice is unpaid",
        "fix": "Mend it, then `plixo sending on`.",
    }
    assert told["sending"] == {"state": "degraded", "reason": "the invoice is unpaid"}
    assert (told["queue"]["states"]["queued"], told["queue"]["due"], told["queue"]["quota_today"]) == (1, 1, 50)
    assert told["queue"]["lag_seconds"] >= 3600
    assert {job["name"] for job in told["jobs"]} == set(JOBS) and len(told["hours"]) == 24
    assert "Acme" not in result.stdout


def test_a_house_in_order_ends_with_nought_and_one_that_only_needs_a_look_too(
    plixo: Run, engine: Engine, org_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack is out of reach, which is amber: nothing of ours is broken."""
    for name, value in {**VITAL, "SLACK_API_URL": "http://127.0.0.1:1/"}.items():
        monkeypatch.setenv(name, value)
    directory = Directory(engine)
    for job in jobs.BEATS:
        directory.beat(job, "host:1", datetime.now(UTC))
    result = plixo("status", "--json")
    (told,) = json.loads(result.stdout)["organisations"]
    reds = [row["name"] for row in told["rows"] if row["level"] == "red"]
    assert (result.exit_code, told["level"], reds) == (0, "amber", [])
    assert "slack_sdk" not in result.stderr, "the row says it"
    plixo("sending", "degraded", "the invoice is unpaid")
    assert plixo("status").exit_code == 5


def test_degraded_on_the_command_line_says_why_until_somebody_ends_it(plixo: Run, engine: Engine, org_id: int) -> None:
    said = plixo("sending", "degraded", "the mail provider is down")
    assert said.exit_code == 0, said.output
    assert "Sending is degraded until somebody runs `plixo sending on`." in words(said.output)
    assert "Mails under way that may still leave: 0." in said.output
    assert "bad sending degraded: the mail provider is down → Mend it" in words(plixo("status").output)
    assert "Sending is on." in plixo("sending", "on").output
    assert "sending on" in words(plixo("status").output)
    with engine.connect() as connection:
        rows = list(connection.execute(select(tables.audit.c.action, tables.audit.c.after).order_by(tables.audit.c.id)))
    degraded, recovered = (row for row in rows if row.action in ("sending.degraded", "sending.recovered"))
    assert degraded.after["reason"] == "the mail provider is down" and recovered.action == "sending.recovered"


def test_degraded_without_a_reason_is_refused(plixo: Run, org_id: int) -> None:
    assert plixo("sending", "degraded").exit_code in (1, 2)
    assert "sending on" in words(plixo("status").output)


def test_every_organisation_is_shown_and_a_red_one_counts(plixo: Run, engine: Engine, org_id: int) -> None:
    factories.make_organisation(engine, name="Contoso", zone="America/New_York", country="US")
    told = {one["organisation"]: one for one in json.loads(plixo("status", "--json").stdout)["organisations"]}
    assert set(told) == {"My organisation", "Contoso"}
    rows = {name: {row["name"]: row["level"] for row in one["rows"]} for name, one in told.items()}
    assert (rows["My organisation"]["templates"], rows["Contoso"]["templates"]) == ("green", "red")
    assert "[red]" not in plixo("status").output and "Contoso" in plixo("status").output


def test_a_policy_that_cannot_be_read_is_a_red_row_of_its_organisation(plixo: Run, engine: Engine, org_id: int) -> None:
    factories.make_organisation(engine, name="Contoso", zone="America/New_York", country="US")
    with build_unit_of_work(engine, org_id=org_id)() as work:
        work.library.add_document(DocumentKind.POLICY, "zone: [", by="x", at=datetime.now(UTC), is_published=True)
    words_of_it = "version 2, cannot be read: line 1"
    with build_world(load_settings()) as world:
        client = Client(build_http(None, readiness=list, metrics=bytes, status=lambda: told_of(world)))
        answer = client.get("/status")
    assert answer.status_code == 200
    ours, theirs = answer.get_json()["organisations"]
    (policy,) = [row for row in ours["rows"] if row["name"] == "policy"]
    assert (ours["level"], policy["level"]) == ("red", "red") and words_of_it in policy["detail"]
    assert (ours["queue"]["quota_today"], theirs["queue"]["quota_today"]) == (None, 50)
    assert "policy" not in [row["name"] for row in theirs["rows"]]
    for command in ("status", "doctor"):
        result = plixo(command)
        assert result.exit_code == 5 and words_of_it in words(result.output)
        assert "Publish one that can be read" in words(result.output)


def told_of(world: World) -> object:
    return {"organisations": [as_data(one) for one in consoles_of(world)]}
