"""Carriers that are timed and counted on the way: mail out, and posts to Slack. What is carried is not looked at."""

from __future__ import annotations

import logging
import re
from time import monotonic

from bot.metrics import Metrics
from domain.errors import DeliveryError, Rejected, Unavailable, Unknown
from domain.mail import Mail
from domain.notices import Notice
from domain.ports import Announcer, Mailer

log = logging.getLogger(__name__)

_NUDGE = re.compile(r"nudge\.([0-9a-f]{32})@")


class MeteredMailer:
    """A `Mailer` whose hand-overs are timed; the line about each carries the nudge's id."""

    def __init__(self, mailer: Mailer, metrics: Metrics) -> None:
        self._mailer = mailer
        self._metrics = metrics

    def send(self, mail: Mail) -> str:
        began = monotonic()
        try:
            answer = self._mailer.send(mail)
        except DeliveryError as error:
            self._note(mail, began, *_kind(error))
            raise
        self._note(mail, began, "accepted")
        return answer

    def _note(self, mail: Mail, began: float, outcome: str, code: str = "") -> None:
        seconds = monotonic() - began
        self._metrics.handed_over(outcome, seconds, code=code)
        named = _NUDGE.match(mail.message_id)
        fields = {"nudge": named[1] if named else None, "code": code or None, "seconds": round(seconds, 3)}
        log.info("mail %s", outcome, extra=fields)

    def check(self) -> None:
        self._mailer.check()

    def cut(self) -> None:
        self._mailer.cut()

    def close(self) -> None:
        self._mailer.close()


class MeteredAnnouncer:
    """An `Announcer` whose posts are counted, and its errors by Slack's code."""

    def __init__(self, announcer: Announcer, metrics: Metrics) -> None:
        self._announcer = announcer
        self._metrics = metrics

    def post(self, notice: Notice) -> tuple[str, str]:
        try:
            where = self._announcer.post(notice)
        except DeliveryError as error:
            self._metrics.not_posted(_kind(error)[1])
            raise
        self._metrics.posted(notice.kind.value)
        return where


def _kind(error: DeliveryError) -> tuple[str, str]:
    """What it means for the message, and the other side's code."""
    match error:
        case Rejected():
            return "rejected", error.code
        case Unavailable():
            return "unavailable", error.code
        case Unknown():
            return "unknown", error.code
        case _:
            return "failed", ""
