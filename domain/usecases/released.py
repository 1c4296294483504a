"""What the release loop did."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from domain.messages import State
from domain.ports import Move
from domain.reasons import Reason

_COUNTED = {
    State.QUEUED: "deferred",
    State.SENT: "sent",
    State.FAILED: "failed",
    State.UNCONFIRMED: "unconfirmed",
}


@dataclass(slots=True)
class Released:
    """What one call did."""

    claimed: int = 0
    sent: int = 0
    deferred: int = 0
    refused: int = 0
    failed: int = 0
    unconfirmed: int = 0
    lost_claims: int = 0
    reasons: dict[Reason, int] = field(default_factory=dict)

    def add(self, other: Released) -> None:
        for name in ("claimed", "sent", "deferred", "refused", "failed", "unconfirmed", "lost_claims"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for reason, count in other.reasons.items():
            self.reasons[reason] = self.reasons.get(reason, 0) + count

    def count(self, asked: Sequence[Move], moved: Collection[Move]) -> None:
        """`moved` are those of `asked` that really took place; the others belonged to somebody else by then."""
        self.lost_claims += len(asked) - len(moved)
        for move in moved:
            if move.to is State.SENDING:
                continue
            name = _COUNTED.get(move.to, "refused")
            setattr(self, name, getattr(self, name) + 1)
            if move.reason is not None:
                self.reasons[move.reason] = self.reasons.get(move.reason, 0) + 1
