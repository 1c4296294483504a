"""Policies, segments and cadences, as those ask who work by them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, literal_column, null, select

from domain.policies import DocumentKind
from storage.scope import ORG, Scope
from storage.tables import documents

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


class DocumentStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def in_force(self, kind: DocumentKind, *, known: int = 0) -> tuple[int, str | None]:
        row = self._scope.execute(_IN_FORCE, {"kind": kind.value, "known": known}).one_or_none()
        return (0, None) if row is None else (row.version, row.text)
