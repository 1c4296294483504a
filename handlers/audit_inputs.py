"""The fields of the audit log's window, read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from domain.audit import Filter
from handlers import ids
from handlers.inputs import Body, window_of
from handlers.presenters.reader import Reader
from handlers.seal import BrokenSeal, Kind, Signet
from handlers.views.audit import Chosen
from handlers.views.blocks import Option

FIRST_LOOK = timedelta(days=30)


def first_look(reader: Reader, at: datetime) -> Chosen:
    """The last thirty days of the reader's."""
    return Chosen(since=(reader.today(at) - FIRST_LOOK).isoformat())


def chosen(body: Body) -> Chosen:
    values = window_of(body).get("state", {}).get("values", {})
    option = _of(values, ids.AUDIT_ACCOUNT_BLOCK, ids.FIND_SELECT).get("selected_option")
    return Chosen(
        person=_of(values, ids.AUDIT_PERSON_BLOCK).get("selected_user"),
        account=Option(str(option["text"]["text"]), str(option["value"])) if option else None,
        since=_of(values, ids.AUDIT_SINCE_BLOCK).get("selected_date"),
        until=_of(values, ids.AUDIT_UNTIL_BLOCK).get("selected_date"),
    )


def wanted(chosen: Chosen, reader: Reader, signet: Signet) -> Filter:
    """Whole days of the reader's. Whose lines is looked up by whoever asks the log. Raises BrokenSeal."""
    account = signet.open(Kind.ACCOUNT, chosen.account.value)[0] if chosen.account else None
    return Filter(
        account_id=None if account is None else int(account),
        since=_midnight(chosen.since, reader, days=0),
        until=_midnight(chosen.until, reader, days=1),
    )


def _of(values: Mapping[str, Any], block: str, field: str = ids.AUDIT_FIELD) -> Mapping[str, Any]:
    found: Mapping[str, Any] = values.get(block, {}).get(field, {})
    return found


def _midnight(day: str | None, reader: Reader, *, days: int) -> datetime | None:
    """The first moment of the day, or of the one after it. Raises BrokenSeal for what Slack's calendar has not."""
    if not day:
        return None
    try:
        local = datetime.combine(date.fromisoformat(day) + timedelta(days=days), time.min, tzinfo=reader.zone)
        return local.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BrokenSeal("no day of the calendar") from error
