"""Show Account 360."""

from __future__ import annotations

from datetime import datetime

from domain.facts import AccountFacts, CardFacts, newest
from domain.minimums import MinimumBalances
from domain.outcomes import AccountCard, CardNudge, Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWork, UnitOfWorkFactory
from domain.rules.access import may
from domain.rules.allowance import sending_domain
from domain.rules.autopilot import position_of
from domain.rules.guards import Wait
from domain.rules.nudging import Plan, choose_contact, plan_nudge, zone_of, zones_of
from domain.rules.objections import OF_THE_INVOICE
from domain.rules.staying_out import stay_by_itself
from domain.simulation import Stay
from domain.usecases._asker import asker, if_visible
from domain.values import Actor, Capability, Person


def open_account(
    account_id: int, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> AccountCard | Refused:
    """The card as it stands now. Refused when the account is gone or outside the asker's scope."""
    at = clock.now()
    with uow() as work:
        person = asker(
            work, actor, at, needs=Capability.VIEW_ACCOUNTS, doing="account", subject=f"account:{account_id}"
        )
        if isinstance(person, Refused):
            return person
        return account_card(work, person, account_id, at=at, rulebook=rulebook)


def account_card(
    work: UnitOfWork, person: Person, account_id: int, *, at: datetime, rulebook: Rulebook
) -> AccountCard | Refused:
    """The card within a transaction that is already open."""
    card = work.accounts.card(account_id, sending_domain=sending_domain(rulebook), at=at)
    account = card.facts.account if card else None
    seen = if_visible(work, person, account, account_id, rulebook.policy.scope, at=at, doing="account")
    if isinstance(seen, Refused):
        return seen
    assert card is not None
    workspace = card.workspace
    contact = choose_contact(card.facts, at, zones_of(card.facts.account, workspace, rulebook))
    zone = zone_of(card.facts.account, contact, workspace, rulebook)
    nudge = None
    if may(person, Capability.NUDGE):
        volume = card.volume

        def plan_with(facts: AccountFacts) -> Plan | Refused | Wait:
            return plan_nudge(workspace=workspace, person=person, facts=facts, rulebook=rulebook, at=at, volume=volume)

        # In which segment it is follows from all that is open.
        is_partly = rulebook.segments.have_limits and _is_cut(card)
        plan = plan_with(work.accounts.facts([account_id], at=at)[account_id] if is_partly else card.facts)
        if card.may_cite_others and isinstance(plan, Refused) and plan.reason in OF_THE_INVOICE:
            # None of those that were read, and there are others.
            plan = plan_with(work.accounts.facts([account_id], at=at)[account_id])
        assert not isinstance(plan, Wait)
        if isinstance(plan, Refused):
            nudge = CardNudge(refusal=plan, invoice=None, departure=None)
        else:
            nudge = CardNudge(refusal=None, invoice=plan.invoice, departure=plan.departure)
    wanted = {m.requested_by for m in (*newest(card.facts.nudges), *card.past_nudges)}
    people = work.people.by_ids([one for one in wanted if one is not None], at)
    is_held_here = card.facts.account.legal_hold is not None and work.legal_holds.standing(account_id) is not None
    return AccountCard(
        card=card,
        nudge=nudge,
        people=people,
        reader=person,
        zone=zone,
        at=at,
        is_held_here=is_held_here,
        stay=_stay(work, card, rulebook.policy.minimum_balances, at),
    )


def _stay(work: UnitOfWork, card: CardFacts, minimums: MinimumBalances, at: datetime) -> Stay | None:
    """Told only where no step is planned. Of a long list the invoice that is chased may be one that was not read."""
    if card.facts.next_step(at) is not None:
        return None
    stay = stay_by_itself(card.facts, position_of(card.facts, minimums=minimums, at=at), minimums)
    if stay in (None, Stay.LEGAL_HOLD) or not _is_cut(card):
        return stay
    id = card.facts.account.id
    facts = work.accounts.facts([id], at=at)[id]
    return stay_by_itself(facts, position_of(facts, minimums=minimums, at=at), minimums)


def _is_cut(card: CardFacts) -> bool:
    """Of a long list of open invoices not all were read."""
    return sum(due.count for due in card.dues) > sum(invoice.is_open for invoice in card.facts.invoices)
