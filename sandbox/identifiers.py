"""Identifiers that look like Slack's and come out the same for the same seed."""

from __future__ import annotations

import random
import string
import threading

_UPPER = string.ascii_uppercase + string.digits
_MIXED = string.ascii_letters + string.digits


class Identifiers:
    """A seeded source; thread-safe. Two workspaces with one seed and one course of events agree on every id."""

    def __init__(self, *, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self._lock = threading.Lock()

    def make(self, prefix: str, *, length: int = 10) -> str:
        """`D0X...`: a prefix and capital letters and digits."""
        return prefix + self._pick(_UPPER, length)

    def block(self) -> str:
        """What Slack calls a block or an action that has no name: five mixed characters."""
        return self._pick(_MIXED, 5)

    def secret(self, *, length: int = 24) -> str:
        """A long mixed string for URLs and triggers. Unguessable only as far as a sandbox needs it."""
        return self._pick(_MIXED, length)

    def number(self, *, digits: int = 13) -> str:
        """Decimal digits, the first never zero."""
        with self._lock:
            return str(self._random.randrange(10 ** (digits - 1), 10**digits))

    def index(self, size: int) -> int:
        """One of `size` places, for choosing a connection."""
        with self._lock:
            return self._random.randrange(size)

    def reseed(self, seed: str) -> None:
        """Start another stream, used after loading a saved workspace so that old ids are not made again."""
        with self._lock:
            self._random.seed(seed)

    def _pick(self, letters: str, length: int) -> str:
        with self._lock:
            return "".join(self._random.choice(letters) for _ in range(length))
