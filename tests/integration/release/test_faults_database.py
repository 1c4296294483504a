"""Answers that are lost, workers that die, rows that are locked or cannot be read: nothing leaves twice or is lost."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, make_url, select, update
from sqlalchemy.exc import DBAPIError

from bot.demo import demo_settings
from bot.health import check_loop
from bot.world import build_world
from connectors.mail import SmtpMailer
from domain.accounts import Contact, Invoice
from domain.errors import Busy, InvalidValue, Rejected, Unavailable
from domain.jobs import BEATS
from domain.messages import State
from domain.notices import Notice
from domain.outcomes import AlreadyQueued, NudgeChanged, Queued, Refused
from domain.policy import Sending
from domain.ports import UnitOfWork
from domain.reasons import Reason
from domain.usecases.change_nudge import resolve_unconfirmed
from domain.usecases.fence_due import CLAIM_LEASE, SENDING_LEASE
from domain.usecases.post_notices import post_notices
from domain.usecases.rescue import rescue
from domain.usecases.set_sending import set_sending
from domain.values import AccountScope, Person, Role
from storage import tables
from storage.engine import build_engine
from storage.failures import busy_when_unavailable
from storage.unit_of_work import build_unit_of_work
from tests import factories
from tests.stage import AFTER, EVENING, Stage, set_the_stage

ROOT = Path(__file__).parents[3]
HOUR = timedelta(hours=1)


@pytest.fixture
def stage(database: Engine, organisation: int) -> Stage:
    return set_the_stage(database, organisation)


def another_customer(stage: Stage, **account: Any) -> tuple[Contact, Invoice]:
    _, contact, invoices = factories.make_customer(
        stage.engine, stage.org_id, owner_email=stage.rita.email, synced_at=EVENING, **account
    )
    return contact, invoices[0]


# -- the server's answer to a COMMIT is lost --


class Cable:
    """A line to the server that breaks at a COMMIT: before it arrives, or before its answer comes back."""

    def __init__(self, url: str) -> None:
        server = make_url(url)
        self._server = (server.host or "127.0.0.1", server.port or 5432)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = server.set(host="127.0.0.1", port=self._listener.getsockname()[1])
        self._left, self._arrives = 0, True
        self._threads: list[Thread] = []
        self._start(self._accept)

    def break_at(self, commit: int, *, arrives: bool) -> None:
        """The `commit`-th COMMIT from now on is the last thing said on its connection."""
        self._left, self._arrives = commit, arrives

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(timeout=10)

    def _start(self, work: Callable[..., None], *arguments: Any) -> Thread:
        thread = Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()
        return thread

    def _accept(self) -> None:
        with self._listener:
            while True:
                try:
                    client, _ = self._listener.accept()
                except OSError:
                    return
                self._start(self._carry, client, socket.create_connection(self._server))

    def _carry(self, client: socket.socket, server: socket.socket) -> None:
        cut = Event()
        with client, server:
            answering = self._start(self._answer, client, server, cut)
            while data := received(client):
                if b"COMMIT" in data and self._left:
                    self._left -= 1
                    if not self._left:
                        cut.set()
                        if not self._arrives:
                            break
                server.sendall(data)
            shut(server)
            answering.join()

    @staticmethod
    def _answer(client: socket.socket, server: socket.socket, cut: Event) -> None:
        while (data := received(server)) and not cut.is_set():
            client.sendall(data)
        shut(client)


def received(line: socket.socket) -> bytes:
    with suppress(OSError):
        return line.recv(65_536)
    return b""


def shut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def cable(postgres_url: str) -> Iterator[Cable]:
    cable = Cable(postgres_url)
    yield cable
    cable.close()


@pytest.fixture
def far(postgres: Engine, cable: Cable) -> Iterator[tuple[Stage, Stage]]:
    """The stage beside the server, and the same one at the other end of the cable."""
    near = set_the_stage(postgres, factories.make_organisation(postgres))
    engine = build_engine(cable.url, across=True)
    engine.connect().close()  # the driver's own first questions, with a COMMIT of their own
    yield near, replace(near, engine=engine, uow=build_unit_of_work(engine, org_id=near.org_id))
    engine.dispose()


@pytest.mark.postgres
@pytest.mark.parametrize("arrives", [True, False], ids=["after it arrived", "before it arrived"])
@pytest.mark.parametrize(
    ("commit", "known_after"),
    [
        (2, {True: "claimed", False: "queued"}),
        (3, {True: "sending", False: "claimed"}),
        (4, {True: "sent", False: "sent"}),
    ],
    ids=["claim", "fence", "record"],
)
def test_a_commit_nobody_answered_is_never_a_second_mail(
    far: tuple[Stage, Stage], cable: Cable, commit: int, known_after: dict[bool, str], arrives: bool
) -> None:
    near, distant = far
    message = near.queued()
    cable.break_at(commit, arrives=arrives)  # the first one tidies up
    if commit == 4:
        distant.release(AFTER)  # the answer of the mail server is offered again
    else:
        with pytest.raises(Busy):
            distant.release(AFTER)
    with near.engine.begin() as connection:
        # The server takes a moment to see that the line is cut; until then it holds the row.
        connection.execute(select(tables.messages).with_for_update())
    assert near.state(message.id) == known_after[arrives]
    near.release(AFTER + CLAIM_LEASE)
    near.release(AFTER + SENDING_LEASE)
    fenced_only = commit == 3 and arrives
    assert near.state(message.id) is (State.UNCONFIRMED if fenced_only else State.SENT)
    assert len(near.mailer.sent) == (0 if fenced_only else 1)
    assert len([row for row in near.rows(tables.communications) if row["message_id"]]) == len(near.mailer.sent)


@pytest.mark.postgres
@pytest.mark.parametrize("arrives", [True, False], ids=["after it arrived", "before it arrived"])
def test_a_click_whose_commit_nobody_answered_is_made_again(
    far: tuple[Stage, Stage], cable: Cable, arrives: bool
) -> None:
    near, distant = far
    cable.break_at(1, arrives=arrives)
    with pytest.raises(Busy):
        distant.click(origin="view:V1")
    again = distant.click(origin="view:V1")
    assert isinstance(again, AlreadyQueued if arrives else Queued)
    assert [row["state"] for row in near.rows(tables.messages)] == ["queued"]
    assert near.actions() == ["nudge.queued"]


# -- a worker that dies, or is slow --


@pytest.mark.parametrize("point", ["claimed", "fenced", "accepted"])
def test_a_worker_killed_at_any_step_sends_nothing_twice(stage: Stage, point: str, tmp_path: Path) -> None:
    message = stage.queued()
    sink = tmp_path / "accepted"
    sink.touch()
    url = stage.engine.url.render_as_string(hide_password=False)
    killed = subprocess.run(
        [sys.executable, "-m", "tests.integration.release.doomed", url, str(stage.org_id), point, str(sink)],
        cwd=ROOT,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert stage.state(message.id) is (State.CLAIMED if point == "claimed" else State.SENDING)
    stage.release(AFTER + CLAIM_LEASE)
    stage.release(AFTER + SENDING_LEASE)
    if point == "claimed":
        assert (stage.state(message.id), len(stage.mailer.sent)) == (State.SENT, 1)
    else:
        assert (stage.state(message.id), stage.mailer.sent) == (State.UNCONFIRMED, [])
        assert "duty" in stage.notice_keys(), "a person is asked"
    assert len(sink.read_text().split()) == (1 if point == "accepted" else 0)


def slow_until_unconfirmed(stage: Stage) -> None:
    """While the mail is being handed over, the lease ends and another worker tidies up."""

    def sleep() -> None:
        stage.clock.set(AFTER + SENDING_LEASE)
        rescue(uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook)

    stage.mailer.during = sleep


def test_a_worker_slower_than_its_lease_still_tells_what_became_of_it(stage: Stage) -> None:
    message = stage.queued()
    slow_until_unconfirmed(stage)
    done = stage.release(AFTER)
    assert (done.sent, done.lost_claims, len(stage.mailer.sent)) == (1, 0, 1)
    assert stage.state(message.id) is State.SENT
    assert stage.actions() == ["nudge.queued", "nudge.unconfirmed", "nudge.sent"]
    duty = next(row for row in stage.rows(tables.notices) if row["key"].endswith(":duty"))
    assert duty["revision"] == 2, "the question to A/R is edited: it is answered"
    assert len([row for row in stage.rows(tables.communications) if row["message_id"] == message.id]) == 1


def test_a_slow_worker_whose_mail_did_not_leave_puts_it_back(stage: Stage) -> None:
    message = stage.queued()
    slow_until_unconfirmed(stage)
    stage.mailer.answers.append(Unavailable("greylisted", code="451"))
    stage.release(AFTER)
    waiting = stage.message(message.id)
    assert (waiting.state, waiting.reason, stage.mailer.sent) == (State.QUEUED, Reason.MAIL_UNAVAILABLE, [])


def test_what_a_person_has_settled_a_slow_worker_leaves_alone(stage: Stage) -> None:
    message = stage.queued()
    olga = stage.person(role=Role.OPERATOR)

    def settled_meanwhile() -> None:
        stage.clock.set(AFTER + SENDING_LEASE)
        rescue(uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook)
        answer = resolve_unconfirmed(
            message.id,
            arrived=True,
            actor=stage.actor(olga),
            uow=stage.uow,
            clock=stage.clock,
            rulebook=stage.rulebook,
        )
        assert isinstance(answer, NudgeChanged)

    stage.mailer.during = settled_meanwhile
    done = stage.release(AFTER)
    assert (done.lost_claims, stage.state(message.id)) == (1, State.SENT)
    assert len([row for row in stage.rows(tables.communications) if row["message_id"] == message.id]) == 1


def test_a_lease_is_longer_than_any_hand_over_takes() -> None:
    mailer = SmtpMailer("smtp://127.0.0.1")
    assert mailer.longest_send < SENDING_LEASE.total_seconds()
    mailer.close()


# -- locks and conflicts --


@pytest.mark.postgres
def test_a_row_in_an_admins_hands_delays_the_record_and_loses_nothing(postgres: Engine, postgres_url: str) -> None:
    stage = set_the_stage(postgres, factories.make_organisation(postgres))
    message = stage.queued()
    engine = build_engine(postgres_url, lock_timeout=0.2)
    hurried = build_unit_of_work(engine, org_id=stage.org_id)
    refusals = []
    with postgres.connect() as admin:

        @contextmanager
        def admin_lets_go_after_a_refusal() -> Iterator[UnitOfWork]:
            try:
                with hurried() as work:
                    yield work
            except Busy as error:
                refusals.append(error)
                admin.rollback()
                raise

        stage.mailer.during = lambda: hold(admin)
        done = replace(stage, uow=admin_lets_go_after_a_refusal).release(AFTER)
    engine.dispose()
    assert (len(refusals), done.sent, stage.state(message.id)) == (1, 1, State.SENT)
    assert len(stage.mailer.sent) == 1
    assert stage.actions() == ["nudge.queued", "nudge.sent"]


@pytest.mark.postgres
def test_a_row_that_is_never_let_go_goes_to_a_person(postgres: Engine, postgres_url: str) -> None:
    stage = set_the_stage(postgres, factories.make_organisation(postgres))
    message = stage.queued()
    engine = build_engine(postgres_url, lock_timeout=0.1)
    with postgres.connect() as admin:
        stage.mailer.during = lambda: hold(admin)
        with pytest.raises(Busy):
            replace(stage, uow=build_unit_of_work(engine, org_id=stage.org_id)).release(AFTER)
    engine.dispose()
    stage.release(AFTER + SENDING_LEASE)
    assert (stage.state(message.id), len(stage.mailer.sent)) == (State.UNCONFIRMED, 1)


def hold(admin: Connection) -> None:
    admin.execute(select(tables.messages.c.id).with_for_update())


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("code", "passes"),
    [
        ("40P01", True),  # deadlock
        ("40001", True),  # serialization failure
        ("55P03", True),  # lock timeout
        ("53300", True),  # too many clients
        ("57P01", True),  # shutting down
        ("53100", False),  # disk full
        ("25006", False),  # read-only
        ("23505", False),  # a broken rule
    ],
)
def test_what_passes_by_itself_is_busy_and_everything_else_is_not(postgres: Engine, code: str, passes: bool) -> None:
    with pytest.raises(Busy if passes else DBAPIError), busy_when_unavailable(), postgres.begin() as connection:
        connection.exec_driver_sql(f"DO $$ BEGIN RAISE SQLSTATE '{code}'; END $$")


@pytest.mark.postgres
def test_two_reps_and_two_invoices_of_one_contact_at_once(postgres: Engine) -> None:
    """The one-nudge-per-invoice rule does not stand in the way here: the account's row and the latest invoice do."""
    org_id = factories.make_organisation(postgres)
    stage = set_the_stage(postgres, org_id, scope=AccountScope.ALL)
    sam = stage.person(role=Role.SALES, name="Sam Seller")
    for _ in range(10):
        contact, invoice = another_customer(stage)
        other = factories.make_invoice(postgres, org_id, invoice.account_id)
        barrier = Barrier(2)

        def click(person: Person, cited: Invoice, to: Contact = contact, barrier: Barrier = barrier) -> object:
            barrier.wait(timeout=10)
            return stage.click(by=person, invoice=cited, contact=to)

        with ThreadPoolExecutor(2) as pool:
            outcomes = list(pool.map(click, (stage.rita, sam), (invoice, other)))
        (won,) = [outcome for outcome in outcomes if isinstance(outcome, Queued)]
        (lost,) = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
        assert won.invoice.number == max(invoice.number, other.number), "the latest of the two"
        assert lost.reason in (Reason.NUDGE_QUEUED, Reason.NEWER_INVOICE)


