"""What people told the jobs: `domain.ports.Jobs` on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from domain.jobs import JobStory, Outcome, Pause, Run
from storage.directory import Directory
from storage.rounds import Rounds
from storage.unit_of_work import build_unit_of_work

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PAUSE = Pause(since=AT, until=AT + timedelta(hours=1), because="looking", by="Carl")


def test_orders_to_one_job_leave_how_it_ran_and_the_others_alone(
    database: Engine, organisation: int, other_organisation: int
) -> None:
    uow = build_unit_of_work(database, org_id=organisation)
    run = Run(organisation, "seals", AT, AT, Outcome.DONE, did=3)
    Rounds(database).write([run])
    with uow() as work:
        work.jobs.pause("seals", PAUSE)
        work.jobs.ask("groups", by="Ada", at=AT)
    with uow() as work:
        assert work.jobs.stories() == [
            JobStory("groups", asked_at=AT, asked_by="Ada"),
            JobStory("seals", last=run, pause=PAUSE),
        ]
        work.jobs.resume("seals")
    with uow() as work:
        assert work.jobs.stories()[1] == JobStory("seals", last=run)
    with build_unit_of_work(database, org_id=other_organisation)() as work:
        assert work.jobs.stories() == []


def test_pausing_again_replaces_the_pause(database: Engine, organisation: int) -> None:
    uow = build_unit_of_work(database, org_id=organisation)
    with uow() as work:
        work.jobs.pause("seals", PAUSE)
        work.jobs.pause("seals", Pause(AT, AT + timedelta(hours=2), "longer", "Ada"))
        (story,) = work.jobs.stories()
    assert story.pause_at(AT + timedelta(minutes=90)) is not None
    assert story.pause_at(AT + timedelta(hours=2)) is None


def test_when_any_replica_last_looked_is_known_to_every_organisation(
    database: Engine, organisation: int, other_organisation: int
) -> None:
    directory = Directory(database)
    directory.beat_all(["seals", "watch"], "one", AT)
    directory.beat_all(["seals"], "two", AT + timedelta(seconds=30))
    for org_id in (organisation, other_organisation):
        with build_unit_of_work(database, org_id=org_id)() as work:
            assert work.jobs.looked() == {"seals": AT + timedelta(seconds=30), "watch": AT}


def test_a_run_in_slices_is_taken_on_by_whoever_knows_how_far_it_came(
    database: Engine, organisation: int, other_organisation: int
) -> None:
    uow = build_unit_of_work(database, org_id=organisation)
    with uow() as work:
        work.jobs.pause("seals", PAUSE)
        assert work.jobs.reached("seals") is None
        assert work.jobs.go_on("seals", was=None, to=500)
    with uow() as work:
        assert not work.jobs.go_on("seals", was=None, to=500), "another replica was there"
        assert work.jobs.go_on("seals", was=500, to=1000)
    with uow() as work:
        assert (work.jobs.reached("seals"), work.jobs.reached("groups")) == (1000, None)
        assert work.jobs.go_on("seals", was=1000, to=None)
        assert work.jobs.go_on("groups", was=None, to=7), "one that never ran"
    with uow() as work:
        assert (work.jobs.reached("seals"), work.jobs.reached("groups")) == (None, 7)
        assert work.jobs.stories()[1].pause == PAUSE
    with build_unit_of_work(database, org_id=other_organisation)() as work:
        assert work.jobs.reached("groups") is None
