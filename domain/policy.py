"""What the organisation decided about sending. Every number is configurable; defaults are the product's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum

from domain.calendars import Holidays, Zones
from domain.mail import Mailbox
from domain.rules.quiet_hours import DEFAULT, QuietHours
from domain.values import AccountScope
from domain.warming import WarmUp


class Sending(StrEnum):
    """The organisation's sending switch. Anything but ON pauses new sends; the queue stays as it is."""

    ON = "on"
    PAUSED = "paused"
    MAINTENANCE = "maintenance"
    DEGRADED = "degraded"


@dataclass(frozen=True, slots=True)
class Workspace:
    """One organisation as rows know it. `sending_until` ends a pause by itself."""

    org_id: int
    name: str
    zone: str
    country: str | None = None
    sending: Sending = Sending.ON
    sending_reason: str = ""
    sending_until: datetime | None = None

    def sending_at(self, at: datetime) -> Sending:
        if self.sending_until is not None and at >= self.sending_until:
            return Sending.ON
        return self.sending


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules' numbers. `deduplicates`: the mail provider drops a second mail with the same key.

    Sources: touch caps, Autopilot gaps, freshness, expiry and spread are decided in the product's domain notes;
    50 mails a day is the first week of a warm-up. `nudge_share_percent`: so much of a day's quota is kept for nudges
    (decided). `hourly_cap`: mails in one hour; None for no such cap. `digest_at`: each person's own wall-clock time;
    None for no digest.
    """

    quiet: QuietHours = DEFAULT
    spread: timedelta = timedelta(minutes=15)
    contact_gap: timedelta = timedelta(hours=24)
    nudge_window: timedelta = timedelta(days=7)
    nudges_per_window: int = 2
    daily_cap: int = 50
    warm_up: WarmUp = field(default_factory=WarmUp)
    freshness: timedelta = timedelta(hours=24)
    autopilot_before: timedelta = timedelta(hours=48)
    autopilot_after: timedelta = timedelta(hours=24)
    minimum_balance: Decimal = Decimal(1)
    expiry: timedelta = timedelta(hours=72)
    nudge_share_percent: int = 20
    hourly_cap: int | None = None
    scope: AccountScope = AccountScope.ASSIGNED
    deduplicates: bool = False
    digest_at: time | None = time(8, 30)
    sender: Mailbox = field(default_factory=lambda: Mailbox("receivables@example.com", "Accounts Receivable"))
    reply_to: Mailbox | None = None
    unsubscribe: Mailbox | None = None


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What the rules read besides facts: the policy, and where zones and holidays are looked up."""

    policy: Policy
    zones: Zones
    holidays: Holidays
