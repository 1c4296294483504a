"""What changes where a sending domain stands: a day that ended, a report, a person. Audited and told, each once."""

from __future__ import annotations

from datetime import date, datetime

from domain.bounces import Bounce, Verdict
from domain.notices import NoticeKind, Telling
from domain.policy import Rulebook
from domain.ports import UnitOfWork
from domain.rules.allowance import sending_domain
from domain.rules.warmup import changes_of, look_at, quota_of, stage_of
from domain.usecases._foreseeing import days_behind
from domain.values import Role
from domain.warming import Change, SendingDomain, WarmUp


def today_of(work: UnitOfWork, rulebook: Rulebook, at: datetime) -> date:
    """The day that quotas count at `at`: the workspace's."""
    return at.astimezone(rulebook.zones.zone(work.organisation.get().zone)).date()


def settle(
    work: UnitOfWork,
    before: SendingDomain,
    after: SendingDomain,
    *,
    rulebook: Rulebook,
    at: datetime,
    actor_id: int | None = None,
    by: str = "",
) -> int:
    """Keep it, and say what changed to the audit log and to every Controller; returns how much that was.

    `before` was taken in this transaction. A domain that is not in use any more changes in silence.
    """
    if after == before:
        return 0
    work.sending.save(after)
    warm_up = rulebook.policy.warm_up
    changes = changes_of(before, after, warm_up)
    for change in changes:
        more: dict[str, object] = {"trouble": after.trouble.value if after.trouble else None}
        if change is Change.LIFTED:
            more = {"why": after.lifted_why, "by": by}
        work.audit.record(
            f"domain.{change.value}",
            at=at,
            actor_id=actor_id,
            subject=f"domain:{after.name}",
            before=_facts(before, warm_up),
            after=_facts(after, warm_up) | more,
        )
    if changes and after.name == sending_domain(rulebook):
        work.notices.raise_all(
            Telling(
                f"domain:{after.name}:{change.value}:{at.isoformat()}:{person.id}",
                NoticeKind.SENDING_DOMAIN,
                f"{change.value} {after.name}",
                person.id,
                at,
            )
            for change in changes
            for person in work.people.holding({Role.CONTROLLER}, at)
            if person.id != actor_id
        )
    return len(changes)


def count_report(work: UnitOfWork, bounce: Bounce, *, rulebook: Rulebook, at: datetime) -> None:
    """Count it on the day on which the mail left, for the domain it left from, and look at the domain."""
    left = work.oversight.left_at(bounce.nudge_id)
    if left is None:
        return
    day, name = today_of(work, rulebook, left), bounce.domain or sending_domain(rulebook)
    if name != sending_domain(rulebook) and day not in work.sending.days(name, since=day):
        # Whoever writes a report may write any domain into it; only one that sent on that day is believed.
        name = sending_domain(rulebook)
    is_return = bounce.verdict is Verdict.RETURNED
    work.sending.note(name, day, bounced=int(is_return), complained=int(not is_return))
    before, today = work.sending.take(name), today_of(work, rulebook, at)
    after = look_at(before, days_behind(work, before, today), today=today, at=at, warm_up=rulebook.policy.warm_up)
    settle(work, before, after, rulebook=rulebook, at=at)


def _facts(domain: SendingDomain, warm_up: WarmUp) -> dict[str, object]:
    return {
        "standing": domain.standing.value,
        "stage": stage_of(domain.counted, warm_up),
        "quota": quota_of(domain.counted, warm_up),
    }
