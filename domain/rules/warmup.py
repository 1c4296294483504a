"""Grow, hold, step back, stop: what a sending domain may send, and when its ramp moves.

A day counts when at least half of its quota left (decided: a provider that has seen 25 mails of a promised 50 has seen
the volume; of 5 it has not, and the ramp would outrun what anybody saw). Then the ramp is one day further. Weekends and
other days on which nothing leaves do not count and take nothing.

Bounces and complaints are measured over the mails of the last seven days (decided: a returned mail may take five days
to come back, and a day of fifty mails says little), on the day on which the mail left. The ramp is held while they are
too many, and goes on by itself once a day has ended with fewer. Sending stops by itself and goes on only when a person
lifts the stop; what left until then is forgiven, because somebody has looked at it.

What steps back (decided): lifting a stop, by one stage; two weeks without a mail, by one stage; thirty days, after
which warm-up guides take a sender for a new one, to the beginning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from domain.warming import (
    LARGEST_QUOTA,
    Change,
    DomainState,
    SendingDay,
    SendingDomain,
    Tally,
    Trouble,
    WarmUp,
)

WINDOW = 7
"""Days whose mails are measured together."""
HOLD_BOUNCES, STOP_BOUNCES = 3, 5
"""Fewer returned mails than these never hold or stop (decided). Of 50 mails a healthy sender, at the limit of 2 %, has
three or more returned on 8 days of 100 and five or more on 3 of 1,000: a hold by chance ends by itself, a stop by
chance is rare enough to call a person."""
HOLD_COMPLAINTS, STOP_COMPLAINTS = 2, 3
"""The same for complaints (decided): in the first week one complaint is 0.3 % of 350 mails already. At half of the
limit two or more come by chance in 14 weeks of 1,000, three or more in one."""

QUIET_STEP = 14
QUIET_RESTART = 30
"""Days without a mail after which the ramp steps back, and begins again."""


class Verdict(StrEnum):
    """What the last days' mails say."""

    FINE = "fine"
    HOLD = "hold"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Measured:
    """The window's mails, what they say, and of which trouble they speak."""

    tally: Tally
    verdict: Verdict = Verdict.FINE
    trouble: Trouble | None = None


def quota_of(counted: int, warm_up: WarmUp) -> int | None:
    """Mails on the day after `counted` days that counted; None where there is no ramp."""
    if not warm_up.ramp:
        return None
    left = counted
    for stage in warm_up.ramp:
        if left < stage.days:
            return stage.per_day
        left -= stage.days
    last = warm_up.ramp[-1].per_day
    if warm_up.doubles_every is None:
        return last
    doublings = left // warm_up.doubles_every + 1
    # Beyond this even the smallest quota is the largest one; a ramp of years is no huge number.
    return min(LARGEST_QUOTA, last << min(doublings, LARGEST_QUOTA.bit_length()))


