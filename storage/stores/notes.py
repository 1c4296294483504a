"""Internal notes with their versions, replies and mentions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, and_, bindparam, func, not_, select, update

from domain.notes import NewNote, NoteReply, NoteThread, NoteVersion
from domain.timeline import Department, Note
from storage.scope import ORG, Scope
from storage.sets import DIALECTS, among, upsert
from storage.tables import note_mentions, note_replies, note_versions, notes, users

REPLIES_READ = 200
"""The latest replies that are read with a note or a page of notes; `Note.replies` counts all."""

_ID = bindparam("v_note", type_=notes.c.id.type)

COUNTED = (
    select(func.count())
    .select_from(note_replies)
    .where(note_replies.c.org_id == ORG, note_replies.c.note_id == notes.c.id)
    .correlate(notes)
    .scalar_subquery()
    .label("replies")
)
NOTE = (notes.c.id, notes.c.department, notes.c.author, notes.c.body, notes.c.written_at, notes.c.is_pinned, COUNTED)
ORDER = (notes.c.is_pinned.desc(), notes.c.written_at.desc(), notes.c.id.desc())

_NOTE = select(*NOTE, notes.c.account_id).where(notes.c.org_id == ORG, notes.c.id == _ID)
_PAGE = (
    select(*NOTE, notes.c.account_id)
    .where(notes.c.org_id == ORG, notes.c.account_id == bindparam("v_account"))
    .order_by(*ORDER)
    .limit(bindparam("v_limit"))
    .offset(bindparam("v_offset"))
)
_COUNT = (
    select(func.count()).select_from(notes).where(notes.c.org_id == ORG, notes.c.account_id == bindparam("v_account"))
)


def _by_people(table: Table) -> Any:
    """Rows of these notes with the names of those who wrote them."""
    return (
        select(table, users.c.name.label("author"))
        .select_from(table.join(users, and_(users.c.org_id == ORG, users.c.id == table.c.author_id)))
        .where(table.c.org_id == ORG, among(table.c.note_id, "v_notes"))
    )


_REPLIES = _by_people(note_replies).order_by(note_replies.c.id.desc()).limit(REPLIES_READ)
_VERSIONS = _by_people(note_versions).order_by(note_versions.c.version.desc())
_MENTIONS = select(note_mentions.c.note_id, note_mentions.c.user_id).where(
    note_mentions.c.org_id == ORG, among(note_mentions.c.note_id, "v_notes")
)


def _once(table: Table, names: Sequence[str]) -> dict[str, Any]:
    """Adds a row unless it is there; returns its id if it was not."""
    values = {name: bindparam(f"v_{name}", type_=table.c[name].type) for name in names}
    return {
        dialect: upsert(dialect, table).values(org_id=ORG, **values).on_conflict_do_nothing().returning(table.c.id)
        for dialect in DIALECTS
    }


_ADD = _once(notes, ("account_id", "external_id", "department", "author", "body", "written_at"))
_FIND = select(notes.c.id).where(notes.c.org_id == ORG, notes.c.external_id == bindparam("v_external_id"))
_VERSION = _once(note_versions, ("note_id", "version", "author_id", "body", "at"))
_LATEST = select(func.max(note_versions.c.version)).where(note_versions.c.org_id == ORG, note_versions.c.note_id == _ID)
_REVISE = update(notes).where(notes.c.org_id == ORG, notes.c.id == _ID).values(body=bindparam("v_body"))
_PIN = {
    is_pinned: update(notes)
    .where(notes.c.org_id == ORG, notes.c.id == _ID, not_(notes.c.is_pinned) if is_pinned else notes.c.is_pinned)
    .values(is_pinned=bindparam("v_pinned", type_=notes.c.is_pinned.type))
    for is_pinned in (True, False)
}
_REPLY = _once(note_replies, ("note_id", "author_id", "body", "at", "origin"))
_FIND_REPLY = select(note_replies.c.id).where(
    note_replies.c.org_id == ORG, note_replies.c.origin == bindparam("v_origin")
)
_MENTION = _once(note_mentions, ("note_id", "user_id", "at"))


class NoteStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, note: NewNote) -> tuple[int, bool]:
        added = self._add(
            _ADD,
            account_id=note.account_id,
            external_id=note.origin,
            department=note.department.value,
            author=note.author,
            body=note.body,
            written_at=note.written_at,
        )
        if added is None:
            return int(self._scope.execute(_FIND, {"v_external_id": note.origin}).scalar_one()), True
        self._add(_VERSION, note_id=added, version=1, author_id=note.author_id, body=note.body, at=note.written_at)
        return added, False

    def thread(self, note_id: int) -> NoteThread | None:
        return next(iter(self._threads(self._scope.execute(_NOTE, {"v_note": note_id}).mappings().all())), None)

    def page(self, account_id: int, *, limit: int, offset: int) -> tuple[list[NoteThread], int]:
        total = int(self._scope.execute(_COUNT, {"v_account": account_id}).scalar_one())
        rows = self._scope.execute(_PAGE, {"v_account": account_id, "v_limit": limit, "v_offset": offset})
        return self._threads(rows.mappings().all()), total

    def revise(self, note_id: int, *, was: int, body: str, author_id: int, at: datetime) -> bool:
        """Of two at once the unique number of the version lets one through; the other finds it taken."""
        if self._scope.execute(_LATEST, {"v_note": note_id}).scalar_one() != was:
            return False
        version = self._add(_VERSION, note_id=note_id, version=was + 1, author_id=author_id, body=body, at=at)
        if version is None:
            return False
        self._scope.execute(_REVISE, {"v_note": note_id, "v_body": body})
        return True

    def pin(self, note_id: int, *, is_pinned: bool) -> bool:
        return self._scope.execute(_PIN[is_pinned], {"v_note": note_id, "v_pinned": is_pinned}).rowcount == 1

    def reply(self, note_id: int, *, author_id: int, body: str, at: datetime, origin: str) -> tuple[int, bool]:
        added = self._add(_REPLY, note_id=note_id, author_id=author_id, body=body, at=at, origin=origin)
        if added is not None:
            return added, False
        return int(self._scope.execute(_FIND_REPLY, {"v_origin": origin}).scalar_one()), True

    def mention(self, note_id: int, user_ids: Collection[int], *, at: datetime) -> frozenset[int]:
        """In the order of ids, so that two transactions do not wait for each other crosswise."""
        return frozenset(
            user_id
            for user_id in sorted(set(user_ids))
            if self._add(_MENTION, note_id=note_id, user_id=user_id, at=at) is not None
        )

    def _add(self, statements: dict[str, Any], **values: object) -> int | None:
        params = {f"v_{name}": value for name, value in values.items()}
        added = self._scope.execute(statements[self._scope.dialect], params).scalar_one_or_none()
        return None if added is None else int(added)

    def _threads(self, rows: Sequence[Any]) -> list[NoteThread]:
        """Notes with what belongs to them, in three statements whatever their number."""
        if not rows:
            return []
        given = {"v_notes": [row["id"] for row in rows]}
        replies: dict[int, list[NoteReply]] = {}
        for row in self._scope.execute(_REPLIES, given).mappings():
            one = NoteReply(row["id"], row["author_id"], row["author"], row["body"], row["at"])
            replies.setdefault(row["note_id"], []).insert(0, one)
        versions: dict[int, list[NoteVersion]] = {}
        for row in self._scope.execute(_VERSIONS, given).mappings():
            version = NoteVersion(row["version"], row["author_id"], row["author"], row["body"], row["at"])
            versions.setdefault(row["note_id"], []).append(version)
        mentioned: dict[int, set[int]] = {}
        for row in self._scope.execute(_MENTIONS, given).mappings():
            mentioned.setdefault(row["note_id"], set()).add(row["user_id"])
        return [
            NoteThread(
                note=note_of(row),
                account_id=row["account_id"],
                replies=tuple(replies.get(row["id"], ())),
                versions=tuple(versions.get(row["id"], ())),
                mentioned=frozenset(mentioned.get(row["id"], ())),
            )
            for row in rows
        ]


def note_of(row: Any) -> Note:
    fields = {column.key: row[column.key] for column in NOTE}
    return Note(**{**fields, "department": Department(fields["department"])})
