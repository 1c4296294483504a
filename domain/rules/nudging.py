"""From facts to one nudge: which invoice, whom to, when, and the exact text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from domain.accounts import Account, Contact, Invoice
from domain.calendars import Holidays, Zones
from domain.facts import AccountFacts
from domain.mail import Mail, Mailbox
from domain.outcomes import Departure, NudgeStory, PassedOver, Refused
from domain.policies import Segment
from domain.policy import Policy, Rulebook, Workspace
from domain.reasons import Reason
from domain.rules.allowance import slot_of
from domain.rules.autopilot import position_of, segment_for
from domain.rules.guards import Case, Wait, closed_refusal, judge
from domain.rules.objections import by_newest, contact_objection
from domain.rules.quiet_hours import NeverOpen, Opening, Place, QuietHours, ZoneChoice, next_opening, pick_zone, spread
from domain.rules.templates import Unresolved, render, tag_values
from domain.templates import Template
from domain.timeline import Source
from domain.values import Person, Role
from domain.warming import Volume


@dataclass(frozen=True, slots=True)
class Plan:
    """A nudge that the guards allow: now, or at `departure.at`. `case` is what the guards saw."""

    invoice: Invoice
    contact: Contact
    passed_over: tuple[PassedOver, ...]
    departure: Departure
    case: Case


def zone_of(account: Account, contact: Contact | None, workspace: Workspace, rulebook: Rulebook) -> ZoneChoice:
    """The zone whose business hours count, and the rule that picked it."""
    return pick_zone(
        contact=contact.zone if contact else None,
        account=account.zone,
        country=account.country,
        workspace=workspace.zone,
        zones=rulebook.zones,
    )


def placed(story: NudgeStory, workspace: Workspace, rulebook: Rulebook) -> NudgeStory:
    """The story with the zone by whose hours it leaves."""
    return replace(story, zone=zone_of(story.account, story.contact, workspace, rulebook))


@dataclass(frozen=True, slots=True)
class Area:
    """Whose clocks and holidays open and close: IANA zones that all have to be open, ISO 3166 codes. `segment`: the one
    whose quiet hours count, where it has its own.
    """

    zones: tuple[str, ...]
    country: str | None = None
    region: str | None = None
    segment: Segment | None = None


def opening_in(area: Area, at: datetime, rulebook: Rulebook) -> Opening:
    """The next open stretch there from `at` on. Raises NeverOpen."""
    quiet, zones, holidays = quiet_of(area.segment, rulebook.policy), rulebook.zones, rulebook.holidays
    return _opening(at, area.zones, area.country, area.region, quiet, zones, holidays)


def opening_after(
    at: datetime, zone: ZoneChoice, facts: AccountFacts, segment: Segment | None, rulebook: Rulebook
) -> Opening:
    """The customer's next open stretch from `at` on; `segment` is the one it is in now. Raises NeverOpen."""
    account = facts.account
    return opening_in(Area(zone.names, account.country, account.region, segment), at, rulebook)


def quiet_of(segment: Segment | None, policy: Policy) -> QuietHours:
    """The policy's, but for the hours of a segment that has its own: days, holidays and blackouts stay the policy's."""
    if segment is None or segment.quiet is None:
        return policy.quiet
    start, end = segment.quiet
    return replace(policy.quiet, start=start, end=end)


def segment_of(facts: AccountFacts, workspace: Workspace, rulebook: Rulebook, *, at: datetime) -> Segment | None:
    """Of those in force the one in which the customer is at `at`, by the calendar of whom its steps go to. None where
    none of them has limits of its own.
    """
    return segment_today(facts, workspace, rulebook, at=at) if rulebook.segments.have_limits else None


def segment_today(facts: AccountFacts, workspace: Workspace, rulebook: Rulebook, *, at: datetime) -> Segment | None:
    """The same whether any has limits or not; `facts` hold all that the customer owes."""
    contact = choose_contact(facts, at, zones_of(facts.account, workspace, rulebook))
    zone = zone_of(facts.account, contact, workspace, rulebook)
    today = at.astimezone(rulebook.zones.zone(zone.names[0])).date()
    position = position_of(facts, minimums=rulebook.policy.minimum_balances, at=at)
    return segment_for(position, rulebook.segments, today=today)


@lru_cache(maxsize=256)
def _opening(
    at: datetime,
    names: tuple[str, ...],
    country: str | None,
    region: str | None,
    quiet: QuietHours,
    zones: Zones,
    holidays: Holidays,
) -> Opening:
    """Most customers of a batch live in few places: each is worked out once for an instant."""
    place = Place(zones=tuple(zones.zone(name) for name in names), country=country, region=region)
    return next_opening(at, quiet=quiet, place=place, holidays=holidays)


def zones_of(account: Account, workspace: Workspace, rulebook: Rulebook) -> tuple[ZoneInfo, ...]:
    """The account's own zones, whatever its contacts have: by these the days of a suppression are counted."""
    return tuple(map(rulebook.zones.zone, zone_of(account, None, workspace, rulebook).names))


def choose_contact(facts: AccountFacts, at: datetime, zones: tuple[ZoneInfo, ...]) -> Contact | None:
    """The primary contact if it can be written to, else the first that can, else the primary one."""
    ranked = sorted(facts.contacts, key=lambda contact: (not contact.is_primary, contact.id))
    reachable = (contact for contact in ranked if contact_objection(contact, at=at, zones=zones) is None)
    return next(reachable, ranked[0] if ranked else None)


