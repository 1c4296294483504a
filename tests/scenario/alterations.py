"""What a request carries, with one thing in it altered at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from handlers.seal import Kind
from tests.scenario.deeds import Held
from tests.scenario.fields import Sealed

NAMES: dict[Kind, dict[int, str]] = {
    Kind.ACCOUNT: {0: "account"},
    Kind.NUDGE: {0: "message"},
    Kind.DRAFT: {0: "account", 1: "contact", 2: "invoice"},
    Kind.CONTACT: {0: "contact"},
    Kind.NOTE: {0: "note"},
    Kind.NOTE_PAGE: {0: "note"},
    Kind.NOTES_PAGE: {0: "account"},
    Kind.ASK: {2: "account"},
    Kind.REQUEST: {0: "request"},
    Kind.PERSON: {0: "user"},
    Kind.COMMENT: {0: "comment"},
    Kind.CHANGE: {0: "change"},
    Kind.INVOICE: {0: "invoice"},
    Kind.STEP: {0: "step"},
    Kind.STEPS: {1: "step"},
    Kind.SHEET: {0: "account"},
    Kind.REPORT: {0: "report"},
    Kind.PROMISE: {0: "promise"},
    Kind.DISPUTE: {0: "dispute"},
}
"""Which part of a sealed value names a row, and of what: with another one in its place nothing may be done."""
UNKNOWN = 999_999
TEXTS = ["x" * 3_000, "\u202e\u0000'; -- <!channel> <@U1>", "=1+1", "-5", "12.400,00"]
ENTRIES: dict[str, list[Any]] = {
    "value": [None, "", *TEXTS],
    "selected_option": [None, {"value": "none of ours"}, {"value": ""}],
    "selected_options": [[], [{"value": "none of ours"}]],
    "selected_date": [None, "1900-01-01", "9999-12-31"],
    "selected_user": [None, "U404", "U09EVE"],
    "selected_users": [[], ["U404"], ["U09EVE", "U05VIK"]],
}
"""By what stands in a field: what else could."""


Alteration = tuple[str, Callable[[Held], Held], bool]
"""What it is, how it is done, and whether it must be refused."""


def alterations(held: Held, strangers: Mapping[str, Any]) -> Iterator[Alteration]:
    """Everything that can be altered in such a request, one thing at a time."""
    if held.text:
        for text in TEXTS:
            yield f"the text {text[:20]!r}", lambda held, text=text: replace(held, text=text), False
    for place in ("value", "picked"):
        value = getattr(held, place)
        if isinstance(value, Sealed):
            for what, alter, is_refused in _of_sealed(value, strangers):
                yield f"{place}: {what}", _putting(place, alter), is_refused
    for key, entry in held.fields.items():
        yield f"no {key}", lambda held, key=key: _without(held, key), False
        for name, others in ENTRIES.items():
            if name not in entry:
                continue
            for other in others:
                yield f"{key} as {str(other)[:20]!r}", _filling(key, name, other), False
            if name == "selected_option" and entry[name] and isinstance(entry[name]["value"], Sealed):
                for what, alter, is_refused in _of_sealed(entry[name]["value"], strangers):
                    yield f"{key}: {what}", _choosing(key, alter), is_refused
            if name == "selected_options" and entry[name] and isinstance(entry[name][0]["value"], Sealed):
                for what, alter, is_refused in _of_sealed(entry[name][0]["value"], strangers):
                    yield f"{key}: {what}", _ticking(key, alter), is_refused


def _of_sealed(value: Sealed, strangers: Mapping[str, Any]) -> Iterator[tuple[str, Callable[[Sealed], Any], bool]]:
    """Another row's name in it, the seal of another kind, and no seal at all."""
    for index, name in NAMES.get(value.kind, {}).items():
        foreign = strangers.get(name)
        for what, other in (
            (f"an unknown {name}", UNKNOWN if name != "message" else "f" * 32),
            (f"their {name}", foreign),
        ):
            if other is not None:
                yield what, lambda one, index=index, other=other: _with(one, index, other), True
    other_kind = Kind.PEOPLE if value.kind is not Kind.PEOPLE else Kind.NOTE
    yield "a value of another kind", lambda one: Sealed(other_kind, one.parts), True
    yield "no seal", lambda one: "1", True


def _with(value: Sealed, index: int, part: int | str) -> Sealed:
    return replace(value, parts=(*value.parts[:index], part, *value.parts[index + 1 :]))


def _putting(place: str, alter: Callable[[Sealed], Any]) -> Callable[[Held], Held]:
    return lambda held: replace(held, **{place: alter(getattr(held, place))})


def _without(held: Held, key: tuple[str, str]) -> Held:
    return replace(held, fields={one: entry for one, entry in held.fields.items() if one != key})


def _filling(key: tuple[str, str], name: str, value: Any) -> Callable[[Held], Held]:
    return lambda held: replace(held, fields={**held.fields, key: {**held.fields[key], name: value}})


def _choosing(key: tuple[str, str], alter: Callable[[Sealed], Any]) -> Callable[[Held], Held]:
    return lambda held: _filling(
        key, "selected_option", {"value": alter(held.fields[key]["selected_option"]["value"])}
    )(held)


def _ticking(key: tuple[str, str], alter: Callable[[Sealed], Any]) -> Callable[[Held], Held]:
    def tick(held: Held) -> Held:
        values = [{"value": alter(one["value"])} for one in held.fields[key]["selected_options"]]
        return _filling(key, "selected_options", values)(held)

    return tick
