"""What was filled into the modals about rights, read. Raises BrokenSeal for what no modal of ours offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.errors import InvalidValue
from domain.roles import NOTHING, Gift
from domain.values import Role
from handlers import ids
from handlers.inputs import Body, choice_of, field_of, window_of
from handlers.seal import BrokenSeal, Kind, Signet
from handlers.views.fields import WHY_AT_MOST

NO_ROLE = "none"
"""The value of “no role” where a user group is to give none."""
ON, OFF = "on", "off"


@dataclass(frozen=True, slots=True)
class Decision:
    """`until` is the end of the chosen day in the decider's zone (UTC)."""

    request_id: int
    gift: Gift
    why: str
    until: datetime | None

    def errors(self, at: datetime) -> dict[str, str]:
        """By block, what to mend before anything is done."""
        said: dict[str, str] = {}
        if not self.why:
            said[ids.DECISION_WHY] = "Please give a reason: whoever asked reads it."
        if self.until is not None and not self.gift.may_end:
            said[ids.RIGHTS_UNTIL] = "Only a role or a right can have an end. Leave this empty, or choose one above."
        return said | _late(self.until, at)


@dataclass(frozen=True, slots=True)
class Rights:
    """A role, until when, whether the person is let in and keeps what was granted to them, and why (may be empty)."""

    role: Role
    until: datetime | None
    is_active: bool
    keeps_grants: bool
    why: str

    def errors(self, at: datetime) -> dict[str, str]:
        return _late(self.until, at)


def clicked_request(body: Body, signet: Signet) -> int:
    return int(signet.open(Kind.REQUEST, str(body["actions"][0].get("value") or ""))[0])


def clicked_person(body: Body, signet: Signet) -> int:
    return int(signet.open(Kind.PERSON, str(body["actions"][0].get("value") or ""))[0])


def clicked_page(body: Body, signet: Signet) -> int:
    return int(signet.open(Kind.PEOPLE, str(body["actions"][0].get("value") or ""))[0])


def decision(body: Body, signet: Signet, zone: ZoneInfo) -> Decision:
    spelt = choice_of(body, ids.DECISION_GIFT)
    return Decision(
        request_id=int(_sealed(body, Kind.REQUEST, signet)[0]),
        gift=_read(Gift.of, spelt) if spelt else NOTHING,
        why=str(field_of(body, ids.DECISION_WHY).get("value") or "").strip()[:WHY_AT_MOST],
        until=_until(body, zone),
    )


def changed_person(body: Body, signet: Signet) -> int:
    return int(_sealed(body, Kind.PERSON, signet)[0])


def rights(body: Body, zone: ZoneInfo) -> Rights:
    """Where the modal does not ask: whoever is given a role is let in, and keeps what was granted."""
    return Rights(
        role=_read(Role, choice_of(body, ids.ROLE_CHOICE)),
        until=_until(body, zone),
        is_active=choice_of(body, ids.ROLE_ACCESS) != OFF,
        keeps_grants=choice_of(body, ids.ROLE_GRANTS) != OFF,
        why=given_why(body),
    )


def given_why(body: Body) -> str:
    """Of a change of roles; may be empty."""
    return str(field_of(body, ids.ROLE_WHY).get("value") or "").strip()[:WHY_AT_MOST]


def chosen_colleague(body: Body) -> str:
    """Slack's id. Who that is, and whether they may be given a role, is looked up."""
    chosen = field_of(body, ids.ROLE_WHO).get("selected_user")
    if not chosen:
        raise BrokenSeal("nobody was chosen")
    return str(chosen)


def chosen_group(body: Body, signet: Signet) -> tuple[str, str, Role | None]:
    """Slack's id of the user group, its handle, and the role it is to give."""
    usergroup_id, handle = signet.open(Kind.USERGROUP, choice_of(body, ids.ROLE_GROUP))
    role = choice_of(body, ids.ROLE_CHOICE)
    return str(usergroup_id), str(handle), None if role == NO_ROLE else _read(Role, role)


def _late(until: datetime | None, at: datetime) -> dict[str, str]:
    if until is None or until > at:
        return {}
    return {ids.RIGHTS_UNTIL: "That day is over. Choose today, a later day, or none."}


def _until(body: Body, zone: ZoneInfo) -> datetime | None:
    """The end of the chosen day: the midnight after it."""
    chosen = field_of(body, ids.RIGHTS_UNTIL).get("selected_date")
    if not chosen:
        return None
    try:
        return datetime.combine(date.fromisoformat(str(chosen)) + timedelta(days=1), time(), zone).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BrokenSeal("no day") from error


def _read(kind: Any, value: str) -> Any:
    try:
        return kind(value)
    except (InvalidValue, ValueError) as error:
        raise BrokenSeal("nothing that is offered") from error


def _sealed(body: Body, kind: Kind, signet: Signet) -> list[int | str]:
    return signet.open(kind, str(window_of(body).get("private_metadata") or ""))
