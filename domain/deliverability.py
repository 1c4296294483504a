"""What people are shown of a sending domain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from domain.rules.forecast import Forecast
from domain.rules.warmup import Measured
from domain.warming import Caps, SendingDay, SendingDomain, Slot, WarmUp


@dataclass(frozen=True, slots=True)
class SendingNow:
    """Where the domain stands, at one instant. `used` is today, counted at the present hour.

    `quota`: the warm-up's for today, None without a ramp; `caps` are what counts, with the policy's own. `measured`
    are the trailing week's mails. `days` are the last two weeks. `has_hourly_cap`: the policy limits an hour.
    """

    domain: SendingDomain
    slot: Slot
    used: SendingDay
    caps: Caps
    quota: int | None
    stage: int
    warm_up: WarmUp
    has_hourly_cap: bool
    measured: Measured
    days: Mapping[date, SendingDay]
    forecast: Forecast
