"""Who is told of the day, once, and what the digests count."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import RowMapping, and_, bindparam, case, func, literal_column, or_, select, update

from domain.commitments import DisputeState
from domain.duties import DutyShare
from domain.messages import State
from domain.morning import DigestLook, News, OfAll, OfOne
from domain.timeline import Source
from domain.values import Person
from storage.scope import ORG, Scope
from storage.sets import DIALECTS, among, is_one_of, rows_given, rows_text
from storage.stores.drafts import waits
from storage.stores.home_pages import counted
from storage.stores.home_record import dispute_falls_to, is_missed
from storage.stores.messages import in_states, literal
from storage.stores.office import awaits_legal, is_documents_draft, is_draft
from storage.stores.people import lower_email
from storage.tables import (
    access_requests,
    accounts,
    autopilot_steps,
    change_requests,
    disputes,
    documents,
    duties,
    messages,
    promises,
    reports,
    templates,
    users,
)
from storage.types import UtcDateTime

_SINCE = bindparam("v_since", type_=UtcDateTime())
_UNTIL = bindparam("v_until", type_=UtcDateTime())
_TODAY = bindparam("v_today", type_=promises.c.due_on.type)
_AT = bindparam("v_at", type_=UtcDateTime())
_DAY = bindparam("v_day", type_=users.c.digested_on.type)
_LATE_BY = bindparam("v_late_by", type_=UtcDateTime())
_NONE = ""

# People who never opened the app are not written to of their own accord.
_is_reader = and_(users.c.is_active, users.c.slack_user_id.is_not(None))
_is_untaken = or_(users.c.digested_on.is_(None), users.c.digested_on < _DAY)
_ZONES = (
    select(
        users.c.zone,
        func.min(users.c.digested_on).label("taken"),
        func.count(users.c.digested_on).label("known"),
        func.count().label("people"),
    )
    .where(users.c.org_id == ORG, _is_reader)
    .group_by(users.c.zone)
)


def _take(dialect: str) -> Any:
    due = (
        select(users.c.id)
        .where(
            users.c.org_id == ORG,
            _is_reader,
            _is_untaken,
            among(func.coalesce(users.c.zone, literal_column("''")), "zones"),
        )
        .order_by(users.c.id)
        .limit(bindparam("v_limit", type_=users.c.id.type))
    )
    take = update(users).values(digested_on=_DAY)
    # The condition once more: two that picked the same rows wait for each other, and the second finds them taken.
    take = take.where(users.c.org_id == ORG, is_one_of(dialect, users.c.id, due), _is_untaken)
    return take.returning(users.c.id)


_TAKE = {dialect: _take(dialect) for dialect in DIALECTS}


def _is_between(column: Any) -> Any:
    return and_(column >= _SINCE, column < _UNTIL)


_is_waiting = reports.c.settled_at.is_(None)
_is_due_today = and_(promises.c.state == literal_column("'open'"), promises.c.due_on == _TODAY)
_is_missed_now = and_(is_missed, _is_between(promises.c.decided_at))
_in_review = disputes.c.state == literal_column(f"'{DisputeState.IN_REVIEW}'")
_is_wanted = and_(_in_review, disputes.c.answer_due_at < _LATE_BY)
# As App Home has it: what is due at this very moment is late.
_is_late = and_(_in_review, disputes.c.answer_due_at <= _AT)
_is_due_soon = and_(_is_wanted, disputes.c.answer_due_at > _AT)

_COUNTS = {
    News.TO_RECORD: counted(reports, _is_waiting),
    News.ESCALATED: counted(reports, _is_waiting, reports.c.escalated_at.is_not(None)),
    News.UNCONFIRMED: counted(messages, messages.c.state == literal(State.UNCONFIRMED)),
    News.HELD: counted(messages, messages.c.state == literal(State.HELD)),
    News.DUE_TODAY: counted(promises, _is_due_today),
    News.MISSED: counted(promises, _is_missed_now),
    News.DRAFTS: counted(templates, is_draft) + counted(documents, is_documents_draft),
    News.STEP_DRAFTS: counted(autopilot_steps, waits(_AT)),
    News.SIGN_OFFS: counted(templates, is_draft, awaits_legal),
    News.IN_REVIEW: counted(disputes, _in_review),
    News.LATE: counted(disputes, _is_late),
    News.DUE_SOON: counted(disputes, _is_due_soon),
}
_WAITING = {
    "access": counted(access_requests, access_requests.c.state == literal_column("'waiting'")),
    "changes": counted(change_requests, change_requests.c.state == literal_column("'waiting'")),
}
_OF_ALL = select(
    *[count.label(news.name) for news, count in _COUNTS.items()],
    *[count.label(name) for name, count in _WAITING.items()],
)


def _sum(condition: Any, news: News) -> Any:
    return func.sum(case((condition, 1), else_=0)).label(news.name)


_left = and_(messages.c.state == literal(State.SENT), _is_between(messages.c.sent_at))
_refused = and_(
    in_states(State.REFUSED, State.EXPIRED, State.FAILED, State.CANCELLED), _is_between(messages.c.changed_at)
)
_still = in_states(State.QUEUED, State.CLAIMED, State.SENDING, State.HELD, State.UNCONFIRMED)
_MESSAGES = (
    select(
        messages.c.requested_by.label("who"),
        _sum(_left, News.LEFT),
        _sum(_refused, News.REFUSED),
        _sum(_still, News.STILL_WAITING),
    )
    .where(
        messages.c.org_id == ORG,
        among(messages.c.requested_by, "people"),
        messages.c.source == literal_column(f"'{Source.NUDGE}'"),
        or_(_still, messages.c.requested_at >= bindparam("v_oldest", type_=UtcDateTime())),
        or_(_left, _refused, _still),
    )
    .group_by(messages.c.requested_by)
)
_REPORTS = (
    select(reports.c.reported_by.label("who"), func.count().label(News.SETTLED.name))
    .where(
        reports.c.org_id == ORG,
        among(reports.c.reported_by, "people"),
        _is_between(reports.c.settled_at),
        or_(reports.c.settled_by.is_(None), reports.c.settled_by != reports.c.reported_by),
    )
    .group_by(reports.c.reported_by)
)
_PROMISES = (
    select(
        accounts.c.owner_email.label("who"),
        _sum(_is_due_today, News.DUE_TODAY),
        _sum(_is_missed_now, News.MISSED),
    )
    .select_from(
        promises.join(accounts, and_(accounts.c.org_id == ORG, accounts.c.id == promises.c.account_id)),
    )
    .where(promises.c.org_id == ORG, or_(_is_due_today, _is_missed_now), among(accounts.c.owner_email, "owners"))
    .group_by(accounts.c.owner_email)
)


def _late(dialect: str) -> Any:
    given = rows_given(dialect, "theirs", {"reader": users.c.id.type, "keeper": duties.c.user_id.type})
    theirs = duties.c.user_id.in_(select(given["keeper"]).where(given["reader"] == users.c.id).correlate(users))
    return (
        select(
            users.c.id.label("who"),
            func.count(case((_is_late, literal_column("1")))).label(News.LATE.name),
            func.count(case((_is_due_soon, literal_column("1")))).label(News.DUE_SOON.name),
        )
        .select_from(users.join(disputes, and_(disputes.c.org_id == ORG, _is_wanted, dispute_falls_to(theirs))))
        .where(users.c.org_id == ORG, among(users.c.id, "people"))
        .group_by(users.c.id)
    )


_LATE = {dialect: _late(dialect) for dialect in DIALECTS}


class MorningStore:
    """`domain.ports.Mornings`."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def zones(self) -> Mapping[str | None, date | None]:
        return {row.zone: row.taken if row.known == row.people else None for row in self._scope.execute(_ZONES)}

    def take(self, day: date, *, zones: Collection[str | None], limit: int) -> list[int]:
        params = {"v_day": day, "zones": [zone or _NONE for zone in zones], "v_limit": limit}
        return sorted(self._scope.execute(_TAKE[self._scope.dialect], params).scalars())

    def of_all(self, look: DigestLook) -> OfAll:
        params = {**_span(look), "v_today": look.today, "v_at": look.at, "v_late_by": look.late_by}
        row = self._scope.execute(_OF_ALL, params).mappings().one()
        waiting = sum(int(row[name]) for name in _WAITING)
        return OfAll({news: int(row[news.name]) for news in _COUNTS} | {News.REQUESTS: waiting})

    def of_each(
        self, people: Sequence[Person], look: DigestLook, *, shares: Mapping[int, DutyShare]
    ) -> Mapping[int, OfOne]:
        by_email = {lower_email(person.email): person.id for person in people}
        window = _span(look)
        ids = [person.id for person in people]
        found: dict[int, dict[News, int]] = {}

        def note(who: int, row: Any, *counts: News) -> None:
            found.setdefault(who, {}).update({news: int(row[news.name] or 0) for news in counts})

        for row in self._scope.execute(_MESSAGES, {**window, "people": ids, "v_oldest": look.oldest}).mappings():
            note(row["who"], row, News.LEFT, News.REFUSED, News.STILL_WAITING)
        for row in self._scope.execute(_REPORTS, {**window, "people": ids}).mappings():
            note(row["who"], row, News.SETTLED)
        owners = {**window, "v_today": look.today, "owners": list(by_email)}
        for row in self._scope.execute(_PROMISES, owners).mappings():
            note(by_email[row["who"]], row, News.DUE_TODAY, News.MISSED)
        for row in self._late(shares, look):
            note(row["who"], row, News.LATE, News.DUE_SOON)
        return {who: OfOne(counts) for who, counts in found.items()}

    def _late(self, shares: Mapping[int, DutyShare], look: DigestLook) -> Iterable[RowMapping]:
        if not shares:
            return ()
        theirs = [{"reader": id, "keeper": keeper} for id, share in shares.items() for keeper in share.theirs]
        params = {
            "people": list(shares),
            "theirs": rows_text(self._scope.dialect, theirs),
            "acting": frozenset().union(*(share.acting for share in shares.values())),
            "v_at": look.at,
            "v_late_by": look.late_by,
        }
        return self._scope.execute(_LATE[self._scope.dialect], params).mappings()


def _span(look: DigestLook) -> dict[str, object]:
    return {"v_since": look.since, "v_until": look.until}
