"""When a segment falls to Shadow or rises again, those who may change its mode hear of it in Slack."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from domain.policies import DocumentKind
from domain.usecases._yours_now import hand_to_people
from domain.usecases.plan_autopilot import plan_autopilot
from domain.values import Role
from storage import tables
from tests.factories import NOON
from tests.integration.autopilot.ground import ALL_OFF, ALL_ON, cadence
from tests.scenario.office import CARL, OLGA, RITA, VIK, Office
from tests.scenario.reporting import make


def publish(office: Office, segments: str) -> None:
    with office.bot.world.uow_for(office.bot.org_id)() as work:
        for kind, text in ((DocumentKind.SEGMENTS, segments), (DocumentKind.CADENCES, cadence(3, 14))):
            work.library.add_document(kind, text, by="carl@north.example", at=NOON, is_published=True)


def judge(office: Office, *, days: int = 1) -> None:
    office.clock.advance(timedelta(days=days))
    world, org_id = office.bot.world, office.bot.org_id
    plan_autopilot(uow=world.uow_for(org_id), clock=office.clock, rulebook=world.rulebook_for(org_id))
    office.bot.loop.notices()


def told(office: Office, user: str = CARL) -> list[str]:
    return [text for text in office.told(user) if "segment “All”" in text]


def take_contacts_away(office: Office, is_valid: bool) -> None:
    with office.bot.world.across.begin() as connection:
        connection.execute(update(tables.contacts).values(is_valid=is_valid))


def test_a_fall_is_told_once_with_what_unblocks_it_and_so_is_the_rise(office: Office) -> None:
    make(office, VIK, Role.AR_MANAGER)
    publish(office, ALL_ON)
    take_contacts_away(office, False)
    for _ in range(3):
        judge(office)
    (fell,) = told(office)
    assert "fell to Shadow" in fell and "Fewer than 90 %" in fell and "Add or mend their contacts" in fell
    (heard,) = told(office, VIK)
    assert "fell to Shadow" in heard
    assert told(office, OLGA) == [], "an Operator may not change a segment's mode"
    take_contacts_away(office, True)
    for _ in range(2):
        judge(office)
    assert ["by itself" in text and "fell" not in text for text in told(office)] == [False, True]


def test_a_mode_that_somebody_published_is_not_told(office: Office) -> None:
    publish(office, ALL_ON)
    judge(office)
    publish(office, ALL_OFF)
    judge(office)
    publish(office, ALL_ON)
    judge(office)
    assert told(office) == []


def exhaust(office: Office) -> None:
    """Autopilot had nothing left to say about Acme's invoice when it last looked."""
    world, org_id = office.bot.world, office.bot.org_id
    with world.uow_for(org_id)() as work:
        hand_to_people(work, {office.acme.id: office.invoice.id}, at=office.clock.now())


def test_who_is_on_duty_hears_what_autopilot_leaves_to_them_and_opens_the_account(office: Office) -> None:
    exhaust(office)
    office.bot.loop.notices()
    (heard,) = [text for text in office.told(OLGA) if "no step left" in text]
    assert office.invoice.number in heard and "Acme Robotics" in heard and "it is yours now" in heard
    assert office.slack.click(user=OLGA, action_id="account.open").ok
    assert [text for text in office.told(RITA) if "no step left" in text] == []


def test_an_invoice_that_was_paid_meanwhile_is_left_to_nobody(office: Office) -> None:
    exhaust(office)
    with office.bot.world.across.begin() as connection:
        paid = update(tables.invoices).where(tables.invoices.c.id == office.invoice.id)
        connection.execute(paid.values(balance=0, state="paid"))
    office.bot.loop.notices()
    assert [text for text in office.told(OLGA) if "no step left" in text] == []
