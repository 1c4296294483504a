"""Deeds about promises, disputes and legal holds; roles and requests; policies and texts."""

from __future__ import annotations

from typing import Any

from domain.library import ChangeAsked, Commented, Edition
from domain.outcomes import RequestFiled
from domain.reasons import Reason
from domain.roles import NOTHING
from domain.rules.letters import Letter
from domain.rules.reporting import HOLD_PLACERS
from domain.values import Capability, Role
from handlers import ids
from handlers.seal import Kind
from tests.scenario.deeds import (
    Deed,
    Fields,
    Held,
    Scene,
    Sealed,
    chosen,
    day,
    deed,
    somebody,
    those_who,
    ticked,
    typed,
)
from tests.scenario.office import SAM

REPORTERS = those_who(Capability.REPORT)
KEEPERS = those_who(Capability.RECORD)
LEGAL = those_who(Capability.RECORD_DISPUTE_INPUT)
DECIDERS = those_who(Capability.DECIDE_REQUESTS)
ASSIGNERS = those_who(Capability.ASSIGN_ROLES)
READERS = those_who(Capability.VIEW_POLICIES)
EDITORS = those_who(Capability.EDIT_POLICIES)
READ = {"is_audited": False}
SCOPED = {"is_scoped": True, "is_audited": False}
SETTLED = "reports promises promise_events"
PROPOSED = Letter("Formal", "About {invoice_number}", "Please: {pay_link}\n").text


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


# -- roles and requests -----------------------------------------------------------------------------------------------


def _asked(scene: Scene) -> Sealed:
    """For the account of somebody who is none of those who decide."""
    asker = scene.of(Role.CSM if scene.user.role is not Role.CSM else Role.SALES)
    filed = asker.cases(asker.user).request_access(
        reason=Reason.OUT_OF_SCOPE, capability=None, account_id=scene.account().id
    )
    assert isinstance(filed, RequestFiled)
    return Sealed(Kind.REQUEST, (filed.request_id,))


def _decision(scene: Scene) -> Held:
    return Held(
        _asked(scene),
        fields={
            (ids.DECISION_GIFT, ids.DECISION_GIFT): chosen(NOTHING.spelt),
            (ids.DECISION_WHY, ids.DECISION_WHY): typed("Ask Olga."),
            (ids.RIGHTS_UNTIL, ids.RIGHTS_UNTIL): day(None),
        },
    )


def _somebody(scene: Scene) -> Sealed:
    return Sealed(Kind.PERSON, (scene.ground.office.staff[SAM].id,))


def _rights(scene: Scene) -> Fields:
    """Another role each time, so that something changes."""
    roles = [Role.CSM, Role.SALES, Role.VIEWER]
    with scene.ground.office.bot.world.uow_for(scene.ground.org_id)() as work:
        now = work.people.by_ids([scene.ground.office.staff[SAM].id], scene.ground.office.clock.now())
    (sam,) = now.values()
    return {
        (ids.ROLE_CHOICE, ids.ROLE_CHOICE): chosen(next(role.value for role in roles if role is not sam.role)),
        (ids.RIGHTS_UNTIL, ids.RIGHTS_UNTIL): day(None),
    }


def _group(scene: Scene) -> Held:
    return Held(
        fields={
            (ids.ROLE_GROUP, ids.ROLE_GROUP): chosen(Sealed(Kind.USERGROUP, (f"S{scene.number():06}", "sellers"))),
            (ids.ROLE_CHOICE, ids.ROLE_CHOICE): chosen(Role.SALES.value),
        }
    )


ROLES: list[Deed] = [
    deed(ids.ACCESS_APPROVE, lambda scene: Held(_asked(scene), where="message"), may=DECIDERS, **READ),
    deed(ids.ACCESS_DECLINE, lambda scene: Held(_asked(scene), where="message"), may=DECIDERS, **READ),
    deed(ids.APPROVE_MODAL, _decision, may=DECIDERS, writes="access_requests"),
    deed(ids.DECLINE_MODAL, _decision, may=DECIDERS, writes="access_requests"),
    deed(ids.ROLES_OPEN, lambda scene: Held(where="home"), may=ASSIGNERS, **READ),
    deed(ids.ROLES_BACK, lambda scene: Held(Sealed(Kind.PEOPLE, (0,))), may=ASSIGNERS, **READ),
    deed(ids.ROLES_NEXT, lambda scene: Held(Sealed(Kind.PEOPLE, (0,))), may=ASSIGNERS, **READ),
    deed(ids.ROLES_PERSON, lambda scene: Held(_somebody(scene)), may=ASSIGNERS, **READ),
    deed(ids.ROLES_ADD, lambda scene: Held(where="home"), may=ASSIGNERS, **READ),
    deed(ids.ROLES_GROUPS, lambda scene: Held(where="home"), may=ASSIGNERS, **READ),
    deed(
        ids.ROLE_MODAL,
        lambda scene: Held(
            _somebody(scene), fields={**_rights(scene), (ids.ROLE_ACCESS, ids.ROLE_ACCESS): chosen("on")}
        ),
        may=ASSIGNERS,
        writes="users",
    ),
    deed(
        ids.ADD_MODAL,
        lambda scene: Held(fields={**_rights(scene), (ids.ROLE_WHO, ids.ROLE_WHO): somebody(SAM)}),
        may=ASSIGNERS,
        writes="users",
    ),
    deed(ids.GROUP_MODAL, _group, may=ASSIGNERS, writes="group_roles"),
]


