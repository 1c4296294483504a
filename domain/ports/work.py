"""One transaction of one organisation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from domain.maintenance import Degraded, Maintenance, Word
from domain.policy import Workspace
from domain.ports.autopilot import Drafts, Sequences, Standings, Steps
from domain.ports.books import Accounts, Suppressions
from domain.ports.commitments import Absences, Disputes, Duties, LegalHolds, Promises, Reports
from domain.ports.home import HomeReads, Mornings, Mutes, OfficeReads
from domain.ports.house import House, Jobs
from domain.ports.keeping import Keeping
from domain.ports.notes import Notes
from domain.ports.people import GroupRoles, People, Requests, Roles
from domain.ports.queue import Decisions, Messages, Oversight, Quota, SenderRecords, SendingDomains
from domain.ports.record import Audit, AuditLines, Notices, Seals
from domain.ports.texts import Changes, Comments, Documents, Library, Templates
from domain.ports.totals import Totals


class Organisation(Protocol):
    def get(self) -> Workspace: ...
    def take(self) -> Workspace:
        """The same for whoever gives an order to the house: the next order waits until the transaction ends."""
        ...

    def save(self, workspace: Workspace) -> None:
        """All but maintenance and degraded sending, which have their own."""
        ...

    def maintain(self, maintenance: Maintenance | None) -> None:
        """Begin it, or (None) end it."""
        ...

    def words(self) -> Mapping[str, Word]:
        """What each sender said last of degraded sending; nobody else says anything until the transaction ends."""
        ...

    def degrade(self, degraded: Degraded | None, words: Mapping[str, Word]) -> None: ...


class UnitOfWork(Protocol):
    """One transaction of one organisation. Leaving it cleanly commits, raising rolls back."""

    people: People
    accounts: Accounts
    suppressions: Suppressions
    messages: Messages
    decisions: Decisions
    oversight: Oversight
    templates: Templates
    library: Library
    documents: Documents
    comments: Comments
    changes: Changes
    quota: Quota
    sending: SendingDomains
    sender_records: SenderRecords
    notes: Notes
    notices: Notices
    audit: Audit
    audit_lines: AuditLines
    seals: Seals
    requests: Requests
    keeping: Keeping
    roles: Roles
    group_roles: GroupRoles
    organisation: Organisation
    promises: Promises
    disputes: Disputes
    reports: Reports
    duties: Duties
    absences: Absences
    legal_holds: LegalHolds
    home: HomeReads
    office: OfficeReads
    mutes: Mutes
    mornings: Mornings
    jobs: Jobs
    sequences: Sequences
    steps: Steps
    drafts: Drafts
    standings: Standings
    house: House
    totals: Totals

    def hold_still(self) -> None:
        """All that this transaction reads, it reads as of one instant: what counts together agrees. Its first call."""
        ...


UnitOfWorkFactory = Callable[[], AbstractContextManager[UnitOfWork]]
"""Bound to one organisation by the composition root."""
