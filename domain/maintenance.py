"""The house is closed for a while, or its provider is in trouble: who said so, why, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

AN_HOUR = timedelta(hours=1)
"""How long maintenance lasts when nobody says (decided)."""
LONGEST = timedelta(hours=24)
"""Whoever needs longer says so again: a house that was forgotten closed sends nothing, and nobody notices (decided)."""
IN_FORCE_WITHIN = timedelta(seconds=5)
"""Every replica refuses and stops handing over by then; what is on its way at that moment may still arrive."""

TWICE_WITHIN = timedelta(minutes=1)
"""Whoever gives the same order again so soon clicked twice, or Slack delivered it twice: it is one order (decided)."""


class Effect(StrEnum):
    """What a listener or a command does: under maintenance what writes or sends is refused.

    `ALWAYS`: it ends maintenance, is done under it, or must not be lost for it.
    """

    READS = "reads"
    WRITES = "writes"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Maintenance:
    """`by` is a person's name, or the login of whoever used the command line. In force in `[since, until)`."""

    since: datetime
    until: datetime
    reason: str
    by: str

    def facts(self) -> dict[str, object]:
        """What the audit log keeps of it."""
        return {"until": self.until.isoformat(), "reason": self.reason, "by": self.by}


@dataclass(frozen=True, slots=True)
class Degraded:
    """Billing or the mail provider is in trouble: no new mail leaves until somebody says that all is well."""

    since: datetime
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Word:
    """The last that one sender said of it, and when it was so. `degraded` None: that all is well."""

    told_at: datetime
    degraded: Degraded | None = None


@dataclass(frozen=True, slots=True)
class MaintenanceSwitched:
    """`now` is None when the house is open; `under_way` mails may still leave. `was` is what it replaced."""

    now: Maintenance | None
    was: Maintenance | None
    under_way: int = 0
