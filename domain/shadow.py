"""Shadow Mode's nouns: a step of Autopilot that is written and waits for a person, and what people do with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.accounts import Account, Contact, Invoice
from domain.autopilot import Stop
from domain.mail import Mail
from domain.outcomes import Departure, Refused
from domain.policies import Mode
from domain.reasons import Reason
from domain.rules.quiet_hours import ZoneChoice
from domain.templates import Template, Wording
from domain.timeline import StepState
from domain.values import Person

A_PAGE = 5
"""Drafts looked at, and approved, at once: each is a whole mail (decided)."""


@dataclass(frozen=True, slots=True)
class NewDraft:
    """A step that is due becomes a draft: for whom, with which approved text, and until when it waits."""

    step_id: int
    contact_id: int
    template_version: int
    made_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """One step's draft, and what became of it.

    `state` is the step's. `day` counts from the due date of its invoice. `revision`: how often it was edited; `wording`
    is the last one's, None: the template's own. `edited_by` and `decided_by` are names; nobody decided what was
    withdrawn or ran out. `ended`: why its sequence did, if so.
    """

    step_id: int
    account_id: int
    contact_id: int
    invoice_id: int
    segment: str
    cadence: str
    day: int
    template: str
    template_version: int
    due_at: datetime
    made_at: datetime
    expires_at: datetime
    state: StepState
    reason: Reason | None = None
    ended: Stop | None = None
    revision: int = 0
    wording: Wording | None = None
    edited_by: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None

    def waits(self, at: datetime) -> bool:
        """Whether somebody can decide it: one whose time is over is dropped in a moment."""
        return self.state is StepState.DRAFTED and at < self.expires_at

    @property
    def subject(self) -> str:
        """How the audit log names it."""
        return f"step:{self.step_id}"


@dataclass(frozen=True, slots=True)
class Weighed:
    """A draft as it would leave if it were approved now.

    `departure` and `objection`: one of the two, what the guards say. `mail` is None when it cannot be written; it holds
    the live pay link. `mode`: how its segment runs now. `zone`: the customer's.
    """

    draft: Draft
    account: Account
    contact: Contact | None
    invoice: Invoice
    template: Template | None
    mode: Mode
    zone: ZoneChoice
    mail: Mail | None = None
    departure: Departure | None = None
    objection: Refused | None = None

    @property
    def wording(self) -> Wording | None:
        """What it says, tags and all."""
        return self.draft.wording or (self.template.wording if self.template else None)


@dataclass(frozen=True, slots=True)
class DraftList:
    """Some of the drafts that wait, those due first first; `start` counts from 0, `total` are all of them."""

    drafts: tuple[Weighed, ...]
    start: int
    total: int
    reader: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class Approved:
    """A draft that is in the queue now, and when it leaves."""

    weighed: Weighed
    departure: Departure


@dataclass(frozen=True, slots=True)
class NotApproved:
    """A draft that was not approved, and why; it waits on unless the reason says that it is gone."""

    account: Account
    refusal: Refused


@dataclass(frozen=True, slots=True)
class DraftsApproved:
    """What became of each that was asked for, in that order."""

    each: tuple[Approved | NotApproved, ...]


@dataclass(frozen=True, slots=True)
class DraftEdited:
    """It says something else now. It goes on waiting."""

    weighed: Weighed


@dataclass(frozen=True, slots=True)
class DraftSkipped:
    """It is not sent. `next_at`: when the sequence's next step is due; None: there is none."""

    weighed: Weighed
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Misworded:
    """Why an edited text cannot be taken, and where it is wrong."""

    refusal: Refused
    in_subject: bool
