"""A segment begins to write only when there is somebody to write to; a draft that nobody wants is discarded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import update

from domain.charter import Charter, Counted, Published, Uncounted
from domain.library import DraftDiscarded, Edition, SegmentSet, Shelf, VersionState
from domain.notices import NoticeKind, Telling
from domain.outcomes import Refused
from domain.policies import Mode, Settings
from domain.ports import Library, UnitOfWork
from domain.reasons import Reason
from domain.usecases.apply_charter import apply_charter, see_waiting
from domain.usecases.count_customers import count_customers
from domain.usecases.discard_draft import discard_draft
from domain.usecases.publish_texts import publish_counted, publish_texts
from domain.usecases.set_segment import set_counted_segment, set_segment
from domain.values import Person, Role
from storage import tables
from storage.charter import read_charter
from tests import factories
from tests.integration.texts.test_publishing import (
    POLICY,
    SEGMENTS,
    applied,
    asking,
    in_force,
    petra,
    publish,
    stage,
)
from tests.stage import EVENING, Stage

__all__ = ["petra", "stage"]

ALL = "- {name: All, mode: shadow, cadence: Standard}\n"
TEXT = Edition(Shelf.TEMPLATE, 2, "friendly_check_in")


def draft_segments(stage: Stage, segments: str) -> None:
    read = read_charter(f"segments:\n{segments}")
    assert isinstance(read, Charter), read
    weighed = apply_charter(read, by="ops", uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook)
    assert weighed.is_sound and weighed.changed


def counted(stage: Stage, uncounted: Uncounted) -> Counted:
    return count_customers(uncounted, uow=stage.uow, clock=stage.clock, rulebook=stage.rulebook)


def customers(stage: Stage, count: int, *, reachable: int) -> None:
    """With the one on the stage, whom one can write to."""
    for number in range(1, count):
        account = factories.make_account(stage.engine, stage.org_id)
        factories.make_invoice(stage.engine, stage.org_id, account.id)
        if number < reachable:
            factories.make_contact(stage.engine, stage.org_id, account.id)


@pytest.mark.parametrize("mode", ["shadow", "autopilot"])
def test_below_seventy_percent_of_its_customers_a_segment_is_not_published(
    stage: Stage, petra: Person, mode: str
) -> None:
    customers(stage, 10, reachable=6)
    draft_segments(stage, ALL.replace("shadow", mode))
    refused = publish(stage, petra)
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.subject) == (Reason.FEW_CONTACTS, "All")
    assert refused.share == (6, 10)
    assert in_force(stage, SEGMENTS) == 1 and stage.actions()[-1] == "document.published.refused"


def test_from_seventy_percent_on_it_is(stage: Stage, petra: Person) -> None:
    customers(stage, 10, reachable=7)
    draft_segments(stage, ALL)
    assert isinstance(publish(stage, petra), Published) and in_force(stage, SEGMENTS) == 2


@pytest.mark.parametrize(("reachable", "expected"), [(6, Refused), (7, Published)])
def test_many_customers_are_counted_before_anything_is_locked(
    stage: Stage, petra: Person, reachable: int, expected: type
) -> None:
    customers(stage, 10, reachable=reachable)
    draft_segments(stage, ALL)
    chosen = [one.draft.edition for one in see_waiting(uow=stage.uow)]
    outcome = publish_texts(chosen, few=9, **asking(stage, petra))
    assert isinstance(outcome, Uncounted) and in_force(stage, SEGMENTS) == 1
    assert isinstance(publish_counted(chosen, counted(stage, outcome), **asking(stage, petra)), expected)


@pytest.mark.parametrize(("reachable", "expected"), [(6, Refused), (7, SegmentSet)])
def test_so_they_are_before_a_segment_is_set(stage: Stage, petra: Person, reachable: int, expected: type) -> None:
    customers(stage, 10, reachable=reachable)
    draft_segments(stage, ALL.replace("shadow", "off"))
    assert isinstance(publish(stage, petra), Published)
    wanted: dict[str, Any] = {"why": "We begin.", **asking(stage, petra)}
    outcome = set_segment(2, 0, Settings(Mode.SHADOW), few=9, **wanted)
    assert isinstance(outcome, Uncounted) and in_force(stage, SEGMENTS) == 2
    done = set_counted_segment(2, 0, Settings(Mode.SHADOW), counted(stage, outcome), **wanted)
    assert isinstance(done, expected) and in_force(stage, SEGMENTS) == (3 if expected is SegmentSet else 2)


def test_settings_that_are_delivered_twice_are_set_once(stage: Stage, petra: Person) -> None:
    wanted: dict[str, Any] = {"why": "We begin.", **asking(stage, petra)}
    draft_segments(stage, ALL.replace("shadow", "off"))
    assert isinstance(publish(stage, petra), Published)
    first = set_segment(2, 0, Settings(Mode.SHADOW, 20), **wanted)
    assert isinstance(first, SegmentSet)
    assert set_segment(2, 0, Settings(Mode.SHADOW, 20), **wanted) == first
    assert in_force(stage, SEGMENTS) == 3 and stage.actions().count("segment.set") == 1
    moved = set_segment(2, 0, Settings(Mode.SHADOW, 30), **wanted)
    assert isinstance(moved, Refused) and moved.reason is Reason.SEGMENTS_MOVED, "that says something else"
    other = stage.person(role=Role.CONTROLLER)
    moved = set_segment(2, 0, Settings(Mode.SHADOW, 20), **(wanted | {"actor": stage.actor(other)}))
    assert isinstance(moved, Refused) and moved.reason is Reason.SEGMENTS_MOVED, "and that is somebody else"


def test_one_that_is_off_or_has_no_customers_asks_for_none(stage: Stage, petra: Person) -> None:
    customers(stage, 10, reachable=1)
    far = "- {name: Far, mode: autopilot, cadence: Firm, when: {regions: [XX]}}\n"
    draft_segments(stage, f"{far}- {{name: Rest, mode: off}}\n")
    assert isinstance(publish(stage, petra), Published)


def test_one_that_writes_already_is_not_held_up_until_it_fits_others(stage: Stage, petra: Person) -> None:
    draft_segments(stage, ALL)
    assert isinstance(publish(stage, petra), Published)
    customers(stage, 10, reachable=1)
    draft_segments(stage, ALL.replace("mode: shadow", "mode: shadow, daily_cap: 5"))
    assert isinstance(publish(stage, petra), Published)
    draft_segments(stage, ALL.replace("mode: shadow", "mode: shadow, when: {ageing: [1-30]}"))
    refused = publish(stage, petra)
    assert isinstance(refused, Refused) and refused.share == (1, 10)


def test_one_before_it_that_was_left_out_gives_it_customers_who_are_counted(stage: Stage, petra: Person) -> None:
    own = "- {name: Own, mode: off, when: {ageing: [1-30]}}\n"
    draft_segments(stage, own + ALL)
    assert isinstance(publish(stage, petra), Published)
    customers(stage, 10, reachable=1)
    draft_segments(stage, ALL)
    refused = publish(stage, petra)
    assert isinstance(refused, Refused) and (refused.subject, refused.share) == ("All", (1, 10))


# -- a draft that nobody wants --


def discard(stage: Stage, by: Person, edition: Edition) -> DraftDiscarded | Refused:
    return discard_draft(edition, **asking(stage, by))


def test_a_discarded_draft_comes_into_force_by_nothing_and_an_older_one_waits_again(
    stage: Stage, petra: Person
) -> None:
    applied(stage, ("daily_cap: 50", "daily_cap: 60"), ("a quick question", "a question"))
    applied(stage, ("daily_cap: 50", "daily_cap: 70"))
    newest = Edition(Shelf.POLICY, 3)
    for edition in (newest, TEXT):
        done = discard(stage, petra, edition)
        assert isinstance(done, DraftDiscarded) and done.reading.version.state is VersionState.RETIRED
    refused = publish(stage, petra, newest)
    assert isinstance(refused, Refused) and (refused.reason, refused.subject) == (Reason.ALREADY_DECIDED, "set aside")
    assert [one.draft.edition for one in see_waiting(uow=stage.uow)] == [Edition(Shelf.POLICY, 2)]
    noted = {row["subject"]: row["action"] for row in stage.rows(tables.audit) if row["action"].endswith(".discarded")}
    assert noted == {"policy:3": "document.discarded", "template:friendly_check_in:2": "template.discarded"}


def test_what_is_in_force_or_was_discarded_before_is_not_discarded(stage: Stage, petra: Person) -> None:
    applied(stage, ("daily_cap: 50", "daily_cap: 60"))
    discard(stage, petra, Edition(Shelf.POLICY, 2))
    for number, reason in ((1, Reason.ALREADY_DECIDED), (2, Reason.ALREADY_DECIDED), (9, Reason.STALE_BUTTON)):
        refused = discard(stage, petra, Edition(Shelf.POLICY, number))
        assert isinstance(refused, Refused) and refused.reason is reason, number
    assert in_force(stage, POLICY) == 1


def test_legal_is_not_asked_any_more_for_a_draft_that_was_discarded(stage: Stage, petra: Person) -> None:
    lena = stage.person(role=Role.LEGAL, name="Lena Legal")
    applied(stage, ("a quick question", "a question"))
    with stage.engine.begin() as connection:
        connection.execute(update(tables.templates).values(needs_legal=True))
    told = Telling(f"signoff:{TEXT}:{lena.id}", NoticeKind.SIGN_OFF, str(TEXT), lena.id, EVENING)
    with stage.uow() as work:
        work.notices.raise_all([told])
    discard(stage, petra, TEXT)
    (notice,) = [row for row in stage.rows(tables.notices) if row["key"] == told.key]
    assert notice["revision"] == 2, "what she was told is edited"


class ApprovedMeanwhile:
    """A library in which somebody approves a template's draft right after it was read."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def __getattr__(self, name: str) -> Any:
        return getattr(self._library, name)

    def get(self, edition: Edition) -> Any:
        version = self._library.get(edition)
        self._library.approve(edition, by="other@plixo.example", at=EVENING, for_legal=False)
        return version


