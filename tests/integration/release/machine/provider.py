"""A mail provider as its customers' mailboxes see it: which copies arrived, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from threading import Lock

from domain.errors import Rejected, Unavailable, Unknown
from domain.mail import Mail
from tests.integration.release.machine.moments import Moment, Time

REMEMBERS = timedelta(hours=24)
"""How long the provider knows a key again: what such providers document."""


class Fate(StrEnum):
    """What happens to one hand-over."""

    ACCEPTED = "accepted"
    UNANSWERED = "unanswered"
    """It arrives, and the answer is lost."""
    LOST = "lost"
    """It does not arrive, and there is no answer either."""
    BUSY = "busy"
    REFUSED = "refused"
    NO_SUCH_ADDRESS = "no such address"


@dataclass(eq=False)
class Copy:
    """One mail in a customer's mailbox. `decided`: when its guards ran. `is_denied`: a person said it never came."""

    nudge: str
    address: str
    subject: str
    decided: Moment
    arrived: Moment
    is_denied: bool = False


@dataclass
class Provider:
    """`deduplicates`: drops a second mail with the same Message-ID, and says yes or (`is_strict`) no to it."""

    time: Time
    deduplicates: bool = False
    is_strict: bool = False
    copies: list[Copy] = field(default_factory=list)
    _known: dict[str, Moment] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, mail: Mail, fate: Fate, decided: Moment | None = None, *, is_denied: bool = False) -> str:
        """The answer. Raises like a mailer."""
        if fate is Fate.BUSY:
            raise Unavailable("try later", code="451")
        if fate is Fate.REFUSED:
            raise Rejected("spam", code="554")
        if fate is Fate.NO_SUCH_ADDRESS:
            raise Rejected("no such address", code="550", bad_address=True)
        now = self.time.now()
        if fate is not Fate.LOST:
            with self._lock:
                known = self._knows(mail, now)
                if not known:
                    self._known[mail.message_id] = now
                    self.copies.append(
                        Copy(nudge_of(mail), mail.to.address, mail.subject, decided or now, now, is_denied)
                    )
            if known and self.is_strict:
                raise Rejected("this key was used before", code="409")
        if fate is not Fate.ACCEPTED:
            raise Unknown("no answer", code="timeout")
        return "250 accepted"

    def _knows(self, mail: Mail, now: Moment) -> bool:
        first = self._known.get(mail.message_id)
        if not self.deduplicates or first is None:
            return False
        return now.elapsed - first.elapsed < REMEMBERS + self.time.slack(first, now)


def nudge_of(mail: Mail) -> str:
    """The message's id, from the Message-ID that every attempt shares."""
    return mail.message_id.removeprefix("nudge.").partition("@")[0]
