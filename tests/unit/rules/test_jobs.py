"""When a job looks next, as the console says it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.jobs import JobStory, Pause

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ENDED = Pause(since=AT - HOUR, until=AT, because="why", by="Carl")
PAUSED = Pause(since=AT - HOUR, until=AT + HOUR, because="why", by="Carl")


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        (JobStory("x"), None),
        (JobStory("x", looked_at=AT - MINUTE), AT + 14 * MINUTE),
        (JobStory("x", looked_at=AT - HOUR), AT),
        (JobStory("x", looked_at=AT - MINUTE, asked_at=AT - MINUTE), AT),
        (JobStory("x", looked_at=AT - MINUTE, pause=PAUSED), AT + HOUR),
        (JobStory("x", asked_at=AT, pause=PAUSED), AT + HOUR),
        (JobStory("x", looked_at=AT - MINUTE, pause=ENDED), AT + 14 * MINUTE),
    ],
    ids=["never looked", "a minute ago", "overdue", "asked for", "paused", "paused and asked for", "the pause is over"],
)
def test_the_next_look(story: JobStory, expected: datetime | None) -> None:
    assert story.next_at(15 * MINUTE, AT) == expected
