"""Text from data is made harmless here, and cut to Slack's limits. Everything shown passes through one of these."""

from __future__ import annotations

import re
import unicodedata

ELLIPSIS = "…"

# Direction overrides, isolates and marks could make one name read as another; zero-width ones hide inside words.
_INVISIBLE = frozenset("\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")
_DROPPED = ("Cc", "Cs", "Co")
"""Controls, lone surrogates, and the private use area."""
_BREAKS = re.compile(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_BLANKS = re.compile(r"[^\S\n]+")
_ENTITY_OR_TAG_BEGUN = re.compile(r"(&[a-z]{0,4}|<[^<>]*)$")
_ENTITY_OR_LETTER = re.compile(r"&[a-z]{2,4};|.", re.DOTALL)
_JOINERS = "\u200d\ufe0e\ufe0f"
_LOOKALIKES = str.maketrans({"*": "\u2217", "_": "\u02cd", "~": "\u223c"})


def escape(text: str, limit: int = 300) -> str:
    """One line of data for any text field: no control or direction characters, no markup, at most `limit` long."""
    return _marked(" ".join(_clean(text, limit).split()), limit)


def tidy(text: str, limit: int) -> str:
    """One line of data to be kept and not shown: as `escape`, with its markup; at most `limit` characters."""
    return " ".join(_clean(text, limit).split())[:limit].strip()


def escape_lines(text: str, limit: int = 20_000) -> str:
    """As `escape`, but line breaks stay: for the exact text of a mail, and for notes."""
    lines = (_BLANKS.sub(" ", line).rstrip() for line in _clean(text, limit).split("\n"))
    return _marked("\n".join(lines).strip("\n"), limit)


def quoted(text: str, limit: int = 300) -> str:
    """Data in quotation marks that ends a sentence: with a full stop, unless it brings its own."""
    said = escape(text, limit)
    return f"“{said}”" if said.endswith((".", "!", "?", ELLIPSIS)) else f"“{said}”."


def cut(text: str, limit: int) -> str:
    """At most `limit` UTF-16 units, with an ellipsis; never inside `&amp;` or `<!date…>`.

    Slack does not say how it counts; UTF-16 units are the strictest of the likely ways.
    """
    if len(text) * 2 <= limit or width(text) <= limit:
        return text
    room = limit - 1
    short = text[:room]
    while width(short) > room:
        short = short[: len(short) - max(1, (width(short) - room) // 2)]
    short = _ENTITY_OR_TAG_BEGUN.sub("", short)
    return short.rstrip().rstrip(_JOINERS) + ELLIPSIS


def stretches(text: str, limit: int) -> list[str]:
    """All of an escaped line, in pieces of at most `limit` UTF-16 units; never divided inside `&amp;`."""
    pieces, room = [""], limit
    for one in _ENTITY_OR_LETTER.findall(text):
        if width(one) > room:
            pieces.append("")
            room = limit
        pieces[-1] += one
        room -= width(one)
    return pieces


def shortened(text: str, limit: int) -> str:
    """Escaped text of at most `limit`, cut after a complete word where there is one near the end."""
    short = cut(text, limit)
    if short == text:
        return text
    kept = short.removesuffix(ELLIPSIS)
    if not text[len(kept) :][:1].isspace():
        whole = max(kept.rfind(" "), kept.rfind("\n"))
        kept = kept[:whole] if whole > len(kept) // 2 else kept
    return kept.rstrip().rstrip(_JOINERS) + ELLIPSIS


def unmarked(text: str) -> str:
    """Letters that Slack would take for bold, italics or a strike, as ones that look like them and mean nothing."""
    return text.translate(_LOOKALIKES)


def width(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _clean(text: str, limit: int) -> str:
    # What will be cut away anyway is not worth normalising; four times leaves room for what is dropped below.
    text = unicodedata.normalize("NFC", text[: limit * 4])
    text = _BREAKS.sub("\n", text).replace("\t", " ")
    # Of each letter that occurs, once: a long text has few different ones.
    dropped = [one for one in set(text) - {"\n"} if one in _INVISIBLE or unicodedata.category(one) in _DROPPED]
    return text.translate(dict.fromkeys(map(ord, dropped))) if dropped else text


def _marked(text: str, limit: int) -> str:
    """A lone backtick would turn all that follows into code, so it becomes an apostrophe."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("`", "'")
    return cut(text, limit)
