"""What people say of texts, and what they want changed in them. Both are brought once for each origin."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, bindparam, literal_column, select, update

from domain.library import Change, ChangeState, Comment, Edition
from storage.scope import ORG, Scope
from storage.sets import DIALECTS, upsert
from storage.stores.entities import Values
from storage.tables import change_requests, comments, users
from storage.types import UtcDateTime

_AT = bindparam("v_at", type_=UtcDateTime())


def _add(dialect: str, table: Table, names: list[str], **fixed: Any) -> Any:
    values = {name: bindparam(f"v_{name}", type_=table.c[name].type) for name in names}
    return upsert(dialect, table).values(org_id=ORG, **values, **fixed).on_conflict_do_nothing().returning(table.c.id)


def _brought(table: Table) -> Any:
    return select(table.c.id).where(table.c.org_id == ORG, table.c.origin == bindparam("v_origin"))


_COMMENT = ["subject", "author_id", "body", "at", "origin"]
_ADD_COMMENT = {dialect: _add(dialect, comments, _COMMENT) for dialect in DIALECTS}
_BROUGHT_COMMENT = _brought(comments)
_authors, _answerers = users.alias("authors"), users.alias("answerers")
_COMMENTS = (
    select(
        *[comments.c[name] for name in ("id", "subject", "author_id", "body", "at", "answer", "answered_at")],
        _authors.c.name.label("author"),
        _answerers.c.name.label("answered_by"),
    )
    .select_from(
        comments.join(_authors, and_(_authors.c.org_id == ORG, _authors.c.id == comments.c.author_id)).outerjoin(
            _answerers, and_(_answerers.c.org_id == ORG, _answerers.c.id == comments.c.answered_by)
        )
    )
    .where(comments.c.org_id == ORG)
)
_COMMENT_BY_ID = _COMMENTS.where(comments.c.id == bindparam("v_id"))
_COMMENTS_OF = (
    _COMMENTS.where(comments.c.subject == bindparam("v_subject"))
    .order_by(comments.c.at.desc(), comments.c.id.desc())
    .limit(bindparam("v_limit"))
)
_ANSWER = (
    update(comments)
    .where(comments.c.org_id == ORG, comments.c.id == bindparam("v_id"), comments.c.answered_at.is_(None))
    .values(answer=bindparam("v_answer"), answered_by=bindparam("v_by"), answered_at=_AT)
)

_CHANGE = ["subject", "present", "proposed", "why", "asked_by", "asked_at", "origin"]
_WAITING: ColumnElement[Any] = literal_column("'waiting'")
_ADD_CHANGE = {dialect: _add(dialect, change_requests, _CHANGE, state=_WAITING) for dialect in DIALECTS}
_BROUGHT_CHANGE = _brought(change_requests)
_askers, _deciders = users.alias("askers"), users.alias("deciders")
_CHANGES = (
    select(
        *[
            change_requests.c[name]
            for name in ("id subject present proposed why asked_by asked_at state decided_at decision made".split())
        ],
        _askers.c.name.label("asker"),
        _deciders.c.name.label("decided_by"),
    )
    .select_from(
        change_requests.join(
            _askers, and_(_askers.c.org_id == ORG, _askers.c.id == change_requests.c.asked_by)
        ).outerjoin(_deciders, and_(_deciders.c.org_id == ORG, _deciders.c.id == change_requests.c.decided_by))
    )
    .where(change_requests.c.org_id == ORG)
)
_CHANGE_BY_ID = _CHANGES.where(change_requests.c.id == bindparam("v_id"))
_CHANGES_WAITING = (
    _CHANGES.where(change_requests.c.state == _WAITING)
    .order_by(change_requests.c.asked_at, change_requests.c.id)
    .limit(bindparam("v_limit"))
)
_ONE_CHANGE = update(change_requests).where(change_requests.c.org_id == ORG, change_requests.c.id == bindparam("v_id"))
_DECIDE = _ONE_CHANGE.where(change_requests.c.state == _WAITING).values(
    state=bindparam("v_state"), decided_by=bindparam("v_by"), decided_at=_AT, decision=bindparam("v_decision")
)
_NOTE_DRAFT = _ONE_CHANGE.values(made=bindparam("v_made"))


def _brought_once(scope: Scope, add: Any, brought: Any, values: dict[str, Any]) -> tuple[int, bool]:
    added = scope.execute(add[scope.dialect], values).scalar_one_or_none()
    if added is not None:
        return int(added), False
    return int(scope.execute(brought, {"v_origin": values["v_origin"]}).scalar_one()), True


class CommentStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, edition: Edition, *, author_id: int, body: str, at: datetime, origin: str) -> tuple[int, bool]:
        given = {"subject": str(edition), "author_id": author_id, "body": body, "at": at, "origin": origin}
        values = {f"v_{name}": value for name, value in given.items()}
        return _brought_once(self._scope, _ADD_COMMENT, _BROUGHT_COMMENT, values)

    def get(self, comment_id: int) -> Comment | None:
        row = self._scope.execute(_COMMENT_BY_ID, {"v_id": comment_id}).mappings().one_or_none()
        return None if row is None else _comment_of(row)

    def of(self, edition: Edition, *, limit: int = 20) -> list[Comment]:
        rows = self._scope.execute(_COMMENTS_OF, {"v_subject": str(edition), "v_limit": limit}).mappings()
        return [_comment_of(row) for row in rows][::-1]

    def answer(self, comment_id: int, *, by: int, answer: str, at: datetime) -> bool:
        given = {"v_id": comment_id, "v_by": by, "v_answer": answer, "v_at": at}
        return self._scope.execute(_ANSWER, given).rowcount == 1


class ChangeStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(
        self, edition: Edition, *, present: str, proposed: str, why: str, asked_by: int, at: datetime, origin: str
    ) -> tuple[int, bool]:
        values = {
            "v_subject": str(edition),
            "v_present": present,
            "v_proposed": proposed,
            "v_why": why,
            "v_asked_by": asked_by,
            "v_asked_at": at,
            "v_origin": origin,
        }
        return _brought_once(self._scope, _ADD_CHANGE, _BROUGHT_CHANGE, values)

    def get(self, change_id: int) -> Change | None:
        row = self._scope.execute(_CHANGE_BY_ID, {"v_id": change_id}).mappings().one_or_none()
        return None if row is None else _change_of(row)

    def waiting(self, *, limit: int = 20) -> list[Change]:
        return [_change_of(row) for row in self._scope.execute(_CHANGES_WAITING, {"v_limit": limit}).mappings()]

    def decide(self, change_id: int, to: ChangeState, *, by: int, reason: str, at: datetime) -> bool:
        given = {"v_id": change_id, "v_state": to.value, "v_by": by, "v_decision": reason, "v_at": at}
        return self._scope.execute(_DECIDE, given).rowcount == 1

    def note_draft(self, change_id: int, made: Edition) -> None:
        self._scope.execute(_NOTE_DRAFT, {"v_id": change_id, "v_made": str(made)})


def _comment_of(row: Values) -> Comment:
    fields = {name: row[name] for name in Comment.__slots__ if name != "edition"}
    return Comment(edition=Edition.of(row["subject"]), **fields)


def _change_of(row: Values) -> Change:
    fields = {name: row[name] for name in Change.__slots__ if name != "edition"}
    fields["state"] = ChangeState(fields["state"])
    fields["made"] = Edition.of(fields["made"]) if fields["made"] else None
    return Change(edition=Edition.of(row["subject"]), **fields)
