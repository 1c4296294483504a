"""Slack was away for hours: what is over by then is told in one post, what still needs somebody in posts of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from domain.errors import Unavailable, Unknown
from domain.messages import State
from domain.notices import Digest, Notice, NoticeKind, Telling
from domain.usecases.post_notices import MANY, post_notices
from storage import tables
from tests import factories
from tests.stage import AFTER, EVENING, Stage, set_the_stage

BATCH = 5
BACK = AFTER + timedelta(hours=3)


@dataclass
class Slack:
    """Takes posts when it is there, and remembers them."""

    is_away: bool = True
    posts: list[Notice] = field(default_factory=list)

    def post(self, notice: Notice) -> tuple[str, str]:
        if self.is_away:
            raise Unavailable("Slack is away.")
        self.posts.append(notice)
        return "C01", f"{len(self.posts)}.0"

    def to_ar(self, kind: NoticeKind = NoticeKind.AR_ALERT) -> list[Notice]:
        return [notice for notice in self.posts if notice.recipient is None and notice.kind is kind]


@pytest.fixture
def stage(database: Engine, organisation: int) -> Stage:
    return set_the_stage(database, organisation, daily_cap=1_000)


def queue(stage: Stage, count: int) -> None:
    for _ in range(count):
        _, contact, invoices = factories.make_customer(
            stage.engine, stage.org_id, owner_email=stage.rita.email, synced_at=EVENING
        )
        stage.queued(contact=contact, invoice=invoices[0])


def tell(stage: Stage, slack: Slack) -> None:
    """Beats of posting, until there is nothing to say any more."""
    while post_notices(uow=stage.uow, clock=stage.clock, announcer=slack, limit=BATCH):
        pass


def test_after_a_long_outage_one_digest_says_what_is_over(stage: Stage) -> None:
    queue(stage, count := MANY + 15)
    stage.mailer.answers.extend(Unknown("no answer", code="timeout") for _ in range(2))
    stage.release(AFTER)
    slack = Slack()
    tell(stage, slack)
    slack.is_away = False
    stage.clock.set(BACK)
    tell(stage, slack)

    (digest,) = slack.to_ar(NoticeKind.AR_DIGEST)
    counts = Digest.of_subject(digest.subject).counts
    alone = slack.to_ar()
    unconfirmed = {row.id for row in map(stage.message, {n.subject for n in alone}) if row.state is State.UNCONFIRMED}
    assert len(unconfirmed) == 2, "what A/R has to find out stands in posts of its own"
    assert {n.key.rpartition(":")[2] for n in alone if n.subject in unconfirmed} == {"alert", "duty"}
    over = {n.subject for n in alone} - unconfirmed
    assert counts.keys() == {State.SENT}
    assert counts[State.SENT] + len(over) == count - 2, "each is told once"
    assert len(alone) <= BATCH + 4
    assert len({n.subject for n in slack.posts if n.recipient == stage.rita.id}) == count, "people hear of their own"


def test_a_short_outage_changes_nothing(stage: Stage) -> None:
    queue(stage, count := MANY + BATCH + 1)
    stage.release(AFTER)
    slack = Slack(is_away=False)
    stage.clock.set(AFTER + timedelta(minutes=20))
    tell(stage, slack)
    assert slack.to_ar(NoticeKind.AR_DIGEST) == []
    assert len(slack.to_ar()) == count


def test_a_few_old_alerts_are_posted_one_by_one(stage: Stage) -> None:
    queue(stage, MANY - 1)
    stage.release(AFTER)
    slack = Slack(is_away=False)
    stage.clock.set(BACK)
    tell(stage, slack)
    assert (slack.to_ar(NoticeKind.AR_DIGEST), len(slack.to_ar())) == ([], MANY - 1)


def test_what_changes_after_the_digest_is_posted_as_ever(stage: Stage) -> None:
    queue(stage, MANY + BATCH)
    stage.release(AFTER)
    with stage.uow() as work:
        digest = work.notices.fold(raised_by=AFTER, at=BACK, least=MANY, limit=500)
    assert digest is not None
    folded = stage.rows(tables.notices)[0]
    with stage.uow() as work:
        work.notices.raise_all(
            [Telling(key=folded["key"], kind=NoticeKind.AR_ALERT, subject=folded["subject"], recipient=None, at=BACK)]
        )
        again = work.notices.claim(at=BACK, lease_until=BACK + timedelta(minutes=2), limit=1_000)
    assert [(n.channel, n.ts) for n in again if n.key == folded["key"]] == [(None, None)]
