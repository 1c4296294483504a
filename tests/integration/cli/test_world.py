"""The composition root: settings that change are followed, and the loop's edge keeps secrets."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import enable_created_metrics
from sqlalchemy import select

from bot.demo import demo_settings
from bot.doctor_policy import check_policy, freshness_asked
from bot.loop import Loop
from bot.settings import Settings
from bot.world import build_world, ensure_organisation
from domain.minimums import MinimumBalances
from domain.policies import DocumentKind
from domain.values import Money
from storage import tables
from storage.migrate import upgrade
from tests.builders import make_policy_text
from tests.factories import NOON


def test_no_metric_says_when_its_counting_began(tmp_path: Path, sqlite_url: str) -> None:
    enable_created_metrics()  # type: ignore[no-untyped-call]
    with build_world(started(tmp_path, sqlite_url)) as world:
        world.metrics.queued()
        assert "_created" not in world.metrics.text().decode()


def test_the_name_follows_the_settings_and_zone_and_numbers_are_the_first_ones(tmp_path: Path, sqlite_url: str) -> None:
    for number, (name, zone) in enumerate([("North", "Europe/Berlin"), ("South", "America/New_York")], 1):
        settings = started(tmp_path, sqlite_url, organisation=name, zone=zone, daily_cap=40 + number)
        with build_world(settings) as world:
            upgrade(world.engine)
            org_id = ensure_organisation(world)
            with world.uow_for(org_id)() as work:
                workspace = work.organisation.get()
            assert (workspace.name, workspace.zone) == (name, "Europe/Berlin")
            assert world.rulebook.policy.daily_cap == 40 + number
            assert world.rulebook_for(org_id).policy.daily_cap == 41, "the published policy counts"
            with world.engine.connect() as connection:
                changes = connection.execute(select(tables.audit.c.action)).scalars().all()
    assert changes == ["organisation.changed"]


def test_the_doctor_tells_settings_that_no_longer_count(tmp_path: Path, sqlite_url: str) -> None:
    with build_world(started(tmp_path, sqlite_url)) as world:
        upgrade(world.engine)
        ensure_organisation(world)
        assert check_policy(world).is_ok
    changed = {"daily_cap": 60, "open_days": ("mon", "tue"), "country": "NO", "freshness_hours": 9}
    with build_world(started(tmp_path, sqlite_url, **changed)) as world:
        check = check_policy(world)
        assert not check.is_ok and not check.is_vital
        assert check.detail == (
            "the published policy counts: country is DE, not NO as in PLIXO_COUNTRY; "
            "open_days is mon,tue,wed,thu,fri, not mon,tue as in PLIXO_OPEN_DAYS; "
            "daily_cap is 50, not 60 as in PLIXO_DAILY_CAP; freshness_hours is 24, not 9 as in PLIXO_FRESHNESS_HOURS"
        )
        assert "plixo policy export" in check.fix
        assert freshness_asked(world) == timedelta(hours=24)


@pytest.mark.parametrize(
    ("set_to", "note"),
    [
        (5, None),
        (1, "the published policy counts: minimum_balance is 5 for others, not 1 as in PLIXO_MINIMUM_BALANCE"),
    ],
)
def test_the_one_minimum_of_the_settings_is_that_of_other_currencies(
    tmp_path: Path, sqlite_url: str, set_to: int, note: str | None
) -> None:
    """A setting cannot name currencies: what only the document can say is no difference."""
    said = make_policy_text(minimum_balances=MinimumBalances(Decimal(5), (Money(3_000, "JPY"),)))
    with build_world(started(tmp_path, sqlite_url, minimum_balance=set_to)) as world:
        upgrade(world.engine)
        org_id = ensure_organisation(world)
        with world.uow_for(org_id)() as work:
            work.library.add_document(DocumentKind.POLICY, said, by="x", at=NOON, is_published=True)
        check = check_policy(world)
    assert check.is_ok is (note is None)
    assert note is None or check.detail == note


def test_the_doctor_tells_a_policy_that_cannot_be_read(tmp_path: Path, sqlite_url: str) -> None:
    with build_world(started(tmp_path, sqlite_url, freshness_hours=5)) as world:
        upgrade(world.engine)
        org_id = ensure_organisation(world)
        with world.uow_for(org_id)() as work:
            work.library.add_document(DocumentKind.POLICY, "zone: [", by="x", at=NOON, is_published=True)
        check = check_policy(world)
        assert not check.is_ok and check.is_vital and "version 2, cannot be read: line 1" in check.detail
        assert freshness_asked(world) == timedelta(hours=5)


def started(folder: Path, url: str, **changes: Any) -> Settings:
    return demo_settings(folder, api_url="http://127.0.0.1/api/", secret="s", database_url=url, **changes)


def test_a_beat_that_fails_logs_no_message(tmp_path: Path, sqlite_url: str, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise RuntimeError("paula@acme.example https://pay.example/secret")

    settings = demo_settings(tmp_path, api_url="http://127.0.0.1/api/", secret="s", database_url=sqlite_url)
    with build_world(settings) as world:
        loop = Loop(world, lambda org_id: pytest.fail("nothing is posted"))
        loop._beat("release", fail)
        loop.stop()
    assert "release failed" in caplog.text
    assert "RuntimeError" in caplog.text
    assert "paula" not in caplog.text
    assert "secret" not in caplog.text
