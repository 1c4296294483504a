"""The policy that is published counts: on every replica, within seconds, for its own organisation only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot.rulebooks import SECONDS, Rulebooks
from domain.errors import InvalidValue
from domain.mail import Mailbox
from domain.minimums import MinimumBalances
from domain.policies import DocumentKind, Mode, Segment, Segments
from domain.policy import Policy, Rulebook
from domain.ports import UnitOfWorkFactory
from domain.rules.quiet_hours import QuietHours
from domain.values import AccountScope, Money
from storage.unit_of_work import build_unit_of_work
from tests.builders import make_policy_text, make_rulebook
from tests.factories import NOON, make_organisation

INSTALLATION = make_rulebook(daily_cap=7, deduplicates=True, sender=Mailbox("ar@north.example", "North"))


@dataclass
class Replica:
    """One process, with its own memory and its own stopwatch."""

    uow: UnitOfWorkFactory
    seconds: float = 0.0
    rulebooks: Rulebooks = field(init=False)

    def __post_init__(self) -> None:
        self.rulebooks = Rulebooks(elapsed=lambda: self.seconds)

    def rulebook(self, org_id: int) -> Rulebook:
        return self.rulebooks.of(org_id, uow=self.uow, installation=INSTALLATION)

    def cap(self, org_id: int) -> int:
        return self.rulebook(org_id).policy.daily_cap


def publish(uow: UnitOfWorkFactory, text: str | None = None, at: datetime = NOON, **policy: Any) -> None:
    with uow() as work:
        given = make_policy_text(**policy) if text is None else text
        work.library.add_document(DocumentKind.POLICY, given, by="carl@north.example", at=at, is_published=True)


@pytest.fixture
def uow(database: Engine, organisation: int) -> UnitOfWorkFactory:
    return build_unit_of_work(database, org_id=organisation)


def test_what_one_replica_publishes_counts_on_the_other(uow: UnitOfWorkFactory, organisation: int) -> None:
    here, there = Replica(uow), Replica(uow)
    publish(uow, daily_cap=50)
    assert here.cap(organisation) == there.cap(organisation) == 50
    publish(uow, daily_cap=60)
    there.seconds = SECONDS - 0.001
    assert there.cap(organisation) == 50, "it looks now and then only"
    there.seconds = SECONDS
    assert there.cap(organisation) == 60
    assert SECONDS <= 5


def test_without_a_published_policy_the_installation_counts(uow: UnitOfWorkFactory, organisation: int) -> None:
    replica = Replica(uow)
    assert replica.rulebook(organisation) is INSTALLATION
    with uow() as work:
        text = make_policy_text(daily_cap=50)
        work.library.add_document(DocumentKind.POLICY, text, by="x", at=NOON, is_published=False)
    replica.seconds += SECONDS
    assert replica.rulebook(organisation) is INSTALLATION, "a draft counts for nothing"


def test_all_numbers_are_the_documents_and_the_rest_the_installations(
    uow: UnitOfWorkFactory, organisation: int
) -> None:
    said = {
        "quiet": QuietHours(start=time(17), end=time(9), open_days=frozenset({0, 1}), keep_holidays=False),
        "spread": timedelta(minutes=3),
        "contact_gap": timedelta(hours=30),
        "nudges_per_window": 3,
        "daily_cap": 99,
        "freshness": timedelta(hours=5),
        "autopilot_before": timedelta(hours=50),
        "autopilot_after": timedelta(hours=25),
        "minimum_balances": MinimumBalances(Decimal("12.50"), (Money(3_000, "JPY"),)),
        "expiry": timedelta(hours=48),
        "scope": AccountScope.ALL,
        "nudge_share_percent": 35,
        "hourly_cap": 9,
        "remind_after": timedelta(minutes=3),
        "escalate_after": timedelta(minutes=5),
    }
    publish(uow, **said)
    policy = Replica(uow).rulebook(organisation).policy
    assert policy == Policy(**said, deduplicates=True, sender=INSTALLATION.policy.sender)


def test_a_policy_of_before_has_todays_defaults(uow: UnitOfWorkFactory, organisation: int) -> None:
    """Documents that were published before these numbers existed do not name them."""
    later = ("nudge_share_percent", "hourly_cap", "remind_after_minutes", "escalate_after_minutes")
    text = make_policy_text(nudge_share_percent=44, hourly_cap=3, remind_after=timedelta(minutes=5))
    publish(uow, "".join(line for line in text.splitlines(keepends=True) if not line.startswith(later)))
    policy = Replica(uow).rulebook(organisation).policy
    assert (policy.nudge_share_percent, policy.hourly_cap) == (20, None)
    assert (policy.remind_after, policy.escalate_after) == (timedelta(minutes=7), timedelta(minutes=12))


def test_the_segments_that_are_published_count_too(uow: UnitOfWorkFactory, organisation: int) -> None:
    replica = Replica(uow)
    assert replica.rulebook(organisation).segments == Segments()
    for number, cap in enumerate((5, 6), 1):
        with uow() as work:
            text = f"- name: All\n  mode: off\n  daily_cap: {cap}\n"
            work.library.add_document(DocumentKind.SEGMENTS, text, by="x", at=NOON, is_published=True)
        replica.seconds = number * SECONDS
        assert replica.rulebook(organisation) == replace(
            INSTALLATION, segments=Segments((Segment("All", Mode.OFF, daily_cap=cap),))
        )


def test_each_organisation_has_its_own(database: Engine, uow: UnitOfWorkFactory, organisation: int) -> None:
    other = make_organisation(database, name="South")
    theirs = build_unit_of_work(database, org_id=other)
    publish(uow, daily_cap=50)
    publish(theirs, daily_cap=9)
    rulebooks = Rulebooks(elapsed=lambda: 0.0)
    for _ in range(2):
        caps = [
            rulebooks.of(org_id, uow=of, installation=INSTALLATION).policy.daily_cap
            for org_id, of in ((organisation, uow), (other, theirs))
        ]
        assert caps == [50, 9]


def test_a_policy_that_cannot_be_read_is_no_leave_to_go_on_by_others(uow: UnitOfWorkFactory, organisation: int) -> None:
    replica = Replica(uow)
    publish(uow)
    assert replica.cap(organisation) == 50
    publish(uow, "daily_cap: many")
    replica.seconds += SECONDS
    for _ in range(2):
        with pytest.raises(InvalidValue, match="version 2, cannot be read: line 1"):
            replica.rulebook(organisation)


@pytest.fixture
def asked(database: Engine) -> Iterator[list[str]]:
    """The statements about documents."""
    heard: list[str] = []

    def hear(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if "documents" in statement and statement.startswith("SELECT"):
            heard.append(statement)

    event.listen(database, "before_cursor_execute", hear)
    yield heard
    event.remove(database, "before_cursor_execute", hear)


def test_one_statement_now_and_then(uow: UnitOfWorkFactory, organisation: int, asked: list[str]) -> None:
    replica = Replica(uow)
    publish(uow)
    asked.clear()
    for _ in range(3):
        replica.cap(organisation)
    assert len(asked) == 2, "the policy and the segments"
    replica.seconds += SECONDS
    replica.cap(organisation)
    assert len(asked) == 4
    assert replica.cap(organisation) == 50, "a version that is known is not read again, and still counts"


def test_a_version_that_is_known_is_not_sent_again(uow: UnitOfWorkFactory) -> None:
    publish(uow)
    with uow() as work:
        number, text = work.documents.in_force(DocumentKind.POLICY)
        assert number == 1 and text
        assert work.documents.in_force(DocumentKind.POLICY, known=1) == (1, None)
        assert work.documents.in_force(DocumentKind.SEGMENTS) == (0, None)
