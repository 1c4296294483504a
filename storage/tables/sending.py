"""Sending domains: where each stands, and what left and came back on each day, of capped segments too."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from domain.rules.sender_records import Kind, Verdict
from domain.warming import DomainState, Trouble
from storage.tables.base import Key, metadata, one_of, scoped, to
from storage.types import UtcDateTime


def _count(name: str) -> Column[object]:
    return Column(name, Integer, nullable=False, server_default=text("0"))


sending_domains = scoped(
    "sending_domains",
    Column("name", String(253), nullable=False),  # lower case
    Column("standing", String(16), nullable=False),
    Column("trouble", String(16)),
    _count("counted"),
    Column("judged_on", Date),
    Column("since", UtcDateTime),
    Column("measured_after", Date),
    Column("last_sent_on", Date),
    Column("lifted_by", Key),
    Column("lifted_at", UtcDateTime),
    Column("lifted_why", String(500)),
    one_of("standing", DomainState),
    one_of("trouble", Trouble),
    to("users", "lifted_by"),
    UniqueConstraint("org_id", "name"),
)

sending_days = Table(
    "sending_days",
    metadata,
    Column("org_id", Key, ForeignKey("organisations.id"), primary_key=True),
    Column("domain", String(253), primary_key=True),
    Column("day", Date, primary_key=True),
    _count("nudges"),
    _count("steps"),
    _count("hour"),  # of the day, from its midnight; the two below are of it
    _count("hour_nudges"),
    _count("hour_steps"),
    _count("bounced"),
    _count("complained"),
    _count("granted"),  # by the last take, for it to return
    CheckConstraint("nudges >= 0 AND steps >= 0 AND hour_nudges >= 0 AND hour_steps >= 0", name="used_not_negative"),
)

# What the last answer of the domain name system said of each, and when somebody was asked last.
sender_records = Table(
    "sender_records",
    metadata,
    Column("org_id", Key, ForeignKey("organisations.id"), primary_key=True),
    Column("domain", String(253), primary_key=True),
    Column("kind", String(8), primary_key=True),
    Column("verdict", String(8), nullable=False),
    Column("said", String(500), nullable=False),
    Column("fix", String(500), nullable=False, server_default=""),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime),  # NULL: nobody ever answered
    one_of("kind", Kind),
    one_of("verdict", Verdict),
)

segment_days = Table(
    "segment_days",
    metadata,
    Column("org_id", Key, ForeignKey("organisations.id"), primary_key=True),
    Column("domain", String(253), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("segment", String(100), primary_key=True),  # its name; one that has a cap of its own
    _count("nudges"),
    _count("steps"),
    _count("granted"),  # by the last take, for it to return
    CheckConstraint("nudges >= 0 AND steps >= 0", name="used_not_negative"),
)
