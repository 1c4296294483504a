"""The rulebook in force: the installation's, with the numbers of the policy and the segments that are published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from domain.errors import InvalidValue
from domain.policies import Content, DocumentKind, Segments, Terms, Unreadable
from domain.policy import Rulebook
from domain.ports import UnitOfWork, UnitOfWorkFactory
from domain.rules.terms import policy_of
from storage.clock import elapsed as really_elapsed

SECONDS = 2.0
"""So long a process goes on by the policy before; a published one counts everywhere within five seconds (decided)."""


@dataclass(frozen=True, slots=True)
class _Read:
    """One document as it was read last; number 0: none is published."""

    number: int = 0
    content: Content | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    policy: _Read
    segments: _Read
    looked_at: float


class Rulebooks:
    """What this process knows of each organisation's documents. Threads may look at once; the last one stays."""

    def __init__(self, elapsed: Callable[[], float] = really_elapsed) -> None:
        self._elapsed = elapsed
        self._known: dict[int, _Known] = {}

    def of(self, org_id: int, *, uow: UnitOfWorkFactory, installation: Rulebook) -> Rulebook:
        """`installation` as it is while nothing is published. Looks at most every `SECONDS`, and reads a version once.

        Raises Busy, and InvalidValue for what cannot be read: nothing is decided by other numbers instead.
        """
        now = self._elapsed()
        known = self._known.get(org_id)
        if known is None or now - known.looked_at >= SECONDS:
            known = self._known[org_id] = _look(known, uow, now)
        terms, segments = known.policy.content, known.segments.content
        if isinstance(terms, Terms):
            installation = replace(installation, policy=policy_of(terms, installation.policy))
        return replace(installation, segments=segments) if isinstance(segments, Segments) else installation


def _look(known: _Known | None, uow: UnitOfWorkFactory, now: float) -> _Known:
    with uow() as work:
        policy = _read(work, DocumentKind.POLICY, known.policy if known else _Read())
        segments = _read(work, DocumentKind.SEGMENTS, known.segments if known else _Read())
    return _Known(policy, segments, now)


def _read(work: UnitOfWork, kind: DocumentKind, was: _Read) -> _Read:
    number, text = work.documents.in_force(kind, known=was.number)
    if text is None:
        return was
    content = work.library.read(kind, text)
    if isinstance(content, Unreadable):
        raise InvalidValue(f"The {kind} in force, version {number}, cannot be read: {content.words}")
    return _Read(number, content)
