"""What is written down in versions: reminder texts, and the documents by which the house works.

A version's text never changes. Whoever wants another one asks for it, and gets a draft with the next number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.errors import InvalidValue
from domain.policies import Content, DocumentKind, Segment, Unreadable
from domain.rules.differences import Hunk
from domain.rules.letters import Letter
from domain.rules.quiet_hours import QuietHours
from domain.templates import Audience
from domain.values import Person


class Shelf(StrEnum):
    """Where a text stands; only the shelf of templates holds several."""

    TEMPLATE = "template"
    POLICY = "policy"
    SEGMENTS = "segments"
    CADENCES = "cadences"


@dataclass(frozen=True, slots=True)
class Edition:
    """Which version of which text: `template:friendly:2`, `policy:3`. `key` is empty for documents."""

    shelf: Shelf
    number: int
    key: str = ""

    def __str__(self) -> str:
        return ":".join(part for part in (self.shelf.value, self.key, str(self.number)) if part)

    @property
    def shelf_kind(self) -> DocumentKind:
        """Of a document. Raises InvalidValue for a template."""
        if self.shelf is Shelf.TEMPLATE:
            raise InvalidValue("A template is no document.")
        return DocumentKind(self.shelf.value)

    @classmethod
    def of(cls, text: str) -> Edition:
        """What `str` wrote. Raises InvalidValue."""
        shelf, _, rest = text.partition(":")
        key, _, number = rest.rpartition(":")
        try:
            return cls(Shelf(shelf), int(number), key)
        except ValueError as error:
            raise InvalidValue(f"“{text}” names no version.") from error


class VersionState(StrEnum):
    """A draft counts for nothing yet; of the live versions the newest counts; a retired one is there to be read."""

    DRAFT = "draft"
    LIVE = "live"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one text.

    `text` is what is read, compared and edited: of a template its letter (`rules.letters`), of a document its YAML.
    People are named by their e-mail; the house itself by a word (`installation`). A live template has all the
    approvals it needs; a draft may have one of two.
    """

    edition: Edition
    text: str
    state: VersionState
    made_by: str | None
    made_at: datetime | None
    approved_by: str | None = None
    approved_at: datetime | None = None
    needs_legal: bool = False
    signed_off_by: str | None = None
    signed_off_at: datetime | None = None
    name: str = ""
    audience: Audience | None = None

    @property
    def is_template(self) -> bool:
        return self.edition.shelf is Shelf.TEMPLATE

    @property
    def is_complete(self) -> bool:
        """It has all the approvals it needs; a retired version that has not was never more than a draft."""
        return self.approved_by is not None and (not self.needs_legal or self.signed_off_by is not None)


def in_use(versions: list[Version]) -> Version | None:
    """The one that counts: the newest live one."""
    return max(
        (one for one in versions if one.state is VersionState.LIVE), key=lambda one: one.edition.number, default=None
    )


@dataclass(frozen=True, slots=True)
class Comment:
    """Something said about one version. `answered_by` and the like are None until somebody answers."""

    id: int
    edition: Edition
    author_id: int
    author: str
    body: str
    at: datetime
    answer: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None


class ChangeState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody wants another text. `edition` is what they read when they asked, `present` its text.

    `decision` is the reason that was given with the answer, `made` the draft that an approval made.
    """

    id: int
    edition: Edition
    present: str
    proposed: str
    why: str
    asked_by: int
    asker: str
    asked_at: datetime
    state: ChangeState = ChangeState.WAITING
    decided_by: str | None = None
    decided_at: datetime | None = None
    decision: str = ""
    made: Edition | None = None


# -- what the use cases answer --


@dataclass(frozen=True, slots=True)
class SegmentShown:
    """One segment of the version in force, for whoever may set it. `quiet`: the policy's hours, where it has none.

    `drafts`: numbers of newer drafts of the segments. They are set aside when it is set.
    """

    version: Version
    index: int
    segment: Segment
    quiet: QuietHours
    drafts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SegmentSet:
    """How it runs from now on, and the version by which it does."""

    version: Version
    segment: Segment
    quiet: QuietHours


@dataclass(frozen=True, slots=True)
class Reading:
    """One version as somebody reads it. `versions`: all there are, newest first; `names`: by e-mail.

    `content` is what a document says (None for a template), `letter` a template's words (None for a document);
    `titles`: the names of templates by key, of which cadences speak.
    """

    reader: Person
    version: Version
    versions: tuple[Version, ...]
    comments: tuple[Comment, ...]
    names: dict[str, str]
    content: Content | Unreadable | None = None
    letter: Letter | None = None
    titles: dict[str, str] = field(default_factory=dict)

    @property
    def current(self) -> Version | None:
        return in_use(list(self.versions))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All templates, by name, each with its versions, newest first."""

    reader: Person
    templates: tuple[tuple[Version, ...], ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """What both sides of a difference say, where both can be read. `titles`: the names of templates by key."""

    older: Content
    newer: Content
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Compared:
    """What changed from `older` to `newer`, in the order of the text. `contents`: of documents, here and below."""

    older: Version
    newer: Version
    hunks: tuple[Hunk, ...]
    versions: tuple[Version, ...]
    contents: Contents | None = None


@dataclass(frozen=True, slots=True)
class Commented:
    """`told`: how many people hear of it. `again`: it was there already."""

    comment: Comment
    told: int
    again: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    comment: Comment


@dataclass(frozen=True, slots=True)
class ChangeAsked:
    change: Change
    told: int
    again: bool = False


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """A request, the text's name, the newest version there is now, and what it would change."""

    change: Change
    name: str
    newest: Version
    hunks: tuple[Hunk, ...]
    needs_legal: bool = False
    contents: Contents | None = None

    @property
    def is_overtaken(self) -> bool:
        """Somebody has made another version since it was read."""
        made = self.change.made
        return self.newest.edition != self.change.edition and self.newest.edition != made


@dataclass(frozen=True, slots=True)
class ChangeDecided:
    change: Change
    name: str


@dataclass(frozen=True, slots=True)
class DraftDiscarded:
    """`reading` shows it as it stands now: set aside."""

    reading: Reading


@dataclass(frozen=True, slots=True)
class TemplateDecided:
    """An approval, a sign-off or a retirement took effect; `reading` shows the version as it stands now."""

    reading: Reading
    was: VersionState
