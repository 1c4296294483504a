"""One cell, one value: text, address, zone, country, link, yes or no. Raises Unreadable with the fix."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email

from domain.currencies import CURRENCIES
from domain.policies import RISKS


class Unreadable(ValueError):
    """A cell that cannot be taken. The text is one sentence for the person who exported the file."""


_SPACES = re.compile(r"\s+")
_NOT_PLACES = {"localtime", "posixrules", "Factory"}
_HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_YES = frozenset("yes y true t 1 x ja j".split())
_NO = frozenset(["", *"no n false f 0 nein -".split()])


def tidy(cell: str, limit: int, *, lines: bool = False) -> str:
    """NFC, one space between words, none around; control and direction characters are taken out.

    Line breaks become a space, or stay as they are with `lines`. Raises Unreadable when longer than `limit`, or when
    the cell holds a NUL or half a character.
    """
    if not (cell.isascii() and cell.isprintable() and "  " not in cell):
        if "\0" in cell:
            raise Unreadable("It holds a NUL character: export the file again as text.")
        cell = unicodedata.normalize("NFC", cell)
        if lines:
            kept = (line for line in (tidy_line(line) for line in cell.splitlines()))
            cell = "\n".join(kept)
        else:
            cell = tidy_line(cell)
    cell = cell.strip()
    if len(cell) > limit:
        raise Unreadable(f"It is {len(cell):,} characters long; shorten it to {limit:,}.")
    return cell


def tidy_line(text: str) -> str:
    spaced = _SPACES.sub(" ", text)
    if spaced.isprintable():
        return spaced.strip()
    out = []
    for char in spaced:
        category = unicodedata.category(char)
        if category == "Cs":
            raise Unreadable("It holds half of a character: export the file again as UTF-8.")
        # Joiners shape Persian and Indic words and emoji; every other format character only hides something.
        if char in "\u200c\u200d" or category not in ("Cc", "Cf", "Co", "Cn", "Zl", "Zp"):
            out.append(char)
    return _SPACES.sub(" ", "".join(out)).strip()


@lru_cache(maxsize=65_536)
def address(text: str) -> str:
    """A mail address, lower case, its domain in ASCII."""
    if any(char in text for char in "\r\n\0<>,; "):
        raise Unreadable("Give one plain address such as ap@customer.com, without name, brackets or spaces.")
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise Unreadable(f"It is not a mail address that can be written to ({str(error).rstrip('.')}).") from error
    return (found.ascii_email or found.normalized).lower()


@cache
def _zones() -> dict[str, str]:
    return {zone.lower(): zone for zone in available_timezones() - _NOT_PLACES}


def zone(text: str) -> str:
    found = _zones().get(text.lower())
    if found is None:
        raise Unreadable(f"“{text[:40]}” is not a time zone: use an IANA name such as Europe/Berlin.")
    return found


@cache
def _countries() -> dict[str, str]:
    listed = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text("utf-8")
    pairs = (line.split("\t") for line in listed.splitlines() if not line.startswith("#"))
    return {key.casefold(): code for code, name in pairs for key in (code, name)}


def country(text: str) -> str:
    """ISO 3166 alpha-2 from the code or the English name."""
    found = _countries().get(text.casefold())
    if found is None:
        raise Unreadable(
            f"“{text[:40]}” is not a country: use its ISO code such as DE, or translate it under [values.country]."
        )
    return found


def currency(text: str) -> str:
    code = text.upper()
    if code not in CURRENCIES:
        raise Unreadable(f"“{text[:12]}” is not an ISO 4217 currency: use a code such as EUR or JPY.")
    return code


def domain(text: str) -> str:
    host = text.lower().removeprefix("https://").removeprefix("http://").split("/")[0].removeprefix("www.")
    try:
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise Unreadable("It is not a domain: use one such as customer.com.") from error
    if not _HOST.fullmatch(host):
        raise Unreadable(f"“{text[:40]}” is not a domain: use one such as customer.com.")
    return host


def link(text: str) -> str:
    """A pay link. Never repeated in the sentence: it is a secret."""
    try:
        parts = urlsplit(text)
        plain = bool(parts.hostname) and not parts.username and not parts.password
    except ValueError:
        plain, parts = False, None
    if not plain or parts is None or parts.scheme != "https" or any(char in text for char in ' "<>\\'):
        raise Unreadable("A pay link is one address that begins with https:// and holds no spaces or sign-in.")
    return text


def yes(text: str) -> bool:
    word = text.casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Unreadable(f"“{text[:40]}” is neither yes nor no: translate it under [values].")


def hold(text: str) -> str | None:
    """A legal hold: a reason, or yes or no."""
    word = text.casefold()
    if word in _NO:
        return None
    return "Legal hold in the books" if word in _YES else text


def risk(text: str) -> str:
    word = text.casefold()
    if word not in RISKS:
        raise Unreadable(f"“{text[:40]}” is not low, medium or high: translate it under [values.risk].")
    return word


def aliases(text: str) -> tuple[str, ...]:
    parts = [part.strip() for part in text.replace("|", ";").split(";")]
    long = next((part for part in parts if len(part) > 300), None)
    if long is not None:
        raise Unreadable("One of the other names is longer than 300 characters: shorten it.")
    return tuple(dict.fromkeys(part for part in parts if part))
