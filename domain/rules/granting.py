"""What an approval may give, and who may not be touched: the matrix permits it, and a Controller remains."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from domain.notices import AccessRequest
from domain.reasons import Reason
from domain.roles import NOTHING, Gift, GiftKind
from domain.rules.access import GRANTABLE, MATRIX, SCOPED_ROLES, may
from domain.values import Person, Role

BY_NAME_ONLY = frozenset({Role.ADMIN, Role.CONTROLLER})
"""Whoever may edit a user group in Slack could give themselves what the group gives; these are given by name only, and
not in passing by an answer to a request either (decided)."""


def gifts(request: AccessRequest, asker: Person, fitting: Sequence[int] = ()) -> tuple[Gift, ...]:
    """What approving the request could give the asker as they are now; the first is the one to offer.

    `fitting`: ids of the accounts that fit the words of a request. A role takes the place of the present one, so it is
    never offered first; neither is one of several accounts, which would be a guess.
    """
    if not asker.is_active:
        return (NOTHING,)
    if request.reason is Reason.OUT_OF_SCOPE:
        if asker.role not in SCOPED_ROLES:
            return (NOTHING,)
        if request.account_id is not None:
            return (Gift(GiftKind.ACCOUNT), NOTHING)
        accounts = tuple(Gift(GiftKind.ACCOUNT, account_id=one) for one in fitting)
        return (*accounts, NOTHING) if len(accounts) == 1 else (NOTHING, *accounts)
    wanted = request.capability
    if request.reason is not Reason.NOT_ALLOWED or wanted is None or may(asker, wanted):
        return (NOTHING,)
    on_top = [Gift(GiftKind.CAPABILITY)] if asker.role in GRANTABLE.get(wanted, frozenset()) else []
    roles = [Gift(GiftKind.ROLE, role) for role in Role if role in MATRIX[wanted] - BY_NAME_ONLY]
    return (*on_top, NOTHING, *roles)


def takes_the_last_controller(lasting: Collection[int], user_id: int, *, role: Role, is_active: bool) -> bool:
    """Whether a change of `user_id` leaves nobody who is Controller now and stays so.

    `lasting` are the people who are that. A Controller for a time does not count: their time ends.
    """
    remains = is_active and role is Role.CONTROLLER
    return set(lasting) == {user_id} and not remains
