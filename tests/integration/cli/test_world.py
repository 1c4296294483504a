"""The composition root: settings that change are followed, and the loop's edge keeps secrets."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.demo import demo_settings
from bot.loop import Loop
from bot.world import build_world, ensure_organisation
from storage import tables
from storage.migrate import upgrade


def test_zone_and_name_follow_the_settings(tmp_path: Path, sqlite_url: str) -> None:
    for zone in ("Europe/Berlin", "America/New_York", "America/New_York"):
        settings = demo_settings(
            tmp_path, api_url="http://127.0.0.1/api/", secret="s", database_url=sqlite_url, zone=zone
        )
        with build_world(settings) as world:
            upgrade(world.engine)
            org_id = ensure_organisation(world)
            with world.uow_for(org_id)() as work:
                assert work.organisation.get().zone == zone
            with world.engine.connect() as connection:
                changes = connection.execute(select(tables.audit.c.action)).scalars().all()
    assert changes == ["organisation.changed", "document.published"], "the policy that people read names the zone"


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
