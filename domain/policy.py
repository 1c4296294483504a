"""What the organisation decided about sending. Every number is configurable; defaults are the product's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum

from domain.calendars import Holidays, Zones
from domain.mail import Mailbox
from domain.maintenance import Degraded, Maintenance
from domain.minimums import MinimumBalances
from domain.policies import Segments
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
    """One organisation as rows know it. `sending_until` ends a pause by itself.

    Maintenance and degraded sending stand beside the switch: none of them ends with another.
    """

    org_id: int
    name: str
    zone: str
    country: str | None = None
    sending: Sending = Sending.ON
    sending_reason: str = ""
    sending_until: datetime | None = None

    maintenance: Maintenance | None = None
    degraded: Degraded | None = None

    def maintenance_at(self, at: datetime) -> Maintenance | None:
        """The one in force: it ends by itself."""
        return self.maintenance if self.maintenance is not None and at < self.maintenance.until else None

    def sending_at(self, at: datetime) -> Sending:
        """The strictest of all that stands in the way."""
        if self.maintenance_at(at):
            return Sending.MAINTENANCE
        if self.degraded:
            return Sending.DEGRADED
        if self.sending_until is not None and at >= self.sending_until:
            return Sending.ON
        return self.sending

    def closed_at(self, at: datetime) -> Closed | None:
        """What stops sending now, if anything does."""
        state = self.sending_at(at)
        if state is Sending.ON:
            return None
        if (maintenance := self.maintenance_at(at)) is not None:
            return Closed(state, maintenance.reason, maintenance.by, maintenance.until)
        if self.degraded:
            return Closed(state, self.degraded.reason, self.degraded.by)
        return Closed(state, self.sending_reason, until=self.sending_until)


@dataclass(frozen=True, slots=True)
class Closed:
    """No new mail leaves: why, who said so, and when it ends by itself (None: it does not)."""

    state: Sending
    reason: str
    by: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules' numbers. `deduplicates`: the mail provider drops a second mail with the same key.

    Sources: touch caps, Autopilot gaps, freshness, expiry and spread are decided in the product's domain notes;
    50 mails a day is the first week of a warm-up. `nudge_share_percent`: so much of a day's quota is kept for nudges
    (decided). `hourly_cap`: mails in one hour; None for no such cap. `digest_at`: each person's own wall-clock time;
    None for no digest. `remind_after` and `escalate_after` count from when a promise or dispute was said: whoever is on
    duty hears again of a report that nobody has taken up, the A/R Managers of one that is not settled (decided).
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
    minimum_balances: MinimumBalances = field(default_factory=MinimumBalances)
    expiry: timedelta = timedelta(hours=72)
    nudge_share_percent: int = 20
    hourly_cap: int | None = None
    remind_after: timedelta = timedelta(minutes=7)
    escalate_after: timedelta = timedelta(minutes=12)
    scope: AccountScope = AccountScope.ASSIGNED
    deduplicates: bool = False
    digest_at: time | None = time(8, 30)
    sender: Mailbox = field(default_factory=lambda: Mailbox("receivables@example.com", "Accounts Receivable"))
    reply_to: Mailbox | None = None
    unsubscribe: Mailbox | None = None


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What the rules read besides facts: the policy, where zones and holidays are looked up, and the segments in force:
    their own caps and quiet hours bind every mail.
    """

    policy: Policy
    zones: Zones
    holidays: Holidays
    segments: Segments = field(default_factory=Segments)
