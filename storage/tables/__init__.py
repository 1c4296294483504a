"""The tables. Every row belongs to one organisation; references carry it too, so no row can point across.

Amounts are whole minor units beside their ISO 4217 code. Instants are aware UTC. States are text with a CHECK.
"""

from __future__ import annotations

from storage.tables.autopilot import draft_wordings, drafts, segment_standings, sequences
from storage.tables.base import Key, Minor, metadata
from storage.tables.commitments import (
    absences,
    dispute_events,
    dispute_invoices,
    disputes,
    duties,
    legal_holds,
    promise_events,
    promise_invoices,
    promises,
    reports,
)
from storage.tables.customers import (
    account_keys,
    accounts,
    contacts,
    search_words,
    search_words_text,
    suppressions,
)
from storage.tables.operations import alarms, jobs
from storage.tables.people import (
    access_requests,
    grants,
    group_members,
    group_roles,
    mutes,
    organisations,
    slack_teams,
    users,
)
from storage.tables.queue import (
    message_events,
    messages,
    quotas,
)
from storage.tables.receivables import (
    imports,
    invoices,
    pay_links,
    payments,
)
from storage.tables.record import (
    audit,
    audit_seals,
    heartbeats,
    notices,
)
from storage.tables.sending import (
    segment_days,
    sender_records,
    sending_days,
    sending_domains,
)
from storage.tables.texts import (
    change_requests,
    comments,
    documents,
    templates,
)
from storage.tables.timeline import (
    autopilot_steps,
    communications,
    note_mentions,
    note_replies,
    note_versions,
    notes,
)

__all__ = [
    "SCOPED",
    "Key",
    "Minor",
    "absences",
    "access_requests",
    "account_keys",
    "accounts",
    "alarms",
    "audit",
    "audit_seals",
    "autopilot_steps",
    "change_requests",
    "comments",
    "communications",
    "contacts",
    "dispute_events",
    "dispute_invoices",
    "disputes",
    "documents",
    "draft_wordings",
    "drafts",
    "duties",
    "grants",
    "group_members",
    "group_roles",
    "heartbeats",
    "imports",
    "invoices",
    "jobs",
    "legal_holds",
    "message_events",
    "messages",
    "metadata",
    "mutes",
    "note_mentions",
    "note_replies",
    "note_versions",
    "notes",
    "notices",
    "organisations",
    "pay_links",
    "payments",
    "promise_events",
    "promise_invoices",
    "promises",
    "quotas",
    "reports",
    "search_words",
    "search_words_text",
    "segment_days",
    "segment_standings",
    "sender_records",
    "sending_days",
    "sending_domains",
    "sequences",
    "slack_teams",
    "suppressions",
    "templates",
    "users",
]

SCOPED = frozenset(table for table in metadata.tables.values() if "org_id" in table.c and table is not slack_teams)
"""Tables whose every statement must name the organisation."""
