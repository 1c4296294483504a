"""The forms of notes, read, and what to mend in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.notes import BODY_AT_MOST, MENTIONS_AT_MOST, Fault, NoteField, NoteProblem, Unsaved
from handlers import ids
from handlers.escaping import escape
from handlers.inputs import Body, clicked, window_of
from handlers.presenters.reader import Reader
from handlers.seal import Kind, Signet

BLOCKS: dict[NoteField, str] = {NoteField.BODY: ids.NOTE_BODY_BLOCK, NoteField.PEOPLE: ids.NOTE_PEOPLE_BLOCK}


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the fields now. `people` are Slack ids."""

    body: str
    people: frozenset[str]


def filled(body: Body) -> Filled:
    state = window_of(body).get("state", {}).get("values", {})
    people = _entry(state, ids.NOTE_PEOPLE_BLOCK, ids.NOTE_PEOPLE).get("selected_users") or ()
    text = _entry(state, ids.NOTE_BODY_BLOCK, ids.NOTE_BODY).get("value") or ""
    return Filled(str(text), frozenset(str(one) for one in people))


def _entry(state: Mapping[str, Any], block: str, action: str) -> Mapping[str, Any]:
    entry: Mapping[str, Any] = state.get(block, {}).get(action, {})
    return entry


def about(body: Body, kind: Kind, signet: Signet) -> tuple[int, int]:
    """What the form was opened with: an account's id, or a note's id and version. Raises BrokenSeal."""
    first, second = signet.open(kind, str(window_of(body).get("private_metadata") or ""))
    return int(first), int(second)


def clicked_note(body: Body, signet: Signet) -> int:
    """Raises BrokenSeal."""
    return int(clicked(body, Kind.NOTE, signet)[0])


def clicked_page(body: Body, kind: Kind, signet: Signet) -> tuple[int, int]:
    """An account's or a note's id, and the page that is asked for. Raises BrokenSeal."""
    about_id, page = clicked(body, kind, signet)
    return int(about_id), int(page)


def errors(unsaved: Unsaved, *, reader: Reader, has_people: bool = True) -> dict[str, str]:
    """By the block each stands in; a form without a list of people has only its text."""
    said: dict[str, str] = {}
    for problem in unsaved.problems:
        block = BLOCKS[problem.field if has_people else NoteField.BODY]
        sentence = _sentence(problem, reader)
        said[block] = f"{said[block]} {sentence}" if block in said else sentence
    return said


def _sentence(problem: NoteProblem, reader: Reader) -> str:
    who = _listed(problem.names)
    them = "that person" if len(problem.names) == 1 else "them"
    match problem.fault:
        case Fault.EMPTY:
            return "Please write something."
        case Fault.TOO_LONG:
            return f"That is more than {BODY_AT_MOST:,} characters with the names written out. Please shorten it."
        case Fault.NO_ACCESS:
            return f"{who} may not see this account. Please leave {them} out, or ask the Controller for access."
        case Fault.NOT_HERE:
            return f"{who} can't read this: not in Plixo, or switched off there. Please leave {them} out."
        case Fault.TOO_MANY:
            return f"A note names {MENTIONS_AT_MOST} people at most. Please leave some out."
        case Fault.NOT_FOUND_OUT:
            return "Slack doesn't say at the moment who these people are. Please send it again in a minute."
        case Fault.CHANGED_MEANWHILE:
            when = f" at {reader.clock(problem.at)}" if problem.at else ""
            return (
                f"{who} changed this note{when}, while you were writing. Nothing was saved: please copy your text, "
                "close this window and open the note again."
            )


def _listed(names: tuple[str, ...]) -> str:
    known = [escape(name, 60) or "Somebody you named" for name in names]
    return known[0] if len(known) == 1 else f"{', '.join(known[:-1])} and {known[-1]}" if known else "Somebody"
