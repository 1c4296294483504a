"""Where the sending domain stands: what Slack, the console and the command line show."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.deliverability import SendingNow
from domain.policy import Rulebook
from domain.ports import UnitOfWork
from domain.rules.allowance import caps_of, slot_of
from domain.rules.warmup import measured, quota_of, stage_of
from domain.usecases._foreseeing import foresee_queue

SHOWN_DAYS = 14


def sending_now(work: UnitOfWork, rulebook: Rulebook, at: datetime) -> SendingNow:
    policy = rulebook.policy
    slot = slot_of(at, work.organisation.get(), rulebook)
    volume = work.sending.volume(slot.domain, around=slot.day)
    days = work.sending.days(slot.domain, since=slot.day - timedelta(days=SHOWN_DAYS - 1))
    return SendingNow(
        domain=volume.domain,
        slot=slot,
        used=volume.on(slot.day).at_hour(slot.hour),
        caps=caps_of(volume.domain, policy),
        quota=quota_of(volume.domain.counted, policy.warm_up),
        stage=stage_of(volume.domain.counted, policy.warm_up),
        warm_up=policy.warm_up,
        has_hourly_cap=policy.hourly_cap is not None,
        measured=measured(volume.domain, days, until=slot.day, warm_up=policy.warm_up),
        days=days,
        forecast=foresee_queue(work, rulebook, at),
    )
