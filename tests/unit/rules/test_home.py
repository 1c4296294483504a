"""Who sees which part of App Home, in which order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.homing import Part
from domain.rules.home import LAYOUT, NEEDS, SHOWN, parts_for
from domain.values import Capability, Role
from tests.builders import make_person

TABLE: dict[Role, str] = {
    Role.SALES: "my_nudges accounts my_reports my_latest help",
    Role.CSM: "my_nudges accounts my_reports my_latest help",
    Role.OPERATOR: (
        "report_queue disputes step_drafts unconfirmed held promises_due promises_missed kept_rate on_their_way"
        " accounts help"
    ),
    Role.AR_MANAGER: (
        "escalated report_queue disputes step_drafts unconfirmed held duty promises_due promises_missed kept_rate"
        " on_their_way accounts help"
    ),
    Role.CONTROLLER: (
        "access_requests change_requests drafts step_drafts unconfirmed held people kept_rate on_their_way"
        " accounts help"
    ),
    Role.LEGAL: "disputes legal_holds sign_offs my_reports held on_their_way accounts help",
    Role.ADMIN: "able people help accounts",
    Role.BILLING_ADMIN: "able help accounts",
    Role.VIEWER: "able help accounts",
}


@pytest.mark.parametrize("role", Role)
def test_each_role_sees_its_parts_in_their_order(role: Role) -> None:
    assert " ".join(parts_for(make_person(role=role))) == TABLE[role]


def test_a_viewer_with_the_nudge_sees_their_own() -> None:
    viewer = make_person(role=Role.VIEWER, capabilities=frozenset({Capability.NUDGE}))
    assert " ".join(parts_for(viewer)) == "able help my_nudges accounts my_latest"


def test_nobody_who_was_deactivated_sees_anything() -> None:
    for role in Role:
        assert parts_for(replace(make_person(role=role), is_active=False)) == ()


def test_each_part_is_somebodys_and_every_list_is_cut() -> None:
    assert set().union(*LAYOUT.values()) == set(Part)
    assert set(NEEDS) <= set(Part)
    assert set(Part) - set(SHOWN) == {Part.KEPT_RATE, Part.PEOPLE, Part.ABLE, Part.HELP}


def test_what_a_role_may_not_is_not_in_its_layout() -> None:
    """The layout promises nothing that a capability then takes away, but for what can be granted."""
    for role, layout in LAYOUT.items():
        taken = set(layout) - set(parts_for(make_person(role=role)))
        assert taken <= {Part.MY_NUDGES, Part.MY_LATEST}, role
