"""What Slack still has to say: one row per key, posted after the transaction that caused it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    any_,
    bindparam,
    case,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from domain.notices import Digest, Notice, NoticeKind, Telling
from storage.scope import ORG, Scope
from storage.sets import DIALECTS, each_given, is_one_of, rows_given, rows_text, upsert
from storage.stores.digests import fold_alerts
from storage.tables import notices
from storage.types import UtcDateTime

_AT = bindparam("v_at", type_=UtcDateTime())
_PENDING: ColumnElement[Any] = literal_column("'pending'")
_KINDS: list[Any] = [literal_column(f"'{kind}'") for kind in NoticeKind]
_SHOWN = [notices.c[n] for n in ("key", "kind", "recipient", "subject", "revision", "attempts", "channel", "ts")]


# A lease stays: whoever posts the earlier state now finishes first, then the change is posted.
_AGAIN: dict[str, Any] = {
    "revision": notices.c.revision + 1,
    "state": _PENDING,
    "attempts": 0,
    "error": null(),
}


_GIVEN = {name: notices.c[name].type for name in ("key", "kind", "subject", "recipient", "due_at")}


def _raise(dialect: str) -> Any:
    given = rows_given(dialect, "tellings", _GIVEN)
    fresh = {"revision": literal_column("1"), "state": _PENDING, "attempts": literal_column("0")}
    rows = select(ORG, *given.values(), given["due_at"], *fresh.values())
    # In key order, so that two that tell of the same wait for each other; SQLite wants a WHERE before ON CONFLICT.
    rows = rows.where(true()).order_by(given["key"])
    adding = upsert(dialect, notices).from_select(["org_id", *given, "changed_at", *fresh], rows)
    raised = adding.excluded
    again = {**_AGAIN, "due_at": raised.due_at, "changed_at": raised.due_at}
    return adding.on_conflict_do_update(
        index_elements=["org_id", "key"],
        set_={"kind": raised.kind, "recipient": raised.recipient, "subject": raised.subject, **again},
    )


# What counts as posted and stands nowhere was muted, or is one of a digest: it was never told.
_WAS_TOLD = or_(notices.c.ts.is_not(None), notices.c.state != literal_column("'posted'"))


def _edit(dialect: str) -> Any:
    given = rows_given(dialect, "tellings", {"key": _GIVEN["key"], "due_at": _GIVEN["due_at"]})
    again = {**_AGAIN, "due_at": given["due_at"], "changed_at": given["due_at"]}
    return update(notices).where(notices.c.org_id == ORG, notices.c.key == given["key"], _WAS_TOLD).values(again)


def _retell(dialect: str) -> Any:
    posts, people = (each_given(dialect, name, type_=notices.c.key.type) for name in ("posts", "people"))
    crossed = select(posts + ":" + people).select_from(posts.table.join(people.table, true()))
    # Made once and looked up key by key: joined to the table, SQLite would read all of it for each.
    keys = any_(func.array(crossed.scalar_subquery(), type_=ARRAY(notices.c.key.type)))
    is_named = notices.c.key == keys if dialect == "postgresql" else notices.c.key.in_(crossed)
    again = {**_AGAIN, "due_at": _AT, "changed_at": _AT}
    return update(notices).where(notices.c.org_id == ORG, is_named, _WAS_TOLD).values(again)


def _claim(dialect: str) -> Any:
    due = (
        select(notices.c.id)
        .where(
            notices.c.org_id == ORG,
            notices.c.state == _PENDING,
            notices.c.due_at <= _AT,
            # What a newer release wrote and this one cannot put into words, that one posts.
            notices.c.kind.in_(_KINDS),
            or_(notices.c.leased_until.is_(None), notices.c.leased_until <= _AT),
        )
        .order_by(notices.c.due_at, notices.c.id)
        .limit(bindparam("v_limit"))
    )
    take = update(notices).values(leased_until=bindparam("v_lease_until", type_=UtcDateTime()))
    take = take.where(notices.c.org_id == ORG, is_one_of(dialect, notices.c.id, due))
    return take.returning(*_SHOWN, notices.c.due_at, notices.c.id)


_RAISE = {dialect: _raise(dialect) for dialect in DIALECTS}
_EDIT = {dialect: _edit(dialect) for dialect in DIALECTS}
_RETELL = {dialect: _retell(dialect) for dialect in DIALECTS}
_CLAIM = {dialect: _claim(dialect) for dialect in DIALECTS}
_ONE = update(notices).where(notices.c.org_id == ORG, notices.c.key == bindparam("v_key"))
_IS_CURRENT = notices.c.revision == bindparam("v_revision", type_=notices.c.revision.type)
_POSTED = _ONE.values(
    state=case((_IS_CURRENT, literal_column("'posted'")), else_=notices.c.state),
    channel=bindparam("v_channel"),
    ts=bindparam("v_ts"),
    leased_until=null(),
    attempts=0,
    error=null(),
    changed_at=_AT,
)
_POSTPONE = _ONE.values(
    # A change that came meanwhile is due by its own time and has its own attempts.
    due_at=case((_IS_CURRENT, bindparam("v_until", type_=UtcDateTime())), else_=notices.c.due_at),
    attempts=case((_IS_CURRENT, notices.c.attempts + 1), else_=notices.c.attempts),
    leased_until=null(),
    error=bindparam("v_error"),
)
_GIVE_UP = _ONE.values(
    state=case((_IS_CURRENT, literal_column("'failed'")), else_=notices.c.state),
    leased_until=null(),
    error=bindparam("v_error"),
    changed_at=_AT,
)


class NoticeStore:
    """Errors are names of what went wrong (Slack's own codes), at most 200 characters of them are kept."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def raise_all(self, tellings: Iterable[Telling]) -> None:
        by_key = {telling.key: telling for telling in tellings}
        for only_edit, statements in ((False, _RAISE), (True, _EDIT)):
            rows = [_row(telling) for telling in by_key.values() if telling.only_edit is only_edit]
            if rows:
                text = rows_text(self._scope.dialect, rows)
                self._scope.execute(statements[self._scope.dialect], {"tellings": text})

    def retell(self, posts: Collection[str], people: Collection[int], *, at: datetime) -> None:
        if posts and people:
            given = {"posts": posts, "people": [str(person) for person in people], "v_at": at}
            self._scope.execute(_RETELL[self._scope.dialect], given)

    def claim(self, *, at: datetime, lease_until: datetime, limit: int) -> list[Notice]:
        """Oldest due first. A lease that ended is up for claiming again."""
        rows = self._scope.execute(
            _CLAIM[self._scope.dialect], {"v_at": at, "v_lease_until": lease_until, "v_limit": limit}
        ).mappings()
        return [_notice(row) for row in sorted(rows, key=lambda row: (row["due_at"], row["id"]))]

    def posted(self, notice: Notice, *, channel: str, ts: str, at: datetime) -> None:
        """Where it stands is kept in any case; it is done only when nothing changed since it was read."""
        self._scope.execute(_POSTED, {**_named(notice), "v_channel": channel, "v_ts": ts, "v_at": at})

    def postpone(self, notice: Notice, *, until: datetime, error: str) -> None:
        self._scope.execute(_POSTPONE, {**_named(notice), "v_until": until, "v_error": error[:200]})

    def give_up(self, notice: Notice, *, error: str, at: datetime) -> None:
        """Failed for good, unless it changed meanwhile."""
        self._scope.execute(_GIVE_UP, {**_named(notice), "v_error": error[:200], "v_at": at})

    def fold(self, *, raised_by: datetime, at: datetime, least: int, limit: int) -> Digest | None:
        return fold_alerts(self._scope, raised_by=raised_by, at=at, least=least, limit=limit)


def _row(telling: Telling) -> dict[str, object]:
    return {
        "key": telling.key,
        "kind": telling.kind,
        "subject": telling.subject,
        "recipient": telling.recipient,
        "due_at": telling.at,
    }


def _named(notice: Notice) -> dict[str, object]:
    return {"v_key": notice.key, "v_revision": notice.revision}


def _notice(row: RowMapping) -> Notice:
    return Notice(
        key=row["key"],
        kind=NoticeKind(row["kind"]),
        recipient=row["recipient"],
        subject=row["subject"],
        revision=row["revision"],
        attempts=row["attempts"],
        channel=row["channel"],
        ts=row["ts"],
    )