def test_a_text_that_is_approved_meanwhile_is_not_discarded(stage: Stage, petra: Person) -> None:
    applied(stage, ("a quick question", "a question"))

    @contextmanager
    def uow() -> Iterator[UnitOfWork]:
        with stage.uow() as work:
            work.library = ApprovedMeanwhile(work.library)  # type: ignore[assignment]
            yield work

    refused = discard_draft(TEXT, **{**asking(stage, petra), "uow": uow})
    assert isinstance(refused, Refused) and (refused.reason, refused.subject) == (Reason.ALREADY_DECIDED, "approved")
    with stage.uow() as work:
        found = work.library.get(TEXT)
    assert found is not None and found.state is VersionState.LIVE
    assert stage.actions()[-1] == "template.discarded.refused" and stage.rows(tables.notices) == []


def test_whoever_wrote_a_draft_hears_that_it_was_discarded(stage: Stage, petra: Person) -> None:
    ann = stage.person(role=Role.SALES, name="Ann")
    for author, edition, told in ((ann.email, 2, [ann.id]), (petra.email, 3, []), ("ops", 4, [])):
        applied(stage, ("daily_cap: 50", f"daily_cap: 6{edition}"), by=author)
        assert isinstance(discard(stage, petra, Edition(Shelf.POLICY, edition)), DraftDiscarded)
        heard = [row for row in stage.rows(tables.notices) if row["subject"] == f"policy:{edition}"]
        assert [row["recipient"] for row in heard] == told


def test_nobody_but_a_controller_discards(stage: Stage) -> None:
    applied(stage, ("daily_cap: 50", "daily_cap: 60"))
    refused = discard(stage, stage.person(role=Role.AR_MANAGER), Edition(Shelf.POLICY, 2))
    assert isinstance(refused, Refused) and refused.reason is Reason.NOT_ALLOWED
    assert stage.actions()[-1] == "document.discarded.refused" and len(see_waiting(uow=stage.uow)) == 1