def test_two_processes_share_a_sqlite_file(sqlite_url: str) -> None:
    engines = [build_engine(sqlite_url) for _ in range(2)]
    org_id = factories.make_organisation(engines[0])
    stage = set_the_stage(engines[0], org_id, daily_cap=100)
    for _ in range(20):
        contact, invoice = another_customer(stage)
        stage.queued(invoice=invoice, contact=contact)
    stage.clock.set(AFTER)

    def drain(engine: Engine) -> int:
        mine = replace(stage, uow=build_unit_of_work(engine, org_id=org_id))
        sent = 0
        while done := mine.release(limit=3).sent:
            sent += done
        return sent

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(drain, engines)) == 20
    assert len({mail.message_id for mail in stage.mailer.sent}) == len(stage.mailer.sent) == 20
    for engine in engines:
        engine.dispose()


# -- a database that takes nothing any more --


@contextmanager
def read_only(engine: Engine) -> Iterator[None]:
    """As after a fail-over to a replica, or with a disk that is full."""
    refuse = "PRAGMA query_only = ON" if engine.dialect.name == "sqlite" else "SET default_transaction_read_only = on"

    def set_up(connection: Any, _record: object) -> None:
        connection.cursor().execute(refuse)
        connection.commit()

    event.listen(engine, "connect", set_up)
    engine.dispose()
    yield
    event.remove(engine, "connect", set_up)
    engine.dispose()


