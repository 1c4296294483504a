"""`/plixo deliverability` and `/plixo suppress` in Slack."""

from __future__ import annotations

from domain.warming import DomainState, SendingDomain, Trouble
from storage import tables
from tests.scenario.office import CARL, OLGA, RITA, SALES, Office, words_of
from tests.stage import EVENING


def plixo(office: Office, words: str, *, user: str = CARL) -> str:
    assert office.slack.command(user=user, command="/plixo", text=words, channel=SALES).ok
    return words_of(office.last(user=user).blocks)


def stop(office: Office) -> None:
    with office.bot.world.uow_for(office.bot.org_id)() as work:
        work.sending.save(
            SendingDomain("northwind.example", DomainState.STOPPED, Trouble.COMPLAINTS, counted=8, since=EVENING)
        )


def shown(office: Office, *, user: str = CARL) -> str:
    assert office.slack.command(user=user, command="/plixo", text="deliverability", channel=SALES).ok
    return office.modal(user)


def test_the_controller_sees_the_domain_its_records_and_its_plot(office: Office) -> None:
    words = shown(office)
    assert "🟢 northwind.example sends." in words
    assert "SPF: It says which servers may send for the domain." in words
    assert "DMARC: It asks receivers to report forged mail and to deliver it all the same." in words
    assert "PLIXO_DKIM_SELECTOR" in words
    assert "░" in words


def test_a_stop_is_lifted_with_a_reason_by_those_who_operate(office: Office) -> None:
    stop(office)
    assert "🔴 northwind.example: nothing leaves" in shown(office)
    refused = plixo(office, 'deliverability lift "The list is cleaned."', user=OLGA)
    assert "sends again" not in refused
    assert "Say why sending may go on" in plixo(office, "deliverability lift")
    assert (
        plixo(office, 'deliverability lift "The list is cleaned."') == "northwind.example sends again, one stage lower."
    )
    assert "nothing to lift" in plixo(office, "deliverability lift again")
    assert office.actions().count("domain.lifted") == 1
    assert "domain.lifted.refused" in office.actions()


def test_who_may_not_see_operations_is_refused(office: Office) -> None:
    words = shown(office, user=RITA)
    assert "northwind.example sends" not in words
    assert "deliverability.refused" in office.actions()


def test_an_operator_suppresses_an_address_and_lifts_it_again(office: Office) -> None:
    told = plixo(office, 'suppress add Paula@acme.example "legal hold" 2027-01-15', user=OLGA)
    assert "Nobody writes to paula@acme.example" in told and "they are on legal hold" in told
    (row,) = office.rows(tables.suppressions)
    assert (row["email"], row["reason"], str(row["until"])) == ("paula@acme.example", "legal_hold", "2027-01-15")
    office.open_acme()
    assert "No nudge now." in words_of(office.last().blocks)
    assert "Say why they may be written to again" in plixo(office, "suppress lift paula@acme.example", user=OLGA)
    assert "may be written to again" in plixo(office, "suppress lift paula@acme.example “A mistake”", user=OLGA)
    assert office.rows(tables.suppressions) == []
    assert [one for one in office.actions() if one.startswith("contact.")] == [
        "contact.suppressed",
        "contact.reactivated",
    ]


def test_sales_suppresses_nobody_and_wrong_orders_are_explained(office: Office) -> None:
    assert "Nobody writes" not in plixo(office, "suppress add paula@acme.example", user=RITA)
    assert "contact.suppressed.refused" in office.actions()
    for order in (
        "suppress",
        "suppress lift",
        "suppress add",
        "suppress add paula",
        "suppress add paula@acme.example bored",
        'suppress add paula@acme.example "opted out',
    ):
        assert "/plixo suppress" in plixo(office, order, user=OLGA), order
    assert "lift" in plixo(office, "deliverability now")
    assert "A quotation mark is left open" in plixo(office, 'deliverability lift "The list is cleaned.')
    assert office.rows(tables.suppressions) == []


def test_under_maintenance_one_may_look_but_not_lift_or_suppress(office: Office) -> None:
    stop(office)
    plixo(office, 'maintenance on "New disks" 2h')
    assert "under maintenance" in plixo(office, 'deliverability lift "Now."')
    assert "under maintenance" in plixo(office, "suppress add paula@acme.example", user=OLGA)
    assert "northwind.example" in shown(office)
    assert office.rows(tables.suppressions) == []
