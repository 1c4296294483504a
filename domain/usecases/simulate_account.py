"""What Autopilot would do with one customer: its segment and why, and its next three steps. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from domain.autopilot import Judged
from domain.outcomes import ChooseAccount, NothingFound, Refused
from domain.policies import Mode, Segment
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWork, UnitOfWorkFactory
from domain.rules.allowance import sending_domain
from domain.rules.staying_out import missed_by, nobody_of
from domain.simulation import AccountAhead, Proposed
from domain.usecases._asker import asker, visible_account
from domain.usecases._finding import account_meant
from domain.usecases._simulating import look_ahead, open_basis
from domain.usecases._warming import today_of
from domain.values import Actor, Capability, Person

STEPS = 3
HORIZON = timedelta(days=366)
"""So far ahead a step is looked for; cadences are shorter than a year."""
DOING = "simulation"


def simulate_account(
    account: int | str, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> AccountAhead | ChooseAccount | NothingFound | Refused:
    """By what is in force; by its id, or by the words by which `/account` finds it."""
    at = clock.now()
    with uow() as work:
        subject = f"account:{account}" if isinstance(account, int) else "account"
        person = asker(work, actor, at, needs=Capability.VIEW_POLICIES, doing=DOING, subject=subject)
        if isinstance(person, Refused):
            return person
        meant: int | ChooseAccount | NothingFound
        if isinstance(account, int):
            meant = account
        else:
            meant = account_meant(work, person, account, rulebook, at=at, doing=DOING)
        if not isinstance(meant, int):
            return meant
        seen = visible_account(work, person, meant, rulebook.policy.scope, at=at, doing=DOING)
        if isinstance(seen, Refused):
            return seen
        return account_ahead(work, meant, Proposed(), rulebook=rulebook, at=at, reader=person)


def account_ahead(
    work: UnitOfWork,
    account_id: int,
    proposed: Proposed,
    *,
    rulebook: Rulebook,
    at: datetime,
    reader: Person | None = None,
) -> AccountAhead:
    """Within a transaction that is open. Raises InvalidValue where nothing is published by which to look ahead."""
    book, basis = open_basis(work, rulebook, proposed)
    volume = work.sending.volume(sending_domain(rulebook), around=today_of(work, rulebook, at))
    (ahead,) = look_ahead(
        work, [account_id], book=book, basis=basis, volume=volume, at=at, until=at + HORIZON, most=STEPS
    )
    segment, running = ahead.segment, ahead.course.running
    modes = {one.name: _mode(one, basis.standings) for one in basis.segments.each}
    anchor = running.invoice_id if running else ahead.position.anchor and ahead.position.anchor.invoice_id
    cited = ahead.facts.invoice(anchor) if anchor else None
    minimums = basis.rulebook.policy.minimum_balances
    owed = sorted({one.balance.currency for one in ahead.facts.invoices if one.is_open and one.balance.minor > 0})
    return AccountAhead(
        account=ahead.facts.account,
        reader=reader,
        missed=missed_by(ahead.position, basis.segments, ahead.payer),
        segment=segment,
        mode=modes[segment.name] if segment else None,
        modes=modes,
        shortfalls=judged.shortfalls if segment and (judged := _judged(segment, basis.standings)) else (),
        cadence=running.cadence if running else segment.cadence if segment else None,
        version=running.version if running else basis.version,
        anchor=cited,
        minimums={currency: minimums.for_currency(currency) for currency in owed},
        is_running=running is not None,
        steps=ahead.steps,
        stay=ahead.stay,
        nobody=nobody_of(ahead.facts, basis, at=at),
        zone=ahead.payer.zone,
        today=ahead.payer.today,
        is_proposed=basis.is_proposed,
        at=at,
        titles=basis.titles,
        others=tuple(one for one in ahead.facts.steps if one.is_scheduled and not one.is_own)[:STEPS],
    )


def _judged(segment: Segment, standings: Mapping[str, Judged]) -> Judged | None:
    """None: it has yet to be judged, or was when it was in another mode."""
    judged = standings.get(segment.name)
    return judged if judged is not None and judged.is_of_autopilot and segment.mode is Mode.AUTOPILOT else None


def _mode(segment: Segment, standings: Mapping[str, Judged]) -> Mode | None:
    if segment.mode is not Mode.AUTOPILOT:
        return segment.mode
    judged = _judged(segment, standings)
    return judged.mode if judged else None
