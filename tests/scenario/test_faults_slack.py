"""Slack at its worst, and what people click then: slow, twice, too late, revoked, unreachable, without a database."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from sqlalchemy import event, update
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from domain.accounts import InvoiceState
from domain.values import Role
from handlers.inputs import WORDS_AT_MOST
from sandbox.delivery.records import Attempt, Delivery
from sandbox.delivery.signing import signed_headers
from storage import tables
from tests.postgres import OwnServer
from tests.scenario.office import CARL, RITA, SAM, SECRET, Office, open_office, words_of
from tests.stage import AFTER, EVENING

SQLITE = pytest.mark.parametrize("office", ["sqlite_url"], indirect=True)
"""What no database has a part in is tried on one."""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DAY = timedelta(days=1)


def change(office: Office, statement: Any) -> None:
    with office.bot.world.across.begin() as connection:
        connection.execute(statement)


def said(office: Office, user: str = RITA) -> str:
    last = office.last(user=user)
    return words_of(last.blocks) or last.text


def submission(office: Office) -> dict[str, Any]:
    """What Slack sends when Rita submits the Nudge modal; the nudge itself is taken back."""
    office.open_acme()
    office.slack.click(user=RITA, action_id="nudge.open")
    sent = office.slack.submit(user=RITA)
    change(
        office, update(tables.messages).where(tables.messages.c.org_id == office.bot.org_id).values(state="cancelled")
    )
    payload: dict[str, Any] = json.loads(parse_qs(sent.raw.decode())["payload"][0])
    return payload


def deliver(office: Office, payload: dict[str, Any]) -> Attempt:
    raw = urlencode({"payload": json.dumps(payload)}).encode()
    return office.slack.send_raw(raw, signed_headers(secret=SECRET, body=raw) | FORM)


def at_once(works: list[Callable[[], Any]]) -> list[Any]:
    barrier = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        barrier.wait(timeout=10)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


# -- many at once --


@SQLITE
def test_slow_windows_keep_nobody_else_waiting(office: Office) -> None:
    """Slack takes its time to open eight windows; the ninth person is answered at once."""
    office.open_acme()
    office.slack.delay(method="views.open", seconds=2, times=8)
    before = len(office.slack.deliveries("block_actions"))
    with ThreadPoolExecutor(8) as pool:
        slow = [pool.submit(office.slack.click, user=RITA, action_id="nudge.open") for _ in range(8)]
        office.slack.wait_for(lambda: len(office.slack.deliveries("block_actions")) == before + 8)
        answer = office.account("zenith", user=SAM)
        assert not any(click.done() for click in slow)
    assert answer.ok
    assert answer.elapsed < 1
    assert "Zenith Foods" in said(office, SAM)


def test_twenty_people_at_once_are_all_answered(office: Office) -> None:
    asked: list[Callable[[], Delivery]] = [lambda: office.account("Acme Robotics GmbH") for _ in range(20)]
    answers = at_once(asked)
    assert all(answer.ok for answer in answers)
    assert [answer.elapsed for answer in answers if answer.elapsed >= 3] == []


@pytest.mark.parametrize("tabs", [1, 4], ids=["one window clicked four times", "four windows"])
def test_clicks_at_the_same_moment_queue_one(office: Office, tabs: int) -> None:
    payload = submission(office)

    def click(number: int) -> Callable[[], Attempt]:
        view = payload["view"] | {"id": f"V9{number % tabs}"}
        return lambda: deliver(office, payload | {"view": view, "trigger_id": f"9.{number}"})

    answers = at_once([click(number) for number in range(4)])
    assert all(answer.ok for answer in answers)
    assert sorted(office.states()) == ["cancelled", "queued"]
    shown = [words_of(json.loads(answer.body)["view"]["blocks"]) for answer in answers]
    assert sum("Queued" in words for words in shown) == 1
    assert sum("No second one is sent" in words for words in shown) == 3


def test_no_connection_is_free(tmp_path: Path, sqlite_url: str) -> None:
    with open_office(tmp_path, database_url=sqlite_url, http_threads=4) as office:
        office.account("Acme Robotics GmbH")
        with ExitStack() as taken:
            for _ in range(4):
                taken.enter_context(office.bot.world.hurried.connect())
            answer = office.account("Acme Robotics GmbH")
            assert answer.ok
            assert answer.elapsed < 3
            assert "busy" in said(office)
        assert office.account("Acme Robotics GmbH").ok
        assert "INV-1042" in said(office)


# -- too late --


def test_a_window_left_open_for_a_day_queues_nothing(office: Office) -> None:
    office.open_acme()
    office.slack.click(user=RITA, action_id="nudge.open")
    office.clock.advance(DAY)
    assert office.slack.submit(user=RITA).ok
    assert "out of date" in office.modal()
    assert office.states() == []


def test_a_window_left_open_over_night_is_judged_by_the_morning(office: Office) -> None:
    office.open_acme()
    office.slack.click(user=RITA, action_id="nudge.open")
    office.clock.set(AFTER)
    change(
        office,
        update(tables.invoices)
        .where(tables.invoices.c.org_id == office.bot.org_id)
        .values(state=InvoiceState.PAID.value, balance=0),
    )
    assert office.slack.submit(user=RITA).ok
    assert "paid" in office.modal()
    assert office.states() == []


def test_who_lost_the_role_since_the_window_opened_queues_nothing(office: Office) -> None:
    office.open_acme()
    office.slack.click(user=RITA, action_id="nudge.open")
    change(office, update(tables.users).where(tables.users.c.slack_user_id == RITA).values(role=Role.VIEWER.value))
    assert office.slack.submit(user=RITA).ok
    assert office.states() == []
    assert office.actions()[-1] == "nudge.refused"


# -- Slack itself --


def test_the_tokens_are_revoked(office: Office) -> None:
    """Slack tells of it: nothing leaves, the queue stays as it is, and goes on when the app is there again."""
    office.open_acme()
    office.nudge()
    office.slack.revoke_tokens()
    office.beat(AFTER)
    assert (office.states(), office.mail()) == (["queued"], [])
    office.slack.tokens.revoked.clear()
    office.bot.world.directory.link_team(office.slack.workspace.team_id, None, office.bot.org_id, AFTER)
    office.beat()
    assert (office.states(), len(office.mail())) == (["sent"], 1)
    assert "Sent" in office.alert()


@SQLITE
@pytest.mark.parametrize("error", ["token_revoked", "invalid_auth", "account_inactive"])
def test_a_token_that_works_no_more_delays_what_slack_has_to_say(office: Office, error: str) -> None:
    """Slack says so only as an answer: mail goes on, alerts and messages wait for a token that works."""
    office.open_acme()
    office.nudge()
    office.slack.fail(method="*", error=error, times=3)
    office.beat(AFTER)
    assert (office.states(), len(office.mail()), office.alerts()) == (["sent"], 1, [])
    office.slack.clear_faults()
    office.beat(AFTER + timedelta(hours=2))
    assert "Sent" in office.alert()
    assert office.told(RITA)


@SQLITE
@pytest.mark.parametrize("error", ["not_in_channel", "channel_not_found"])
def test_the_bot_is_not_in_the_channel_and_the_controllers_are_told(office: Office, error: str) -> None:
    office.open_acme()
    office.nudge()
    office.slack.fail(method="chat.postMessage", error=error)
    office.beat()
    office.beat(EVENING + timedelta(minutes=5))
    assert any("Acme Robotics" in told for told in office.told(CARL))
    office.beat(AFTER)
    assert len(office.mail()) == 1


def test_a_replica_dies_between_a_click_and_its_answer(tmp_path: Path, sqlite_url: str) -> None:
    """Nine more replicas hold a socket, and each dies of the first thing it hears. Slack tells another one then."""
    died = []

    def hear_and_die(socket: ClientConnection) -> None:
        with suppress(ConnectionClosed):
            if json.loads(socket.recv())["type"] == "interactive":
                died.append(socket)
                socket.close()

    with open_office(tmp_path, database_url=sqlite_url, socket_mode=True) as office, ExitStack() as replicas:
        office.slack.bot_url = None
        office.open_acme()
        office.slack.click(user=RITA, action_id="nudge.open")
        pool = replicas.enter_context(ThreadPoolExecutor(9))
        for _ in range(9):
            url = office.slack.api.call("apps.connections.open", given={}, token="xapp-test").body["url"]
            socket = replicas.enter_context(connect(url, compression=None, proxy=None))
            assert json.loads(socket.recv())["type"] == "hello"
            pool.submit(hear_and_die, socket)
        answer = office.slack.submit(user=RITA)
        office.clock.set(AFTER)
        while not died:  # the one that lives was told at once, by chance: another click
            answer = office.slack.click(user=RITA, action_id="nudge.take_back")
        assert answer.ok
        assert len(office.states()) == 1


# -- the database under it --


@pytest.mark.postgres
def test_the_database_crashes_and_comes_back(tmp_path: Path, own_postgres: OwnServer) -> None:
    """Nobody restarts anything: people are told to try again, the loop finds its rows when the server is there."""
    url = own_postgres.create("plixo_office")
    with open_office(tmp_path, database_url=url, tick_seconds=0.1) as office:
        office.open_acme()
        office.nudge()
        office.slack.wait_for(office.alerts)
        office.slack.click(user=RITA, action_id="account.refresh")
        own_postgres.crash()
        answer = office.account("Acme Robotics GmbH")
        assert answer.ok
        assert answer.elapsed < 3
        assert "busy" in said(office)
        office.clock.set(AFTER)
        own_postgres.restart()
        office.slack.wait_for(lambda: office.told(RITA), timeout=30)
        assert (office.states(), len(office.mail())) == (["sent"], 1)
        assert office.account("Acme Robotics GmbH").ok
        assert "INV-1042" in said(office)
    own_postgres.drop("plixo_office")


@pytest.mark.postgres
def test_a_read_only_database_is_looked_up_in_and_nothing_else(tmp_path: Path, postgres_url: str) -> None:
    def refuse_writes(connection: Any, _record: object) -> None:
        connection.execute("SET default_transaction_read_only = on")
        connection.commit()

    with open_office(tmp_path, database_url=postgres_url) as office:
        office.open_acme()
        office.slack.click(user=RITA, action_id="nudge.open")
        event.listen(office.bot.world.hurried, "connect", refuse_writes)
        office.bot.world.hurried.dispose()
        assert office.slack.submit(user=RITA).ok
        assert "went wrong" in office.modal()
        assert office.account("Acme Robotics GmbH").ok
        assert "INV-1042" in said(office)
        event.remove(office.bot.world.hurried, "connect", refuse_writes)
        office.bot.world.hurried.dispose()
        assert office.states() == []


# -- input --


@SQLITE
def test_a_body_too_large_is_not_even_read(office: Office) -> None:
    raw = b"payload=" + b"x" * 600_000
    before = office.rows(tables.audit)
    assert office.slack.send_raw(raw, signed_headers(secret=SECRET, body=raw) | FORM).status == 413
    assert office.rows(tables.audit) == before


@SQLITE
@pytest.mark.parametrize("secret", [SECRET, "0" * 32], ids=["signed", "forged"])
@pytest.mark.parametrize("kind", ["form", "json"])
def test_json_sixty_thousand_deep(office: Office, secret: str, kind: str) -> None:
    deep = "[" * 60_000 + "]" * 60_000
    raw = (urlencode({"payload": deep}) if kind == "form" else deep).encode()
    headers = FORM if kind == "form" else {"Content-Type": "application/json"}
    answer = office.slack.send_raw(raw, signed_headers(secret=secret, body=raw) | headers)
    assert answer.status == 400
    assert office.account("Acme Robotics GmbH").ok


@SQLITE
def test_a_customer_whose_name_is_a_program(office: Office) -> None:
    """Names are put into texts and never read as templates: neither ours nor any other engine's."""
    name = "{pay_link} {0.__class__} {{7*7}} ${x} %s <%= 1 %>"
    change(office, update(tables.accounts).where(tables.accounts.c.id == office.acme.id).values(name=name))
    office.account("Acme Robotics GmbH")
    office.nudge()
    assert office.states() == ["queued"]
    office.beat(AFTER)
    (mail,) = office.mail()
    body = mail.get_body(("plain",))
    assert body is not None
    assert name in body.get_content()


@SQLITE
def test_words_are_cut_where_they_are_read(office: Office) -> None:
    office.account("x" * 5_000)
    assert "x" * (WORDS_AT_MOST + 1) not in said(office)