def choose_invoice(case: Case) -> tuple[Invoice | None, tuple[PassedOver, ...]]:
    """The latest invoice that may be cited, and the newer ones that may not, with why."""
    passed_over: list[PassedOver] = []
    for invoice in sorted(case.facts.invoices, key=by_newest, reverse=True):
        if not invoice.is_open or invoice.balance.minor <= 0:
            continue
        objection = case.objection(invoice)
        if objection is None:
            return invoice, tuple(passed_over)
        passed_over.append(PassedOver(invoice, objection))
    return None, tuple(passed_over)


def plan_nudge(
    *,
    workspace: Workspace,
    person: Person | None,
    facts: AccountFacts,
    rulebook: Rulebook,
    at: datetime,
    volume: Volume,
    planned: int = 0,
    contact_id: int | None = None,
    invoice_id: int | None = None,
    message_id: str | None = None,
    source: Source = Source.NUDGE,
) -> Plan | Refused | Wait:
    """Run the guards for one nudge, or one step of Autopilot, at `at`.

    At the click (`message_id` None) waiting is planned for: the answer is a Plan whose departure lies ahead, or a
    refusal. At the release a wait is returned as it is, for the queue to defer the message.
    """
    zones = zones_of(facts.account, workspace, rulebook)
    contact = facts.contact(contact_id) if contact_id is not None else choose_contact(facts, at, zones)
    zone = zone_of(facts.account, contact, workspace, rulebook)
    segment = segment_of(facts, workspace, rulebook, at=at)
    try:
        opening = opening_after(at, zone, facts, segment, rulebook)
        case = Case(
            workspace=workspace,
            person=person,
            facts=facts,
            invoice=facts.invoice(invoice_id) if invoice_id is not None else None,
            contact=contact,
            policy=rulebook.policy,
            at=at,
            opening=opening,
            volume=volume,
            slot=slot_of(at, workspace, rulebook),
            planned=planned,
            message_id=message_id,
            source=source,
            zones=zones,
            segment=segment,
        )
        passed_over: tuple[PassedOver, ...] = ()
        if invoice_id is None:
            chosen, passed_over = choose_invoice(case)
            case = replace(case, invoice=chosen)
        verdict = judge(case)
        if isinstance(verdict, Refused):
            return verdict
        if isinstance(verdict, Wait):
            if message_id is not None:
                return verdict
            if not verdict.admits:
                return _closed(verdict, case)
            opening = opening_after(verdict.until, zone, facts, segment, rulebook)
    except NeverOpen:
        return Refused(Reason.NO_OPENING, ask=Role.OPERATOR)
    # The guards refuse a case without an invoice or a contact, so both are here.
    assert case.invoice is not None and contact is not None
    departure = Departure(
        at=opening.at,
        opening=opening,
        zone=zone,
        waits_for=verdict.reason if isinstance(verdict, Wait) else None,
        segment=segment if segment is not None and segment.quiet is not None else None,
    )
    return Plan(invoice=case.invoice, contact=contact, passed_over=passed_over, departure=departure, case=case)


def _closed(wait: Wait, case: Case) -> Refused:
    """The house sends nothing now, and takes no new mails."""
    if wait.reason is Reason.DOMAIN_STOPPED:
        domain = case.volume.domain
        return Refused(wait.reason, subject=domain.name, at=domain.since, ask=Role.CONTROLLER)
    closed = case.workspace.closed_at(case.at)
    return closed_refusal(closed) if closed else Refused(wait.reason, until=wait.until)


def departure_of(planned: Departure, *, message_id: str, policy_spread: timedelta) -> Departure:
    """The exact second this message leaves: at once, or spread over the first minutes of the opening."""
    if planned.waits_for is None:
        return planned
    return replace(planned, at=spread(planned.opening, key=message_id, over=policy_spread))


def write_mail(
    template: Template,
    *,
    facts: AccountFacts,
    invoice: Invoice,
    contact: Contact,
    person: Person | None,
    rulebook: Rulebook,
    zone: ZoneChoice,
    leaves_at: datetime,
    message_id: str,
) -> Mail | Refused:
    """The exact mail for this moment: amounts and link as they are now, days counted on the payer's calendar.

    Without a person it comes from the house.
    """
    policy = rulebook.policy
    today = leaves_at.astimezone(rulebook.zones.zone(zone.names[0])).date()
    rendered = render(
        template,
        tag_values(
            account=facts.account,
            invoice=invoice,
            pay_link=invoice.pay_link,
            sender_name=person.name if person else policy.sender.name,
            today=today,
        ),
    )
    if isinstance(rendered, Unresolved):
        return Refused(
            Reason.UNRESOLVED_TAG, subject=", ".join(f"{{{tag}}}" for tag in rendered.tags), ask=Role.CONTROLLER
        )
    return Mail(
        message_id=message_id,
        sender=Mailbox(policy.sender.address, f"{person.name} ({policy.sender.name})") if person else policy.sender,
        to=Mailbox(contact.email, contact.name),
        reply_to=policy.reply_to,
        subject=rendered.subject,
        text=rendered.text,
        pay_link=invoice.pay_link.url if invoice.pay_link else "",
        pay_label=f"Pay invoice {invoice.number}",
        date=leaves_at,
        unsubscribe=policy.unsubscribe,
    )


def day_of(at: datetime, workspace: Workspace, rulebook: Rulebook) -> datetime:
    """Midnight that begins the workspace's calendar day of `at`; daily caps are counted by it."""
    local = at.astimezone(rulebook.zones.zone(workspace.zone))
    return datetime.combine(local.date(), time(0), tzinfo=local.tzinfo)
