"""Reminder texts and documents, version by version, as those see them who keep them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, bindparam, case, func, literal_column, or_, select, update

from domain.library import Edition, Shelf, Version, VersionState
from domain.policies import Content, DocumentKind, Unreadable
from domain.rules.letters import Letter
from domain.templates import Audience
from storage.notation import read_document
from storage.scope import ORG, Scope
from storage.sets import DIALECTS, upsert
from storage.stores.entities import Values
from storage.tables import documents, templates
from storage.types import UtcDateTime

_STATES = {
    "draft": VersionState.DRAFT,
    "approved": VersionState.LIVE,
    "published": VersionState.LIVE,
    "retired": VersionState.RETIRED,
}
_TEMPLATE = (
    "key version name tone audience subject body state approved_by approved_at drafted_by drafted_at needs_legal "
    "signed_off_by signed_off_at"
).split()
_DOCUMENT = "kind version body state made_by made_at published_by published_at".split()

_ALL_TEMPLATES = (
    select(*[templates.c[name] for name in _TEMPLATE])
    .where(templates.c.org_id == ORG)
    .order_by(templates.c.name, templates.c.key, templates.c.version.desc())
)
_TEMPLATES_OF = _ALL_TEMPLATES.where(templates.c.key == bindparam("key"))
_ONE_TEMPLATE = _TEMPLATES_OF.where(templates.c.version == bindparam("version"))
_DOCUMENTS = (
    select(*[documents.c[name] for name in _DOCUMENT])
    .where(documents.c.org_id == ORG, documents.c.kind == bindparam("kind"))
    .order_by(documents.c.version.desc())
)
_ONE_DOCUMENT = _DOCUMENTS.where(documents.c.version == bindparam("version"))


def _next(table: Table, of: str) -> Any:
    return select(func.coalesce(func.max(table.c.version), 0) + 1).where(
        table.c.org_id == ORG, table.c[of] == bindparam("of")
    )


_NEXT_TEMPLATE = _next(templates, "key")
_NEXT_DOCUMENT = _next(documents, "kind")


def _add(dialect: str, table: Table, names: list[str]) -> Any:
    """Nothing comes back when somebody else has just taken the number."""
    values = {name: bindparam(f"v_{name}", type_=table.c[name].type) for name in names}
    return upsert(dialect, table).values(org_id=ORG, **values).on_conflict_do_nothing().returning(table.c.version)


_ADD_TEMPLATE = {dialect: _add(dialect, templates, _TEMPLATE) for dialect in DIALECTS}
_ADD_DOCUMENT = {dialect: _add(dialect, documents, _DOCUMENT) for dialect in DIALECTS}

_ONE = and_(
    templates.c.org_id == ORG, templates.c.key == bindparam("of_key"), templates.c.version == bindparam("of_version")
)
_BY = bindparam("v_by", type_=templates.c.approved_by.type)
_AT = bindparam("v_at", type_=UtcDateTime())
_APPROVED: ColumnElement[Any] = literal_column("'approved'")
_IS_DRAFT = templates.c.state == literal_column("'draft'")
# The state follows from both approvals in the same statement, so two people who approve at once cannot pass each other.
_APPROVE = (
    update(templates)
    .where(_ONE, _IS_DRAFT, templates.c.approved_by.is_(None))
    .values(
        approved_by=_BY,
        approved_at=_AT,
        state=case(
            (or_(~templates.c.needs_legal, templates.c.signed_off_by.is_not(None)), _APPROVED),
            else_=templates.c.state,
        ),
    )
)
_SIGN_OFF = (
    update(templates)
    .where(_ONE, _IS_DRAFT, templates.c.signed_off_by.is_(None))
    .values(
        signed_off_by=_BY,
        signed_off_at=_AT,
        state=case((templates.c.approved_by.is_not(None), _APPROVED), else_=templates.c.state),
    )
)
_RETIRE = {
    was: update(templates).where(_ONE, is_there).values(state=literal_column("'retired'"))
    for was, is_there in ((VersionState.DRAFT, _IS_DRAFT), (VersionState.LIVE, templates.c.state == _APPROVED))
}


class LibraryStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def versions(self, shelf: Shelf, key: str | None = None) -> list[Version]:
        if shelf is not Shelf.TEMPLATE:
            return [_document_of(row) for row in self._scope.execute(_DOCUMENTS, {"kind": shelf.value}).mappings()]
        if key is None:
            return [_template_of(row) for row in self._scope.execute(_ALL_TEMPLATES).mappings()]
        return [_template_of(row) for row in self._scope.execute(_TEMPLATES_OF, {"key": key}).mappings()]

    def get(self, edition: Edition) -> Version | None:
        if edition.shelf is Shelf.TEMPLATE:
            given = {"key": edition.key, "version": edition.number}
            row = self._scope.execute(_ONE_TEMPLATE, given).mappings().one_or_none()
            return None if row is None else _template_of(row)
        given = {"kind": edition.shelf.value, "version": edition.number}
        row = self._scope.execute(_ONE_DOCUMENT, given).mappings().one_or_none()
        return None if row is None else _document_of(row)

    def draft_template(self, base: Version, letter: Letter, *, by: str, at: datetime, needs_legal: bool) -> Edition:
        key = base.edition.key
        values = dict.fromkeys(_TEMPLATE) | {
            "key": key,
            "name": base.name,
            "tone": letter.tone,
            "audience": (base.audience or Audience.SALES).value,
            "subject": letter.subject,
            "body": letter.body,
            "state": "draft",
            "drafted_by": by,
            "drafted_at": at,
            "needs_legal": needs_legal,
        }
        return Edition(Shelf.TEMPLATE, self._added(_ADD_TEMPLATE, _NEXT_TEMPLATE, key, values), key)

    def add_document(self, kind: DocumentKind, text: str, *, by: str, at: datetime, is_published: bool) -> Edition:
        values = {
            "kind": kind.value,
            "body": text,
            "state": "published" if is_published else "draft",
            "made_by": by,
            "made_at": at,
            "published_by": by if is_published else None,
            "published_at": at if is_published else None,
        }
        return Edition(Shelf(kind.value), self._added(_ADD_DOCUMENT, _NEXT_DOCUMENT, kind.value, values))

    def _added(self, add: Any, following: Any, of: str, values: dict[str, Any]) -> int:
        while True:
            number = self._scope.execute(following, {"of": of}).scalar_one()
            row = {f"v_{name}": value for name, value in values.items()} | {"v_version": number}
            # Whoever took the number first has committed it by now: the next look sees theirs.
            if self._scope.execute(add[self._scope.dialect], row).scalar_one_or_none() is not None:
                return int(number)

    def approve(self, edition: Edition, *, by: str, at: datetime, for_legal: bool) -> bool:
        given = {"of_key": edition.key, "of_version": edition.number, "v_by": by, "v_at": at}
        return self._scope.execute(_SIGN_OFF if for_legal else _APPROVE, given).rowcount == 1

    def retire(self, edition: Edition, *, was: VersionState) -> bool:
        return self._scope.execute(_RETIRE[was], {"of_key": edition.key, "of_version": edition.number}).rowcount == 1

    def read(self, kind: DocumentKind, text: str) -> Content | Unreadable:
        return read_document(kind, text)


def _template_of(row: Values) -> Version:
    return Version(
        edition=Edition(Shelf.TEMPLATE, row["version"], row["key"]),
        text=Letter(row["tone"], row["subject"], row["body"]).text,
        state=_STATES[row["state"]],
        made_by=row["drafted_by"],
        made_at=row["drafted_at"],
        approved_by=row["approved_by"],
        approved_at=row["approved_at"],
        needs_legal=row["needs_legal"],
        signed_off_by=row["signed_off_by"],
        signed_off_at=row["signed_off_at"],
        name=row["name"],
        audience=Audience(row["audience"]),
    )


def _document_of(row: Values) -> Version:
    return Version(
        edition=Edition(Shelf(row["kind"]), row["version"]),
        text=row["body"],
        state=_STATES[row["state"]],
        made_by=row["made_by"],
        made_at=row["made_at"],
        approved_by=row["published_by"],
        approved_at=row["published_at"],
    )
