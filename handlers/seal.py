"""What buttons, options and modals carry: ids under a seal, so that nobody can write their own.

A sealed token is worth nothing to another organisation or another person, and after its time nothing but a look: what
only reads is read anew. It says what was meant, never who may: roles and scope are looked up again at every action.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from domain.errors import PlixoError

PERSONAL_LIFE = timedelta(hours=24)
SHARED_LIFE = timedelta(days=30)

_ANYBODY = 0
_EXPIRY = 5  # bytes: seconds since 1970, for longer than anybody will run this
_MAC = 16


ON_HOME = "home"
"""Where a nudge's button stood: what it opens draws Home anew."""


class Kind(StrEnum):
    """What a token speaks of; one of another kind is not accepted in its place."""

    ACCOUNT = "account"  # account id, unfolded parts
    NUDGE = "nudge"  # message id, and on Home ON_HOME
    DRAFT = "draft"  # account id, contact id, invoice id, template key, template version
    TEMPLATE = "template"  # template key
    CONTACT = "contact"  # contact id
    PART = "part"  # part of Home, first line
    NOTE = "note"  # note id, version
    NOTE_PAGE = "note_page"  # note id, page of its replies or of its history
    NOTES_PAGE = "notes_page"  # account id, page of its notes
    ASK = "ask"  # reason, capability or "", account id or 0, and the words of a search that found none
    REQUEST = "request"  # request id
    PERSON = "person"  # user id
    PEOPLE = "people"  # how many come before the page
    USERGROUP = "usergroup"  # Slack's id of the user group, its handle
    EDITION = "edition"  # a version of a text
    SEGMENT = "segment"  # number of the segments' version, which of them
    PLACES = "places"  # two texts beside each other: see handlers.presenters.differing.Places
    NUMBER = "number"  # of another version of the text that is shown
    SHELF = "shelf"  # a list of texts
    COMMENT = "comment"  # comment id
    CHANGE = "change"  # change request id
    DRAFTS = "drafts"  # how many drafts of Autopilot come before the page
    STEP = "step"  # step id, revision of its draft, how many come before the page it stands on
    STEPS = "steps"  # how many come before the page, and step id and revision of each draft on it
    INVOICE = "invoice"  # invoice id
    SHEET = "sheet"  # what a report modal was opened with: see handlers.sheets.Opened
    REPORT = "report"  # report id, account id
    PROMISE = "promise"  # promise id, account id
    DISPUTE = "dispute"  # dispute id, account id


class BrokenSeal(PlixoError):
    """Tampered with, expired, or made for somebody else. All three read the same to the outside."""


@dataclass(frozen=True, slots=True)
class Signet:
    """The seal of one person in one organisation. `takes_late`: tokens whose time is over, too."""

    key: bytes = field(repr=False)
    org_id: int
    user_id: int
    at: datetime
    takes_late: bool = False

    def close(self, kind: Kind, *parts: int | str) -> str:
        """A token for this person, for a day. With parts of up to 80 characters it fits an option (150)."""
        return self._token("p", kind, parts, self.user_id, self.at + PERSONAL_LIFE)

    def close_for_all(self, kind: Kind, *parts: int | str) -> str:
        """A token for everybody of the organisation, for 30 days: for messages that several people see."""
        return self._token("a", kind, parts, _ANYBODY, self.at + SHARED_LIFE)

    def open(self, kind: Kind, token: str) -> list[int | str]:
        """The parts. Raises BrokenSeal."""
        mark = token[:1]
        if mark not in ("p", "a"):
            raise BrokenSeal("unreadable token")
        try:
            given, raw = token.encode(), urlsafe_b64decode(token[1:].partition(".")[0])
        except ValueError as error:
            raise BrokenSeal("unreadable token") from error
        holder = self.user_id if mark == "p" else _ANYBODY
        if not hmac.compare_digest(self._written(mark, kind, raw, holder).encode(), given):
            raise BrokenSeal("token was not made here, or not for this person")
        if not self.takes_late and self.at.timestamp() >= int.from_bytes(raw[:_EXPIRY]):
            raise BrokenSeal("token has expired")
        parts: list[int | str] = json.loads(raw[_EXPIRY:])
        return parts

    def _token(self, mark: str, kind: Kind, parts: tuple[int | str, ...], holder: int, until: datetime) -> str:
        text = json.dumps(parts, separators=(",", ":"), ensure_ascii=False)
        return self._written(mark, kind, int(until.timestamp()).to_bytes(_EXPIRY) + text.encode(), holder)

    def _written(self, mark: str, kind: Kind, raw: bytes, holder: int) -> str:
        """The one spelling of a token: comparing whole texts leaves base64 no second one."""
        context = f"{mark}|{kind}|{self.org_id}|{holder}|".encode()
        mac = hmac.digest(self.key, context + raw, hashlib.sha256)[:_MAC]
        return f"{mark}{urlsafe_b64encode(raw).decode()}.{urlsafe_b64encode(mac).decode().rstrip('=')}"


@dataclass(frozen=True, slots=True, repr=False)
class Seal:
    """The workspace-wide secret. `secret` has at least 32 bytes; a new one makes all buttons out of date."""

    secret: bytes

    def __post_init__(self) -> None:
        if len(self.secret) < 32:
            raise ValueError("The seal's secret needs at least 32 bytes.")

    def of(self, *, org_id: int, user_id: int, at: datetime, takes_late: bool = False) -> Signet:
        """For what one person reads and clicks now."""
        return Signet(self.secret, org_id, user_id, at, takes_late)

    def of_everybody(self, *, org_id: int, at: datetime) -> Signet:
        """For messages in a channel."""
        return Signet(self.secret, org_id, _ANYBODY, at)
