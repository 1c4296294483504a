"""The use cases as one person calls them: who asks, when and by which rules is already filled in."""

from __future__ import annotations

from handlers.cases.accounts import AccountCases
from handlers.cases.audit import AuditCases
from handlers.cases.deliverability import DeliverabilityCases
from handlers.cases.homing import HomeCases
from handlers.cases.library import LibraryCases
from handlers.cases.notes import NoteCases
from handlers.cases.nudges import NudgeCases
from handlers.cases.operations import OperationsCases
from handlers.cases.recording import RecordingCases
from handlers.cases.reporting import ReportCases
from handlers.cases.roles import RoleCases
from handlers.cases.shadow import ShadowCases
from handlers.cases.simulating import SimulationCases
from handlers.cases.summary import SummaryCases


class Cases(
    AccountCases,
    AuditCases,
    DeliverabilityCases,
    HomeCases,
    LibraryCases,
    NoteCases,
    NudgeCases,
    OperationsCases,
    RecordingCases,
    ReportCases,
    RoleCases,
    ShadowCases,
    SimulationCases,
    SummaryCases,
):
    """Every use case of a person. Tests put a class with prepared outcomes in its place."""

    __slots__ = ()