def stage_of(counted: int, warm_up: WarmUp) -> int:
    """Which stage the day after `counted` days lies in, from 1; those in which the quota doubles count on."""
    number, left = 1, counted
    for stage in warm_up.ramp:
        if left < stage.days:
            return number
        left -= stage.days
        number += 1
    return number + (left // warm_up.doubles_every if warm_up.doubles_every else 0)


def first_day_of(stage: int, warm_up: WarmUp) -> int:
    """Days that counted when the stage begins; of stage 1 and everything before it none."""
    known = warm_up.ramp[: max(0, stage - 1)]
    beyond = max(0, stage - 1 - len(warm_up.ramp)) * (warm_up.doubles_every or 0)
    return sum(each.days for each in known) + beyond


def stage_before(counted: int, warm_up: WarmUp) -> int:
    """Days that counted when the stage before the present one began."""
    return min(counted, first_day_of(stage_of(counted, warm_up) - 1, warm_up))


def percent(part: int, whole: int) -> Decimal:
    """Of nothing nothing; never more than 100, whatever is reported about mails of another day."""
    return Decimal(100 * part) / Decimal(max(whole, part)) if part else Decimal(0)


def measured(domain: SendingDomain, days: Mapping[date, SendingDay], *, until: date, warm_up: WarmUp) -> Measured:
    """The mails of the seven days that end with `until`, without what was forgiven."""
    tally = Tally()
    for back in range(WINDOW):
        day = until - timedelta(days=back)
        if domain.measured_after is not None and day <= domain.measured_after:
            break
        if day in days:
            tally += days[day].tally
    limits = warm_up.limits
    bounced, complained = percent(tally.bounced, tally.sent), percent(tally.complained, tally.sent)
    # A complaint costs more than an address that is gone, so it is named first.
    if tally.complained >= STOP_COMPLAINTS and complained >= limits.stop_complained:
        return Measured(tally, Verdict.STOP, Trouble.COMPLAINTS)
    if tally.bounced >= STOP_BOUNCES and bounced > limits.stop_bounced:
        return Measured(tally, Verdict.STOP, Trouble.BOUNCES)
    if tally.complained >= HOLD_COMPLAINTS and complained >= limits.hold_complained:
        return Measured(tally, Verdict.HOLD, Trouble.COMPLAINTS)
    if tally.bounced >= HOLD_BOUNCES and bounced >= limits.hold_bounced:
        return Measured(tally, Verdict.HOLD, Trouble.BOUNCES)
    return Measured(tally)


_STANDINGS = {
    (DomainState.WARMING, DomainState.HELD): Change.HELD,
    (DomainState.HELD, DomainState.WARMING): Change.RESUMED,
    (DomainState.WARMING, DomainState.STOPPED): Change.STOPPED,
    (DomainState.HELD, DomainState.STOPPED): Change.STOPPED,
    (DomainState.STOPPED, DomainState.WARMING): Change.LIFTED,
}


def changes_of(before: SendingDomain, after: SendingDomain, warm_up: WarmUp) -> tuple[Change, ...]:
    """What people are told of: another standing, another stage. A stop that is lifted steps back by itself."""
    changes = []
    if (change := _STANDINGS.get((before.standing, after.standing))) is not None:
        changes.append(change)
    was, now = stage_of(before.counted, warm_up), stage_of(after.counted, warm_up)
    if was != now and change is not Change.LIFTED:
        changes.append(Change.GREW if now > was else Change.STEPPED_BACK)
    return tuple(changes)


def look_at(
    domain: SendingDomain, days: Mapping[date, SendingDay], *, today: date, at: datetime, warm_up: WarmUp
) -> SendingDomain:
    """Where the domain stands after a report: it may be held or stopped, at once. Nothing is let go here."""
    found = measured(domain, days, until=today, warm_up=warm_up)
    if domain.standing is DomainState.STOPPED or found.verdict is Verdict.FINE:
        return domain
    if found.verdict is Verdict.STOP:
        return replace(domain, standing=DomainState.STOPPED, trouble=found.trouble, since=at)
    if domain.standing is DomainState.HELD:
        return domain
    return replace(domain, standing=DomainState.HELD, trouble=found.trouble, since=at)


def judge(
    domain: SendingDomain, days: Mapping[date, SendingDay], *, today: date, at: datetime, warm_up: WarmUp
) -> SendingDomain:
    """Judge every day that has ended and was not judged yet, in order. `days` reaches a window back behind them.

    The first day of a domain is the one on which it is first looked at.
    """
    if domain.judged_on is None:
        return replace(domain, judged_on=today - timedelta(days=1), since=domain.since or at)
    day = domain.judged_on + timedelta(days=1)
    while day < today:
        domain = _judge_day(domain, days, day=day, at=at, warm_up=warm_up)
        day += timedelta(days=1)
    return domain


def _judge_day(
    domain: SendingDomain, days: Mapping[date, SendingDay], *, day: date, at: datetime, warm_up: WarmUp
) -> SendingDomain:
    left = days[day].used if day in days else 0
    seen = look_at(replace(domain, judged_on=day), days, today=day, at=at, warm_up=warm_up)
    if left:
        seen = replace(seen, last_sent_on=day)
    elif seen.last_sent_on is not None:
        seen = replace(seen, counted=_after_silence(seen.counted, (day - seen.last_sent_on).days, warm_up))
    if (
        seen.standing is DomainState.STOPPED
        or measured(seen, days, until=day, warm_up=warm_up).verdict is not Verdict.FINE
    ):
        return seen
    if seen.standing is DomainState.HELD:
        seen = replace(seen, standing=DomainState.WARMING, trouble=None, since=at)
    quota = quota_of(seen.counted, warm_up)
    counts = quota is not None and left * 100 >= quota * warm_up.used_percent
    return replace(seen, counted=seen.counted + 1) if counts else seen


def _after_silence(counted: int, silent: int, warm_up: WarmUp) -> int:
    if silent >= QUIET_RESTART:
        return 0
    return stage_before(counted, warm_up) if silent == QUIET_STEP else counted


def lift(
    domain: SendingDomain, *, today: date, at: datetime, by: int | None, why: str, warm_up: WarmUp
) -> SendingDomain:
    """Send again, one stage lower; what left until today is forgiven. Only for a domain that is stopped."""
    return replace(
        domain,
        standing=DomainState.WARMING,
        trouble=None,
        counted=stage_before(domain.counted, warm_up),
        since=at,
        measured_after=today,
        lifted_by=by,
        lifted_at=at,
        lifted_why=why,
    )
