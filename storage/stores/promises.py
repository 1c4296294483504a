"""The official record of promises, with its history."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, func, literal_column, null, select, update

from domain.commitments import PROMISE_TRANSITIONS, PromiseState
from domain.ports import PromiseStep
from domain.reporting import PromiseDraft, PromiseStory
from storage.scope import ORG, Scope
from storage.sets import among
from storage.stores.commitments import (
    name_promised,
    promise_history,
    read_accounts,
    read_invoices,
    read_promises,
)
from storage.tables import promise_events, promise_invoices, promises
from storage.types import UtcDateTime

_AT = bindparam("v_at", type_=UtcDateTime())
_TO: Any = bindparam("v_to", type_=promises.c.state.type)
_OPEN: Any = literal_column(f"'{PromiseState.OPEN}'")
_DECIDED: list[Any] = [literal_column(f"'{state}'") for state, after in PROMISE_TRANSITIONS.items() if not after]

_MOVE = (
    update(promises)
    .where(promises.c.org_id == ORG, promises.c.id == bindparam("v_id"), promises.c.state == bindparam("v_was"))
    .values(
        state=_TO,
        recorded_at=case((_TO == _OPEN, _AT), else_=promises.c.recorded_at),
        decided_at=case((_TO.in_(_DECIDED), _AT), else_=null()),
        paid=func.coalesce(bindparam("v_paid", type_=promises.c.paid.type), promises.c.paid),
        currency=func.coalesce(promises.c.currency, bindparam("v_currency", type_=promises.c.currency.type)),
    )
)
_REVISE = (
    update(promises)
    .where(
        promises.c.org_id == ORG,
        promises.c.id == bindparam("v_id"),
        promises.c.state == literal_column(f"'{PromiseState.REPORTED}'"),
    )
    .values(
        {
            promises.c[name]: bindparam(f"v_{name}", type_=promises.c[name].type)
            for name in ("currency", "amount", "due_on")
        }
    )
)
_OPEN_ON = (
    select(promises.c.id)
    .distinct()
    .join_from(
        promises,
        promise_invoices,
        and_(promise_invoices.c.org_id == ORG, promise_invoices.c.promise_id == promises.c.id),
    )
    .where(promises.c.org_id == ORG, promises.c.state == _OPEN, among(promise_invoices.c.invoice_id, "invoices"))
    .order_by(promises.c.id)
)


class PromiseStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, draft: PromiseDraft, *, hold_until: datetime, actor_id: int, at: datetime) -> int:
        promise_id = self._scope.insert(
            promises,
            {
                "account_id": draft.account_id,
                "currency": draft.amount.currency if draft.amount else None,
                "amount": draft.amount.minor if draft.amount else None,
                "due_on": draft.due_on,
                "state": PromiseState.REPORTED.value,
                "reported_at": at,
                "hold_until": hold_until,
            },
        )
        name_promised(self._scope, promise_id, draft.account_id, draft.invoice_ids)
        self._note(promise_id, None, PromiseState.REPORTED, at, actor_id, "")
        return promise_id

    def revise(self, promise_id: int, draft: PromiseDraft) -> None:
        values = {
            "v_id": promise_id,
            "v_currency": draft.amount.currency if draft.amount else None,
            "v_amount": draft.amount.minor if draft.amount else None,
            "v_due_on": draft.due_on,
        }
        if self._scope.execute(_REVISE, values).rowcount == 1:
            name_promised(self._scope, promise_id, draft.account_id, draft.invoice_ids)

    def move(self, step: PromiseStep) -> bool:
        if step.to not in PROMISE_TRANSITIONS[step.was]:
            raise ValueError(f"A promise does not go from {step.was} to {step.to}.")
        values = {
            "v_id": step.id,
            "v_was": step.was.value,
            "v_to": step.to.value,
            "v_at": step.at,
            "v_paid": step.paid.minor if step.paid else None,
            "v_currency": step.paid.currency if step.paid else None,
        }
        if self._scope.execute(_MOVE, values).rowcount != 1:
            return False
        self._note(step.id, step.was, step.to, step.at, step.actor_id, step.why)
        return True

    def open_on(self, invoice_ids: Collection[int]) -> list[int]:
        return list(self._scope.execute(_OPEN_ON, {"invoices": invoice_ids}).scalars())

    def story(self, promise_id: int) -> PromiseStory | None:
        found = read_promises(self._scope, [promise_id]).get(promise_id)
        if found is None:
            return None
        account_id, promise = found
        return PromiseStory(
            promise=promise,
            account=read_accounts(self._scope, [account_id])[account_id],
            invoices=tuple(read_invoices(self._scope, promise.invoice_ids)),
            history=promise_history(self._scope, promise_id),
        )

    def _note(
        self,
        promise_id: int,
        was: PromiseState | None,
        became: PromiseState,
        at: datetime,
        actor_id: int | None,
        why: str,
    ) -> None:
        self._scope.insert(
            promise_events,
            {
                "promise_id": promise_id,
                "was": was.value if was else None,
                "became": became.value,
                "at": at,
                "actor_id": actor_id,
                "why": why,
            },
        )
