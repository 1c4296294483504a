"""The policy document: everything an organisation decides about chasing, in one text that stands beside its code.

It has the sections policy, segments, cadences and templates, and may leave any of them out: what is left out stays as
it is. Reading it is `rules.charter`'s; its notation is the storage's matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from domain.autopilot import SegmentHealth
from domain.library import Contents, Edition, Shelf, Version
from domain.policies import Content, DocumentKind, Segments
from domain.rules.differences import Hunk
from domain.rules.fields import Path
from domain.rules.letters import Letter
from domain.templates import Audience

TEMPLATES = "templates"
"""The section that is no document of its own."""


@dataclass(frozen=True, slots=True)
class Section:
    """One document: its text as it stands by itself, and what it says."""

    text: str
    content: Content


@dataclass(frozen=True, slots=True)
class Wording:
    """A reminder text. `needs_legal`: a new version waits for Legal's sign-off as well."""

    key: str
    name: str
    audience: Audience
    letter: Letter
    needs_legal: bool = False


@dataclass(frozen=True, slots=True)
class Charter:
    """`lines`: on which line (from 1) each of its parts begins, so that what is wrong can be found."""

    sections: Mapping[DocumentKind, Section] = field(default_factory=dict)
    wordings: tuple[Wording, ...] = ()
    lines: Mapping[Path, int] = field(default_factory=dict)

    def line_of(self, path: Path) -> int | None:
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path)


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not fit together. A warning is worth a look; anything else keeps the texts from being published.

    `shelf` and `line` say where: the line is the document's, or None where the part comes from what is kept already.
    """

    sentence: str
    shelf: Shelf
    line: int | None = None
    is_warning: bool = False


class Verdict(StrEnum):
    """What applying a document does to one of its parts."""

    SAME = "same"  # it is in force already
    DRAFTED = "drafted"  # a draft says so already
    CHANGED = "changed"  # a new draft


@dataclass(frozen=True, slots=True)
class Part:
    """One part beside what there is. `name` is the template's; `waiting` are drafts that would come after it.

    `edition` is the version that says what the document says: the one in force, a draft, or the draft that was made;
    None while it is only looked at.
    """

    shelf: Shelf
    verdict: Verdict
    text: str
    present: Version | None
    hunks: tuple[Hunk, ...] = ()
    key: str = ""
    name: str = ""
    edition: Edition | None = None
    waiting: tuple[Edition, ...] = ()


@dataclass(frozen=True, slots=True)
class Weighed:
    """A document beside what there is; after applying, what was made of it."""

    parts: tuple[Part, ...]
    findings: tuple[Finding, ...]

    @property
    def is_sound(self) -> bool:
        return all(one.is_warning for one in self.findings)

    @property
    def changed(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.verdict is Verdict.CHANGED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A draft that would come into force, beside what is in force now."""

    draft: Version
    present: Version | None
    hunks: tuple[Hunk, ...]
    contents: Contents | None = None


@dataclass(frozen=True, slots=True)
class PublicationShown:
    """What somebody is about to publish; `others` are drafts of other documents that wait, too."""

    waiting: Waiting
    others: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True)
class Uncounted:
    """Before these can come into force their customers have to be counted, and there are many: it takes a while."""

    segments: Segments


Counted = Mapping[str, SegmentHealth]
"""Segments by name, with what was counted of their customers."""


@dataclass(frozen=True, slots=True)
class Published:
    """What came into force together; of `for_legal` Legal's sign-off is still missing."""

    versions: tuple[Version, ...]
    for_legal: tuple[Version, ...] = ()
