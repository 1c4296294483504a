"""The official record of disputes, with its history."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, func, literal_column, null, select, update

from domain.commitments import DISPUTE_TRANSITIONS, DisputeState
from domain.ports import DisputeStep
from domain.reporting import DisputeDraft, DisputeStory
from storage.scope import ORG, Scope
from storage.sets import among
from storage.stores.commitments import (
    dispute_history,
    name_disputed,
    read_accounts,
    read_disputes,
    read_invoices,
)
from storage.tables import dispute_events, disputes
from storage.types import UtcDateTime

_AT = bindparam("v_at", type_=UtcDateTime())
_TO: Any = bindparam("v_to", type_=disputes.c.state.type)
_KEPT = ("owner", "owner_email", "answer_due_at", "resolution")

_MOVE = (
    update(disputes)
    .where(disputes.c.org_id == ORG, disputes.c.id == bindparam("v_id"), disputes.c.state == bindparam("v_was"))
    .values(
        {
            disputes.c.state: _TO,
            disputes.c.resolved_at: case((literal_column(f"'{DisputeState.RESOLVED}'") == _TO, _AT), else_=null()),
            **{
                disputes.c[name]: func.coalesce(bindparam(f"v_{name}", type_=disputes.c[name].type), disputes.c[name])
                for name in _KEPT
            },
        }
    )
)
_REVISE = (
    update(disputes)
    .where(
        disputes.c.org_id == ORG,
        disputes.c.id == bindparam("v_id"),
        disputes.c.state == literal_column(f"'{DisputeState.REPORTED}'"),
    )
    .values(
        {
            disputes.c[name]: bindparam(f"v_{name}", type_=disputes.c[name].type)
            for name in ("currency", "amount", "reason")
        }
    )
)
_UNRESOLVED = (
    select(disputes.c.id)
    .where(disputes.c.org_id == ORG, among(disputes.c.state, "states"))
    .order_by(disputes.c.answer_due_at.is_(None), disputes.c.answer_due_at, disputes.c.opened_at, disputes.c.id)
    .limit(bindparam("v_limit"))
)


class DisputeStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, draft: DisputeDraft, *, actor_id: int, at: datetime) -> int:
        dispute_id = self._scope.insert(
            disputes,
            {
                "account_id": draft.account_id,
                "reason": draft.reason,
                "currency": draft.amount.currency if draft.amount else None,
                "amount": draft.amount.minor if draft.amount else None,
                "state": DisputeState.REPORTED.value,
                "opened_at": at,
            },
        )
        name_disputed(self._scope, dispute_id, draft.account_id, draft.invoice_ids)
        self._note(dispute_id, None, DisputeState.REPORTED, at, actor_id, "")
        return dispute_id

    def revise(self, dispute_id: int, draft: DisputeDraft) -> None:
        values = {
            "v_id": dispute_id,
            "v_currency": draft.amount.currency if draft.amount else None,
            "v_amount": draft.amount.minor if draft.amount else None,
            "v_reason": draft.reason,
        }
        if self._scope.execute(_REVISE, values).rowcount == 1:
            name_disputed(self._scope, dispute_id, draft.account_id, draft.invoice_ids)

    def move(self, step: DisputeStep) -> bool:
        if step.to not in DISPUTE_TRANSITIONS[step.was]:
            raise ValueError(f"A dispute does not go from {step.was} to {step.to}.")
        if (step.resolution is None) == (step.to is DisputeState.RESOLVED):
            raise ValueError("A dispute is resolved in one of the known ways, and only then.")
        values = {
            "v_id": step.id,
            "v_was": step.was.value,
            "v_to": step.to.value,
            "v_at": step.at,
            **{f"v_{name}": getattr(step, name) for name in _KEPT},
        }
        if self._scope.execute(_MOVE, values).rowcount != 1:
            return False
        self._note(step.id, step.was, step.to, step.at, step.actor_id, step.why)
        return True

    def remark(self, dispute_id: int, text: str, *, state: DisputeState, actor_id: int, at: datetime) -> None:
        self._note(dispute_id, state, state, at, actor_id, text)

    def story(self, dispute_id: int) -> DisputeStory | None:
        found = read_disputes(self._scope, [dispute_id]).get(dispute_id)
        if found is None:
            return None
        account_id, dispute = found
        return DisputeStory(
            dispute=dispute,
            account=read_accounts(self._scope, [account_id])[account_id],
            invoices=tuple(read_invoices(self._scope, dispute.invoice_ids)),
            history=dispute_history(self._scope, dispute_id),
        )

    def unresolved(self, *, states: Collection[DisputeState], limit: int) -> list[DisputeStory]:
        wanted = {"states": [state.value for state in states], "v_limit": limit}
        ids = list(self._scope.execute(_UNRESOLVED, wanted).scalars())
        found = read_disputes(self._scope, ids)
        accounts = read_accounts(self._scope, {account_id for account_id, _ in found.values()})
        named = {invoice_id for _, dispute in found.values() for invoice_id in dispute.invoice_ids}
        invoices = read_invoices(self._scope, named)
        return [
            DisputeStory(
                dispute=dispute,
                account=accounts[account_id],
                invoices=tuple(invoice for invoice in invoices if invoice.id in dispute.invoice_ids),
            )
            for account_id, dispute in (found[id] for id in ids)
        ]

    def _note(
        self,
        dispute_id: int,
        was: DisputeState | None,
        became: DisputeState,
        at: datetime,
        actor_id: int | None,
        why: str,
    ) -> None:
        self._scope.insert(
            dispute_events,
            {
                "dispute_id": dispute_id,
                "was": was.value if was else None,
                "became": became.value,
                "at": at,
                "actor_id": actor_id,
                "why": why,
            },
        )
