"""Internal notes: what one is with all that belongs to it, and what came of writing, answering, editing, pinning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from domain.accounts import Account
from domain.timeline import Department, Note
from domain.values import Person

BODY_AT_MOST = 3_000
"""Characters of a note or a reply: what one field of a Slack modal takes."""
MENTIONS_AT_MOST = 10
"""People one note or reply may name (decided): whoever needs more writes to a channel."""


class NoteAct(StrEnum):
    """What somebody wants with a note."""

    READ = auto()
    REPLY = auto()
    EDIT = auto()
    PIN = auto()


@dataclass(frozen=True, slots=True)
class NewNote:
    """A note as it is written. `origin` is the submission that made it (`slack:V1`): sent twice, it is one note."""

    account_id: int
    department: Department
    author_id: int
    author: str
    body: str
    written_at: datetime
    origin: str


@dataclass(frozen=True, slots=True)
class NoteReply:
    id: int
    author_id: int
    author: str
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NoteVersion:
    """What a note said from `at` on; versions count from 1."""

    version: int
    author_id: int
    author: str
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NoteThread:
    """A note and what belongs to it. `replies` are the latest, oldest first; `note.replies` counts all.

    `versions`, newest first, the present text included; a note that came with the books has none. `mentioned` are
    the ids of those the note or its replies name.
    """

    note: Note
    account_id: int
    replies: tuple[NoteReply, ...] = ()
    versions: tuple[NoteVersion, ...] = ()
    mentioned: frozenset[int] = frozenset()

    @property
    def is_imported(self) -> bool:
        return not self.versions

    @property
    def author_id(self) -> int | None:
        """Who wrote it first; None for a note that came with the books."""
        return self.versions[-1].author_id if self.versions else None

    @property
    def version(self) -> int:
        return self.versions[0].version if self.versions else 0

    @property
    def edited(self) -> NoteVersion | None:
        """The latest edit."""
        return self.versions[0] if len(self.versions) > 1 else None


class Fault(StrEnum):
    """What is to be mended in what was typed. Each has its sentence in `handlers.presenters.note_forms`."""

    EMPTY = auto()
    TOO_LONG = auto()
    NO_ACCESS = auto()  # names people who may not see the account
    NOT_HERE = auto()  # names people who are not in Plixo
    TOO_MANY = auto()
    NOT_FOUND_OUT = auto()  # Slack did not say who somebody is
    CHANGED_MEANWHILE = auto()  # names whoever edited the note since the form was opened


class NoteField(StrEnum):
    BODY = auto()
    PEOPLE = auto()


@dataclass(frozen=True, slots=True)
class NoteProblem:
    field: NoteField
    fault: Fault
    names: tuple[str, ...] = ()
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unsaved:
    """Nothing was written: this is to be mended first."""

    problems: tuple[NoteProblem, ...]


@dataclass(frozen=True, slots=True)
class NoteForm:
    """An account on which the person may write, and as whom."""

    account: Account
    department: Department


@dataclass(frozen=True, slots=True)
class NoteOpened:
    """One note for its reader."""

    thread: NoteThread
    account: Account
    reader: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class NoteWindow:
    """One page of an account's notes, pinned ones first, then newest first. Pages count from 0."""

    account: Account
    threads: tuple[NoteThread, ...]
    page: int
    total: int
    reader: Person
    at: datetime

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // NOTES_ON_A_PAGE))


NOTES_ON_A_PAGE = 5


@dataclass(frozen=True, slots=True)
class NoteSaved:
    """Done (`again`: it had been done by the same submission before). `told` hear of it by direct message."""

    act: NoteDone
    opened: NoteOpened
    told: tuple[Person, ...] = ()
    again: bool = False


class NoteDone(StrEnum):
    WRITTEN = auto()
    REPLIED = auto()
    EDITED = auto()
    PINNED = auto()
    UNPINNED = auto()
