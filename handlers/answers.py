"""What a listener answers. How it reaches the person depends on where they clicked: that is the exchange's matter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from handlers.views.blocks import Option, Page, View


@dataclass(frozen=True, slots=True)
class Tell:
    """For this person only, beside what they clicked."""

    page: Page


@dataclass(frozen=True, slots=True)
class Turn:
    """In place of what they clicked, where that is theirs alone; else as Tell."""

    page: Page


@dataclass(frozen=True, slots=True)
class Rewrite:
    """In place of the clicked message, for everybody who sees it."""

    page: Page


@dataclass(frozen=True, slots=True)
class Post:
    """A new message for everybody in the channel."""

    page: Page


@dataclass(frozen=True, slots=True)
class Publish:
    """The person's App Home."""

    page: Page


@dataclass(frozen=True, slots=True)
class TurnOverHome:
    """As Turn, in a window that was opened from App Home: that is drawn anew behind it."""

    page: Page
    home: Callable[[], Page]


@dataclass(frozen=True, slots=True)
class Show:
    """A modal that is opened now."""

    view: View


@dataclass(frozen=True, slots=True)
class Prepare:
    """A modal that takes a moment: `waiting` is opened at once, while its trigger lives, then `fill` replaces it."""

    waiting: View
    fill: Callable[[], View]


@dataclass(frozen=True, slots=True)
class Later:
    """What takes longer than Slack waits: `waiting` in place of the modal that was sent; what came of it follows in the
    person's own messages.
    """

    waiting: View
    page: Callable[[], Page]


@dataclass(frozen=True, slots=True)
class Redraw:
    """The modal in which something was chosen or sent, anew."""

    view: View


@dataclass(frozen=True, slots=True)
class Mend:
    """A modal that was sent stays open as it is: by block_id, what to mend there."""

    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SendFile:
    """A file into the person's own messages: `page` takes the modal's place, or is told where there is none; `text`
    stands beside the file.

    `content` is read aside, once the acknowledgement has left.
    """

    page: Page
    text: str
    name: str
    content: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Suggest:
    """Options of a select."""

    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing to say."""


Answer = (
    Tell
    | Turn
    | Rewrite
    | Post
    | Publish
    | TurnOverHome
    | Show
    | Prepare
    | Later
    | Redraw
    | Mend
    | SendFile
    | Suggest
    | Nothing
)