def test_without_a_fence_nothing_is_sent(stage: Stage) -> None:
    message = stage.queued()
    with read_only(stage.engine):
        with pytest.raises(DBAPIError):
            stage.release(AFTER)
        with pytest.raises(DBAPIError):
            stage.click(origin="view:V9")
    assert (stage.state(message.id), stage.mailer.sent) == (State.QUEUED, [])
    assert stage.release().sent == 1


def test_a_loop_that_can_write_nothing_is_told_by_its_missing_beats(stage: Stage, tmp_path: Path) -> None:
    settings = demo_settings(tmp_path, api_url="", secret="s", database_url=stage.engine.url.render_as_string(False))
    with build_world(settings, clock=stage.clock) as world:
        for job in BEATS:
            world.directory.beat(job, "w", stage.clock.now())
        assert check_loop(world).is_ok
        with read_only(world.engine):
            stage.clock.advance(minutes=5)
            with pytest.raises(DBAPIError):
                world.directory.beat("release", "w", stage.clock.now())
            check = check_loop(world)
            assert (check.is_ok, check.is_vital) == (False, True)


# -- a row that cannot be read --


def test_a_row_that_cannot_be_read_is_set_aside_and_the_others_leave(stage: Stage) -> None:
    """A currency that the standard has withdrawn since: no amount can be written in it."""
    good = [stage.queued()]
    contact, invoice = another_customer(stage)
    odd = stage.queued(invoice=invoice, contact=contact)
    for _ in range(3):
        contact, other = another_customer(stage)
        good.append(stage.queued(invoice=other, contact=contact))
    with stage.engine.begin() as connection:
        connection.execute(update(tables.invoices).where(tables.invoices.c.id == invoice.id).values(currency="ZZZ"))
    done = stage.release(AFTER)
    assert (done.sent, done.failed, len(stage.mailer.sent)) == (4, 1, 4)
    assert [stage.state(message.id) for message in good] == [State.SENT] * 4
    assert (stage.state(odd.id), stage.message(odd.id).reason) == (State.FAILED, Reason.UNREADABLE)
    assert stage.release(AFTER + HOUR).claimed == 0
    assert stage.left_on() == {AFTER.date(): 4}


