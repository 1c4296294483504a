"""What is written to customers and the rules of it: versions, what people say of them, and what they want changed."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, String, Text, UniqueConstraint, text

from domain.policies import DocumentKind, DocumentState
from domain.templates import Audience, TemplateState
from storage.tables.base import Key, one_of, scoped, to
from storage.types import UtcDateTime

templates = scoped(
    "templates",
    Column("key", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("name", String(100), nullable=False),
    Column("tone", String(16), nullable=False),
    Column("audience", String(16), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("body", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("approved_by", String(320)),
    Column("approved_at", UtcDateTime),
    Column("drafted_by", String(320)),
    Column("drafted_at", UtcDateTime),
    Column("needs_legal", Boolean, nullable=False, server_default=text("false")),
    Column("signed_off_by", String(320)),  # Legal's
    Column("signed_off_at", UtcDateTime),
    one_of("audience", Audience),
    one_of("state", TemplateState),
    UniqueConstraint("org_id", "key", "version"),
)

# Policies, segments and cadences as they were at some time. A version never changes; the newest published one counts.
documents = scoped(
    "documents",
    Column("kind", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("made_by", String(320), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("published_by", String(320)),
    Column("published_at", UtcDateTime),
    one_of("kind", DocumentKind),
    one_of("state", DocumentState),
    UniqueConstraint("org_id", "kind", "version"),
)

# Said of one version of a template or document: `template:friendly:2`, `policy:3`.
comments = scoped(
    "comments",
    Column("subject", String(100), nullable=False),
    Column("author_id", Key, nullable=False),
    Column("body", String(2000), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("origin", String(200), nullable=False),
    Column("answer", String(2000)),
    Column("answered_by", Key),
    Column("answered_at", UtcDateTime),
    to("users", "author_id"),
    to("users", "answered_by"),
    UniqueConstraint("org_id", "origin"),
    Index(None, "org_id", "subject", "at"),
)

change_requests = scoped(
    "change_requests",
    Column("subject", String(100), nullable=False),  # what it would change, with the version it was read in
    Column("present", Text, nullable=False),
    Column("proposed", Text, nullable=False),
    Column("why", String(1000), nullable=False),
    Column("asked_by", Key, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("origin", String(200), nullable=False),
    Column("state", String(16), nullable=False),
    Column("decided_by", Key),
    Column("decided_at", UtcDateTime),
    Column("decision", String(500), nullable=False, server_default=""),
    Column("made", String(100)),  # the draft an approval made
    to("users", "asked_by"),
    to("users", "decided_by"),
    CheckConstraint("state IN ('waiting', 'approved', 'declined')", name="state_known"),
    UniqueConstraint("org_id", "origin"),
    Index(None, "org_id", "state", "asked_at"),
)
