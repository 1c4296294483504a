"""Policies, segments and cadences, as those ask who work by them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, literal_column, null, select, update

from domain.policies import DocumentKind, Settings
from domain.rules.documents import written_settings
from storage.rewording import reworded
from storage.scope import ORG, Scope
from storage.tables import documents
from storage.types import UtcDateTime

_PUBLISHED: ColumnElement[Any] = literal_column("'published'")
_IN_FORCE = (
    select(
        documents.c.version,
        case((documents.c.version == bindparam("known"), null()), else_=documents.c.body).label("text"),
    )
    .where(documents.c.org_id == ORG, documents.c.kind == bindparam("kind"), documents.c.state == _PUBLISHED)
    .order_by(documents.c.version.desc())
    .limit(1)
)


_DRAFTS = update(documents).where(
    documents.c.org_id == ORG, documents.c.kind == bindparam("of_kind"), documents.c.state == literal_column("'draft'")
)
_PUBLISH = _DRAFTS.where(documents.c.version == bindparam("of_version")).values(
    state=_PUBLISHED,
    published_by=bindparam("v_by"),
    published_at=bindparam("v_at", type_=UtcDateTime()),
)
_SET_ASIDE = _DRAFTS.values(state=literal_column("'retired'"))
_SET_OLDER_ASIDE = _SET_ASIDE.where(documents.c.version < bindparam("of_version"))
_SET_ONE_ASIDE = _SET_ASIDE.where(documents.c.version == bindparam("of_version"))


class DocumentStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def in_force(self, kind: DocumentKind, *, known: int = 0) -> tuple[int, str | None]:
        row = self._scope.execute(_IN_FORCE, {"kind": kind.value, "known": known}).one_or_none()
        return (0, None) if row is None else (row.version, row.text)

    def publish(self, kind: DocumentKind, number: int, *, by: str, at: datetime) -> bool:
        one = {"of_kind": kind.value, "of_version": number}
        if self._scope.execute(_PUBLISH, one | {"v_by": by, "v_at": at}).rowcount != 1:
            return False
        self._scope.execute(_SET_OLDER_ASIDE, one)
        return True

    def set_aside(self, kind: DocumentKind, number: int) -> bool:
        return self._scope.execute(_SET_ONE_ASIDE, {"of_kind": kind.value, "of_version": number}).rowcount == 1

    def reworded(self, text: str, index: int, settings: Settings) -> str:
        return reworded(text, index, written_settings(settings))
