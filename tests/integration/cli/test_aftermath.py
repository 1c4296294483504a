"""What operators call when mail is on its way or has left: `plixo sending paused`, `bounces` and `restored`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select

from bot.cli import main
from domain.messages import Message, State, message_id
from domain.usecases.change_nudge import hold_nudge
from storage import tables
from storage.directory import Directory
from tests import factories
from tests.reports import make_complaint, make_return
from tests.stage import AFTER, Stage, set_the_stage

Run = Callable[..., Result]


@pytest.fixture
def plixo(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PLIXO_DATABASE_URL", sqlite_url)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    runner = CliRunner()
    yield lambda *words, **options: runner.invoke(main, words, **options)
    root.handlers[:], level = handlers, root.setLevel(level)


@pytest.fixture
def stage(sqlite: Engine) -> Stage:
    return set_the_stage(sqlite, factories.make_organisation(sqlite))


@pytest.fixture
def sent(stage: Stage) -> Message:
    message = stage.queued()
    stage.release(AFTER)
    return stage.message(message.id)


def returned(stage: Stage, message: Message) -> bytes:
    return make_return(message_id(message, domain="northwind.example"), to=stage.contact.email)


def suppressed(stage: Stage) -> list[str]:
    with stage.engine.connect() as connection:
        return list(connection.execute(select(tables.suppressions.c.reason)).scalars())


def test_a_mail_servers_pipe(plixo: Run, stage: Stage, sent: Message) -> None:
    for news in ("New reports: 1, already known: 0", "New reports: 0, already known: 1"):
        result = plixo("bounces", input=returned(stage, sent))
        assert (result.exit_code, news in result.output) == (0, True), result.output
    assert suppressed(stage) == ["invalid"]


def test_the_output_names_nobody(plixo: Run, stage: Stage, sent: Message) -> None:
    result = plixo("bounces", "-", input=returned(stage, sent))
    assert "@" not in result.output
    assert "5.1.1" not in result.output


def test_files_and_what_is_no_report(plixo: Run, stage: Stage, sent: Message, tmp_path: Path) -> None:
    (tmp_path / "complaint").write_bytes(make_complaint(message_id(sent, domain="northwind.example")))
    (tmp_path / "answer").write_bytes(b"Subject: Re: Invoice\n\nWe pay on Friday.\n")
    (tmp_path / "garbage").write_bytes(bytes(range(256)) * 4_000)
    result = plixo("bounces", "complaint", "answer", "garbage")
    assert (result.exit_code, "Mails read: 3. New reports: 1" in result.output) == (0, True), result.output
    assert suppressed(stage) == ["opted_out"]


def test_a_maildir_is_read_and_marked(plixo: Run, stage: Stage, sent: Message, tmp_path: Path) -> None:
    for part in ("tmp", "new", "cur"):
        (tmp_path / "box" / part).mkdir(parents=True)
    (tmp_path / "box" / "new" / "1.host").write_bytes(returned(stage, sent))
    (tmp_path / "box" / "new" / "2.host").write_bytes(b"no report")
    assert "Mails read: 2. New reports: 1" in plixo("bounces", "box").output
    assert "Mails read: 0." in plixo("bounces", "box").output
    assert sorted(path.name for path in (tmp_path / "box" / "cur").iterdir()) == ["1.host:2,S", "2.host:2,S"]


def test_a_busy_database_asks_the_mail_server_to_try_again(plixo: Run, stage: Stage, sent: Message) -> None:
    with stage.engine.begin():
        result = plixo("bounces", input=returned(stage, sent))
    assert result.exit_code == 75
    assert plixo("bounces", input=returned(stage, sent)).exit_code == 0
    assert suppressed(stage) == ["invalid"]


def test_a_pause_says_how_many_are_under_way(plixo: Run, stage: Stage) -> None:
    message = stage.queued()
    said: list[str] = []
    stage.mailer.during = lambda: said.append(plixo("sending", "paused", "wrong template").output)
    stage.release(AFTER)
    assert "Mails under way that may still leave: 1" in said[0]
    assert stage.state(message.id) is State.SENT
    assert "Mails under way that may still leave: 0" in plixo("sending", "paused", "still").output


# -- a backup was restored --


def test_a_restored_database_asks_about_its_queue(plixo: Run, stage: Stage) -> None:
    message = stage.queued()
    result = plixo("restored", "--taken", "2026-11-23 21:41", "--zone", "Europe/Berlin")
    assert (result.exit_code, "1 nudges may have left" in result.output) == (0, True), result.output
    assert stage.state(message.id) is State.UNCONFIRMED


def test_what_was_on_hold_is_named(plixo: Run, stage: Stage) -> None:
    message = stage.queued()
    hold_nudge(message.id, actor=stage.actor(stage.rita), uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook)
    result = plixo("restored", "--taken", "2026-11-24 12:00")
    assert "0 nudges may have left" in result.output
    assert "1 were on hold" in result.output
    assert stage.state(message.id) is State.HELD


def test_a_worker_that_was_alive_later_is_a_reason_to_ask(plixo: Run, stage: Stage) -> None:
    message = stage.queued()
    Directory(stage.engine).beat("release", "host:1", AFTER)
    result = plixo("restored", "--taken", "2026-11-24 02:00", "--zone", "Europe/Berlin")
    assert (result.exit_code, "alive on this database at 2026-11-24 08:15:00" in result.output) == (1, True)
    assert stage.state(message.id) is State.QUEUED


@pytest.mark.parametrize("words", [("--taken", "2126-01-01 00:00"), ("--taken", "2026-11-24 00:00", "--zone", "Mars")])
def test_times_that_cannot_be_meant(plixo: Run, stage: Stage, words: tuple[str, ...]) -> None:
    message = stage.queued()
    assert plixo("restored", *words).exit_code in (1, 2)
    assert stage.state(message.id) is State.QUEUED
