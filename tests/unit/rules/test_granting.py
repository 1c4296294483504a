"""What an approval may give, and the last Controller."""

from __future__ import annotations

import pytest

from domain.errors import InvalidValue
from domain.reasons import Reason
from domain.roles import NOTHING, Gift, GiftKind
from domain.rules.access import MATRIX, may
from domain.rules.granting import BY_NAME_ONLY, gifts, takes_the_last_controller
from domain.values import Capability, Role
from tests.builders import make_person
from tests.unit.handlers.outcomes import make_request

GRANT, ACCOUNT = Gift(GiftKind.CAPABILITY), Gift(GiftKind.ACCOUNT)


def test_a_viewer_who_wants_to_nudge_is_offered_just_that_first() -> None:
    offered = gifts(make_request(), make_person(role=Role.VIEWER))
    assert offered == (GRANT, NOTHING, Gift(GiftKind.ROLE, Role.SALES), Gift(GiftKind.ROLE, Role.CSM))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("capability", Capability)
def test_whatever_is_given_the_matrix_permits(role: Role, capability: Capability) -> None:
    asker = make_person(role=role)
    for gift in gifts(make_request(capability=capability), asker):
        match gift.kind:
            case GiftKind.ROLE:
                assert gift.role in MATRIX[capability] - BY_NAME_ONLY
            case GiftKind.CAPABILITY:
                assert may(make_person(role=role, capabilities=frozenset({capability})), capability)
                assert (role, capability) == (Role.VIEWER, Capability.NUDGE)
            case _:
                assert gift == NOTHING


def test_the_account_is_for_those_whose_view_is_limited_to_their_own() -> None:
    request = make_request(reason=Reason.OUT_OF_SCOPE, capability=Capability.VIEW_ACCOUNTS)
    assert gifts(request, make_person(role=Role.SALES)) == (ACCOUNT, NOTHING)
    assert gifts(request, make_person(role=Role.VIEWER)) == (NOTHING,)


@pytest.mark.parametrize(
    ("fitting", "offered"),
    [
        ([], (NOTHING,)),
        ([31], (Gift(GiftKind.ACCOUNT, account_id=31), NOTHING)),
        ([31, 32], (NOTHING, Gift(GiftKind.ACCOUNT, account_id=31), Gift(GiftKind.ACCOUNT, account_id=32))),
    ],
    ids=["none", "one", "several, of which none is guessed"],
)
def test_of_the_accounts_that_fit_the_words_each_can_be_given(fitting: list[int], offered: tuple[Gift, ...]) -> None:
    request = make_request(reason=Reason.OUT_OF_SCOPE, account_id=None, words="acme")
    assert gifts(request, make_person(role=Role.SALES), fitting) == offered
    assert gifts(request, make_person(role=Role.VIEWER), fitting) == (NOTHING,)
    assert all(Gift.of(gift.spelt) == gift for gift in offered)


@pytest.mark.parametrize(
    "request_, asker",
    [
        (make_request(reason=Reason.NO_CONTACT), make_person(role=Role.VIEWER)),
        (make_request(capability=None), make_person(role=Role.VIEWER)),
        (make_request(), make_person(role=Role.VIEWER, is_active=False)),
        (make_request(), make_person(role=Role.SALES)),
    ],
    ids=["not about rights", "nothing named", "deactivated", "has it already"],
)
def test_else_it_is_just_an_answer(request_: object, asker: object) -> None:
    assert gifts(request_, asker) == (NOTHING,)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lasting", "role", "is_active", "taken"),
    [
        ({7}, Role.SALES, True, True),
        ({7}, Role.CONTROLLER, False, True),
        ({7}, Role.CONTROLLER, True, False),
        ({7, 8}, Role.SALES, True, False),
        ({8}, Role.SALES, True, False),
        (set(), Role.SALES, True, False),
    ],
)
def test_the_last_controller(lasting: set[int], role: Role, is_active: bool, taken: bool) -> None:
    assert takes_the_last_controller(lasting, 7, role=role, is_active=is_active) is taken


def test_a_gift_is_spelt_and_read() -> None:
    for gift in (GRANT, ACCOUNT, NOTHING, Gift(GiftKind.ROLE, Role.LEGAL)):
        assert Gift.of(gift.spelt) == gift
    with pytest.raises(InvalidValue):
        Gift.of("role:emperor")
