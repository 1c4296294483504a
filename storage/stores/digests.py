"""Many old alerts of A/R's as one: those about nudges whose way has ended, and which nobody has seen yet."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy import and_, bindparam, literal_column, null, or_, select, update

from domain.messages import FINAL_STATES, State
from domain.notices import Digest, NoticeKind
from storage.scope import ORG, Scope
from storage.tables import messages, notices
from storage.types import UtcDateTime

_AT = bindparam("v_at", type_=UtcDateTime())
_IS_UNSEEN = and_(
    notices.c.state == literal_column("'pending'"),
    notices.c.ts.is_(None),
    or_(notices.c.leased_until.is_(None), notices.c.leased_until <= _AT),
)
_OVER = (
    select(notices.c.key, messages.c.id, messages.c.state)
    .select_from(
        notices.join(messages, and_(messages.c.org_id == ORG, messages.c.id == notices.c.subject)),
    )
    .where(
        notices.c.org_id == ORG,
        _IS_UNSEEN,
        notices.c.kind == literal_column(f"'{NoticeKind.AR_ALERT}'"),
        notices.c.recipient.is_(None),
        notices.c.changed_at <= bindparam("v_raised_by", type_=UtcDateTime()),
        # What came back is news of its own, whenever it left.
        or_(notices.c.key.like("%:alert"), notices.c.key.like("%:duty")),
        messages.c.state.in_([literal_column(f"'{state}'") for state in sorted(FINAL_STATES)]),
    )
    .order_by(notices.c.due_at, notices.c.id)
    .limit(bindparam("v_limit", type_=notices.c.id.type))
)
_FOLD = (
    update(notices)
    .where(notices.c.org_id == ORG, _IS_UNSEEN, notices.c.key.in_(bindparam("keys", expanding=True)))
    .values(state=literal_column("'posted'"), leased_until=null(), attempts=0, error="in a digest", changed_at=_AT)
    .returning(notices.c.key)
)


def fold_alerts(scope: Scope, *, raised_by: datetime, at: datetime, least: int, limit: int) -> Digest | None:
    """`Notices.fold`. Where nothing was posted, a later change of the nudge is posted as ever."""
    found = list(scope.execute(_OVER, {"v_at": at, "v_raised_by": raised_by, "v_limit": limit}))
    if len(found) < least:
        return None
    taken = set(scope.execute(_FOLD, {"v_at": at, "keys": [row.key for row in found]}).scalars())
    ended = {row.id: State(row.state) for row in found if row.key in taken}
    return Digest(Counter(ended.values())) if ended else None
