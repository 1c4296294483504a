"""The organisation's own row."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update

from domain.errors import NotFound
from domain.policy import Workspace
from storage.scope import ORG, Scope
from storage.stores.entities import WORKSPACE, columns, workspace_of
from storage.tables import organisations

_GET = select(*columns(organisations, WORKSPACE)).where(organisations.c.id == ORG)
_SAVE = (
    update(organisations)
    .where(organisations.c.id == ORG)
    .values({organisations.c[n]: bindparam(f"v_{n}", type_=organisations.c[n].type) for n in WORKSPACE if n != "id"})
)


class OrganisationStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def get(self) -> Workspace:
        row = self._scope.execute(_GET).mappings().one_or_none()
        if row is None:
            raise NotFound(f"There is no organisation {self._scope.org_id}.")
        return workspace_of(row)

    def save(self, workspace: Workspace) -> None:
        """Raises NotFound for another organisation's workspace."""
        if workspace.org_id != self._scope.org_id:
            raise NotFound(f"Organisation {workspace.org_id} is not the one of this unit of work.")
        self._scope.execute(
            _SAVE,
            {
                "v_name": workspace.name,
                "v_zone": workspace.zone,
                "v_country": workspace.country,
                "v_sending": workspace.sending.value,
                "v_sending_reason": workspace.sending_reason,
                "v_sending_until": workspace.sending_until,
            },
        )
