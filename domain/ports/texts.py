"""What may be written to customers, and by which documents the house works."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from domain.library import Change, ChangeState, Comment, Edition, Shelf, Version, VersionState
from domain.policies import Content, DocumentKind, Settings, Unreadable
from domain.rules.letters import Letter
from domain.templates import Audience, Template


class Templates(Protocol):
    def approved(self, audience: Audience) -> list[Template]:
        """The newest approved version of each template for the audience, by name."""
        ...

    def get(self, key: str, version: int) -> Template | None: ...
    def add(self, template: Template) -> None: ...


class Library(Protocol):
    """All versions of all texts. What a version says never changes; where it stands does, step by step."""

    def versions(self, shelf: Shelf, key: str | None = None) -> list[Version]:
        """Newest first; of templates all of them, by name, unless one is named by its key."""
        ...

    def get(self, edition: Edition) -> Version | None: ...
    def draft_template(self, base: Version, letter: Letter, *, by: str, at: datetime, needs_legal: bool) -> Edition:
        """A draft with the next number, its name and audience those of `base`; two at once get two numbers."""
        ...

    def add_document(self, kind: DocumentKind, text: str, *, by: str, at: datetime, is_published: bool) -> Edition:
        """With the next number, as a draft or published at once; two at once get two numbers."""
        ...

    def approve(self, edition: Edition, *, by: str, at: datetime, for_legal: bool) -> bool:
        """Note an approval, or Legal's, on a template's draft that has not got it; live when it has all it needs.

        False, and nothing changed, when it is no draft any more or has this approval already.
        """
        ...

    def retire(self, edition: Edition, *, was: VersionState) -> bool:
        """A template's version that is a draft, or live, as the caller read it. False, and nothing changed, when it is
        not that any more.
        """
        ...

    def read(self, kind: DocumentKind, text: str) -> Content | Unreadable:
        """What a document says, in the notation in which it is kept."""
        ...


class Documents(Protocol):
    """Policies, segments and cadences as those ask who work by them."""

    def in_force(self, kind: DocumentKind, *, known: int = 0) -> tuple[int, str | None]:
        """The number of the version that counts (0: there is none), and its text; None when `known` is that number.

        One statement, cheap enough to ask again and again.
        """
        ...

    def publish(self, kind: DocumentKind, number: int, *, by: str, at: datetime) -> bool:
        """A draft comes into force, and older drafts are set aside. False, and nothing changed, when it is no draft."""
        ...

    def set_aside(self, kind: DocumentKind, number: int) -> bool:
        """A draft that will not come into force. False, and nothing changed, when it is no draft."""
        ...

    def reworded(self, text: str, index: int, settings: Settings) -> str:
        """The segments' text in which the one at `index` has these settings, and which says the same otherwise."""
        ...


class Comments(Protocol):
    def add(self, edition: Edition, *, author_id: int, body: str, at: datetime, origin: str) -> tuple[int, bool]:
        """The comment's id, and whether this `origin` had brought it already."""
        ...

    def get(self, comment_id: int) -> Comment | None: ...
    def of(self, edition: Edition, *, limit: int = 20) -> list[Comment]:
        """The newest of one version, oldest of them first."""
        ...

    def answer(self, comment_id: int, *, by: int, answer: str, at: datetime) -> bool:
        """False when somebody has answered it already."""
        ...


class Changes(Protocol):
    """Requests for another text."""

    def add(
        self, edition: Edition, *, present: str, proposed: str, why: str, asked_by: int, at: datetime, origin: str
    ) -> tuple[int, bool]:
        """The request's id, and whether this `origin` had brought it already."""
        ...

    def get(self, change_id: int) -> Change | None: ...
    def waiting(self, *, limit: int = 20) -> list[Change]:
        """Nobody has decided them; the oldest first."""
        ...

    def decide(self, change_id: int, to: ChangeState, *, by: int, reason: str, at: datetime) -> bool:
        """False when somebody has decided it already."""
        ...

    def note_draft(self, change_id: int, made: Edition) -> None:
        """Which draft the approval made."""
        ...
