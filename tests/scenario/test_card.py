"""Account 360 as it is read: every fact that stands on the card, and which texts a nudge from it may have."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import update

from domain.outcomes import Refused
from domain.reasons import Reason
from domain.templates import Audience
from domain.timeline import Department, Source
from domain.values import Actor, Role
from handlers.cases import Cases
from storage import tables
from tests import factories
from tests.scenario.office import OLGA, RITA, SALES, Office, address, words_of
from tests.scenario.reporting import make
from tests.stage import EVENING

SAID = {
    Source.AUTOPILOT: "Autopilot",
    Source.NUDGE: "Nudge",
    Source.OPERATOR: "A/R",
    Source.CUSTOMER: "Customer",
}
TAGS = {Department.AR: "A/R", Department.CSM: "Customer Success", Department.LEGAL: "Legal", Department.SALES: "Sales"}


def card(office: Office, user: str = RITA) -> str:
    """With everything unfolded."""
    office.open_named("Quartz Mining", user=user)
    office.slack.click(user=user, action_id="account.more")
    return words_of(office.last(user=user).blocks)


def quartz(office: Office) -> int:
    """A customer about whom everything is known."""
    engine, org_id = office.bot.world.across, office.bot.org_id
    account, _, _ = factories.make_customer(
        engine,
        org_id,
        name="Quartz Mining",
        owner_email=address(RITA),
        renewal_on=date(2027, 1, 31),
        synced_at=EVENING - timedelta(hours=3),
    )
    for source in Source:
        factories.make_communication(engine, org_id, account.id, source=source, subject=f"Mail of {source}")
    for department in Department:
        body = f"Word of {department}"
        factories.make_note(engine, org_id, account.id, department=department, author="Ann Author", body=body)
    return account.id


def test_every_fact_is_read_on_the_card(office: Office) -> None:
    account_id = quartz(office)
    shown = card(office)
    assert "Renewal Sun 31 Jan 2027 (in 69 days)" in shown
    assert "Yours" in shown and "Owner Rita Rep" in card(office, OLGA)
    for source, word in SAID.items():
        assert f"*{word}* · Mail of {source}" in shown
    for department, word in TAGS.items():
        assert f"*{word}* Ann Author" in shown and f"Word of {department}" in shown
    assert "Books synced 3 hours ago." in shown
    assert "Nothing planned." in shown

    office.slack.click(user=RITA, action_id="nudge.open")
    office.slack.submit(user=RITA)
    office.slack.close(user=RITA, everything=True)
    (row,) = office.rows(tables.messages)
    assert row["account_id"] == account_id
    assert "by Rita Rep: queued, leaves Tue 24 Nov, 08:" in card(office)

    factories.make_step(
        office.bot.world.across,
        office.bot.org_id,
        account_id,
        name="Second reminder",
        tone="Formal",
        due_at=EVENING + timedelta(days=10),
    )
    shown = card(office)
    assert "Next: “Second reminder” (Formal), Thu 3 Dec, 21:40" in shown and "A nudge doesn't change it." in shown


def test_sales_and_customer_success_have_their_own_texts_and_no_others(office: Office) -> None:
    engine, org_id = office.bot.world.across, office.bot.org_id
    factories.make_template(engine, org_id, key="of_sales", name="A text of Sales")
    factories.make_template(engine, org_id, key="of_csm", name="A text of success", audience=Audience.CSM)
    texts = {Role.SALES: ("A text of Sales", "of_sales"), Role.CSM: ("A text of success", "of_csm")}
    for role, other in ((Role.SALES, Role.CSM), (Role.CSM, Role.SALES)):
        make(office, RITA, role)
        office.open_acme()
        office.slack.click(user=RITA, action_id="nudge.open")
        offered = office.modal()
        assert texts[role][0] in offered and texts[other][0] not in offered
        office.slack.close(user=RITA, everything=True)
        outcome = Cases(
            actor=Actor(org_id=org_id, user_id=office.staff[RITA].id, zone="Europe/Berlin"),
            uow=office.bot.world.uow_for(org_id),
            clock=office.clock,
            rulebook=office.bot.world.rulebook_for(org_id),
        ).queue_nudge(
            office.acme.id,
            contact_id=office.contact.id,
            invoice_id=office.invoice.id,
            template_key=texts[other][1],
            template_version=1,
            origin=f"view:{role}",
        )
        assert isinstance(outcome, Refused) and outcome.reason is Reason.NO_TEMPLATE
        assert office.actions()[-1] == "nudge.refused"
    assert office.states() == []


def test_a_card_of_last_week_leads_to_what_is_known_now(office: Office) -> None:
    office.open_acme()
    office.clock.advance(timedelta(days=8))
    assert office.slack.click(user=RITA, action_id="report.open").ok
    said = words_of(office.last().blocks)
    assert "This button is out of date. Nothing was changed." in said and "press Refresh on the card" in said

    assert office.slack.click(user=RITA, action_id="account.refresh").ok
    seen = [words_of(one.blocks) for one in office.slack.messages(channel=SALES, viewer=RITA)]
    assert sum("Books synced 8 days ago." in words for words in seen) == 1
    assert office.slack.click(user=RITA, action_id="report.open").ok
    assert "out of date" not in office.modal()
    office.slack.close(user=RITA, everything=True)

    office.clock.advance(timedelta(days=8))
    with office.bot.world.across.begin() as connection:
        connection.execute(
            update(tables.accounts)
            .where(tables.accounts.c.org_id == office.bot.org_id, tables.accounts.c.id == office.acme.id)
            .values(owner_email=address(OLGA))
        )
    office.slack.click(user=RITA, action_id="account.refresh")
    seen = [words_of(one.blocks) for one in office.slack.messages(channel=SALES, viewer=RITA)]
    assert sum("This account belongs to a colleague." in words for words in seen) == 1
    assert not any("Acme Robotics" in words for words in seen[-2:])
