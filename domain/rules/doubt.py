"""Messages that may have left already: handed over once, and no answer came.

Where the provider drops a second mail with the same key they may be handed over again by themselves, for as long as it
remembers the key. Everywhere else, and whenever something ends their way, a person is asked.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.messages import Message, State
from domain.policy import Policy

KEY_LIFE = timedelta(hours=24)
"""How long a provider remembers a de-duplication key (documented by Resend and by Emailit)."""
LONGEST_LEASE = timedelta(hours=2)
"""A hand-over may begin so long after its fence (the largest lease that can be set)."""


def may_resend(since: datetime, due: datetime, policy: Policy) -> bool:
    """Whether what may first have left at `since` may be fenced again at `due` without asking anybody."""
    return policy.deduplicates and due < since + KEY_LIFE - LONGEST_LEASE


def ending(message: Message, state: State) -> State:
    """The state in which the message's way ends: a “no” that may come too late is a question for a person."""
    return State.UNCONFIRMED if message.doubtful_since is not None else state
