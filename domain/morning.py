"""The daily digest: a few numbers, once a day, only when there is something to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


class News(StrEnum):
    """What a digest counts. The values are short: all of them fit a notice's subject of 64 characters."""

    LEFT = "l"  # your nudges that left since the last digest
    REFUSED = "r"  # ... that were not sent after all
    STILL_WAITING = "q"  # your nudges that wait or are held
    SETTLED = "s"  # your reports that were recorded or not, since the last digest
    TO_RECORD = "t"  # reports nobody has settled
    ESCALATED = "e"  # ... of them those that were escalated
    UNCONFIRMED = "u"  # nudges nobody knows arrived
    HELD = "h"
    DUE_TODAY = "d"  # promises
    MISSED = "b"  # promises broken or only partly kept, since the last digest
    REQUESTS = "a"  # access requests and change requests that wait
    DRAFTS = "p"  # drafts of texts that wait to be approved or published
    STEP_DRAFTS = "w"  # drafts of Autopilot that wait for A/R
    SIGN_OFFS = "g"  # texts that wait for Legal
    IN_REVIEW = "v"  # disputes that Legal is to answer
    LATE = "x"  # ... of them those whose answer is late
    DUE_SOON = "y"  # ... and those whose answer is due today or tomorrow


@dataclass(frozen=True, slots=True)
class Morning:
    """What one person is told. Only what is not zero is kept."""

    counts: Mapping[News, int]

    @property
    def subject(self) -> str:
        """As a notice's subject: `l3 r1 d2`. A count above 999 is written as 999."""
        return " ".join(f"{news.value}{min(count, 999)}" for news, count in self.counts.items() if count)

    @classmethod
    def of_subject(cls, subject: str) -> Morning:
        return cls({News(part[0]): int(part[1:]) for part in subject.split()})

    @property
    def is_empty(self) -> bool:
        return not any(self.counts.values())


@dataclass(frozen=True, slots=True)
class DigestLook:
    """What a digest counts: what happened in `[since, until)`, what is due on `today`, what waits `at` the moment when
    it is raised, and which answers are wanted before `late_by`.
    """

    since: datetime
    until: datetime
    today: date
    at: datetime
    late_by: datetime

    @property
    def oldest(self) -> datetime:
        """Nudges asked for before are counted only while they are open: none lives longer than its expiry and a few
        days of waiting, so older ones have been told of.
        """
        return self.since - timedelta(days=30)


@dataclass(frozen=True, slots=True)
class OfAll:
    """Counts that are the same for everybody whom they concern."""

    counts: Mapping[News, int]


@dataclass(frozen=True, slots=True)
class OfOne:
    """Counts of one person's own."""

    counts: Mapping[News, int]
