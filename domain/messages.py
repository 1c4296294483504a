"""The outbound queue's entity, its states, and the one table of what may follow what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.reasons import Reason
from domain.timeline import Source


class State(StrEnum):
    QUEUED = "queued"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    HELD = "held"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"


TRANSITIONS: dict[State, frozenset[State]] = {
    # Unconfirmed, here and below: it may have left before, and now nothing will tell.
    State.QUEUED: frozenset({State.CLAIMED, State.HELD, State.CANCELLED, State.EXPIRED, State.UNCONFIRMED}),
    # Back to queued: a deferral, an expired lease, or a soft failure before the fence.
    State.CLAIMED: frozenset(
        {
            State.SENDING,
            State.QUEUED,
            State.HELD,
            State.REFUSED,
            State.CANCELLED,
            State.EXPIRED,
            State.FAILED,
            State.UNCONFIRMED,
        }
    ),
    # Back to queued only when nothing left for certain, or when the provider drops a second copy.
    State.SENDING: frozenset({State.SENT, State.QUEUED, State.FAILED, State.UNCONFIRMED}),
    State.HELD: frozenset({State.QUEUED, State.CANCELLED, State.EXPIRED, State.UNCONFIRMED}),
    # A person decides: it arrived, or send it again, or leave it. A late worker may still report what it knows.
    State.UNCONFIRMED: frozenset({State.SENT, State.QUEUED, State.CANCELLED, State.FAILED}),
    State.SENT: frozenset(),
    State.REFUSED: frozenset(),
    State.CANCELLED: frozenset(),
    State.EXPIRED: frozenset(),
    State.FAILED: frozenset(),
}

OPEN_STATES = frozenset({State.QUEUED, State.CLAIMED, State.SENDING, State.HELD, State.UNCONFIRMED})
"""States in which (account, contact, invoice) already has its one message of a source."""

FINAL_STATES = frozenset(state for state, following in TRANSITIONS.items() if not following)


@dataclass(frozen=True, slots=True)
class Message:
    """A queued nudge, or a queued step of Autopilot. Times are aware UTC.

    `id` is a UUID in hex; the mail's Message-ID is derived from it.
    `origin` names the click that made it, or the step, so that the same one delivered twice finds its own message.
    `requested_by` is who clicked, or approved the draft; None: nobody, Autopilot by itself.
    `leaves_at` is when it is due; `expires_at` is 72 h after it could first have gone. `attempts` counts
    deliveries that were tried; being deferred by a guard is not an attempt. `held_by` is who holds or cancelled it.
    `doubtful_since` is when it was first handed over without an answer: until somebody settles it, it may have left.
    `why` is what whoever moved it last said about it; `cause` what took it back, `report:12` or `hold`.
    `segment`: the name of the one in which the customer was when it was queued or last put off: for the forecast, and
    for what a segment keeps for steps about broken promises; None: in none, or nobody looked. What binds it when it
    leaves is where the customer is then.
    """

    id: str
    account_id: int
    contact_id: int
    invoice_id: int
    template_key: str
    template_version: int
    requested_by: int | None
    requested_at: datetime
    origin: str
    state: State
    leaves_at: datetime
    expires_at: datetime
    reason: Reason | None = None
    attempts: int = 0
    token: str | None = None
    sent_at: datetime | None = None
    doubtful_since: datetime | None = None
    held_by: int | None = None
    changed_at: datetime | None = None
    source: Source = Source.NUDGE
    why: str | None = None
    cause: str | None = None
    segment: str | None = None

    @property
    def subject(self) -> str:
        """How the audit log names it."""
        return f"{self.source}:{self.id}"

    @property
    def step_id(self) -> int | None:
        """Of Autopilot's own step, whose message this is."""
        mark, _, number = self.origin.partition(":")
        return int(number) if self.source is Source.AUTOPILOT and mark == "step" and number.isdecimal() else None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_final(self) -> bool:
        return self.state in FINAL_STATES


WHY_AT_MOST = 300
"""Characters that whoever holds a message may say about it (decided)."""

_PREFIXES = {Source.NUDGE: "nudge", Source.AUTOPILOT: "step"}
SOURCES = frozenset(_PREFIXES)
"""Whose messages the queue sends."""


def may_follow(state: State, following: State) -> bool:
    """Whether the table allows the step."""
    return following in TRANSITIONS[state]


def message_id(message: Message, *, domain: str) -> str:
    """RFC 5322 Message-ID without brackets; the same for every attempt, so that copies can be told."""
    return f"{_PREFIXES[message.source]}.{message.id}@{domain}"
