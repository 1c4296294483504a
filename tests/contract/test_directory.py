"""Across organisations: whose team is it, who has work, are the jobs alive; and the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from domain.messages import State
from storage.clock import DatabaseClock
from storage.directory import Directory, DueWork, Heartbeat
from tests.factories import NOON, make_customer, make_message, make_notice, make_user

MINUTE = timedelta(minutes=1)


def put(database: Engine, org_id: int, **fields: object) -> None:
    account, contact, [invoice] = make_customer(database, org_id)
    make_message(
        database,
        org_id,
        account_id=account.id,
        contact_id=contact.id,
        invoice_id=invoice.id,
        requested_by=make_user(database, org_id).id,
        **fields,  # type: ignore[arg-type]
    )


class TestTeams:
    def test_a_linked_team_is_known_and_an_unlinked_one_is_not(self, directory: Directory, organisation: int) -> None:
        assert directory.org_of("T1") is None
        directory.link_team("T1", None, organisation, NOON)
        assert directory.org_of("T1") == organisation
        directory.unlink_team("T1")
        assert directory.org_of("T1") is None
        directory.link_team("T1", None, organisation, NOON)
        assert directory.org_of("T1") == organisation

    def test_a_team_of_a_linked_enterprise(self, directory: Directory, organisation: int) -> None:
        directory.link_team("E1", "E1", organisation, NOON)
        assert directory.org_of("T9", "E1") == organisation
        assert directory.org_of("T9", "E2") is None
        assert directory.org_of("T9") is None

    def test_its_own_team_wins_over_the_enterprise(
        self, directory: Directory, organisation: int, other_organisation: int
    ) -> None:
        directory.link_team("E1", "E1", organisation, NOON)
        directory.link_team("T1", "E1", other_organisation, NOON)
        assert directory.org_of("T1", "E1") == other_organisation
        directory.unlink_team("T1")
        assert directory.org_of("T1", "E1") is None

    def test_all_organisations(self, directory: Directory, organisation: int, other_organisation: int) -> None:
        found = directory.organisations()
        assert [(w.org_id, w.name, w.zone, w.country) for w in found] == [
            (organisation, "Northwind", "Europe/Berlin", "DE"),
            (other_organisation, "Contoso", "America/New_York", "US"),
        ]


class TestDueWork:
    @pytest.mark.parametrize(
        ("fields", "has_due"),
        [
            ({"leaves_at": NOON}, True),
            ({"state": State.CLAIMED, "claimed_until": NOON}, False),
            ({"state": State.SENDING, "claimed_until": NOON}, False),
            ({"leaves_at": NOON + MINUTE, "expires_at": NOON}, False),
            ({"state": State.HELD, "leaves_at": NOON + MINUTE, "expires_at": NOON}, False),
        ],
    )
    def test_what_counts_as_work_and_from_when(
        self,
        database: Engine,
        directory: Directory,
        organisation: int,
        other_organisation: int,
        fields: dict[str, object],
        has_due: bool,
    ) -> None:
        put(database, organisation, **fields)
        assert directory.with_due_work(NOON - timedelta(microseconds=1)) == []
        assert directory.with_due_work(NOON) == [DueWork(organisation, has_due=has_due, has_overdue=not has_due)]

    def test_what_does_not(self, database: Engine, directory: Directory, organisation: int) -> None:
        put(database, organisation, leaves_at=NOON + MINUTE)
        put(database, organisation, state=State.HELD, leaves_at=NOON)
        put(database, organisation, state=State.CLAIMED, claimed_until=NOON + MINUTE, leaves_at=NOON)
        for state in (State.SENT, State.UNCONFIRMED, State.FAILED, State.EXPIRED, State.CANCELLED, State.REFUSED):
            put(database, organisation, state=state, expires_at=NOON)
        assert directory.with_due_work(NOON) == []

    def test_an_organisation_that_took_the_app_away_rests(
        self, database: Engine, directory: Directory, organisation: int
    ) -> None:
        put(database, organisation)
        make_notice(database, organisation)
        directory.link_team("T1", None, organisation, NOON)
        assert [work.org_id for work in directory.with_due_work(NOON)] == [organisation]
        assert directory.with_due_notices(NOON) == [organisation]
        directory.unlink_team("T1")
        assert directory.with_due_work(NOON) == directory.with_due_notices(NOON) == []

    def test_notices_that_nobody_is_posting(
        self, database: Engine, directory: Directory, organisation: int, other_organisation: int
    ) -> None:
        make_notice(database, other_organisation, due_at=NOON)
        assert directory.with_due_notices(NOON - MINUTE) == []
        assert directory.with_due_notices(NOON) == [other_organisation]


def test_the_last_beat_of_each_worker_counts(directory: Directory) -> None:
    directory.beat("release", "w1", NOON)
    directory.beat("release", "w2", NOON)
    directory.beat("release", "w1", NOON + MINUTE)
    assert directory.heartbeats() == [Heartbeat("release", "w1", NOON + MINUTE), Heartbeat("release", "w2", NOON)]


def test_workers_of_yesterday_are_forgotten(directory: Directory) -> None:
    directory.beat("release", "w1", NOON)
    directory.beat("release", "w2", NOON + timedelta(days=1))
    directory.beat("release", "w3", NOON + timedelta(days=1, seconds=1))
    assert [beat.worker for beat in directory.heartbeats()] == ["w2", "w3"]


def test_what_nobody_has_done_for_days_is_remembered(directory: Directory) -> None:
    directory.beat("slack.heard", "w1", NOON)
    directory.beat("release", "w1", NOON + timedelta(days=4))
    assert Heartbeat("slack.heard", "w1", NOON) in directory.heartbeats()


def test_the_clock_is_aware_and_runs(database: Engine) -> None:
    clock = DatabaseClock(database)
    first, second = clock.now(), clock.now()
    assert first.tzinfo is UTC
    assert first < second
    assert abs(datetime.now(UTC) - second) < MINUTE
