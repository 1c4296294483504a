"""The console's rows of SPF, DKIM and DMARC: what was heard last, how long ago, and what silence changes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.readiness import Level, Row
from domain.rules.kept_records import OLD, KeptRecord, kept_after, record_rows
from domain.rules.sender_records import Kind, Record, Verdict, judge_spf
from tests.factories import NOON

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
GOOD = judge_spf(["v=spf1 include:relay.example ~all"], domain="example.com")
GONE = judge_spf([], domain="example.com")
SILENT = judge_spf(None, domain="example.com")
UNSET = Record(Kind.SPF, Verdict.UNKNOWN, "example.com", "Nobody knows.", "Set it.")

LOOK = "`plixo cron run records` asks for it; `plixo deliverability` looks at once."


def kept(record: Record, *, ago: timedelta = 20 * MINUTE) -> KeptRecord:
    return kept_after(record, None, NOON - ago)


def row(known: KeptRecord | None) -> Row:
    (found,) = (one for one in record_rows({Kind.SPF: known} if known else {}, NOON) if one.name == "SPF")
    return found


def test_there_is_a_row_for_each_record() -> None:
    assert [one.name for one in record_rows({}, NOON)] == ["SPF", "DKIM", "DMARC"]


@pytest.mark.parametrize(
    ("known", "level", "detail", "fix"),
    [
        (
            None,
            Level.AMBER,
            "Nobody has looked it up yet.",
            LOOK,
        ),
        (
            kept(GOOD),
            Level.GREEN,
            "It says which servers may send for the domain. Looked up 20 minutes ago.",
            "",
        ),
        (
            kept(GONE, ago=HOUR),
            Level.RED,
            "Nothing says which servers may send for the domain. Looked up 1 hour ago.",
            "Publish this. `plixo deliverability` shows the record.",
        ),
        (kept(UNSET), Level.WHITE, "Nobody knows.", "Set it."),
        (kept(SILENT), Level.WHITE, SILENT.said, SILENT.fix),
    ],
)
def test_a_row_says_what_was_heard_and_how_long_ago(
    known: KeptRecord | None, level: Level, detail: str, fix: str
) -> None:
    found = row(known)
    assert (found.level, found.detail, found.fix) == (level, detail, fix)


def test_what_is_weak_is_amber() -> None:
    assert row(kept(judge_spf(["v=spf1 ?all"], domain="example.com"))).level is Level.AMBER


def test_green_ends_after_a_day_without_an_answer_and_red_does_not() -> None:
    assert row(kept(GOOD, ago=OLD)).level is Level.GREEN
    old = row(kept(GOOD, ago=OLD + MINUTE))
    assert old.level is Level.AMBER
    assert old.detail.endswith("Looked up 24 hours ago. There was no answer since.")
    assert "`plixo cron list`" in old.fix
    assert row(kept(GONE, ago=9 * OLD)).level is Level.RED
    assert "9 days ago" in row(kept(GONE, ago=9 * OLD)).detail


def test_silence_changes_nothing_but_when_somebody_was_asked() -> None:
    known = kept(GOOD)
    after = kept_after(SILENT, known, NOON)
    assert (after.verdict, after.answered_at, after.asked_at) == (Verdict.GOOD, NOON - 20 * MINUTE, NOON)
    assert kept_after(GONE, after, NOON).verdict is Verdict.BAD


def test_a_first_answer_ends_the_silence() -> None:
    assert kept_after(GOOD, kept(SILENT), NOON) == KeptRecord(Kind.SPF, Verdict.GOOD, GOOD.said, "", NOON, NOON)