# -- policies and texts -----------------------------------------------------------------------------------------------


def _comment(scene: Scene) -> Sealed:
    critic = scene.cases(scene.ground.people[Role.SALES])
    made = critic.comment_on_text(Edition.of(str(scene.live_text().parts[0])), body="Kinder.", origin=_origin(scene))
    assert isinstance(made, Commented)
    return Sealed(Kind.COMMENT, (made.comment.id,))


def _change(scene: Scene) -> Sealed:
    asker = scene.cases(scene.ground.people[Role.SALES])
    edition = Edition.of(str(scene.live_text().parts[0]))
    made = asker.request_change(edition, proposed=PROPOSED, why="Kinder.", origin=_origin(scene))
    assert isinstance(made, ChangeAsked)
    return Sealed(Kind.CHANGE, (made.change.id,))


def _origin(scene: Scene) -> str:
    return f"view:said{scene.number()}"


def _said(block: str, text: str = "Kinder.") -> Fields:
    return {(block, ids.WRITTEN): typed(text)}


def _proposal(scene: Scene) -> Held:
    return Held(
        scene.live_text(),
        fields={
            (ids.TONE_BLOCK, ids.WRITTEN): chosen("Formal"),
            **_said(ids.SUBJECT_BLOCK, "About {invoice_number}"),
            **_said(f"{ids.TEXT_BLOCK}.0", "Please: {pay_link}"),
            **_said(ids.WHY_BLOCK),
        },
    )


def _of_text(scene: Scene) -> Held:
    return Held(scene.live_text())


def _with_number(scene: Scene) -> Held:
    return Held(scene.live_text(), picked=Sealed(Kind.NUMBER, (1,)))


TEXTS: list[Deed] = [
    *(
        deed(ids.PLIXO_COMMAND, lambda scene, word=word: Held(text=word), may=READERS, what=word, **READ)  # type: ignore[misc]
        for word in ("policies", "segments", "cadences", "templates")
    ),
    deed(ids.TEXT_OPEN, _of_text, may=READERS, **READ),
    deed(ids.TEXT_BESIDE, _of_text, may=READERS, **READ),
    deed(ids.TEXT_LIST, lambda scene: Held(Sealed(Kind.SHELF, ("template",))), may=READERS, **READ),
    deed(ids.TEXT_VERSION, _with_number, may=READERS, **READ),
    deed(ids.TEXT_COMPARE, _with_number, may=READERS, **READ),
    deed(ids.TEXT_COMMENT, _of_text, may=READERS, **READ),
    deed(ids.TEXT_CHANGE, _of_text, may=READERS, **READ),
    deed(ids.TEMPLATE_APPROVE, lambda scene: Held(scene.draft_of_text()), may=EDITORS, writes="templates"),
    deed(
        ids.TEMPLATE_SIGN_OFF,
        lambda scene: Held(scene.draft_of_text(needs_legal=True)),
        may=those_who(Capability.SIGN_OFF_POLICIES),
        writes="templates",
    ),
    deed(ids.TEMPLATE_RETIRE, _of_text, may=EDITORS, writes="templates"),
    deed(ids.COMMENT_ANSWER, lambda scene: Held(_comment(scene)), **READ),
    deed(
        ids.COMMENT_MODAL,
        lambda scene: Held(scene.live_text(), fields=_said(ids.COMMENT_BLOCK)),
        may=READERS & those_who(Capability.COMMENT),
        writes="comments",
    ),
    deed(
        ids.ANSWER_MODAL,
        lambda scene: Held(_comment(scene), fields=_said(ids.ANSWER_BLOCK)),
        may=EDITORS,
        writes="comments",
    ),
    deed(ids.CHANGE_MODAL, _proposal, may=READERS, writes="change_requests"),
    deed(ids.CHANGE_APPROVE, lambda scene: Held(_change(scene)), may=DECIDERS, **READ),
    deed(ids.CHANGE_DECLINE, lambda scene: Held(_change(scene)), may=DECIDERS, **READ),
    deed(
        ids.CHANGE_APPROVE_MODAL,
        lambda scene: Held(
            _change(scene), fields={**_said(ids.WHY_BLOCK), (ids.LEGAL_BLOCK, ids.WRITTEN): ticked("legal")}
        ),
        may=DECIDERS,
        writes="change_requests templates",
    ),
    deed(
        ids.CHANGE_DECLINE_MODAL,
        lambda scene: Held(_change(scene), fields=_said(ids.WHY_BLOCK)),
        may=DECIDERS,
        writes="change_requests",
    ),
]

DEEDS = [*RECORD, *ROLES, *TEXTS]
