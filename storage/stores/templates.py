"""Reminder texts, version by version."""

from __future__ import annotations

from sqlalchemy import bindparam, func, select

from domain.templates import Audience, Template
from storage.scope import ORG, Scope
from storage.stores.entities import TEMPLATE, columns, template_of
from storage.tables import templates

_newest = (
    select(templates.c.key, func.max(templates.c.version).label("version"))
    .where(
        templates.c.org_id == ORG,
        templates.c.state == "approved",
        templates.c.audience == bindparam("audience"),
    )
    .group_by(templates.c.key)
    .subquery("newest")
)
_APPROVED = (
    select(*columns(templates, TEMPLATE))
    .join_from(templates, _newest, (_newest.c.key == templates.c.key) & (_newest.c.version == templates.c.version))
    .where(templates.c.org_id == ORG)
    .order_by(templates.c.name, templates.c.key)
)
_GET = select(*columns(templates, TEMPLATE)).where(
    templates.c.org_id == ORG, templates.c.key == bindparam("key"), templates.c.version == bindparam("version")
)


class TemplateStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def approved(self, audience: Audience) -> list[Template]:
        return [template_of(row) for row in self._scope.execute(_APPROVED, {"audience": audience.value}).mappings()]

    def get(self, key: str, version: int) -> Template | None:
        row = self._scope.execute(_GET, {"key": key, "version": version}).mappings().one_or_none()
        return None if row is None else template_of(row)

    def add(self, template: Template) -> None:
        """Versions never change: adding one that exists raises an IntegrityError."""
        self._scope.insert(templates, {name: getattr(template, name) for name in TEMPLATE})
