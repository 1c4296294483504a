"""One transaction of one organisation, handed out as stores."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Engine

from domain.ports import (
    Absences,
    Accounts,
    Audit,
    AuditLines,
    Changes,
    Comments,
    Decisions,
    Disputes,
    Documents,
    Drafts,
    Duties,
    GroupRoles,
    HomeReads,
    House,
    Jobs,
    Keeping,
    LegalHolds,
    Library,
    Messages,
    Mornings,
    Mutes,
    Notes,
    Notices,
    OfficeReads,
    Organisation,
    Oversight,
    People,
    Promises,
    Quota,
    Reports,
    Requests,
    Roles,
    Seals,
    SenderRecords,
    SendingDomains,
    Sequences,
    Standings,
    Steps,
    Suppressions,
    Templates,
    Totals,
    UnitOfWork,
    UnitOfWorkFactory,
)
from storage.scope import Scope
from storage.stores.absences import AbsenceStore
from storage.stores.accounts import AccountStore
from storage.stores.audit import AuditStore
from storage.stores.audit_lines import AuditLineStore
from storage.stores.changes import ChangeStore, CommentStore
from storage.stores.decisions import DecisionStore
from storage.stores.disputes import DisputeStore
from storage.stores.documents import DocumentStore
from storage.stores.drafts import DraftStore
from storage.stores.duties import DutyStore
from storage.stores.group_roles import GroupRoleStore
from storage.stores.home import HomeStore
from storage.stores.house import HouseStore
from storage.stores.jobs import JobStore
from storage.stores.keeping import KeepingStore
from storage.stores.legal_holds import LegalHoldStore
from storage.stores.library import LibraryStore
from storage.stores.messages import MessageStore
from storage.stores.mornings import MorningStore
from storage.stores.mutes import MuteStore
from storage.stores.notes import NoteStore
from storage.stores.notices import NoticeStore
from storage.stores.office import OfficeStore
from storage.stores.organisation import OrganisationStore
from storage.stores.oversight import OversightStore
from storage.stores.people import PeopleStore
from storage.stores.promises import PromiseStore
from storage.stores.quota import QuotaStore
from storage.stores.reports import ReportStore
from storage.stores.requests import RequestStore
from storage.stores.roles import RoleStore
from storage.stores.seals import SealStore
from storage.stores.sender_records import SenderRecordStore
from storage.stores.sending import SendingStore
from storage.stores.sequences import SequenceStore
from storage.stores.standings import StandingStore
from storage.stores.steps import StepStore
from storage.stores.suppressions import SuppressionStore
from storage.stores.templates import TemplateStore
from storage.stores.totals import TotalStore
from storage.transactions import transaction


class Stores:
    """The unit of work's stores. They end with the transaction."""

    def __init__(self, scope: Scope) -> None:
        self.hold_still = scope.hold_still
        self.people: People = PeopleStore(scope)
        self.accounts: Accounts = AccountStore(scope)
        self.suppressions: Suppressions = SuppressionStore(scope)
        self.messages: Messages = MessageStore(scope)
        self.decisions: Decisions = DecisionStore(scope)
        self.oversight: Oversight = OversightStore(scope)
        self.templates: Templates = TemplateStore(scope)
        self.library: Library = LibraryStore(scope)
        self.documents: Documents = DocumentStore(scope)
        self.comments: Comments = CommentStore(scope)
        self.changes: Changes = ChangeStore(scope)
        self.quota: Quota = QuotaStore(scope)
        self.sending: SendingDomains = SendingStore(scope)
        self.sender_records: SenderRecords = SenderRecordStore(scope)
        self.notes: Notes = NoteStore(scope)
        self.notices: Notices = NoticeStore(scope)
        self.audit: Audit = AuditStore(scope)
        self.audit_lines: AuditLines = AuditLineStore(scope)
        self.seals: Seals = SealStore(scope)
        self.requests: Requests = RequestStore(scope)
        self.keeping: Keeping = KeepingStore(scope)
        self.roles: Roles = RoleStore(scope)
        self.group_roles: GroupRoles = GroupRoleStore(scope)
        self.organisation: Organisation = OrganisationStore(scope)
        self.promises: Promises = PromiseStore(scope)
        self.disputes: Disputes = DisputeStore(scope)
        self.reports: Reports = ReportStore(scope)
        self.duties: Duties = DutyStore(scope)
        self.absences: Absences = AbsenceStore(scope)
        self.legal_holds: LegalHolds = LegalHoldStore(scope)
        self.home: HomeReads = HomeStore(scope)
        self.office: OfficeReads = OfficeStore(scope)
        self.mutes: Mutes = MuteStore(scope)
        self.mornings: Mornings = MorningStore(scope)
        self.jobs: Jobs = JobStore(scope)
        self.sequences: Sequences = SequenceStore(scope)
        self.steps: Steps = StepStore(scope)
        self.drafts: Drafts = DraftStore(scope)
        self.standings: Standings = StandingStore(scope)
        self.house: House = HouseStore(scope)
        self.totals: Totals = TotalStore(scope)


def build_unit_of_work(engine: Engine, *, org_id: int) -> UnitOfWorkFactory:
    """A factory bound to one organisation: `with uow() as work: ...` commits at the end, rolls back on an exception.

    Raises Busy when the database cannot answer in time. When that happens while committing over a connection that
    broke, the commit may have reached the server: repeat the same call, which finds its own rows.
    """

    @contextmanager
    def unit() -> Iterator[UnitOfWork]:
        with transaction(engine, org_id=org_id) as connection:
            yield Stores(Scope(connection, org_id))

    def open_unit() -> AbstractContextManager[UnitOfWork]:
        return unit()

    return open_unit
