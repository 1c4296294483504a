"""Who there is, and what waits for whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    RowMapping,
    String,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    literal_column,
    null,
    select,
    union_all,
)

from domain.homing import ChangeLine, Cut, DraftLine, DutyLine, HoldLine, Staff
from domain.library import Edition
from domain.notices import AccessRequest
from domain.values import Role
from storage.scope import ORG, Scope
from storage.stores.home_pages import cut_of, page, tied
from storage.stores.people import PEOPLE_ROLE
from storage.stores.requests import REQUESTS, request_of
from storage.tables import (
    absences,
    access_requests,
    accounts,
    change_requests,
    documents,
    duties,
    legal_holds,
    templates,
    users,
)
from storage.types import UtcDateTime

_AT = bindparam("at", type_=UtcDateTime())
_stand_ins = users.alias("stand_ins")

_ACCESS = page(
    REQUESTS.order_by(access_requests.c.asked_at, access_requests.c.id),
    access_requests,
    access_requests.c.state == literal_column("'waiting'"),
)
_template = literal("template:") + templates.c.key + ":" + cast(templates.c.version, String)
_CHANGES = page(
    select(
        *[change_requests.c[n] for n in ("id", "subject", "why", "asked_at")],
        users.c.name.label("asked_by"),
        func.coalesce(templates.c.name, "").label("name"),
    )
    .select_from(
        change_requests.join(users, tied(users, change_requests.c.asked_by)).outerjoin(
            templates, and_(templates.c.org_id == ORG, _template == change_requests.c.subject)
        )
    )
    .order_by(change_requests.c.asked_at, change_requests.c.id),
    change_requests,
    change_requests.c.state == literal_column("'waiting'"),
)
is_draft = templates.c.state == literal_column("'draft'")
awaits_legal = and_(templates.c.needs_legal, templates.c.signed_off_at.is_(None))
is_documents_draft = documents.c.state == literal_column("'draft'")
_of_templates = select(
    (literal("template:") + templates.c.key).label("shelf"),
    templates.c.version,
    templates.c.name,
    templates.c.tone,
    awaits_legal.label("needs_legal"),
    templates.c.drafted_by,
    templates.c.drafted_at,
).where(templates.c.org_id == ORG, is_draft)
_of_documents = select(
    documents.c.kind,
    documents.c.version,
    literal(""),
    literal(""),
    literal(False),
    documents.c.made_by,
    documents.c.made_at,
).where(documents.c.org_id == ORG, is_documents_draft)


def _listed(*drafts: Any) -> Any:
    each = union_all(*drafts).subquery("each")
    return (
        select(
            *[each.c[n] for n in ("shelf", "version", "name", "tone", "needs_legal", "drafted_at")],
            func.coalesce(users.c.name, each.c.drafted_by).label("drafted_by"),
            func.count().over().label("total"),
        )
        .select_from(each.outerjoin(users, and_(users.c.org_id == ORG, users.c.email == each.c.drafted_by)))
        .order_by(each.c.drafted_at, each.c.shelf, each.c.version)
        .limit(bindparam("v_limit", type_=users.c.id.type))
        .offset(bindparam("v_start", type_=users.c.id.type))
    )


_DRAFTS = {False: _listed(_of_templates, _of_documents), True: _listed(_of_templates.where(awaits_legal))}
_standing = and_(legal_holds.c.org_id == ORG, legal_holds.c.lifted_at.is_(None))
_PLACED = (
    select(
        accounts.c.id.label("account_id"),
        accounts.c.name.label("account_name"),
        legal_holds.c.why,
        users.c.name.label("placed_by"),
        legal_holds.c.placed_at,
    )
    .select_from(
        legal_holds.join(accounts, tied(accounts, legal_holds.c.account_id)).join(
            users, tied(users, legal_holds.c.placed_by)
        )
    )
    .where(_standing)
)
_IN_THE_BOOKS_ONLY = select(
    accounts.c.id,
    accounts.c.name,
    accounts.c.legal_hold,
    cast(null(), users.c.name.type),
    cast(null(), legal_holds.c.placed_at.type),
).where(
    accounts.c.org_id == ORG,
    accounts.c.legal_hold.is_not(None),
    ~exists().where(_standing, legal_holds.c.account_id == accounts.c.id),
)
_held = union_all(_PLACED, _IN_THE_BOOKS_ONLY).subquery("held")
_HOLDS = (
    select(*_held.c, func.count().over().label("total"))
    .order_by(_held.c.placed_at.is_(None), _held.c.placed_at.desc(), _held.c.account_name, _held.c.account_id)
    .limit(bindparam("v_limit", type_=users.c.id.type))
    .offset(bindparam("v_start", type_=users.c.id.type))
)

# One line for each keeper, with the absence of theirs that runs now.
_kept = (
    select(
        duties.c.user_id,
        func.count(duties.c.account_id).label("accounts"),
        (func.count() - func.count(duties.c.account_id)).label("rest"),
    )
    .where(duties.c.org_id == ORG)
    .group_by(duties.c.user_id)
    .subquery("kept")
)
_DUTY = (
    select(
        users.c.name,
        _kept.c.accounts,
        _kept.c.rest,
        absences.c.ends_at.label("away_until"),
        _stand_ins.c.name.label("stand_in"),
        func.count().over().label("total"),
    )
    .select_from(
        users.join(_kept, _kept.c.user_id == users.c.id)
        .outerjoin(
            absences,
            and_(
                absences.c.org_id == ORG,
                absences.c.user_id == users.c.id,
                absences.c.starts_at <= _AT,
                absences.c.ends_at > _AT,
            ),
        )
        .outerjoin(_stand_ins, tied(_stand_ins, absences.c.stand_in))
    )
    .where(users.c.org_id == ORG, users.c.is_active)
    .order_by(users.c.name, users.c.id, absences.c.ends_at)
    .limit(bindparam("v_limit", type_=users.c.id.type))
    .offset(bindparam("v_start", type_=users.c.id.type))
)
_staff = select(PEOPLE_ROLE.label("role")).where(users.c.org_id == ORG, users.c.is_active).subquery("staff")
_STAFF = select(_staff.c.role, func.count().label("number")).group_by(_staff.c.role)


class OfficeStore:
    """`domain.ports.OfficeReads`."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def access_waiting(self, *, limit: int, start: int = 0) -> Cut[AccessRequest]:
        rows = self._rows(_ACCESS, limit, start)
        return cut_of(rows, tuple(request_of(row) for row in rows), start)

    def changes_waiting(self, *, limit: int, start: int = 0) -> Cut[ChangeLine]:
        rows = self._rows(_CHANGES, limit, start)
        own = ("id", "name", "why", "asked_by", "asked_at")
        lines = (ChangeLine(edition=Edition.of(row["subject"]), **{n: row[n] for n in own}) for row in rows)
        return cut_of(rows, tuple(lines), start)

    def drafts_waiting(self, *, for_legal: bool, limit: int, start: int = 0) -> Cut[DraftLine]:
        rows = self._rows(_DRAFTS[for_legal], limit, start)
        own = ("name", "tone", "drafted_by", "drafted_at")
        lines = (
            DraftLine(
                edition=Edition.of(f"{row['shelf']}:{row['version']}"),
                needs_legal=bool(row["needs_legal"]),
                **{n: row[n] for n in own},
            )
            for row in rows
        )
        return cut_of(rows, tuple(lines), start)

    def legal_holds(self, *, limit: int, start: int = 0) -> Cut[HoldLine]:
        rows = self._rows(_HOLDS, limit, start)
        return cut_of(rows, tuple(HoldLine(**_all_but_total(row)) for row in rows), start)

    def on_duty(self, at: datetime, *, limit: int, start: int = 0) -> Cut[DutyLine]:
        rows = self._rows(_DUTY, limit, start, at=at)
        lines = (
            DutyLine(row["name"], int(row["accounts"]), bool(row["rest"]), row["away_until"], row["stand_in"])
            for row in rows
        )
        return cut_of(rows, tuple(lines), start)

    def staff(self, at: datetime) -> Staff:
        return Staff({Role(row.role): int(row.number) for row in self._scope.execute(_STAFF, {"at": at})})

    def _rows(self, statement: Any, limit: int, start: int, **params: object) -> list[RowMapping]:
        given = {"v_limit": limit, "v_start": start, **params}
        return list(self._scope.execute(statement, given).mappings())


def _all_but_total(row: RowMapping) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "total"}
