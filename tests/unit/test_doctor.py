"""What the doctor makes of a reading: each alarm, and the value just short of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.doctor_reading import of_reading
from bot.gauges import Reading
from bot.signs import HEARD, LIMITED
from domain.depth import Depth
from domain.readiness import Row
from tests.factories import NOON

HEALTHY = Reading(depth=Depth(imported_at=NOON), at=NOON, beats={HEARD: NOON}, skew=0.0)
DAY, HOUR, MINUTE, SECOND = (timedelta(**{unit: 1}) for unit in ("days", "hours", "minutes", "seconds"))


def looked_at(depth: dict[str, Any] | None = None, **changes: Any) -> dict[str, Row]:
    changed = replace(HEALTHY, depth=replace(HEALTHY.depth, **(depth or {})), **changes)
    return {check.name: check for check in of_reading(changed, freshness=DAY)}


def test_a_healthy_house_has_nothing_to_mend() -> None:
    assert all(check.is_ok for check in looked_at().values())


@pytest.mark.parametrize(
    ("line", "depth", "changes", "said"),
    [
        ("queue", {"queued": 12, "due": 3, "oldest_due": NOON - 6 * MINUTE}, {}, "3 due now (oldest 6 min)"),
        ("unconfirmed", {"unconfirmed": 2, "oldest_unconfirmed": NOON - 3 * HOUR}, {}, "2 (oldest 3 h)"),
        ("notices", {"notices": 9, "oldest_notice": NOON - 11 * MINUTE}, {}, "9 waiting for Slack (oldest 11 min)"),
        ("refused mail", {"tried": 100, "refused_for_good": 3}, {}, "3 of 100 in the trailing day (3.0%)"),
        ("books", {"imported_at": NOON - 3 * DAY}, {}, "imported 3 days ago"),
        ("books", {"imported_at": None}, {}, "never imported"),
        ("clock", {}, {"skew": 2.5}, "2.5 s ahead of the database's"),
        ("clock", {}, {"skew": -300.0}, "300.0 s behind the database's"),
        ("slack requests", {}, {"beats": {HEARD: NOON - 4 * DAY}}, "last one 4 days ago"),
        ("slack limits", {}, {"beats": {LIMITED: NOON - HOUR}}, "held back events 60 min ago"),
    ],
)
def test_each_alarm_says_what_to_do(line: str, depth: dict[str, Any], changes: dict[str, Any], said: str) -> None:
    checks = looked_at(depth, **changes)
    assert [check.name for check in checks.values() if not check.is_ok] == [line]
    assert said in checks[line].detail
    assert checks[line].fix.endswith(".")


@pytest.mark.parametrize(
    ("line", "depth", "changes"),
    [
        ("queue", {"due": 3, "oldest_due": NOON - 5 * MINUTE}, {}),
        ("queue", {"queued": 10_000, "held": 4, "oldest_held": NOON - 9 * DAY}, {}),
        ("notices", {"notices": 9, "oldest_notice": NOON - 10 * MINUTE}, {}),
        ("refused mail", {"tried": 4, "refused_for_good": 2}, {}),
        ("refused mail", {"tried": 150, "refused_for_good": 3}, {}),
        ("books", {"imported_at": NOON - DAY}, {}),
        ("clock", {}, {"skew": -2.0}),
        ("slack requests", {}, {"beats": {HEARD: NOON - 3 * DAY}}),
        ("slack requests", {}, {"beats": {}}),
    ],
)
def test_what_is_just_short_of_an_alarm_is_none(line: str, depth: dict[str, Any], changes: dict[str, Any]) -> None:
    assert looked_at(depth, **changes)[line].is_ok


def test_slacks_limit_is_forgotten_after_a_day() -> None:
    assert "slack limits" not in looked_at(beats={LIMITED: NOON - DAY})


def test_a_long_queue_is_not_counted_to_its_end() -> None:
    assert "10,000 or more waiting" in looked_at({"queued": 10_000})["queue"].detail
    assert "9,999 waiting" in looked_at({"queued": 9_999})["queue"].detail
