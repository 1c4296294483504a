"""Nudges with the names of everybody and everything they are about, for alerts and lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, Select, and_, bindparam, case, literal_column, select

from domain.messages import OPEN_STATES
from domain.outcomes import NudgeStory
from domain.templates import Audience, Template, TemplateState
from domain.timeline import Source
from storage.scope import ORG, Scope
from storage.sets import among
from storage.stores.entities import (
    CONTACT,
    INVOICE,
    MESSAGE,
    PERSON,
    SUPPRESSION,
    account_columns,
    account_of,
    columns,
    contact_of,
    invoice_of,
    message_of,
    person_of,
)
from storage.tables import accounts, contacts, invoices, messages, templates, users

_askers = users.alias("askers")
_holders = users.alias("holders")
_TEMPLATE = ("name", "tone", "audience", "subject", "state")


def _tied(table: Any, column: Any) -> Any:
    return and_(table.c.org_id == ORG, table.c.id == column)


_STORIES: Select[Any] = (
    select(
        *columns(messages, MESSAGE, "m_"),
        *account_columns("a_"),
        *columns(contacts, CONTACT, "c_"),
        *SUPPRESSION,
        *columns(invoices, INVOICE, "i_"),
        *columns(_askers, PERSON, "p_"),
        *columns(_holders, PERSON, "h_"),
        *columns(templates, _TEMPLATE, "t_"),
    )
    .select_from(
        messages.join(accounts, _tied(accounts, messages.c.account_id))
        .join(contacts, _tied(contacts, messages.c.contact_id))
        .join(invoices, _tied(invoices, messages.c.invoice_id))
        .outerjoin(_askers, _tied(_askers, messages.c.requested_by))
        .outerjoin(_holders, _tied(_holders, messages.c.held_by))
        .outerjoin(
            templates,
            and_(
                templates.c.org_id == ORG,
                templates.c.key == messages.c.template_key,
                templates.c.version == messages.c.template_version,
            ),
        )
    )
    .where(messages.c.org_id == ORG)
)
_BY_IDS = _STORIES.where(among(messages.c.id, "ids"))
_IS_OPEN = case((messages.c.state.in_([state.value for state in OPEN_STATES]), 1), else_=0)
# What can still be stopped or is asked of somebody comes first, or a busy day hides it.
_NEWEST = _STORIES.order_by(_IS_OPEN.desc(), messages.c.requested_at.desc(), messages.c.id.desc()).limit(
    bindparam("v_limit")
)
_OF_PERSON = _NEWEST.where(
    messages.c.requested_by == bindparam("v_person"), messages.c.source == literal_column(f"'{Source.NUDGE}'")
)


def read_stories(
    scope: Scope, ids: Sequence[str] | None, *, of_person: int | None = None, limit: int = 50
) -> list[NudgeStory]:
    """People appear with their base role. The invoice comes without its pay link, the template without its body."""
    if ids is not None:
        found = {
            row["m_id"]: _story(row, scope.org_id)
            for row in (scope.execute(_BY_IDS, {"ids": list(ids)}).mappings() if ids else ())
            if of_person is None or (row["m_requested_by"] == of_person and row["m_source"] == Source.NUDGE)
        }
        return [found[id] for id in dict.fromkeys(ids) if id in found][:limit]
    if of_person is not None:
        rows = scope.execute(_OF_PERSON, {"v_person": of_person, "v_limit": limit}).mappings()
    else:
        rows = scope.execute(_NEWEST, {"v_limit": limit}).mappings()
    return [_story(row, scope.org_id) for row in rows]


def _story(row: RowMapping, org_id: int) -> NudgeStory:
    message = message_of(row, "m_")
    return NudgeStory(
        message=message,
        account=account_of(row, "a_"),
        contact=contact_of(row, "c_"),
        invoice=invoice_of(row, "i_", with_link=False),
        template=Template(
            key=message.template_key,
            version=message.template_version,
            name=row["t_name"] or message.template_key,
            tone=row["t_tone"] or "",
            audience=Audience(row["t_audience"] or Audience.SALES),
            subject=row["t_subject"] or "",
            body="",
            state=TemplateState(row["t_state"] or TemplateState.RETIRED),
        ),
        requested_by=person_of(row, org_id, "p_") if row["p_id"] is not None else None,
        org_id=org_id,
        held_by=person_of(row, org_id, "h_") if row["h_id"] is not None else None,
    )