def test_a_workspace_that_cannot_be_read_fails_nobodys_nudge(stage: Stage) -> None:
    message = stage.queued()
    with stage.engine.begin() as connection:
        connection.execute(update(tables.organisations).values(zone="Mars/Base"))
    with pytest.raises(InvalidValue):
        stage.release(AFTER)
    assert stage.state(message.id) is State.CLAIMED
    with stage.engine.begin() as connection:
        connection.execute(update(tables.organisations).values(zone="Europe/Berlin"))
    assert stage.release(AFTER + CLAIM_LEASE).sent == 1


def test_a_notice_that_cannot_be_put_into_words_does_not_hold_up_the_others(stage: Stage) -> None:
    stage.queued()
    contact, invoice = another_customer(stage)
    odd = stage.queued(invoice=invoice, contact=contact)
    posted = []

    class Announcer:
        def post(self, notice: Notice) -> tuple[str, str]:
            if odd.id in notice.key:
                raise InvalidValue("“ZZZ” is not an ISO 4217 currency code such as EUR or JPY.")
            posted.append(notice.key)
            return "C1", "1.1"

    def post() -> int:
        return post_notices(uow=stage.uow, clock=stage.clock, announcer=Announcer())

    stage.person(role=Role.CONTROLLER)
    assert post() == 1
    assert post() == 0
    stage.clock.advance(hours=2)
    assert post() == 0, "the Controllers hear of it, and it is given up there as well"
    assert len(posted) == 1
    assert {row["state"] for row in stage.rows(tables.notices) if odd.id in row["key"]} == {"failed"}


def test_a_refused_mail_does_not_count_against_the_day(stage: Stage) -> None:
    message = stage.queued()
    stage.mailer.answers.append(Rejected("spam", code="554"))
    assert stage.release(AFTER).failed == 1
    assert stage.message(message.id).reason is Reason.MAIL_REJECTED
    assert stage.left_on() == {AFTER.date(): 0}


# -- the switch --


def test_a_pause_in_the_middle_of_a_batch_stops_all_but_what_is_under_way(stage: Stage) -> None:
    messages = [stage.queued()]
    for _ in range(5):
        contact, invoice = another_customer(stage)
        messages.append(stage.queued(invoice=invoice, contact=contact))

    def pause() -> None:
        set_sending(Sending.PAUSED, reason="Stop", until=None, by="carl", uow=stage.uow, clock=stage.clock)

    stage.mailer.during = pause
    done = stage.release(AFTER, chunk=2)
    assert (done.sent, done.deferred, len(stage.mailer.sent)) == (2, 4, 2)
    waiting = [stage.message(message.id) for message in messages if stage.state(message.id) is State.QUEUED]
    assert {message.reason for message in waiting} == {Reason.SENDING_PAUSED}
