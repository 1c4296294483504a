"""The words in which the tables of Block Kit are written: one small frozen class for each kind of field."""

from __future__ import annotations

from dataclasses import dataclass, field

PLAIN = ("plain_text",)
BOTH = ("plain_text", "mrkdwn")


@dataclass(frozen=True, kw_only=True)
class Text:
    """A text object."""

    max: int
    min: int = 1
    kinds: tuple[str, ...] = PLAIN


@dataclass(frozen=True, kw_only=True)
class Str:
    """A plain string; `pattern` and `why` for those with a form."""

    max: int
    min: int = 1
    pattern: str | None = None
    why: str = "must be valid"


@dataclass(frozen=True)
class Bool:
    """true or false."""


@dataclass(frozen=True, kw_only=True)
class Int:
    """A whole number."""

    min: int
    max: int


@dataclass(frozen=True)
class OneOf:
    """One of these strings."""

    values: tuple[str, ...]


@dataclass(frozen=True)
class Obj:
    """An object whose inside is not checked here."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """An option object; mrkdwn texts in radio buttons and checkboxes only, urls in overflow menus only."""

    kinds: tuple[str, ...] = PLAIN
    url: bool = False


@dataclass(frozen=True)
class Group:
    """An option group."""


@dataclass(frozen=True)
class Confirm:
    """A confirmation dialog."""


@dataclass(frozen=True)
class Element:
    """One of these elements."""

    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Inner:
    """One of these blocks, inside another block."""

    kinds: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Either:
    """A text object or an element: what a context block holds."""

    text: Text
    element: Element


@dataclass(frozen=True, kw_only=True)
class Many:
    """A list of fields."""

    of: Field
    max: int
    min: int = 1


Field = Text | Str | Bool | Int | OneOf | Obj | Option | Group | Confirm | Element | Inner | Either | Many


@dataclass(frozen=True, kw_only=True)
class Shape:
    """The fields of a block or an element. `one_of` names fields of which at least one must be there;
    `exclusive` allows at most one of them."""

    required: dict[str, Field] = field(default_factory=dict)
    optional: dict[str, Field] = field(default_factory=dict)
    one_of: tuple[str, ...] = ()
    exclusive: bool = False
    surfaces: tuple[str, ...] = ("message", "modal", "home")
