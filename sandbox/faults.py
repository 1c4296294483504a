"""Faults on command: what the Web API does wrong, for how many calls, and the rate limits that may be on."""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from dataclasses import dataclass

# Calls a minute for each method of a tier, in force only when `enforce_tiers` is on.
TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
METHOD_TIERS = {
    "conversations.list": 2,
    "usergroups.list": 2,
    "usergroups.users.list": 2,
    "users.list": 2,
    "chat.update": 3,
    "chat.delete": 3,
    "conversations.info": 3,
    "conversations.open": 3,
    "conversations.join": 3,
    "conversations.history": 3,
    "users.lookupByEmail": 3,
    "apps.connections.open": 3,
    "chat.postEphemeral": 4,
    "conversations.members": 4,
    "files.completeUploadExternal": 4,
    "files.getUploadURLExternal": 4,
    "users.info": 4,
    "views.open": 4,
    "views.push": 4,
    "views.update": 4,
    "views.publish": 4,
}


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What happens to one call. `drop` "before" does no work, "after" does it and then says nothing."""

    error: str | None = None
    status: int | None = None
    retry_after: int | None = None
    drop: str | None = None
    delay: float = 0.0


class FaultPlan:
    """Which faults wait for which method; each is used up by the calls it hits. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planned: dict[str, deque[Fault]] = defaultdict(deque)
        self._posts: dict[str, float] = {}
        self._calls: dict[str, deque[float]] = defaultdict(deque)
        self.outage = False
        self.limit_posts = False
        self.enforce_tiers = False

    def add(self, *, method: str, fault: Fault, times: int = 1) -> None:
        """The next `times` calls of `method` ("*" for any) meet this fault."""
        with self._lock:
            self._planned[method].extend([fault] * times)

    def clear(self) -> None:
        with self._lock:
            self._planned.clear()
            self.outage = self.limit_posts = self.enforce_tiers = False

    def next_for(self, method: str) -> Fault | None:
        """The fault this call meets, taken off the plan; None when all is well."""
        with self._lock:
            if self.outage:
                return Fault(drop="before")
            for name in (method, "*"):
                if self._planned[name]:
                    return self._planned[name].popleft()
            return self._over_tier(method)

    def too_soon(self, channel: str) -> int | None:
        """Seconds to wait before another message to this channel, when one a second is the rule; else None."""
        with self._lock:
            now = time.monotonic()
            if self.limit_posts and now - self._posts.get(channel, -10.0) < 1.0:
                return 1
            self._posts[channel] = now
            return None

    def _over_tier(self, method: str) -> Fault | None:
        tier = METHOD_TIERS.get(method)
        if not self.enforce_tiers or tier is None:
            return None
        now, recent = time.monotonic(), self._calls[method]
        while recent and now - recent[0] > 60:
            recent.popleft()
        if len(recent) >= TIERS[tier]:
            return Fault(error="ratelimited", status=429, retry_after=max(1, int(61 - (now - recent[0]))))
        recent.append(now)
        return None
