"""The audit log as its window says it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.audit import AuditPage, Filter
from handlers.presenters.audit import lines
from handlers.presenters.reader import Reader
from tests.builders import make_person
from tests.unit.handlers.test_audit_csv import line

READER = Reader.of(make_person(), zone="Europe/Berlin")


def said(**changes: object) -> list[str]:
    page = AuditPage(lines=(line(**changes),), more=False, filter=Filter(), at=datetime(2026, 7, 2, tzinfo=UTC))
    return lines(page, reader=READER)


def test_an_account_is_named_once_and_the_end_is_said() -> None:
    shown, count = said(action="sequence.begun", subject="account:4")
    assert shown.endswith("\n*sequence.begun* · Rita Rep · Zoë &amp; Söhne")
    assert "That is everything these fields find." in count


@pytest.mark.parametrize("name", ["why", "reason"])
def test_what_somebody_gave_as_the_reason_is_read(name: str) -> None:
    assert said(after={name: "They moved"})[0].endswith(" · nudge:1 · reason: “They moved”")


@pytest.mark.parametrize("action", ["dispute.reported", "report.recorded", "report.corrected"])
def test_what_the_customer_finds_wrong_is_no_reason_of_ours(action: str) -> None:
    shown = said(action=action, after={"reason": "Half of it is missing"})[0]
    assert shown.endswith(" · dispute: “Half of it is missing”") and "reason:" not in shown
