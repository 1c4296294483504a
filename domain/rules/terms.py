"""The policy's numbers: as the settings say them, as a document says them, and as the rules read them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from domain.policies import Terms
from domain.policy import Policy
from domain.rules.minimum_terms import write_minimums
from domain.rules.warming_terms import write_warm_up
from domain.rules.written import DAYS, write_hours, write_span


def terms_of(policy: Policy, *, zone: str, country: str | None) -> Terms:
    """What a policy says, in the workspace's zone and country."""
    return Terms(
        zone=zone,
        country=country,
        quiet=policy.quiet,
        spread_minutes=_units(policy.spread.total_seconds(), 60),
        daily_cap=policy.daily_cap,
        contact_gap_hours=_units(policy.contact_gap.total_seconds(), 3600),
        nudges_per_week=policy.nudges_per_window,
        freshness_hours=_units(policy.freshness.total_seconds(), 3600),
        autopilot_before_hours=_units(policy.autopilot_before.total_seconds(), 3600),
        autopilot_after_hours=_units(policy.autopilot_after.total_seconds(), 3600),
        minimum_balances=policy.minimum_balances,
        expiry_hours=_units(policy.expiry.total_seconds(), 3600),
        account_scope=policy.scope,
        nudge_share_percent=policy.nudge_share_percent,
        hourly_cap=policy.hourly_cap,
        warm_up=policy.warm_up,
        remind_after_minutes=_units(policy.remind_after.total_seconds(), 60),
        escalate_after_minutes=_units(policy.escalate_after.total_seconds(), 60),
    )


def policy_of(terms: Terms, installation: Policy) -> Policy:
    """What the rules read: the document's numbers, and what only the installation knows, such as the sender."""
    return replace(
        installation,
        quiet=terms.quiet,
        spread=timedelta(minutes=terms.spread_minutes),
        contact_gap=timedelta(hours=terms.contact_gap_hours),
        nudges_per_window=terms.nudges_per_week,
        daily_cap=terms.daily_cap,
        freshness=timedelta(hours=terms.freshness_hours),
        autopilot_before=timedelta(hours=terms.autopilot_before_hours),
        autopilot_after=timedelta(hours=terms.autopilot_after_hours),
        minimum_balances=terms.minimum_balances,
        expiry=timedelta(hours=terms.expiry_hours),
        scope=terms.account_scope,
        nudge_share_percent=terms.nudge_share_percent,
        hourly_cap=terms.hourly_cap,
        warm_up=terms.warm_up,
        remind_after=timedelta(minutes=terms.remind_after_minutes),
        escalate_after=timedelta(minutes=terms.escalate_after_minutes),
    )


def tree_of(terms: Terms) -> dict[str, object]:
    """The tree that reads as these terms."""
    return {
        "zone": terms.zone,
        "country": terms.country or "",
        "quiet_hours": write_hours(terms.quiet.start, terms.quiet.end),
        "open_days": [DAYS[day] for day in sorted(terms.quiet.open_days)],
        "keep_holidays": terms.quiet.keep_holidays,
        "blackouts": [write_span(span) for span in terms.quiet.blackouts],
        "spread_minutes": terms.spread_minutes,
        "daily_cap": terms.daily_cap,
        "contact_gap_hours": terms.contact_gap_hours,
        "nudges_per_week": terms.nudges_per_week,
        "freshness_hours": terms.freshness_hours,
        "autopilot_before_hours": terms.autopilot_before_hours,
        "autopilot_after_hours": terms.autopilot_after_hours,
        "minimum_balance": write_minimums(terms.minimum_balances),
        "expiry_hours": terms.expiry_hours,
        "account_scope": terms.account_scope.value,
        "nudge_share_percent": terms.nudge_share_percent,
        "hourly_cap": terms.hourly_cap or "",
        "warm_up": write_warm_up(terms.warm_up),
        "remind_after_minutes": terms.remind_after_minutes,
        "escalate_after_minutes": terms.escalate_after_minutes,
    }


def _units(seconds: float, of: int) -> int:
    return int(seconds // of)
