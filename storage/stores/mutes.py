"""Kinds of messages that people do not want."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, exists, literal_column, null, select, true, update

from domain.notices import MUTABLE, Notice, NoticeKind
from storage.scope import ORG, Scope
from storage.sets import DIALECTS, among, rows_given, rows_text, upsert
from storage.tables import mutes, notices
from storage.types import UtcDateTime

_AT = bindparam("v_at", type_=UtcDateTime())
_USER = bindparam("v_user", type_=mutes.c.user_id.type)
_OF = select(mutes.c.kind).where(mutes.c.org_id == ORG, mutes.c.user_id == _USER)
_UNMUTE = delete(mutes).where(mutes.c.org_id == ORG, mutes.c.user_id == _USER, ~among(mutes.c.kind, "kinds"))


def _mute(dialect: str) -> Any:
    given = rows_given(dialect, "chosen", {"kind": mutes.c.kind.type})
    rows = select(ORG, _USER, given["kind"], _AT).where(true())
    return upsert(dialect, mutes).from_select(["org_id", "user_id", "kind", "since"], rows).on_conflict_do_nothing()


_MUTE = {dialect: _mute(dialect) for dialect in DIALECTS}
_SET_ASIDE = (
    update(notices)
    .where(
        notices.c.org_id == ORG,
        among(notices.c.key, "keys"),
        notices.c.ts.is_(None),
        exists().where(mutes.c.org_id == ORG, mutes.c.user_id == notices.c.recipient, mutes.c.kind == notices.c.kind),
    )
    .values(state=literal_column("'posted'"), leased_until=null(), attempts=0, error="muted", changed_at=_AT)
    .returning(notices.c.key)
)


class MuteStore:
    """`domain.ports.Mutes`."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def of(self, user_id: int) -> frozenset[NoticeKind]:
        """What was muted once and is a duty by now counts for nothing."""
        stored = set(self._scope.execute(_OF, {"v_user": user_id}).scalars())
        return frozenset(kind for kind in MUTABLE if kind.value in stored)

    def choose(self, user_id: int, kinds: Collection[NoticeKind], *, at: datetime) -> None:
        chosen = sorted(kind.value for kind in kinds)
        self._scope.execute(_UNMUTE, {"v_user": user_id, "kinds": chosen})
        if chosen:
            text = rows_text(self._scope.dialect, [{"kind": kind} for kind in chosen])
            self._scope.execute(_MUTE[self._scope.dialect], {"v_user": user_id, "v_at": at, "chosen": text})

    def set_aside(self, notices: Sequence[Notice], *, at: datetime) -> set[str]:
        keys = [one.key for one in notices if one.ts is None and one.recipient is not None and one.kind in MUTABLE]
        if not keys:
            return set()
        return set(self._scope.execute(_SET_ASIDE, {"keys": keys, "v_at": at}).scalars())
