"""Exceptions: nothing happened. An expected “no” is not here but in `outcomes`."""

from __future__ import annotations


class PlixoError(Exception):
    """Base of our own errors. The message is for the log and for developers, never for a user."""


class InvalidValue(PlixoError, ValueError):
    """A value that cannot exist (an amount in no currency, a window with no way out). The message names the fix."""


class UnreadableDocument(InvalidValue):
    """A text in force that many go by, such as a version of the cadences, cannot be read."""


class NotFound(PlixoError, LookupError):
    """A row of this organisation that was named by id does not exist (any more)."""


class Busy(PlixoError):
    """The database could not answer in time; nothing was changed and the same call may be made again."""


class DeliveryError(PlixoError):
    """A carrier could not do its work. Never carries an address, a body or a token in its text."""


class Rejected(DeliveryError):
    """Final: the other side said no. `code` is its own code (SMTP reply code, Slack error name)."""

    def __init__(self, reason: str, *, code: str, bad_address: bool = False) -> None:
        super().__init__(reason)
        self.code = code
        self.bad_address = bad_address


class Unavailable(DeliveryError):
    """It certainly did not go out, and may go later. `retry_after` in seconds when the other side said so."""

    def __init__(self, reason: str, *, code: str = "", retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.code = code
        self.retry_after = retry_after


class Unknown(DeliveryError):
    """It may have gone out: handed over, no answer. Never sent again by itself."""

    def __init__(self, reason: str, *, code: str = "") -> None:
        super().__init__(reason)
        self.code = code
