"""The rulebook in force: the installation's, with the numbers of the policy that is published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from domain.errors import InvalidValue
from domain.policies import DocumentKind, Terms
from domain.policy import Rulebook
from domain.ports import UnitOfWorkFactory
from domain.rules.terms import policy_of
from storage.clock import elapsed as really_elapsed

SECONDS = 2.0
"""So long a process goes on by the policy before; a published one counts everywhere within five seconds (decided)."""


@dataclass(frozen=True, slots=True)
class _Known:
    number: int
    terms: Terms | None
    looked_at: float


class Rulebooks:
    """What this process knows of each organisation's policy. Threads may look at once; the last one stays."""

    def __init__(self, elapsed: Callable[[], float] = really_elapsed) -> None:
        self._elapsed = elapsed
        self._known: dict[int, _Known] = {}

    def of(self, org_id: int, *, uow: UnitOfWorkFactory, installation: Rulebook) -> Rulebook:
        """`installation` as it is while nothing is published. Looks at most every `SECONDS`, and reads a version once.

        Raises Busy, and InvalidValue for a policy that cannot be read: nothing is decided by other numbers instead.
        """
        now = self._elapsed()
        known = self._known.get(org_id)
        if known is None or now - known.looked_at >= SECONDS:
            known = self._known[org_id] = _look(known, uow, now)
        if known.terms is None:
            return installation
        return replace(installation, policy=policy_of(known.terms, installation.policy))


def _look(known: _Known | None, uow: UnitOfWorkFactory, now: float) -> _Known:
    was = known.number if known else 0
    with uow() as work:
        number, text = work.documents.in_force(DocumentKind.POLICY, known=was)
        if known is not None and number == was:
            return replace(known, looked_at=now)
        terms = work.library.read(DocumentKind.POLICY, text) if text is not None else None
    if terms is not None and not isinstance(terms, Terms):
        raise InvalidValue(f"The policy in force, version {number}, cannot be read: {getattr(terms, 'words', '')}")
    return _Known(number, terms, now)
