"""What was said, noted, and planned about an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Department(StrEnum):
    AR = "A/R"
    CSM = "CSM"
    LEGAL = "Legal"
    SALES = "Sales"


@dataclass(frozen=True, slots=True)
class Note:
    id: int
    department: Department
    author: str
    body: str
    written_at: datetime
    is_pinned: bool = False
    replies: int = 0


class Source(StrEnum):
    """Where a communication came from."""

    AUTOPILOT = "autopilot"
    NUDGE = "nudge"
    OPERATOR = "operator"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Communication:
    """One mail or call. Outbound ones count as touches of their contact, whoever sent them."""

    source: Source
    contact_id: int | None
    subject: str
    at: datetime
    invoice_number: str | None = None

    @property
    def is_outbound(self) -> bool:
        return self.source is not Source.CUSTOMER


class StepState(StrEnum):
    """A step in Shadow is drafted when its time has come; an approved one is scheduled again, with its message."""

    SCHEDULED = "scheduled"
    DRAFTED = "drafted"
    SENT = "sent"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class AutopilotStep:
    """One dunning step of Autopilot's sequence. The nudge reads these rows and never writes them.

    `expires_at`: until when its draft waits for a person, if there is one. `is_own`: of a sequence of ours, not of
    another sender.
    """

    id: int
    name: str
    tone: str
    state: StepState
    due_at: datetime
    sent_at: datetime | None = None
    expires_at: datetime | None = None
    is_own: bool = False

    @property
    def is_scheduled(self) -> bool:
        return self.state is StepState.SCHEDULED

    @property
    def is_drafted(self) -> bool:
        return self.state is StepState.DRAFTED


@dataclass(frozen=True, slots=True)
class SentMail:
    """A mail of ours for an account's timeline."""

    account_id: int
    invoice_id: int
    message_id: str
    communication: Communication
