"""The chores' beat over real databases: who has something to do is a few statements, and what was done is told once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, insert, update

from bot.chores import CHORES, JOBS, Chore
from bot.demo import demo_settings
from bot.loop import Loop
from bot.world import World, build_world
from domain.duties import Absence
from domain.errors import InvalidValue
from domain.jobs import AUTOPILOT, NOTICES, RELEASE
from domain.messages import State
from domain.policies import DocumentKind
from domain.timeline import Source
from domain.warming import SendingDomain
from storage import rounds_autopilot, tables
from storage.rounds import Due
from tests import factories
from tests.factories import NOON
from tests.stage import AFTER, Stage, release_by, set_the_stage

MINUTE = timedelta(minutes=1)


@pytest.fixture
def stage(database: Engine, organisation: int) -> Stage:
    return set_the_stage(database, organisation)


@pytest.fixture
def world(stage: Stage, tmp_path: Path) -> Iterator[World]:
    url = stage.engine.url.render_as_string(hide_password=False)
    settings = demo_settings(tmp_path, api_url="", secret="s", database_url=url, audit_retention_days=365)
    with build_world(settings, clock=stage.clock) as world:
        yield replace(world, mailer=stage.mailer, rulebook=stage.rulebook)


def loop_of(world: World, *chores: Chore) -> Loop:
    loop = Loop(world, lambda org_id: pytest.fail("nothing is posted"))
    if chores:
        loop._rota.chores = chores
    return loop


@contextmanager
def statements(*engines: Engine) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


def beat(loop: Loop, stage: Stage, *, after: timedelta = MINUTE) -> None:
    """The next beat of the chores, with everything due again."""
    stage.clock.set(stage.clock.now() + after)
    loop._rota.forget()
    loop._beat("chores", loop.chores)


def test_what_goes_in_slices_goes_on_at_the_next_beat_with_the_others_in_between(stage: Stage, world: World) -> None:
    done: list[str] = []

    def slices(world: World, org_id: int) -> int:
        done.append("slice")
        with world.uow_for(org_id)() as work:
            was = work.jobs.reached(AUTOPILOT)
            work.jobs.go_on(AUTOPILOT, was=was, to={None: 1, 1: 2}.get(was))
        return 1

    def other(_world: World, _org_id: int) -> int:
        done.append("other")
        return 0

    seldom = timedelta(hours=1)
    sliced = Chore(AUTOPILOT, seldom, slices, "goes in slices", rest=rounds_autopilot.UNFINISHED)
    loop = loop_of(world, sliced, Chore("other", timedelta(0), other, "does something else"))
    for _ in range(5):
        loop._beat("chores", loop.chores)
    assert done == ["slice", "other", *["other", "slice"] * 2, "other", "other"]


def test_a_slice_that_fails_waits_for_its_time(stage: Stage, world: World) -> None:
    tries: list[int] = []

    def failing(world: World, org_id: int) -> int:
        tries.append(org_id)
        raise InvalidValue("cannot be read")

    with stage.uow() as work:
        work.jobs.go_on(AUTOPILOT, was=None, to=1)
    loop = loop_of(
        world, Chore(AUTOPILOT, timedelta(hours=1), failing, "goes in slices", rest=rounds_autopilot.UNFINISHED)
    )
    for _ in range(3):
        loop._beat("chores", loop.chores)
    assert len(tries) == 1
    beat(loop, stage)
    assert len(tries) == 2


def counting(did: dict[int, int], *, does: int = 0, **options: object) -> Chore:
    def do(_world: World, org_id: int) -> int:
        did[org_id] = did.get(org_id, 0) + 1
        return does

    return Chore("counting", timedelta(0), do, "counts", **options)  # type: ignore[arg-type]


def job(stage: Stage, name: str = "counting") -> dict[str, object] | None:
    return next((row for row in stage.rows(tables.jobs) if row["job"] == name), None)


def test_an_idle_beat_is_a_handful_of_statements_with_a_thousand_organisations(stage: Stage, world: World) -> None:
    """Each has people, an account, a settled report, a decided promise, and was just looked at."""
    names = [{"name": f"Org {n}", "zone": "Europe/Berlin", "created_at": NOON} for n in range(1_000)]
    with stage.engine.begin() as connection:
        ids = [
            row.id
            for row in connection.execute(insert(tables.organisations).returning(tables.organisations.c.id), names)
        ]
        connection.execute(
            insert(tables.users),
            [
                {"org_id": id, "email": "a@b.example", "name": "A", "role": "operator", "slack_user_id": "U1"}
                | {"digested_on": AFTER.date() + timedelta(days=1)}
                for id in ids
            ],
        )
        connection.execute(insert(tables.alarms), [{"org_id": id, **just_seen(AFTER + MINUTE)} for id in ids])
    stage.clock.set(AFTER)
    loop = loop_of(world)
    beat(loop, stage)
    with statements(world.engine, world.across) as seen:
        loop._rota.forget()
        loop.chores()
        loop.release()
        loop.notices()
    reads = [one for one in seen if not one.startswith("BEGIN")]
    assert len(reads) <= 12, reads


@pytest.mark.parametrize("name", [chore.name for chore in CHORES])
def test_each_chore_finds_what_there_is_to_do_and_nothing_where_there_is_none(
    name: str, stage: Stage, world: World, other_organisation: int
) -> None:
    at = stage.clock.now()
    (chore,) = [one for one in CHORES if one.name == name]

    def who() -> set[int]:
        from bot.chores import who_is_due

        return set(who_is_due(world, [chore], stage.clock.now())[name])

    match name:
        case "reports":
            assert who() == set()
            reported(stage, said_at=at)
            assert who() == set()
            stage.clock.set(at + MINUTE)
        case "absences":
            assert who() == set()
            with stage.uow() as work:
                work.absences.enter(Absence(stage.rita.id, at + MINUTE, at + 2 * MINUTE), at=at)
            assert who() == set(), "it has not begun"
            stage.clock.set(at + MINUTE)
        case "promises":
            assert who() == set()
            promised(stage)
        case "warm-up":
            assert who() == set()
            with stage.uow() as work:
                work.sending.note("example.com", at.date(), bounced=1)
            assert who() == {stage.org_id}, "it was never judged"
            with stage.uow() as work:
                work.sending.save(SendingDomain("example.com", judged_on=at.date() - timedelta(days=1)))
            assert who() == set(), "today is not over"
            stage.clock.set(at + timedelta(days=1))
        case "mornings":
            assert who() == set()
            stage.clock.set(AFTER.replace(hour=7, minute=30))
        case "groups":
            assert who() == set()
            with stage.engine.begin() as connection:
                given = {"usergroup_id": "S1", "name": "AR", "role": "operator", "given_by": "c", "given_at": at}
                connection.execute(insert(tables.group_roles).values(org_id=stage.org_id, **given))
        case "autopilot":
            assert who() == set()
            with stage.uow() as work:
                text = "- name: All\n  mode: autopilot\n  cadence: Standard\n"
                kind = DocumentKind.SEGMENTS
                draft = work.library.add_document(kind, text, by="c", at=at, is_published=False)
            assert (who(), draft.number) == (set(), 1), "a draft counts for nothing"
            with stage.uow() as work:
                work.library.add_document(kind, text, by="c", at=at, is_published=True)
        case "steps":
            factories.make_step(stage.engine, stage.org_id, stage.account.id, due_at=at)
            assert who() == set(), "another sender's is left alone"
            step = factories.make_step(stage.engine, stage.org_id, stage.account.id, due_at=at + MINUTE, sequence_id=1)
            assert who() == set(), "its time has not come"
            stage.clock.set(at + MINUTE)
            assert who() == {stage.org_id}
            mail = factories.make_message(
                stage.engine,
                stage.org_id,
                account_id=stage.account.id,
                contact_id=stage.contact.id,
                invoice_id=stage.invoice.id,
                requested_by=None,
                source=Source.AUTOPILOT,
            )
            steps = tables.autopilot_steps
            with stage.engine.begin() as connection:
                connection.execute(update(steps).where(steps.c.id == step).values(message_id=mail.id))
            assert who() == set(), "it waits in the queue"
            with stage.engine.begin() as connection:
                connection.execute(update(tables.messages).values(state=State.SENT.value))
        case "records":
            assert who() == {stage.org_id, other_organisation}, "nobody looked yet"
            record = {"domain": "example.com", "kind": "SPF", "verdict": "good", "said": "", "asked_at": at}
            with stage.engine.begin() as connection:
                rows = [{"org_id": stage.org_id, **record}, {"org_id": other_organisation, **record}]
                connection.execute(insert(tables.sender_records), rows)
            assert who() == set()
            stage.clock.set(at + timedelta(hours=1))
            with stage.engine.begin() as connection:
                other = tables.sender_records.c.org_id == other_organisation
                connection.execute(update(tables.sender_records).where(other).values(asked_at=at + MINUTE))
        case "watch":
            factories.add_row(stage.engine, tables.alarms, org_id=other_organisation, **just_seen(at))
            assert who() == {stage.org_id}, "nobody looked yet"
            factories.add_row(stage.engine, tables.alarms, org_id=stage.org_id, **just_seen(at))
            assert who() == set()
            stage.clock.set(at + 2 * MINUTE)
            with stage.engine.begin() as connection:
                mine = tables.alarms.c.org_id == other_organisation
                connection.execute(update(tables.alarms).where(mine).values(seen_at=at + MINUTE))
        case "seals":
            assert who() == set()
            with stage.uow() as work:
                work.audit.record("nudge.held", at=at, actor_id=None, subject="x")
        case "retention":
            with stage.uow() as work:
                work.audit.record("nudge.held", at=at, actor_id=None, subject="x")
            from domain.usecases.seal_audit import seal_audit

            seal_audit(uow=stage.uow, clock=stage.clock)
            assert who() == set()
            stage.clock.set(at + timedelta(days=366))
    assert who() == {stage.org_id}


def just_seen(at: datetime) -> dict[str, object]:
    return {"name": "queue", "level": "green", "detail": "", "since": at, "seen_at": at}


def reported(stage: Stage, *, said_at: object) -> None:
    promise = promised(stage, state="reported")
    values = {"promise_id": promise, "account_id": stage.account.id, "origin": "o", "reported_by": stage.rita.id}
    with stage.engine.begin() as connection:
        connection.execute(
            insert(tables.reports).values(org_id=stage.org_id, reported_at=said_at, said_at=said_at, **values)
        )


def promised(stage: Stage, *, state: str = "open") -> int:
    from domain.commitments import PromiseState

    return factories.make_promise(stage.engine, stage.org_id, stage.account.id, state=PromiseState(state))


def test_a_report_is_looked_at_until_it_is_escalated_whenever_the_policy_has_that_happen(
    stage: Stage, world: World
) -> None:
    factories.make_user(stage.engine, stage.org_id, role=factories.Role.OPERATOR)
    reported(stage, said_at=stage.clock.now() - 8 * MINUTE)
    loop = loop_of(world)
    loop.chores()
    assert stage.rows(tables.reports)[0]["reminded_at"] is not None
    (chore,) = [one for one in CHORES if one.name == "reports"]
    due = {"reports": chore.due}
    assert world.rounds.with_something_to_do(due, stage.clock.now()) == {"reports": [stage.org_id]}  # type: ignore[arg-type]
    stage.clock.set(stage.clock.now() + 5 * MINUTE)
    loop.chores()
    assert stage.rows(tables.reports)[0]["escalated_at"] is not None
    assert world.rounds.with_something_to_do(due, stage.clock.now()) == {"reports": []}  # type: ignore[arg-type]


def test_an_organisation_that_took_the_app_away_gets_no_chores_in_slack(
    stage: Stage, world: World, other_organisation: int
) -> None:
    for org_id, team in ((stage.org_id, "T1"), (other_organisation, "T2")):
        world.directory.link_team(team, None, org_id, NOON)
    world.directory.unlink_team("T2")
    in_slack: dict[int, int] = {}
    anywhere: dict[int, int] = {}
    beat(loop_of(world, counting(in_slack, in_slack=True)), stage)
    beat(loop_of(world, counting(anywhere)), stage)
    assert in_slack == {stage.org_id: 1}
    assert anywhere == {stage.org_id: 1, other_organisation: 1}


def test_what_was_asked_for_or_failed_does_not_bring_slack_chores_back_there(stage: Stage, world: World) -> None:
    world.directory.link_team("T1", None, stage.org_id, NOON)
    did: dict[int, int] = {}
    loop = loop_of(world, counting(did, in_slack=True))
    mark(stage, outcome="failed", asked_at=NOON)
    world.directory.unlink_team("T1")
    beat(loop, stage)
    assert did == {}


def mark(stage: Stage, name: str = "counting", **values: object) -> None:
    factories.add_row(stage.engine, tables.jobs, org_id=stage.org_id, job=name, **values)


def test_a_run_that_did_nothing_writes_no_row_and_the_heartbeat_says_that_it_looked(stage: Stage, world: World) -> None:
    did: dict[int, int] = {}
    loop = loop_of(world, counting(did))
    for _ in range(5):
        beat(loop, stage)
    assert did == {stage.org_id: 5}
    assert stage.rows(tables.jobs) == []
    beats = [row for row in stage.rows(tables.heartbeats) if row["job"] == "counting"]
    assert len(beats) == 1
    assert beats[0]["at"] == stage.clock.now() - 4 * MINUTE, "by the process's own clock these beats are one moment"


def test_a_run_that_did_something_is_told_with_how_much(stage: Stage, world: World) -> None:
    beat(loop_of(world, counting({}, does=3)), stage)
    row = job(stage)
    assert row is not None
    assert (row["outcome"], row["did"], row["error"], row["ended_at"]) == ("done", 3, None, stage.clock.now())


def test_a_failure_is_told_by_its_kind_tried_again_and_taken_back_by_the_next_success(
    stage: Stage, world: World, other_organisation: int
) -> None:
    tried: dict[int, int] = {}
    broken = [True]

    def do(_world: World, org_id: int) -> int:
        tried[org_id] = tried.get(org_id, 0) + 1
        if broken[0] and org_id == stage.org_id:
            raise InvalidValue("rita@northwind.example owes 12,400")
        return 0

    never = Due(tables.organisations.c.id == 0)
    chore = Chore("counting", timedelta(0), do, "counts")
    beat(loop_of(world, chore), stage)
    row = job(stage)
    assert row is not None
    assert (row["outcome"], row["error"]) == ("failed", "InvalidValue")
    assert "12,400" not in str(row)
    assert tried == {stage.org_id: 1, other_organisation: 1}, "the other one had its turn"
    broken[0] = False
    # A process that knows nothing of it, and nothing due: what failed is tried again all the same.
    beat(loop_of(world, replace(chore, due=never)), stage)
    row = job(stage)
    assert row is not None
    assert (row["outcome"], row["error"], row["ended_at"]) == ("done", None, stage.clock.now())
    beat(loop_of(world, replace(chore, due=never)), stage)
    assert tried == {stage.org_id: 2, other_organisation: 1}


def test_a_paused_chore_rests_there_and_nowhere_else_until_its_time(
    stage: Stage, world: World, other_organisation: int
) -> None:
    did: dict[int, int] = {}
    loop = loop_of(world, counting(did))
    mark(stage, paused_until=stage.clock.now() + 3 * MINUTE)
    beat(loop, stage)
    beat(loop, stage)
    assert did == {other_organisation: 2}
    beat(loop, stage)
    assert did == {other_organisation: 3, stage.org_id: 1}, "it ends by itself"


def test_a_run_that_is_asked_for_is_done_once_by_one_replica_before_its_time(stage: Stage, world: World) -> None:
    did: dict[int, int] = {}
    chore = replace(counting(did), every=timedelta(hours=6), due=Due(tables.organisations.c.id == 0))
    first, second = loop_of(world, chore), loop_of(world, chore)
    first.chores()
    second.chores()
    assert did == {}
    mark(stage, asked_at=stage.clock.now(), asked_by="carl")
    first.chores()
    second.chores()
    first._ledger.write()
    assert did == {stage.org_id: 1}
    row = job(stage)
    assert row is not None
    assert (row["asked_at"], row["outcome"], row["did"]) == (None, "done", 0), "who asked wants to see that it was done"


def test_maintenance_holds_every_job_and_tidies_nothing_up(stage: Stage, world: World) -> None:
    stage.queued()
    factories.make_notice(stage.engine, stage.org_id, due_at=NOON)
    did: dict[int, int] = {}
    loop = loop_of(world, counting(did))
    until = AFTER + timedelta(hours=1)
    with stage.engine.begin() as connection:
        connection.execute(update(tables.organisations).values(maintenance_until=until))
    mark(stage, asked_at=NOON, outcome="failed")
    stage.clock.set(AFTER)
    beat(loop, stage)
    before = stage.rows(tables.messages)
    assert loop.release().claimed == 0
    assert loop.notices() == 0
    assert did == {}
    assert stage.rows(tables.messages) == before
    stage.clock.set(until)
    beat(loop, stage, after=timedelta(0))
    assert did == {stage.org_id: 1}
    assert release_by(loop).sent == 1


def test_the_release_and_the_notices_can_be_paused_too(stage: Stage, world: World) -> None:
    stage.queued()
    factories.make_notice(stage.engine, stage.org_id, due_at=NOON)
    stage.clock.set(AFTER)
    until = AFTER + 10 * MINUTE
    mark(stage, RELEASE, paused_until=until)
    mark(stage, NOTICES, paused_until=until)
    assert loop_of(world).release().claimed == 0
    assert loop_of(world).notices() == 0
    stage.clock.set(until)
    assert release_by(loop_of(world)).sent == 1
    assert world.directory.with_due_notices(until) == [stage.org_id]


def test_what_expires_while_the_release_is_paused_expires(stage: Stage, world: World) -> None:
    message = stage.queued()
    stage.clock.set(message.expires_at + MINUTE)
    mark(stage, RELEASE, paused_until=stage.clock.now() + MINUTE)
    loop_of(world).release()
    assert stage.state(message.id) is State.EXPIRED


def test_a_release_is_told_once_for_each_organisation_it_took_something_of(
    stage: Stage, world: World, other_organisation: int
) -> None:
    stage.queued()
    stage.clock.set(AFTER)
    loop = loop_of(world)
    loop._beat(RELEASE, loop.release)
    loop._beat(RELEASE, loop.release)
    (row,) = stage.rows(tables.jobs)
    assert (row["org_id"], row["job"], row["outcome"], row["did"]) == (stage.org_id, RELEASE, "done", 1)


def test_every_job_has_a_word_for_people_to_say_and_words_of_its_own() -> None:
    assert len(JOBS) == len(CHORES) + 2
    for name, kind in JOBS.items():
        assert name.isascii() and name.replace("-", "").isalpha() and name.islower(), name
        assert kind.what, name
