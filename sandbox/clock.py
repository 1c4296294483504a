"""A clock that a person or a test can move.

The workspace stamps messages with it, so "tomorrow 07:59" can be tried today. Signatures of requests
to the bot never use it: the bot checks those against real time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Listener = Callable[[], None]


class MovableClock:
    """Present time as an aware UTC datetime, real by default, thread-safe.

    Once moved it goes on ticking from the new place, at real speed. With `frozen=True` it does not tick
    at all and time passes only by `advance` and `set`, which is what tests want.
    """

    def __init__(self, *, start: datetime | None = None, frozen: bool = False) -> None:
        self._lock = threading.Lock()
        self._listeners: list[Listener] = []
        self._frozen = frozen
        self._offset = timedelta(0)
        self._at: datetime | None = _aware(start) if start is not None else None
        if frozen:
            self._at = self._at or datetime.now(UTC)
        elif self._at is not None:
            self._offset, self._at = self._at - datetime.now(UTC), None

    def now(self) -> datetime:
        """Present sandbox time, UTC."""
        with self._lock:
            return self._present()

    @property
    def is_moved(self) -> bool:
        """Whether it shows anything but real time."""
        with self._lock:
            return self._frozen or self._offset != timedelta(0)

    def set(self, at: datetime) -> None:
        """Jump to `at` (aware), forwards or backwards."""
        with self._lock:
            self._move(_aware(at))
        self._tell()

    def advance(self, by: timedelta | None = None, **parts: float) -> None:
        """Jump by a timedelta, or by its parts: `advance(hours=1)`."""
        step = by if by is not None else timedelta(**parts)
        with self._lock:
            self._move(self._present() + step)
        self._tell()

    def reset(self) -> None:
        """Back to real time. A frozen clock stops at the present moment."""
        with self._lock:
            self._offset = timedelta(0)
            self._at = datetime.now(UTC) if self._frozen else None
        self._tell()

    def on_change(self, callback: Listener) -> Callable[[], None]:
        """Call `callback` after every move, outside the clock's lock; returns what takes it off again."""
        with self._lock:
            self._listeners.append(callback)

        def forget() -> None:
            with self._lock:
                if callback in self._listeners:
                    self._listeners.remove(callback)

        return forget

    def _present(self) -> datetime:
        if self._at is not None:
            return self._at
        return datetime.now(UTC) + self._offset

    def _move(self, at: datetime) -> None:
        if self._frozen:
            self._at = at
        else:
            self._offset = at - datetime.now(UTC)

    def _tell(self) -> None:
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            listener()


class Stopwatch:
    """Has so much time passed? Either really, or because somebody moved the clock forward.

    Slack's own limits (3 s for a trigger, 30 minutes for a response_url, a minute before a retry) are in
    the workspace's time; a frozen clock must still not make them endless.
    """

    def __init__(self, *, clock: MovableClock) -> None:
        self._clock = clock
        self._real = time.monotonic()
        self._shown = clock.now()

    def elapsed(self) -> float:
        """Seconds, the larger of real and shown."""
        return max(time.monotonic() - self._real, (self._clock.now() - self._shown).total_seconds())


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("the sandbox clock takes aware datetimes only")
    return at.astimezone(UTC)
