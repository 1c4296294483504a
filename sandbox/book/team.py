"""The people who use the demo and the channels they meet in. All nine roles are there."""

from __future__ import annotations

from sandbox.book.model import Channel, Colleague

MAIL_DOMAIN = "northwind.example"
"""Reserved by RFC 2606, as are all domains of the book: no mail can ever reach a real person."""


def _colleague(
    key: str,
    slack_id: str,
    name: str,
    *,
    role: str,
    zone: str,
    title: str,
    locale: str = "en-GB",
    is_active: bool = True,
) -> Colleague:
    return Colleague(
        key=key,
        slack_id=slack_id,
        email=f"{key}@{MAIL_DOMAIN}",
        name=name,
        role=role,
        zone=zone,
        title=title,
        locale=locale,
        is_active=is_active,
    )


DEMO_PEOPLE: tuple[Colleague, ...] = (
    _colleague(
        "rita",
        "U01RITAREP",
        "Rita Rep",
        role="sales",
        zone="Europe/Berlin",
        title="Account Executive, DACH and key accounts",
    ),
    _colleague(
        "sam",
        "U01SAMSELL",
        "Sam Seller",
        role="sales",
        zone="America/New_York",
        title="Account Executive, Americas",
        locale="en-US",
    ),
    _colleague(
        "priya",
        "U01PRIYANR",
        "Priya Nair",
        role="sales",
        zone="Europe/London",
        title="Account Executive, UK and Asia-Pacific",
    ),
    _colleague(
        "theo",
        "U01THEOMAR",
        "Théo Marchand",
        role="sales",
        zone="Europe/Paris",
        title="Account Executive, Southern Europe and Nordics",
        locale="fr-FR",
    ),
    _colleague(
        "cleo",
        "U01CLEOCSM",
        "Cleo Care",
        role="csm",
        zone="Europe/London",
        title="Customer Success Manager",
    ),
    _colleague(
        "olga",
        "U01OLGAOPS",
        "Olga Operator",
        role="operator",
        zone="Europe/London",
        title="A/R Operator",
    ),
    _colleague(
        "maya",
        "U01MAYAMGR",
        "Maya Manager",
        role="ar_manager",
        zone="Europe/Berlin",
        title="A/R Manager",
    ),
    _colleague(
        "carl",
        "U01CARLCTL",
        "Carl Controller",
        role="controller",
        zone="Europe/Berlin",
        title="Financial Controller",
        locale="de-DE",
    ),
    _colleague(
        "lena",
        "U01LENALEG",
        "Lena Legal",
        role="legal",
        zone="Europe/Berlin",
        title="Legal Counsel",
    ),
    _colleague(
        "vik",
        "U01VIKVIEW",
        "Vik Viewer",
        role="viewer",
        zone="Asia/Kolkata",
        title="Finance Analyst",
        locale="en-IN",
    ),
    _colleague(
        "ada",
        "U01ADAADMN",
        "Ada Admin",
        role="admin",
        zone="America/New_York",
        title="Workspace Administrator",
        locale="en-US",
    ),
    _colleague(
        "ben",
        "U01BENBILL",
        "Ben Billing",
        role="billing_admin",
        zone="America/New_York",
        title="Billing Administrator",
        locale="en-US",
    ),
    # Has left the company; the product must refuse her at once while her notes stay readable.
    _colleague(
        "dora",
        "U01DORADEP",
        "Dora Departed",
        role="sales",
        zone="Europe/Berlin",
        title="Account Executive (left)",
        is_active=False,
    ),
)

_ID = {person.key: person.slack_id for person in DEMO_PEOPLE}


def _members(keys: str) -> tuple[str, ...]:
    return tuple(_ID[key] for key in keys.split())


DEMO_CHANNELS: tuple[Channel, ...] = (
    Channel(
        "C01AR",
        "ar-team",
        topic="A/R alerts: every nudge, holds and questions",
        members=_members("olga maya carl lena ada ben"),
        is_ar_alerts=True,
    ),
    Channel(
        "C01SALES", "sales", topic="Deals, renewals, accounts", members=_members("rita sam priya theo cleo vik maya")
    ),
    Channel("C01GENERAL", "general", topic="Everybody", members=tuple(_ID.values())),
)
