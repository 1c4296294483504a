"""Organisations, their Slack teams and their people."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    String,
    Table,
    UniqueConstraint,
    text,
)

from domain.policy import Sending
from domain.values import Capability, Role
from storage.tables.base import Key, metadata, one_of, scoped, to
from storage.types import UtcDateTime

organisations = Table(
    "organisations",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=True),
    Column("name", String(200), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("country", String(2)),
    Column("sending", String(16), nullable=False, server_default=Sending.ON.value),
    Column("sending_reason", String(500), nullable=False, server_default=""),
    Column("sending_until", UtcDateTime),
    # Maintenance and the provider's trouble stand beside the switch: neither ends with the other, or with a pause.
    Column("maintenance_since", UtcDateTime),
    Column("maintenance_until", UtcDateTime),
    Column("maintenance_reason", String(500), nullable=False, server_default=""),
    Column("maintenance_by", String(320), nullable=False, server_default=""),
    Column("degraded_since", UtcDateTime),  # NULL: all is well
    Column("degraded_reason", String(500), nullable=False, server_default=""),
    Column("degraded_by", String(320), nullable=False, server_default=""),
    Column("degraded_told_at", UtcDateTime),  # read by releases before 0014 only
    Column("degraded_words", JSON, nullable=False, server_default="{}"),  # what each sender said last
    Column("created_at", UtcDateTime, nullable=False),
    one_of("sending", Sending),
)

slack_teams = Table(
    "slack_teams",
    metadata,
    Column("team_id", String(32), primary_key=True),
    Column("enterprise_id", String(32)),
    Column("org_id", Key, ForeignKey("organisations.id"), nullable=False),
    Column("is_installed", Boolean, nullable=False, server_default=text("true")),
    Column("linked_at", UtcDateTime, nullable=False),
)

users = scoped(
    "users",
    Column("email", String(320), nullable=False),
    Column("name", String(200), nullable=False),
    Column("role", String(16), nullable=False),
    Column("is_active", Boolean, nullable=False, server_default=text("true")),
    Column("zone", String(64)),
    Column("locale", String(16)),
    Column("slack_user_id", String(32)),
    Column("digested_on", Date),  # the last day, on their own calendar, whose digest was looked at for them
    Column("role_group", String(32)),  # the Slack user group the role comes from; NULL: given by name
    UniqueConstraint("org_id", "email"),
    UniqueConstraint("org_id", "slack_user_id"),
    one_of("role", Role),
)

grants = scoped(
    "grants",
    Column("user_id", Key, nullable=False),
    Column("role", String(16)),
    Column("capability", String(32)),
    Column("until", UtcDateTime),
    Column("granted_by", String(320), nullable=False),
    Column("granted_at", UtcDateTime, nullable=False),
    to("users", "user_id"),
    CheckConstraint("(role IS NULL) <> (capability IS NULL)", name="role_or_capability"),
    one_of("role", Role),
    one_of("capability", Capability),
    Index(None, "org_id", "user_id"),
)

access_requests = scoped(
    "access_requests",
    Column("asked_by", Key, nullable=False),
    Column("capability", String(32)),
    Column("account_id", Key),
    Column("reason", String(32), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False),  # waiting, approved, declined
    Column("decided_by", String(320)),
    Column("decided_at", UtcDateTime),
    Column("decision", String(500), nullable=False, server_default=""),
    Column("granted_until", UtcDateTime),
    Column("given", String(40)),  # what an approval did, as `domain.roles.Gift` spells it
    Column("words", String(80), nullable=False, server_default=""),  # by which they looked for an account, in vain
    Column("question", String(200), nullable=False),  # what is asked, folded, so that it waits only once
    to("users", "asked_by"),
    to("accounts", "account_id"),
    CheckConstraint("state IN ('waiting', 'approved', 'declined')", name="state_known"),
    Index(
        "uq_access_requests_waiting",
        "org_id",
        "asked_by",
        "question",
        unique=True,
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
)

# A role that the members of a Slack user group have, unless they were given one by name.
group_roles = scoped(
    "group_roles",
    Column("usergroup_id", String(32), nullable=False),
    Column("name", String(200), nullable=False),
    Column("role", String(16), nullable=False),
    Column("given_by", String(320), nullable=False),
    Column("given_at", UtcDateTime, nullable=False),
    Column("read_at", UtcDateTime),  # when its members were last read from Slack; NULL: to be read
    one_of("role", Role),
    UniqueConstraint("org_id", "usergroup_id"),
)

# Who is in those groups, as Slack told last; also people who have not used the app yet.
group_members = scoped(
    "group_members",
    Column("usergroup_id", String(32), nullable=False),
    Column("slack_user_id", String(32), nullable=False),
    UniqueConstraint("org_id", "usergroup_id", "slack_user_id"),
    Index(None, "org_id", "slack_user_id"),
)

# Kinds of messages a person does not want; duties cannot be muted.
mutes = scoped(
    "mutes",
    Column("user_id", Key, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    to("users", "user_id"),
    UniqueConstraint("org_id", "user_id", "kind"),
)
