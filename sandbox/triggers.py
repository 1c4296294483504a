"""Trigger ids: three seconds, one use, one person."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from sandbox.clock import Stopwatch
from sandbox.workspace import Workspace


@dataclass(kw_only=True)
class Trigger:
    user: str
    watch: Stopwatch
    used: bool = False


class TriggerRefused(ValueError):
    """Its text is Slack's error."""


class Triggers:
    """Gives trigger ids out and takes them back once."""

    def __init__(self, *, workspace: Workspace, seconds: float = 3.0) -> None:
        self._workspace, self.seconds = workspace, seconds
        self._given: dict[str, Trigger] = {}
        self._lock = threading.Lock()

    def issue(self, *, user: str) -> str:
        ids = self._workspace.ids
        name = f"{ids.number()}.{ids.number(digits=12)}.{ids.secret(length=32).lower()}"
        with self._lock:
            self._given[name] = Trigger(user=user, watch=Stopwatch(clock=self._workspace.clock))
        return name

    def use(self, name: object) -> str:
        """The person the trigger belongs to. Raises TriggerRefused with `invalid_trigger_id`,
        `expired_trigger_id` or `exchanged_trigger_id`."""
        with self._lock:
            trigger = self._given.get(name) if isinstance(name, str) else None
            if trigger is None:
                raise TriggerRefused("invalid_trigger_id")
            if trigger.used:
                raise TriggerRefused("exchanged_trigger_id")
            if trigger.watch.elapsed() > self.seconds:
                raise TriggerRefused("expired_trigger_id")
            trigger.used = True
            return trigger.user

    def expire_all(self) -> None:
        """As if three seconds had passed."""
        with self._lock:
            for trigger in self._given.values():
                trigger.watch = _Past()


class _Past(Stopwatch):
    def __init__(self) -> None:
        pass

    def elapsed(self) -> float:
        return float("inf")
