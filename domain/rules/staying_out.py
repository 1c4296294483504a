"""Why Autopilot has nothing to do with a customer: `decide`'s silence in words."""

from __future__ import annotations

from datetime import datetime

from domain.autopilot import Position
from domain.facts import AccountFacts
from domain.minimums import MinimumBalances
from domain.policies import Mode, Segment, Segments
from domain.reasons import Reason
from domain.rules.autopilot import misfits, segment_for
from domain.rules.autopilot_course import Payer
from domain.rules.nudging import choose_contact, zones_of
from domain.rules.objections import contact_objection
from domain.simulation import Basis, Missed, Stay


def missed_by(position: Position, segments: Segments, payer: Payer) -> tuple[Missed, ...]:
    """The segments that were tried before the one that fits, or all, each with what speaks against it."""
    found = segment_for(position, segments, today=payer.today)
    tried = segments.each[: segments.each.index(found)] if found else segments.each
    return tuple(Missed(one, tuple(misfits(one, position, today=payer.today))) for one in tried)


def stay_of(
    facts: AccountFacts,
    position: Position,
    segment: Segment | None,
    payer: Payer,
    *,
    minimums: MinimumBalances,
    is_anothers: bool,
) -> Stay:
    """Of several reasons the one that has to be mended first. Only for a customer for whom nothing is decided."""
    if is_anothers:
        return Stay.ANOTHER_SENDER
    if (stay := stay_by_itself(facts, position, minimums)) is not None:
        return stay
    if segment is None:
        return Stay.NO_SEGMENT
    if segment.mode is Mode.OFF:
        return Stay.OFF
    return Stay.NO_STEP_LEFT if payer.is_reachable else Stay.NOBODY


def stay_by_itself(facts: AccountFacts, position: Position, minimums: MinimumBalances) -> Stay | None:
    """What stands on the account itself, whatever segments there are; None when nothing does."""
    if facts.account.legal_hold:
        return Stay.LEGAL_HOLD
    if position.anchor is not None:
        return None
    owed = [one for one in facts.invoices if one.is_open and one.balance.minor > 0]
    chased = [one for one in owed if minimums.are_met_by(one.balance)]
    if not chased:
        return Stay.BELOW_MINIMUM if owed else Stay.NOTHING_OPEN
    return Stay.DISPUTED if any(facts.dispute_on(one.id) for one in chased) else Stay.PROMISED


def nobody_of(facts: AccountFacts, basis: Basis, *, at: datetime) -> Reason | None:
    """Why nobody of a customer may be written to; None when somebody may."""
    zones = zones_of(facts.account, basis.workspace, basis.rulebook)
    objection = contact_objection(choose_contact(facts, at, zones), at=at, zones=zones)
    return objection.reason if objection else None
