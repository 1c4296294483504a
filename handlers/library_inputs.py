"""Slack's payloads about texts and documents, read. The seals say what was meant, never who may."""

from __future__ import annotations

from dataclasses import dataclass

from domain.errors import InvalidValue
from domain.library import Edition, Shelf
from domain.policies import Settings, Tone
from domain.rules.documents import settings_of
from domain.rules.fields import Fields
from domain.rules.letters import Letter
from handlers import ids
from handlers.inputs import Body, clicked, view_id, window_of
from handlers.presenters.differing import Places
from handlers.seal import BrokenSeal, Kind, Signet
from handlers.views.forms import FIELDS_AT_MOST


def words_of_command(body: Body) -> tuple[str, str]:
    """The first word after the command in lower case, and the rest."""
    first, _, rest = " ".join(str(body.get("text") or "")[:700].split()).partition(" ")
    return first.lower(), rest


def clicked_edition(body: Body, signet: Signet) -> Edition:
    """Raises BrokenSeal."""
    return _edition(clicked(body, Kind.EDITION, signet)[0])


def shown_edition(body: Body, signet: Signet) -> Edition:
    """What the window is about. Raises BrokenSeal."""
    return _edition(_metadata(body, Kind.EDITION, signet))


def picked_number(body: Body, signet: Signet) -> int:
    """The version that was chosen in a menu of the window. Raises BrokenSeal."""
    option = body["actions"][0].get("selected_option") or {}
    return int(signet.open(Kind.NUMBER, str(option.get("value") or ""))[0])


def clicked_places(body: Body, signet: Signet) -> Places:
    """Raises BrokenSeal."""
    edition, number, start, *more = clicked(body, Kind.PLACES, signet)
    # Messages of before the fourth part are still clicked.
    return Places(_edition(edition) if edition else None, int(number), int(start), bool(more and more[0]))


def clicked_shelf(body: Body, signet: Signet) -> Shelf:
    """Raises BrokenSeal."""
    return Shelf(str(clicked(body, Kind.SHELF, signet)[0]))


def clicked_comment(body: Body, signet: Signet) -> int:
    """Raises BrokenSeal."""
    return int(clicked(body, Kind.COMMENT, signet)[0])


def shown_comment(body: Body, signet: Signet) -> int:
    """Raises BrokenSeal."""
    return int(_metadata(body, Kind.COMMENT, signet))


def clicked_change(body: Body, signet: Signet) -> int:
    """Raises BrokenSeal."""
    return int(clicked(body, Kind.CHANGE, signet)[0])


def shown_change(body: Body, signet: Signet) -> int:
    """Raises BrokenSeal."""
    return int(_metadata(body, Kind.CHANGE, signet))


def clicked_segment(body: Body, signet: Signet) -> tuple[int, int]:
    """The version of the segments that was shown, and which of them. Raises BrokenSeal."""
    number, index = clicked(body, Kind.SEGMENT, signet)
    return int(number), int(index)


def shown_segment(body: Body, signet: Signet) -> tuple[int, int]:
    """Raises BrokenSeal."""
    number, index = signet.open(Kind.SEGMENT, str(window_of(body).get("private_metadata") or ""))
    return int(number), int(index)


def typed_settings(body: Body) -> Settings:
    """By the rules of the document. Raises NotAsAgreed, whose path ends with the name of what is wrong."""
    mode = str((_state(body, ids.MODE_BLOCK).get("selected_option") or {}).get("value") or "")
    tree = {"mode": mode, "daily_cap": written(body, ids.CAP_BLOCK), "quiet_hours": written(body, ids.QUIET_BLOCK)}
    return settings_of(Fields(tree, ()))


def origin(body: Body) -> str:
    """The same for the same modal sent twice."""
    return f"view:{view_id(body)}"


def written(body: Body, block_id: str, *, limit: int = 1_000) -> str:
    """What stands in a field of the modal that was sent, blanks around it left out; nothing is an empty text."""
    return str(_state(body, block_id).get("value") or "").strip()[:limit]


def is_ticked(body: Body, block_id: str) -> bool:
    return bool(_state(body, block_id).get("selected_options"))


def ticked_editions(body: Body, block_id: str, signet: Signet) -> tuple[Edition, ...]:
    """Raises BrokenSeal."""
    ticked = _state(body, block_id).get("selected_options") or []
    return tuple(_edition(signet.open(Kind.EDITION, str(one.get("value") or ""))[0]) for one in ticked)


@dataclass(frozen=True, slots=True)
class Proposal:
    """The text that somebody would like; `text` is empty when a letter has no subject or no body."""

    edition: Edition
    text: str
    why: str


def proposal(body: Body, signet: Signet) -> Proposal:
    """Raises BrokenSeal."""
    edition = shown_edition(body, signet)
    pieces = [written_lines(body, f"{ids.TEXT_BLOCK}.{number}") for number in range(FIELDS_AT_MOST)]
    text = "\n".join(piece for piece in pieces if piece is not None)
    if edition.shelf is Shelf.TEMPLATE:
        letter = Letter.drafted(_tone(body), written(body, ids.SUBJECT_BLOCK), text)
        text = letter.text if letter else ""
    elif text:
        text += "\n"
    return Proposal(edition, text, written(body, ids.WHY_BLOCK))


def written_lines(body: Body, block_id: str) -> str | None:
    """As `written`, but blanks at the beginning of lines stay, as they mean something; None: there is no such field."""
    if block_id not in window_of(body).get("state", {}).get("values", {}):
        return None
    value = str(_state(body, block_id).get("value") or "").replace("\r\n", "\n").replace("\u00a0", " ")
    return "\n".join(line.rstrip() for line in value.split("\n")).strip("\n")


def _tone(body: Body) -> Tone:
    option = _state(body, ids.TONE_BLOCK).get("selected_option") or {}
    try:
        return Tone(str(option.get("value")))
    except ValueError as error:
        raise BrokenSeal("no tone of ours") from error


def _state(body: Body, block_id: str) -> Body:
    values: Body = window_of(body).get("state", {}).get("values", {})
    found: Body = values.get(block_id, {}).get(ids.WRITTEN, {})
    return found


def _metadata(body: Body, kind: Kind, signet: Signet) -> int | str:
    return signet.open(kind, str(window_of(body).get("private_metadata") or ""))[0]


def _edition(part: int | str) -> Edition:
    try:
        return Edition.of(str(part))
    except InvalidValue as error:
        raise BrokenSeal("names no version") from error
