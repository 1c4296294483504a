"""The tables. Every row belongs to one organisation; references carry it too, so no row can point across.

Amounts are whole minor units beside their ISO 4217 code. Instants are aware UTC. States are text with a CHECK.
"""

from __future__ import annotations

from storage.tables.base import Key, Minor, metadata
from storage.tables.customers import account_keys, accounts, contacts, search_words, search_words_text, suppressions
from storage.tables.people import access_requests, grants, organisations, slack_teams, users
from storage.tables.queue import message_events, messages, quotas, templates
from storage.tables.receivables import imports, invoices, pay_links, payments
from storage.tables.record import audit, heartbeats, notices
from storage.tables.timeline import (
    autopilot_steps,
    communications,
    dispute_invoices,
    disputes,
    notes,
    promise_invoices,
    promises,
)

__all__ = [
    "SCOPED",
    "Key",
    "Minor",
    "access_requests",
    "account_keys",
    "accounts",
    "audit",
    "autopilot_steps",
    "communications",
    "contacts",
    "dispute_invoices",
    "disputes",
    "grants",
    "heartbeats",
    "imports",
    "invoices",
    "message_events",
    "messages",
    "metadata",
    "notes",
    "notices",
    "organisations",
    "pay_links",
    "payments",
    "promise_invoices",
    "promises",
    "quotas",
    "search_words",
    "search_words_text",
    "slack_teams",
    "suppressions",
    "templates",
    "users",
]

SCOPED = frozenset(table for table in metadata.tables.values() if "org_id" in table.c and table is not slack_teams)
"""Tables whose every statement must name the organisation."""
