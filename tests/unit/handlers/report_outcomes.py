"""Prepared outcomes about promises and disputes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from domain.accounts import Invoice
from domain.commitments import Dispute, DisputeState, Promise, PromiseState, Resolution, Verdict
from domain.legal_holds import HoldChanged
from domain.outcomes import AccountCard
from domain.recording import Act, Begun
from domain.reporting import (
    DisputeChanged,
    DisputeStory,
    Place,
    PromiseChanged,
    PromiseStory,
    Report,
    Reported,
    ReportForm,
    ReportStory,
    Settled,
    Turn,
)
from domain.values import Role
from tests.unit.handlers.outcomes import MIA, NOW, OMAR, eur, full_account, full_facts, full_invoices, make_card

LEA = replace(OMAR, id=11, name="Lea Brandt", email="lea@northwind.example", role=Role.LEGAL)
LINK = "https://northwind.slack.com/archives/C1/p1795000000000100"


def chosen_invoices() -> tuple[Invoice, ...]:
    return full_invoices()[1:3]


def make_report(**changes: Any) -> Report:
    given: dict[str, Any] = {
        "id": 71,
        "account_id": 31,
        "promise_id": 5,
        "dispute_id": None,
        "reported_by": MIA.id,
        "reported_at": NOW - timedelta(minutes=2),
        "said_at": NOW - timedelta(minutes=6),
        "contact_id": 4,
        "evidence": "We pay both on Friday.\nPromised, Anna",
        "evidence_link": LINK,
        "place": Place("C1", "1795.1"),
        "operator_id": OMAR.id,
    }
    return Report(**given | changes)


def make_promise(**changes: Any) -> Promise:
    given: dict[str, Any] = {
        "id": 5,
        "invoice_ids": frozenset({2, 3}),
        "amount": eur("15550.50"),
        "due_on": date(2026, 12, 4),
        "state": PromiseState.REPORTED,
        "reported_at": NOW - timedelta(minutes=2),
        "hold_until": NOW + timedelta(days=2),
    }
    return Promise(**given | changes)


def make_dispute(**changes: Any) -> Dispute:
    given: dict[str, Any] = {
        "id": 6,
        "invoice_ids": frozenset({2}),
        "reason": "Two of five pallets arrived damaged",
        "amount": eur("2480"),
        "state": DisputeState.REPORTED,
        "opened_at": NOW - timedelta(minutes=2),
    }
    return Dispute(**given | changes)


def make_promise_report(*, promise: dict[str, Any] | None = None, **changes: Any) -> ReportStory:
    """`changes` are of the report."""
    report = make_report(**changes)
    return ReportStory(
        report=report,
        account=full_account(),
        invoices=chosen_invoices(),
        contact=full_facts().contacts[0],
        reporter=MIA,
        promise=make_promise(**promise or {}),
        operator=OMAR,
        acknowledged_by=OMAR if report.acknowledged_at else None,
        settled_by=OMAR if report.verdict else None,
    )


def make_dispute_report(*, dispute: dict[str, Any] | None = None, **changes: Any) -> ReportStory:
    report = make_report(promise_id=None, dispute_id=6, **changes)
    story = make_promise_report()
    return replace(
        story,
        report=report,
        invoices=chosen_invoices()[:1],
        promise=None,
        dispute=make_dispute(**dispute or {}),
        settled_by=OMAR if report.verdict else None,
    )


SETTLED = {"verdict": Verdict.RECORDED, "settled_by": OMAR.id, "settled_at": NOW}


def report_stories() -> dict[str, ReportStory]:
    """Every stage a report can be in."""
    waiting: dict[str, dict[str, Any]] = {
        "new": {},
        "acknowledged": {"acknowledged_at": NOW, "acknowledged_by": OMAR.id},
        "reminded": {"said_at": NOW - timedelta(minutes=8), "reminded_at": NOW},
        "late": {"said_at": NOW - timedelta(hours=3), "reminded_at": NOW, "escalated_at": NOW},
        "in a message": {"place": None, "evidence": "", "evidence_link": None},
        "recorded": SETTLED,
        "corrected": SETTLED | {"verdict": Verdict.CORRECTED},
        "not valid": SETTLED | {"verdict": Verdict.NOT_VALID, "why": "They meant another supplier."},
    }
    stories = {f"promise {name}": make_promise_report(**changes) for name, changes in waiting.items()}
    stories |= {f"dispute {name}": make_dispute_report(**changes) for name, changes in waiting.items()}
    stories["promise kept"] = make_promise_report(promise={"state": PromiseState.KEPT, "decided_at": NOW}, **SETTLED)
    stories["promise of nothing known"] = replace(
        make_promise_report(promise={"amount": None, "due_on": None}), invoices=(), contact=None
    )
    for state in (DisputeState.OPEN, DisputeState.IN_REVIEW):
        stories[f"dispute {state}"] = make_dispute_report(dispute={"state": state}, **SETTLED)
    stories["dispute resolved"] = make_dispute_report(
        dispute={"state": DisputeState.RESOLVED, "resolution": Resolution.CREDIT}, **SETTLED
    )
    return stories


def make_dispute_story(state: DisputeState = DisputeState.IN_REVIEW, **changes: Any) -> DisputeStory:
    dispute = make_dispute(state=state, owner="Lea Brandt", answer_due_at=NOW + timedelta(days=2), **changes)
    history = (
        Turn(None, "reported", NOW - timedelta(hours=3), MIA),
        Turn("reported", "open", NOW - timedelta(hours=2), OMAR),
        Turn("in_review", "in_review", NOW, LEA, "A credit is due."),
    )
    return DisputeStory(dispute, full_account(), chosen_invoices()[:1], history)


def make_form(**changes: Any) -> ReportForm:
    facts = full_facts()
    given: dict[str, Any] = {
        "account": facts.account,
        "invoices": facts.invoices,
        "contacts": facts.contacts,
        "person": MIA,
        "at": NOW,
    }
    return ReportForm(**given | changes)


def make_reported(**changes: Any) -> Reported:
    return Reported(make_promise_report(**changes), again=False)


def make_settled() -> Settled:
    return Settled(make_promise_report(**SETTLED), superseded=(3,))


def make_begun(act: Act) -> Begun:
    about: dict[Act, ReportStory | PromiseStory | DisputeStory] = {
        Act.REJECT: make_promise_report(),
        Act.WITHDRAW: PromiseStory(make_promise(state=PromiseState.OPEN), full_account(), chosen_invoices()),
        Act.RESOLVE: make_dispute_story(),
        Act.ANSWER: make_dispute_story(),
    }
    return Begun(act, full_account(), OMAR, about.get(act))


def make_promise_changed() -> PromiseChanged:
    story = PromiseStory(make_promise(state=PromiseState.WITHDRAWN), full_account(), chosen_invoices())
    return PromiseChanged(story, was=PromiseState.OPEN)


def make_dispute_changed(to: DisputeState, was: DisputeState) -> DisputeChanged:
    resolution = Resolution.CREDIT if to is DisputeState.RESOLVED else None
    return DisputeChanged(make_dispute_story(to, resolution=resolution), was=was)


def make_hold_changed(*, is_held: bool, books: str | None = None) -> HoldChanged:
    return HoldChanged(full_account(), is_held=is_held, why="Insolvency filed", by=LEA, books=books)


def make_keepers_card(person: Any = OMAR, **changes: Any) -> AccountCard:
    """With a promise and a dispute on record."""
    facts = full_facts(
        promises=(make_promise(state=PromiseState.OPEN),),
        disputes=(make_dispute(state=DisputeState.OPEN), make_dispute(id=7, state=DisputeState.IN_REVIEW)),
        **changes,
    )
    card = make_card(reader=person, nudge=None)
    return replace(card, card=replace(card.card, facts=facts))
