"""What people read when a duty or an absence changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from domain.values import Person
from handlers.presenters.roster import changed_page
from handlers.views.blocks import message_blocks
from tests.unit.handlers.outcomes import CARL, NOW, OMAR, make_reader, make_roster
from tests.unit.handlers.reading import as_text

EARLIER, AFTERWARDS = NOW - timedelta(days=2), NOW + timedelta(days=3)


def read(to: Person, *, at: str) -> str:
    """Omar is away for three days from NOW and Carl stands in."""
    holder = make_roster().holders[0]
    when = {"before": EARLIER, "meanwhile": NOW, "after": AFTERWARDS}[at]
    if at == "after":
        holder = replace(holder, absence=None, stand_in=None)
    return as_text(message_blocks(changed_page(holder, to=to, reader=make_reader(), at=when)))


def test_the_stand_in_reads_when_it_begins_that_it_has_begun_and_that_it_is_over() -> None:
    before, meanwhile, after = (read(CARL, at=at) for at in ("before", "meanwhile", "after"))
    assert "will be away:* from " in before
    assert "so does what still waits. You hear when it begins." in before
    assert "is away:* until " in meanwhile and "what waits already has come" in meanwhile
    assert "is back.* You no longer stand in for them." in after


def test_who_is_away_reads_who_stands_in_and_when_it_is_over_that_what_waits_is_theirs() -> None:
    before, meanwhile, after = (read(OMAR, at=at) for at in ("before", "meanwhile", "after"))
    assert "🌴 Away from " in before and "Carl Controller stands in" in before and "You are not away" in before
    assert "🌴 Away until " in meanwhile and "You are not away" not in meanwhile
    assert "🌴" not in after and "You are not away: what is reported of these comes to you, and so does" in after
