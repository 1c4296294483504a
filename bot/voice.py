"""What a notice's words are made with, and what comes of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.errors import Rejected
from domain.policy import Rulebook
from domain.ports import UnitOfWork
from domain.values import Person
from handlers.seal import Seal


@dataclass(frozen=True, slots=True)
class Posting:
    """A message for Slack. `channel` and `thread` when it answers where something was said; else the recipient's."""

    text: str
    blocks: list[dict[str, Any]]
    channel: str | None = None
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """What the words are made with. `zone` is the workspace's, for readers without one of their own."""

    work: UnitOfWork
    recipient: Person | None
    seal: Seal
    at: datetime
    zone: str
    rulebook: Rulebook

    @property
    def reader(self) -> Person:
        """Raises Rejected when nobody is named."""
        if self.recipient is None:
            raise Rejected("Nobody is named to hear of it.", code="no_recipient")
        return self.recipient
