"""What was filled into the windows about duty, read. Raises BrokenSeal for what no window of ours offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers import ids
from handlers.inputs import Body, choice_of, field_of, window_of
from handlers.seal import BrokenSeal, Kind, Signet

KEEPS, NO_LONGER = "keeps", "no_longer"


@dataclass(frozen=True, slots=True)
class DutyEntry:
    """`account_id` None: everything that nobody else keeps."""

    user_id: int
    account_id: int | None
    keeps: bool


@dataclass(frozen=True, slots=True)
class AbsenceEntry:
    """From a day's first minute, or from now, until the end of a day; both on the reader's calendar, as UTC."""

    user_id: int
    starts_at: datetime
    ends_at: datetime | None
    stand_in: int | None

    def errors(self) -> dict[str, str]:
        return {} if self.ends_at else {ids.AWAY_UNTIL: "Choose the last day away."}


def clicked_holder(body: Body, signet: Signet) -> int:
    return int(signet.open(Kind.PERSON, str(body["actions"][0].get("value") or ""))[0])


def duty(body: Body, signet: Signet) -> DutyEntry:
    chosen = choice_of(body, ids.ROSTER_ACCOUNT)
    keeps = choice_of(body, ids.ROSTER_KEEPS)
    if keeps not in (KEEPS, NO_LONGER):
        raise BrokenSeal("nothing that is offered")
    return DutyEntry(
        user_id=_holder(body, signet),
        account_id=int(signet.open(Kind.ACCOUNT, chosen)[0]) if chosen else None,
        keeps=keeps == KEEPS,
    )


def absence(body: Body, signet: Signet, zone: ZoneInfo, at: datetime) -> AbsenceEntry:
    first, last = _day(body, ids.AWAY_FROM), _day(body, ids.AWAY_UNTIL)
    stand_in = choice_of(body, ids.AWAY_STAND_IN)
    return AbsenceEntry(
        user_id=_holder(body, signet),
        starts_at=max(at, _midnight(first, zone)) if first else at,
        ends_at=_midnight(last + timedelta(days=1), zone) if last else None,
        stand_in=int(signet.open(Kind.PERSON, stand_in)[0]) if stand_in else None,
    )


def handed_to(body: Body, signet: Signet) -> int:
    return int(signet.open(Kind.PERSON, choice_of(body, ids.HAND_TO))[0])


def _holder(body: Body, signet: Signet) -> int:
    return int(signet.open(Kind.PERSON, str(window_of(body).get("private_metadata") or ""))[0])


def _day(body: Body, name: str) -> date | None:
    chosen = field_of(body, name).get("selected_date")
    try:
        day = date.fromisoformat(str(chosen)) if chosen else None
    except ValueError as error:
        raise BrokenSeal("no day") from error
    if day is not None and not 2000 <= day.year < 9000:
        raise BrokenSeal("no day")
    return day


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
