"""Rows of the console that the organisation's own tables answer: the switch, jobs, texts, the sending domain."""

from __future__ import annotations

from datetime import datetime

from domain.console import is_stopped
from domain.deliverability import SendingNow
from domain.jobs import Outcome
from domain.policy import Rulebook, Sending
from domain.ports import UnitOfWork
from domain.readiness import SENDING, Level, Row
from domain.rules.depth_rows import depth_rows
from domain.rules.kept_records import record_rows
from domain.rules.warmup import percent
from domain.templates import Audience
from domain.values import Role
from domain.warming import DomainState


def house_rows(work: UnitOfWork, sending: SendingNow | None, at: datetime) -> list[Row]:
    """One organisation's, in reading order; where nobody knows how the domain stands, none of it: the policy cannot be
    read. Nothing is looked up: of its records it says what the last look found.
    """
    volume = _volume(sending) if sending is not None else []
    records = record_rows(work.sender_records.of(sending.domain.name), at) if sending is not None else []
    return [_switch(work, at), _jobs(work, at), _templates(work), *volume, *records]


def own_rows(work: UnitOfWork, rulebook: Rulebook | None, sending: SendingNow | None, at: datetime) -> list[Row]:
    """The same, and what else the organisation's own tables say of the queue, refused mail and the books.

    The installation's reading counts all organisations together, and may be as old as the watch's last look.
    """
    is_held = is_stopped(work.organisation.get(), work.jobs.stories(), at)
    freshness = rulebook.policy.freshness if rulebook is not None else None
    return [
        *depth_rows(work.house.depth(at), at, freshness=freshness, is_held=is_held),
        *house_rows(work, sending, at),
    ]


def _row(name: str, is_ok: bool, detail: str, fix: str, bad: Level) -> Row:
    return Row.of(name, is_ok, detail, fix, is_vital=False, bad=bad)


def _switch(work: UnitOfWork, at: datetime) -> Row:
    closed = work.organisation.get().closed_at(at)
    if closed is None:
        keepers = work.people.holding({Role.CONTROLLER}, at)
        told = "on" if keepers else "on, but nobody is Controller"
        return _row(SENDING, bool(keepers), told, "`plixo roles set you@example.com controller`.", Level.AMBER)
    detail = f"{closed.state.value}: {closed.reason}" if closed.reason else closed.state.value
    if closed.state is Sending.DEGRADED:
        return _row(SENDING, False, detail, "Mend it, then `plixo sending on`.", Level.RED)
    fix = "`/plixo maintenance off`" if closed.state is Sending.MAINTENANCE else "`plixo sending on`"
    wait = ", or wait: it ends by itself." if closed.until else "."
    return _row(SENDING, False, detail, fix + wait, Level.AMBER)


def _jobs(work: UnitOfWork, at: datetime) -> Row:
    stories = work.jobs.stories()
    failing = [story.job for story in stories if story.last and story.last.outcome is Outcome.FAILED]
    paused = [story.job for story in stories if story.pause_at(at)]
    if failing:
        return _row("jobs", False, f"failing: {', '.join(failing)}", "`plixo cron list`, then the log.", Level.RED)
    told = f"paused: {', '.join(paused)}" if paused else "every job that had something to do did it"
    resume = f"`plixo cron resume {paused[0] if len(paused) == 1 else 'JOB'}`, or wait: a pause ends by itself."
    return _row("jobs", not paused, told, resume, Level.AMBER)


def _templates(work: UnitOfWork) -> Row:
    count = len(work.templates.approved(Audience.SALES))
    return _row(
        "templates",
        count > 0,
        f"{count} text{'' if count == 1 else 's'} approved for nudges" if count else "no text is approved for nudges",
        "A Controller approves one: `/plixo templates`.",
        Level.RED,
    )


def _volume(now: SendingNow) -> list[Row]:
    domain, tally = now.domain, now.measured.tally
    level = {DomainState.STOPPED: Level.RED, DomainState.HELD: Level.AMBER}.get(domain.standing, Level.GREEN)
    stage = "no warm-up" if now.quota is None else f"stage {now.stage} of the warm-up, {now.quota} mails a day"
    bounced, complained = percent(tally.bounced, tally.sent), percent(tally.complained, tally.sent)
    rates = f"{bounced:.2f} % came back, {complained:.2f} % reported as unwanted, of {tally.sent} in seven days"
    return [
        Row("warm-up", level, f"{domain.name}: {domain.standing.value}, {stage}", "`plixo deliverability` says why."),
        Row("bounces", level, rates, "`plixo deliverability`; docs/runbook.md, “The mail server fails”."),
    ]
