"""The capability matrix as the product's documentation prints it, one test for each of its cells."""

from __future__ import annotations

import pytest

from domain.rules.access import GRANTABLE, MATRIX, may, may_hold
from domain.values import Capability, Role
from tests.builders import make_person

COLUMNS = (
    Role.ADMIN,
    Role.CONTROLLER,
    Role.AR_MANAGER,
    Role.OPERATOR,
    Role.SALES,
    Role.CSM,
    Role.LEGAL,
    Role.BILLING_ADMIN,
    Role.VIEWER,
)

DOCUMENT = """
capability                                         | Admin | Controller | A/R Mgr | Operator | Sales   | CSM     | Legal         | Billing | Viewer
view Account 360 and notes                         | Y     | Y          | Y       | Y        | Y       | Y       | Y             | Y       | Y
nudge (approved text only)                         | ·     | ·          | ·       | ·        | Y       | Y       | ·             | ·       | if granted
report a promise or dispute                        | ·     | ·          | ·       | Y        | Y       | Y       | Y             | ·       | ·
record promise, dispute (official)                 | ·     | ·          | ·       | Y        | never   | never   | dispute input | ·       | ·
hold / cancel a queued nudge                       | ·     | Y          | Y       | Y        | own     | own     | Y             | ·       | ·
resolve an unconfirmed send                        | ·     | Y          | Y       | Y        | ·       | ·       | ·             | ·       | ·
write internal notes                               | Y     | Y          | Y       | Y        | comment | Y       | Y             | Y       | ·
view cadences, segments, policies                  | Y     | Y          | Y       | Y        | view    | view    | view          | ·       | view
edit / publish policy, template, cadence           | ·     | Y          | ·       | ·        | never   | never   | sign-off      | ·       | ·
segment mode, caps, quiet hours                    | ·     | Y          | Y       | ·        | ·       | ·       | ·             | ·       | ·
approve Autopilot drafts (Shadow Mode)             | ·     | Y          | Y       | Y        | ·       | ·       | ·             | ·       | ·
decide a policy-change or access request           | ·     | Y          | ·       | ·        | ·       | ·       | ·             | ·       | ·
suppress / reactivate a contact                    | ·     | Y          | Y       | Y        | ·       | ·       | ·             | ·       | ·
confirm a cash match, write off within tolerance   | ·     | Y          | Y       | Y        | ·       | ·       | ·             | Y       | ·
ops console, maintenance, cron pause, warm-up      | Y     | Y          | view    | ·        | ·       | ·       | ·             | view    | ·
assign roles                                       | Y     | Y          | ·       | ·        | ·       | ·       | ·             | ·       | ·
audit log, exports                                 | Y     | Y          | ·       | ·        | ·       | ·       | Y             | ·       | ·
"""  # noqa: E501 - as wide as the document

MEANS: dict[str, tuple[Capability, Capability | None]] = {
    "view Account 360 and notes": (Capability.VIEW_ACCOUNTS, None),
    "nudge (approved text only)": (Capability.NUDGE, None),
    "report a promise or dispute": (Capability.REPORT, None),
    "record promise, dispute (official)": (Capability.RECORD, Capability.RECORD_DISPUTE_INPUT),
    "hold / cancel a queued nudge": (Capability.HOLD_NUDGE, Capability.HOLD_OWN_NUDGE),
    "resolve an unconfirmed send": (Capability.RESOLVE_UNCONFIRMED, None),
    "write internal notes": (Capability.WRITE_NOTES, Capability.COMMENT),
    "view cadences, segments, policies": (Capability.VIEW_POLICIES, Capability.VIEW_POLICIES),
    "edit / publish policy, template, cadence": (Capability.EDIT_POLICIES, Capability.SIGN_OFF_POLICIES),
    "segment mode, caps, quiet hours": (Capability.SET_SEGMENTS, None),
    "approve Autopilot drafts (Shadow Mode)": (Capability.APPROVE_DRAFTS, None),
    "decide a policy-change or access request": (Capability.DECIDE_REQUESTS, None),
    "suppress / reactivate a contact": (Capability.SUPPRESS_CONTACTS, None),
    "confirm a cash match, write off within tolerance": (Capability.CONFIRM_CASH, None),
    "ops console, maintenance, cron pause, warm-up": (Capability.OPERATE, Capability.VIEW_OPERATIONS),
    "assign roles": (Capability.ASSIGN_ROLES, None),
    "audit log, exports": (Capability.EXPORT, None),
}
"""What a Y in the row is, and what a lesser word in it (own, comment, view, sign-off, dispute input) is."""

ROWS = [[cell.strip() for cell in line.split("|")] for line in DOCUMENT.strip().splitlines()[1:]]
CELLS = [(row[0], role, word) for row in ROWS for role, word in zip(COLUMNS, row[1:], strict=True)]


@pytest.mark.parametrize(
    ("capability", "role", "word"), CELLS, ids=[f"{role.value}: {row}: {word}" for row, role, word in CELLS]
)
def test_cell(capability: str, role: Role, word: str) -> None:
    full, lesser = MEANS[capability]
    person = make_person(role=role)
    match word:
        case "Y":
            assert may(person, full)
        case "·" | "never":
            assert not may(person, full)
            assert lesser is None or not may(person, lesser)
        case "if granted":
            assert not may(person, full)
            assert may(make_person(role=role, capabilities=frozenset({full})), full)
        case "view" if lesser is full:
            assert may(person, full)
        case "own":
            assert may_hold(person, person.id) and not may_hold(person, person.id + 1)
        case _:
            assert lesser is not None and may(person, lesser) and not may(person, full)
    everything = make_person(role=role, is_active=False, capabilities=frozenset(Capability))
    assert not may(everything, full), "deactivated: nothing at all"


@pytest.mark.parametrize(("capability", "role", "word"), CELLS)
def test_no_grant_goes_beyond_the_cell(capability: str, role: Role, word: str) -> None:
    full, _ = MEANS[capability]
    granted = make_person(role=role, capabilities=frozenset(Capability))
    assert may(granted, full) is (may(make_person(role=role), full) or word == "if granted")


def test_the_document_speaks_of_everything() -> None:
    assert {row[0] for row in ROWS} == set(MEANS)
    assert {one for pair in MEANS.values() for one in pair if one} == set(MATRIX) == set(Capability)
    assert set(GRANTABLE) == {Capability.NUDGE}
