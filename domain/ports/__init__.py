"""What the domain asks of the world. Each port has at most seven methods; adapters live in storage, connectors and bot.

Everything a unit of work hands out is scoped to one organisation: no method takes an organisation, none can reach
another one's rows.
"""

from __future__ import annotations

from domain.ports.autopilot import Drafts, Sequences, Standings, Steps
from domain.ports.books import Accounts, Suppressions
from domain.ports.commitments import Absences, Disputes, DisputeStep, Duties, LegalHolds, Promises, PromiseStep, Reports
from domain.ports.home import HomeReads, Mornings, Mutes, OfficeReads
from domain.ports.house import House, Jobs
from domain.ports.keeping import Keeping
from domain.ports.notes import Notes
from domain.ports.people import GroupRoles, People, Requests, Roles
from domain.ports.queue import Decisions, Messages, Move, Oversight, Quota, SenderRecords, SendingDomains, Waiting
from domain.ports.record import Audit, AuditLines, Notices, Seals
from domain.ports.texts import Changes, Comments, Documents, Library, Templates
from domain.ports.totals import Totals
from domain.ports.work import Organisation, UnitOfWork, UnitOfWorkFactory
from domain.ports.world import Announcer, Clock, Mailer, Names, Profiles, UserGroups

__all__ = [
    "Absences",
    "Accounts",
    "Announcer",
    "Audit",
    "AuditLines",
    "Changes",
    "Clock",
    "Comments",
    "Decisions",
    "DisputeStep",
    "Disputes",
    "Documents",
    "Drafts",
    "Duties",
    "GroupRoles",
    "HomeReads",
    "House",
    "Jobs",
    "Keeping",
    "LegalHolds",
    "Library",
    "Mailer",
    "Messages",
    "Mornings",
    "Move",
    "Mutes",
    "Names",
    "Notes",
    "Notices",
    "OfficeReads",
    "Organisation",
    "Oversight",
    "People",
    "Profiles",
    "PromiseStep",
    "Promises",
    "Quota",
    "Reports",
    "Requests",
    "Roles",
    "Seals",
    "SenderRecords",
    "SendingDomains",
    "Sequences",
    "Standings",
    "Steps",
    "Suppressions",
    "Templates",
    "Totals",
    "UnitOfWork",
    "UnitOfWorkFactory",
    "UserGroups",
    "Waiting",
]
