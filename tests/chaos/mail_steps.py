"""The steps of a hand-over as the line to the mail server shows them, and what is done to a worker at one of them."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock

MAIL_STEPS = ("handed over", "before the dot", "after the dot", "accepted", "answered")
"""MAIL said; content there, dot not; dot there, server not done; 250 on its way; 250 arrived, not recorded."""


@dataclass
class Trap:
    """Signals the worker when it reaches the step for the n-th time; `pid` is set when the worker is started."""

    step: str
    count: int
    signal: signal.Signals
    pid: int | None = None
    is_sprung: bool = False

    def __post_init__(self) -> None:
        self._lock = Lock()

    def reached(self, step: str) -> bool:
        """False when the worker was killed here: nothing more of it is carried."""
        with self._lock:
            if step != self.step or self.is_sprung or self.pid is None:
                return True
            self.count -= 1
            if self.count:
                return True
            self.is_sprung = True
        with suppress(ProcessLookupError):
            os.kill(self.pid, self.signal)
        return self.signal is not signal.SIGKILL


class MailTap:
    """Reads one connection closely enough to name the step. The dot comes alone or ends what it is sent with."""

    def __init__(self, trap: Trap) -> None:
        self._trap = trap
        self._is_content = False
        self._is_dotted = False
        self._dot_leaves = False

    def before(self, from_worker: bool, data: bytes) -> bool:
        if from_worker:
            if data.startswith(b"MAIL "):
                return self._trap.reached("handed over")
            if self._is_content and _ends_the_message(data):
                self._is_content, self._is_dotted, self._dot_leaves = False, True, True
                return self._trap.reached("before the dot")
        elif self._is_dotted:
            return self._trap.reached("accepted")
        elif data.startswith(b"354"):
            self._is_content = True
        return True

    def after(self, from_worker: bool, data: bytes) -> bool:
        if from_worker and self._dot_leaves:
            self._dot_leaves = False
            return self._trap.reached("after the dot")
        if not from_worker and self._is_dotted:
            self._is_dotted = False
            return self._trap.reached("answered")
        return True


def _ends_the_message(data: bytes) -> bool:
    return data == b".\r\n" or data.endswith(b"\r\n.\r\n")
