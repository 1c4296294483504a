"""What Slack has to say to people, and what it says of them: plain values behind the ports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.messages import State
from domain.reasons import Reason
from domain.values import Capability


class NoticeKind(StrEnum):
    """What a notice is about; presenters turn it into words when it is posted."""

    AR_ALERT = "ar_alert"
    REP_OUTCOME = "rep_outcome"
    ACCESS_REQUEST = "access_request"
    AR_DIGEST = "ar_digest"
    # Reports: subject is the report's id; Legal's and the decision's are the dispute's and the promise's.
    REPORT_DUTY = "report_duty"
    REPORT_ESCALATION = "report_escalation"
    REPORT_OUTCOME = "report_outcome"
    LEGAL_DUTY = "legal_duty"
    PROMISE_DECIDED = "promise_decided"
    ACCESS_DECISION = "access_decision"
    ROLE_CHANGED = "role_changed"
    ROSTER = "roster"
    DAILY_DIGEST = "daily_digest"
    COMMENT = "comment"
    COMMENT_ANSWER = "comment_answer"
    CHANGE_REQUEST = "change_request"
    CHANGE_DECISION = "change_decision"
    SIGN_OFF = "sign_off"
    SENDING_DOMAIN = "sending_domain"  # subject: the change and the domain
    PUBLISHED = "published"
    DISCARDED = "discarded"  # somebody's draft; subject: the edition
    NOTE_MENTION = "note_mention"
    NOTE_REPLY = "note_reply"

    # A row of the console turned red, or is well again; the subject is its name.
    ALARM = "alarm"
    # A segment fell to Shadow, or rises again; the subject is the handle of its name.
    SEGMENT_STANDING = "segment_standing"
    DRAFTS_WAIT = "drafts_wait"  # of Autopilot's steps in Shadow, for A/R
    EXHAUSTED = "exhausted"  # a sequence did its last step; subject: the account and the invoice


MUTABLE = frozenset(
    {
        NoticeKind.REP_OUTCOME,
        NoticeKind.REPORT_OUTCOME,
        NoticeKind.PROMISE_DECIDED,
        NoticeKind.DAILY_DIGEST,
        NoticeKind.NOTE_REPLY,
        NoticeKind.SEGMENT_STANDING,
        NoticeKind.EXHAUSTED,
        NoticeKind.PUBLISHED,
    }
)
"""Kinds that a person may mute. Every other one always comes: what somebody has to act on, the answer of a person to
what they asked (a decision, a reply to a comment), and what becomes of their own rights and duties.

A new kind is a duty until it is listed here, with its words in `handlers.vocabulary.MESSAGES`.
"""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something Slack has to say, written in the transaction that caused it and posted afterwards.

    One row per `key`; raising it again marks it changed, and the post is edited in place when it has a `ts`.
    `recipient` is a Plixo user's id for a direct message, None for A/R's channel. `revision` guards against
    posting over a newer change.
    """

    key: str
    kind: NoticeKind
    recipient: int | None
    subject: str
    revision: int = 1
    attempts: int = 0
    channel: str | None = None
    ts: str | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """A notice to raise: new, or changed since it was posted. `subject` is the id of what it is about.

    `only_edit`: what was never told is not told now.
    """

    key: str
    kind: NoticeKind
    subject: str
    recipient: int | None
    at: datetime
    only_edit: bool = False


@dataclass(frozen=True, slots=True)
class Digest:
    """How many nudges ended how while Slack could not be told; told in one post instead of one for each."""

    counts: Mapping[State, int]

    @property
    def subject(self) -> str:
        """As a notice's subject: `sent=412 refused=3`."""
        return " ".join(f"{state.value}={count}" for state, count in self.counts.items())

    @classmethod
    def of_subject(cls, subject: str) -> Digest:
        pairs = (part.partition("=") for part in subject.split())
        return cls({State(state): int(count) for state, _, count in pairs})


WORDS_AT_MOST = 80


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """A question to the Controller, and once it is decided the answer: `waiting`, `approved` or `declined`.

    `given` is what the approval did, as `domain.roles.Gift` spells it; `granted_until` when that ends. `words`: by
    which they looked for an account and found none of theirs; whether there is one is for the Controller to see.
    """

    id: int
    asked_by: int
    asked_by_name: str
    asked_by_slack: str | None
    capability: Capability | None
    account_id: int | None
    account_name: str | None
    reason: Reason
    asked_at: datetime
    state: str = "waiting"
    decided_by: str | None = None
    decided_by_name: str | None = None
    decided_at: datetime | None = None
    decision: str = ""
    given: str | None = None
    granted_until: datetime | None = None
    words: str = ""

    @property
    def is_waiting(self) -> bool:
        return self.state == "waiting"

    @property
    def is_approved(self) -> bool:
        return self.state == "approved"


@dataclass(frozen=True, slots=True)
class Profile:
    """What Slack says about one of its users."""

    email: str | None
    name: str
    zone: str | None
    locale: str | None
    is_active: bool
    is_guest: bool = False
