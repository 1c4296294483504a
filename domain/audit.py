"""One line of the audit log, before it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.reasons import Reason


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what to which thing, and why. `actor_id` None: the house itself.

    `subject` is like `nudge:4f…`; `before` and `after` are facts of the row, never a body, address or link.
    """

    action: str
    at: datetime
    actor_id: int | None
    subject: str
    account_id: int | None = None
    reason: Reason | None = None
    before: Mapping[str, object] | None = None
    after: Mapping[str, object] | None = None
