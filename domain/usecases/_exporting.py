"""What Slack delivers twice is taken out once. Shared by all that may be taken out."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.audit import Filter
from domain.ports import UnitOfWork

_TWICE_WITHIN = timedelta(hours=1)
"""A second delivery follows within minutes. The log is not read any further back, however long it is."""
_LOOKED_AT = 20
"""Exports of one person that are looked through."""


def was_answered(work: UnitOfWork, action: str, origin: str, person_id: int, at: datetime) -> bool:
    """Whether this person's click or command `origin` stands in the log already, under `action`, within the hour."""
    lately = Filter(actor_id=person_id, action=action, since=at - _TWICE_WITHIN)
    newest = work.audit_lines.newest(lately, limit=_LOOKED_AT)
    return any(line.after is not None and line.after.get("origin") == origin for line in newest)
