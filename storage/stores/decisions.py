"""What a batch of due messages is decided by: locked first, then read as one statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, literal_column, select

from domain.commitments import PromiseState
from domain.facts import Grounds
from domain.messages import Message
from storage.scope import ORG, Scope
from storage.sets import among
from storage.stores.cards import WORKSPACE_READ
from storage.stores.drafts import WORDINGS, wordings_of
from storage.stores.entities import TEMPLATE, columns, template_of, workspace_of
from storage.stores.facts import NAMED_AND_OPEN_READS, NAMED_READS, facts_of, facts_params, lock_accounts
from storage.stores.people import PEOPLE_BY_IDS, people_of
from storage.stores.sending import VOLUME_READS, volume_of, volume_params
from storage.tables import promise_invoices, promises, templates
from storage.together import together

_TEMPLATES = select(*columns(templates, TEMPLATE)).where(
    templates.c.org_id == ORG,
    among(templates.c.key, "template_keys"),
    templates.c.version >= bindparam("oldest", type_=templates.c.version.type),
)
_BROKEN = (
    select(promise_invoices.c.invoice_id)
    .select_from(
        promises.join(
            promise_invoices, and_(promise_invoices.c.org_id == ORG, promise_invoices.c.promise_id == promises.c.id)
        )
    )
    .where(
        promises.c.org_id == ORG,
        among(promises.c.account_id, "accounts"),
        promises.c.state == literal_column(f"'{PromiseState.BROKEN}'"),
    )
)
_OTHERS = VOLUME_READS | {
    "workspace": WORKSPACE_READ,
    "people": PEOPLE_BY_IDS,
    "templates": _TEMPLATES,
    "wordings": WORDINGS,
    "broken": _BROKEN,
}
_READS = {False: NAMED_READS | _OTHERS, True: NAMED_AND_OPEN_READS | _OTHERS}
"""By whether all open invoices are read, too."""


class DecisionStore:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def grounds(
        self, messages: Sequence[Message], *, sending_domain: str, at: datetime, with_open: bool = False
    ) -> Grounds:
        accounts = sorted({message.account_id for message in messages})
        # What somebody approved may say something else than its template.
        drafted = {one.step_id: one.id for one in messages if one.step_id and one.requested_by is not None}
        lock_accounts(self._scope, accounts)
        params = (
            facts_params(accounts, at)
            | volume_params(sending_domain, at.date())
            | {
                "invoices": {message.invoice_id for message in messages},
                "user_ids": {message.requested_by for message in messages if message.requested_by is not None},
                "template_keys": {message.template_key for message in messages},
                "oldest": min(message.template_version for message in messages),
                "steps": set(drafted),
                "at": at,
            }
        )
        rows = together(*_READS[with_open].items()).read(self._scope, params)
        return Grounds(
            workspace=workspace_of(rows["workspace"][0]),
            volume=volume_of(sending_domain, rows),
            accounts=facts_of(rows),
            people={person.id: person for person in people_of(rows["people"], self._scope.org_id)},
            templates={(row["key"], row["version"]): template_of(row) for row in rows["templates"]},
            broken=frozenset(row["invoice_id"] for row in rows["broken"]),
            wordings={drafted[step_id]: wording for step_id, wording in wordings_of(rows["wordings"]).items()},
        )
