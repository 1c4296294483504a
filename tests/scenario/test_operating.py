"""`/plixo cron`: what the jobs did, and orders to them; and sending that is degraded."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.chores import JOBS
from domain.errors import InvalidValue
from domain.jobs import CHORES_TASK
from domain.messages import State
from domain.reasons import Reason
from domain.usecases.switch_degraded import MOST_SENDERS, switch_degraded
from domain.values import Role
from storage import tables
from tests import factories
from tests.scenario.office import SAM, VIK, Office, address, words_of
from tests.scenario.reporting import make
from tests.scenario.test_maintenance import plixo
from tests.stage import AFTER, EVENING, MORNING


def row_of(office: Office, job: str) -> dict[str, object]:
    return next(row for row in office.rows(tables.jobs) if row["job"] == job)


def test_a_pause_is_shown_holds_the_job_and_ends_by_itself(office: Office) -> None:
    office.open_acme()
    office.nudge()
    office.clock.set(AFTER - timedelta(minutes=20))
    told = plixo(office, 'cron pause release 30m "bad template"')
    assert "paused by Carl Controller until 08:25 (Berlin time): bad template" in told
    office.beat(AFTER - timedelta(seconds=1))
    assert office.states() == ["queued"]
    office.beat(AFTER + timedelta(minutes=10))
    assert office.states() == ["sent"]
    assert "paused" not in plixo(office, "cron list")
    assert "job.paused" in office.actions()


def test_resuming_replays_nothing_in_bulk(office: Office) -> None:
    """Two wait for the same contact: the guards run again, and the newest survives."""
    engine, org_id = office.bot.world.across, office.bot.org_id
    ids = []
    for minutes in (0, 30):
        invoice = factories.make_invoice(engine, org_id, office.acme.id)
        message = factories.make_message(
            engine,
            org_id,
            account_id=office.acme.id,
            contact_id=office.contact.id,
            invoice_id=invoice.id,
            requested_by=office.staff["U01RITA"].id,
            template_key="overdue_reminder",
            requested_at=EVENING + timedelta(minutes=minutes),
            leaves_at=MORNING,
            expires_at=AFTER + timedelta(days=3),
        )
        ids.append(message.id)
    plixo(office, "cron pause release “bad template” 2d")
    office.beat(AFTER + timedelta(hours=2))
    assert set(office.states()) == {"queued"}
    plixo(office, "cron resume release")
    office.beat()
    rows = {row["id"]: row for row in office.rows(tables.messages)}
    assert (rows[ids[0]]["state"], rows[ids[0]]["reason"]) == (State.CANCELLED, Reason.SUPERSEDED)
    assert rows[ids[1]]["state"] == State.SENT
    assert office.actions().count("job.resumed") == 1


def test_a_run_that_is_asked_for_takes_place_once(office: Office) -> None:
    assert "a run was asked for by Carl Controller" in plixo(office, "cron run seals")
    office.bot.loop._beat(CHORES_TASK, office.bot.loop.chores)
    assert row_of(office, "seals")["asked_at"] is None
    assert row_of(office, "seals")["outcome"] == "done"
    assert re.search(r"\*seals\* .*: did \d+ things? ", plixo(office, "cron"))


def test_everybody_who_looks_after_the_house_sees_every_job(office: Office) -> None:
    make(office, VIK, Role.AR_MANAGER)
    told = plixo(office, "cron", user=VIK)
    assert all(f"*{job}* {kind.what}" in told for job, kind in JOBS.items())


@pytest.mark.parametrize("role", [Role.AR_MANAGER, Role.BILLING_ADMIN, Role.OPERATOR, Role.SALES, Role.VIEWER])
def test_who_may_only_look_orders_nothing(office: Office, role: Role) -> None:
    make(office, VIK, role)
    for order in ("pause seals 30m why", "resume seals", "run seals"):
        assert "Your role doesn't include this." in plixo(office, f"cron {order}", user=VIK)
    assert office.rows(tables.jobs) == [] and office.actions().count("job.order.refused") == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("pause seals 30m", "Say why"),
        ("pause seals why", "Say for how long"),
        ("pause seals 8d why", "7 days at most"),
        ("pause nothing 30m why", "There is no job “nothing”"),
        ("run seal", "Did you mean “seals”?"),
        ("pause seals 0m why", "“0m” is no length of time. Write it like 30m"),
        ("pause seals -30m why", "“-30m” is no length of time."),
        ("pause seals 30minutes why", "“30minutes” is no length of time."),
        ('pause seals "why" until 14:00', "“until 14:00” is no length of time."),
        ('pause seals "why" tomorrow', "“tomorrow” is no length of time."),
        ('pause seals 30m "why', "A quotation mark is left open: put a second one where the reason ends"),
        ("pause seals «why 30m", "A quotation mark is left open"),
        ("stop seals", "I did not understand that."),
        ("run", "I did not understand that."),
    ],
)
def test_an_order_that_cannot_be_read_changes_nothing_and_says_how(office: Office, words: str, said: str) -> None:
    told = plixo(office, f"cron {words}")
    assert said in told and "/plixo cron pause JOB 30m" in told
    assert office.rows(tables.jobs) == []


@pytest.mark.parametrize(
    ("first", "second", "said", "action"),
    [
        ("pause seals 30m why", "pause seals 30m why", "seals stands still until 22:10 (Berlin time).", "job.paused"),
        ("pause seals 30m why", "pause seals 1h more", "the pause by Carl Controller until 22:10", "job.paused"),
        ("resume seals", "resume seals", "seals is not paused: there is nothing to resume.", "job.resumed"),
        ("run seals", "run seals", "Carl Controller asked for it just now; it takes place once", "job.asked"),
    ],
)
def test_an_order_that_is_given_twice_is_one(office: Office, first: str, second: str, said: str, action: str) -> None:
    if action == "job.resumed":
        plixo(office, "cron pause seals 30m why")
    plixo(office, f"cron {first}")
    before = row_of(office, "seals")
    assert said in plixo(office, f"cron {second}")
    is_one = "more" not in second
    assert office.actions().count(action) == (1 if is_one else 2)
    assert not is_one or row_of(office, "seals") == before


def test_the_same_words_an_hour_later_are_another_order(office: Office) -> None:
    plixo(office, "cron pause seals 2h why")
    office.clock.advance(hours=1)
    assert "seals stands still until Tue 24 Nov, 00:40" in plixo(office, "cron pause seals 2h why")
    assert office.actions().count("job.paused") == 2


def test_a_paused_job_is_not_run_before_it_is_resumed(office: Office) -> None:
    plixo(office, "cron pause seals 1h why")
    assert "resume it first" in plixo(office, "cron run seals")


# -- billing or the provider is in trouble --


def test_degraded_sending_holds_the_queue_and_says_why(office: Office) -> None:
    office.open_acme()
    office.nudge()
    factories.make_customer(
        office.bot.world.across, office.bot.org_id, name="Fresh Foods", owner_email=address(SAM), synced_at=EVENING
    )
    uow, clock = office.bot.world.uow_for(office.bot.org_id), office.clock
    switch_degraded("Invoice of the mail provider is overdue", by="ops", uow=uow, clock=clock)
    office.open_named("Fresh Foods", user=SAM)
    assert "on hold (Invoice of the mail provider is overdue)" in words_of(office.last(user=SAM).blocks)
    office.beat(AFTER)
    assert office.states() == ["queued"]
    switch_degraded(None, by="ops", uow=uow, clock=clock)
    office.beat(AFTER + timedelta(minutes=30))
    assert office.states() == ["sent"]
    assert [one for one in office.actions() if one.startswith("sending.")] == ["sending.degraded", "sending.recovered"]


def test_what_the_provider_said_before_its_newest_word_changes_nothing(office: Office) -> None:
    uow, clock = office.bot.world.uow_for(office.bot.org_id), office.clock

    def says(reason: str | None, minutes: int) -> bool:
        told_at = EVENING + timedelta(minutes=minutes)
        return switch_degraded(reason, by="provider", told_at=told_at, uow=uow, clock=clock) is not None

    assert says("overdue", 10)
    assert says(None, 5), "an older word"
    assert not says(None, 20)
    assert not says("overdue", 15)
    assert says("overdue again", 30)


def test_each_speaks_for_itself_and_a_person_ends_all_of_it(office: Office) -> None:
    uow, clock = office.bot.world.uow_for(office.bot.org_id), office.clock

    def says(by: str, reason: str | None, minutes: int | None = None) -> str | None:
        clock.advance(minutes=1)
        told_at = None if minutes is None else EVENING + timedelta(minutes=minutes)
        now = switch_degraded(reason, by=by, told_at=told_at, uow=uow, clock=clock)
        return now.reason if now else None

    assert says("billing", "unpaid", 4) == "unpaid"
    assert says("monitor", None, 5) == "unpaid", "it ends only what it began"
    assert says("monitor", "no answer", 6) == "unpaid"
    assert says("billing", None, 7) == "no answer"
    assert says("carl", "the keys were stolen") == "no answer"
    assert says("monitor", None, 8) == "the keys were stolen"
    assert says("billing", "unpaid again", 9) == "the keys were stolen"
    assert says("olga", None) is None
    assert says("billing", "an old word", 8) is None


def test_however_many_senders_there_are_a_person_has_their_say(office: Office) -> None:
    uow, clock = office.bot.world.uow_for(office.bot.org_id), office.clock
    given = {"uow": uow, "clock": clock}
    for number in range(MOST_SENDERS + 5):
        clock.advance(minutes=1)
        assert switch_degraded(None, by=f"probe-{number}", told_at=clock.now(), **given) is None
    assert switch_degraded("the keys were stolen", by="carl", **given) is not None
    assert switch_degraded(None, by="carl", **given) is None
    for number in range(MOST_SENDERS):
        switch_degraded("down", by=f"probe-{number + 100}", told_at=clock.now(), **given)
    with pytest.raises(InvalidValue, match="give the same one the same name"):
        switch_degraded("down", by="one more", told_at=clock.now(), **given)
