"""Deeds about promises, disputes and legal holds, and about who is on duty."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from domain.rules.duty import DUTY_SETTERS
from domain.rules.reporting import HOLD_PLACERS
from domain.values import Capability, Role
from handlers import ids
from handlers.seal import Kind
from tests.scenario.deeds import Deed, Held, Scene, deed, those_who
from tests.scenario.fields import Sealed, chosen, day, ticked, typed
from tests.scenario.office import SAM

REPORTERS = those_who(Capability.REPORT)
KEEPERS = those_who(Capability.RECORD)
LEGAL = those_who(Capability.RECORD_DISPUTE_INPUT)
READ = {"is_audited": False}
SCOPED = {"is_scoped": True, "is_audited": False}
SETTLED = "reports promises promise_events"


# -- promises, disputes, holds ----------------------------------------------------------------------------------------


def _sheet(account_id: int, report_id: int = 0) -> Sealed:
    return Sealed(Kind.SHEET, (account_id, report_id, 0, "", "", "", 0, "", 0, "EUR", ""))


def _filled(scene: Scene, *, is_dispute: bool = False, is_correction: bool = False) -> Held:
    if is_correction:
        report_id, account, invoice = scene.report()
        contact_id = 0
    else:
        account, contact, invoice = scene.customer()
        report_id, contact_id = 0, contact.id
    fields: dict[tuple[str, str], Any] = {
        ("kind", ids.REPORT_KIND): chosen("dispute" if is_dispute else "promise"),
        ("invoices", ids.REPORT_INVOICES): ticked(Sealed(Kind.INVOICE, (invoice.id,))),
        ("amount", ids.REPORT_AMOUNT): typed("500"),
        ("said", ids.REPORT_SAID): typed("5 minutes ago"),
        ("evidence", ids.REPORT_EVIDENCE): typed("We will."),
        ("contact", ids.REPORT_CONTACT): chosen(Sealed(Kind.CONTACT, (contact_id,)) if contact_id else None),
    }
    if is_dispute:
        fields["reason", ids.REPORT_REASON] = typed("It came broken.")
    else:
        fields["due", ids.REPORT_DUE] = typed("")
        fields["due_day", ids.REPORT_DUE_DAY] = day("2026-12-01")
    return Held(_sheet(account.id, report_id), fields=fields)


def _words(value: Sealed, **more: Any) -> Held:
    return Held(value, fields={("words", ids.WORDS): typed("So they said."), **more})


def _resolving(scene: Scene) -> Held:
    return Held(
        scene.dispute(),
        fields={("words", ids.WORDS): typed("Credited."), ("how", ids.RESOLUTION): chosen("credit")},
    )


def _held_account(scene: Scene) -> Sealed:
    account = scene.account()
    placed = scene.cases(scene.ground.people[Role.LEGAL]).place_legal_hold(account.id, why="In court.")
    assert placed
    return Sealed(Kind.ACCOUNT, (account.id, 0))


RECORD: list[Deed] = [
    deed(ids.REPORT_SHORTCUT, lambda scene: Held(), **READ),
    deed(ids.REPORT_MESSAGE_SHORTCUT, lambda scene: Held(text="We will pay on Friday."), **READ),
    deed(ids.REPORT_ACCOUNT, lambda scene: Held(text="acme"), is_typing=True, **READ),
    deed(ids.REPORT_OPEN, lambda scene: Held(scene.of_account(), where="own"), may=REPORTERS, **SCOPED),
    *(
        deed(action, lambda scene: _filled(scene), may=REPORTERS, **SCOPED)
        for action in (ids.REPORT_ACCOUNT, ids.REPORT_KIND, ids.REPORT_INVOICES)
    ),
    deed(
        ids.REPORT_MODAL,
        _filled,
        may=REPORTERS,
        writes="reports promises promise_invoices promise_events",
        or_writes="disputes dispute_invoices dispute_events",
        is_scoped=True,
    ),
    deed(
        ids.REPORT_MODAL,
        lambda scene: _filled(scene, is_dispute=True),
        may=REPORTERS,
        writes="reports disputes dispute_invoices dispute_events",
        or_writes="promises promise_invoices promise_events",
        what="dispute",
        is_scoped=True,
    ),
    deed(
        ids.DUTY_ACKNOWLEDGE,
        lambda scene: Held(scene.reported(), where="message"),
        may=KEEPERS,
        writes="reports",
        is_scoped=True,
    ),
    deed(
        ids.DUTY_RECORD,
        lambda scene: Held(scene.reported(), where="message"),
        may=KEEPERS,
        writes=SETTLED,
        is_scoped=True,
    ),
    deed(ids.DUTY_CORRECT, lambda scene: Held(scene.reported(), where="message"), may=KEEPERS, **SCOPED),
    deed(ids.DUTY_REJECT, lambda scene: Held(scene.reported(), where="message"), may=KEEPERS, **SCOPED),
    deed(ids.DUTY_HAND, lambda scene: Held(scene.reported(), where="message"), may=DUTY_SETTERS, **SCOPED),
    deed(
        ids.HAND_MODAL,
        lambda scene: Held(scene.reported(), fields={(ids.HAND_TO, ids.HAND_TO): chosen(scene.another_operator())}),
        may=DUTY_SETTERS,
        writes="reports",
        is_scoped=True,
    ),
    deed(
        ids.CORRECT_MODAL,
        lambda scene: _filled(scene, is_correction=True),
        may=KEEPERS,
        writes=f"{SETTLED} promise_invoices",
        is_scoped=True,
    ),
    deed(ids.REJECT_MODAL, lambda scene: _words(scene.reported()), may=KEEPERS, writes=SETTLED, is_scoped=True),
    deed(
        ids.LEGAL_LOOP_IN,
        lambda scene: Held(scene.dispute(), where="message"),
        may=KEEPERS,
        writes="disputes dispute_events",
        is_scoped=True,
    ),
    deed(ids.LEGAL_ANSWER, lambda scene: Held(scene.dispute(), where="message"), may=LEGAL, **SCOPED),
    deed(
        ids.LEGAL_ANSWER_MODAL,
        lambda scene: _words(scene.dispute()),
        may=LEGAL,
        writes="dispute_events",
        is_scoped=True,
    ),
    deed(ids.DISPUTE_RESOLVE, lambda scene: Held(scene.dispute()), may=KEEPERS, **SCOPED),
    deed(ids.RESOLVE_MODAL, _resolving, may=KEEPERS, writes="disputes dispute_events", is_scoped=True),
    deed(ids.PROMISE_WITHDRAW, lambda scene: Held(scene.promise()), may=KEEPERS, **SCOPED),
    deed(
        ids.WITHDRAW_MODAL,
        lambda scene: _words(scene.promise()),
        may=KEEPERS,
        writes="promises promise_events",
        is_scoped=True,
    ),
    deed(ids.RECORD_OPEN, lambda scene: Held(scene.of_account(), where="own"), **SCOPED),
    deed(ids.PROMISE_HISTORY, lambda scene: Held(scene.promise()), **SCOPED),
    deed(ids.DISPUTE_HISTORY, lambda scene: Held(scene.dispute()), **SCOPED),
    deed(ids.HOLD_PLACE, lambda scene: Held(scene.of_account()), may=HOLD_PLACERS, **SCOPED),
    deed(ids.HOLD_LIFT, lambda scene: Held(scene.of_account()), may=HOLD_PLACERS, **SCOPED),
    deed(
        ids.HOLD_PLACE_MODAL,
        lambda scene: _words(scene.of_account()),
        may=HOLD_PLACERS,
        writes="legal_holds",
        is_scoped=True,
    ),
    deed(
        ids.HOLD_LIFT_MODAL,
        lambda scene: _words(_held_account(scene)),
        may=HOLD_PLACERS,
        writes="legal_holds",
        is_scoped=True,
    ),
]


# -- duty -------------------------------------------------------------------------------------------------------------


def _operator(scene: Scene) -> Sealed:
    return Sealed(Kind.PERSON, (scene.ground.people[Role.OPERATOR].id,))


def _somebody(scene: Scene) -> Sealed:
    return Sealed(Kind.PERSON, (scene.ground.office.staff[SAM].id,))


def _keeping(scene: Scene) -> Held:
    return Held(
        _operator(scene),
        fields={
            (ids.ROSTER_ACCOUNT, ids.ROSTER_ACCOUNT): chosen(scene.of_account()),
            (ids.ROSTER_KEEPS, ids.ROSTER_KEEPS): chosen("keeps"),
        },
    )


def _leaving(scene: Scene, who: Sealed) -> Held:
    return Held(
        who,
        fields={
            (ids.AWAY_FROM, ids.AWAY_FROM): day("2026-12-01"),
            # A day farther each time, so that something changes.
            (ids.AWAY_UNTIL, ids.AWAY_UNTIL): day(str(date(2026, 12, 2) + timedelta(days=scene.number() % 300))),
            (ids.AWAY_STAND_IN, ids.AWAY_STAND_IN): chosen(None),
        },
    )


def _away(scene: Scene) -> Held:
    """They are away already."""
    manager, starts_at = scene.of(Role.AR_MANAGER), scene.ground.office.clock.now()
    olga = scene.ground.people[Role.OPERATOR]
    manager.cases(manager.user).set_absence(
        olga.id, starts_at=starts_at, ends_at=starts_at + timedelta(days=1 + scene.number() % 300), stand_in=None
    )
    return Held(_operator(scene))


WATCHERS = DUTY_SETTERS | KEEPERS
DUTIES: list[Deed] = [
    deed(ids.ROSTER_OPEN, lambda scene: Held(where="home"), may=WATCHERS, **READ),
    deed(ids.ROSTER_DUTY, lambda scene: Held(_operator(scene)), may=WATCHERS, **READ),
    deed(ids.ROSTER_AWAY, lambda scene: Held(_operator(scene)), may=WATCHERS, **READ),
    deed(ids.ROSTER_BACK, _away, may=WATCHERS, writes="absences", along="reports"),
    deed(ids.ROSTER_ACCOUNT, lambda scene: Held(text="acme"), is_typing=True, **READ),
    deed(
        ids.ROSTER_DUTY_MODAL,
        _keeping,
        may=DUTY_SETTERS,
        writes="duties",
        along="reports",
    ),
    deed(
        ids.ROSTER_AWAY_MODAL,
        lambda scene: _leaving(scene, _operator(scene)),
        may=WATCHERS,  # the Operator is the one who leaves
        writes="absences",
        along="reports",
    ),
    deed(
        ids.ROSTER_AWAY_MODAL,
        lambda scene: _leaving(scene, _somebody(scene)),
        may=DUTY_SETTERS,
        writes="absences",
        along="reports",
        what="of somebody else",
    ),
]


DEEDS = [*RECORD, *DUTIES]
