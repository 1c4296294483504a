"""The organisation's own row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from domain.errors import NotFound
from domain.maintenance import Degraded, Maintenance, Word
from domain.policy import Workspace
from storage.scope import ORG, Scope
from storage.stores.entities import DEGRADED, MAINTENANCE, WORKSPACE, WORKSPACE_OWN, columns, workspace_of
from storage.tables import organisations

_GET = select(*columns(organisations, WORKSPACE)).where(organisations.c.id == ORG)

# Not against rows that name the organisation: they are written all the time.
_TAKE = _GET.with_for_update(key_share=True)


def _write(names: Iterable[str]) -> Any:
    """Only what is changed is written: the switch, maintenance and trouble are flipped by different people at once."""
    given = {organisations.c[name]: bindparam(f"v_{name}", type_=organisations.c[name].type) for name in names}
    return update(organisations).where(organisations.c.id == ORG).values(given)


_SAVE = _write(name for name in WORKSPACE_OWN if name != "id")
_MAINTAIN = _write(MAINTENANCE)
_SAID = "degraded_words"
_DEGRADE = _write((*DEGRADED, _SAID))
_WORDS = select(organisations.c[_SAID]).where(organisations.c.id == ORG).with_for_update()


class OrganisationStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def get(self) -> Workspace:
        return self._read(_GET)

    def take(self) -> Workspace:
        return self._read(_TAKE)

    def _read(self, statement: Any) -> Workspace:
        row = self._scope.execute(statement).mappings().one_or_none()
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

    def maintain(self, maintenance: Maintenance | None) -> None:
        m = maintenance
        self._set(_MAINTAIN, MAINTENANCE, (m.since, m.until, m.reason, m.by) if m else (None, None, "", ""))

    def words(self) -> Mapping[str, Word]:
        said = self._scope.execute(_WORDS).scalar_one()
        return {sender: _word(*parts) for sender, parts in said.items()}

    def degrade(self, degraded: Degraded | None, words: Mapping[str, Word]) -> None:
        d = degraded
        said = {sender: _parts(word) for sender, word in words.items()}
        self._set(_DEGRADE, (*DEGRADED, _SAID), (d.since, d.reason, d.by, said) if d else (None, "", "", said))

    def _set(self, statement: Any, names: tuple[str, ...], values: tuple[object, ...]) -> None:
        self._scope.execute(statement, {f"v_{name}": value for name, value in zip(names, values, strict=True)})


def _parts(word: Word) -> list[str]:
    d = word.degraded
    return [word.told_at.isoformat(), *((d.since.isoformat(), d.reason, d.by) if d else ())]


def _word(told_at: str, since: str | None = None, reason: str = "", by: str = "") -> Word:
    degraded = Degraded(datetime.fromisoformat(since), reason, by) if since else None
    return Word(datetime.fromisoformat(told_at), degraded)
