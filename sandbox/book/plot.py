"""Reads the written parts of the book: its accounts, names, notes and the cast of prepared situations."""

from __future__ import annotations

import csv
import tomllib
import unicodedata
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from sandbox.book.model import places_of


@dataclass(frozen=True, slots=True)
class Line:
    """One account as it is written down. `base` is an ordinary invoice in minor units, `terms` days to pay."""

    id: str
    name: str
    aliases: tuple[str, ...]
    domain: str
    country: str
    region: str | None
    zone: str | None
    industry: str
    owner: str
    currency: str
    plan: str
    base: int
    terms: int
    habit: str


def read_accounts() -> tuple[Line, ...]:
    rows = csv.DictReader(_text("accounts.csv").splitlines())
    return tuple(
        Line(
            id=row["id"],
            name=row["name"],
            aliases=tuple(row["aliases"].split(";")),
            domain=row["domain"],
            country=row["country"],
            region=row["region"] or None,
            zone=row["zone"] or None,
            industry=row["industry"],
            owner=row["owner"],
            currency=row["currency"],
            plan=row["plan"],
            base=minor(row["base"], row["currency"]),
            terms=int(row["terms"]),
            habit=row["habit"],
        )
        for row in rows
    )


def read_cast() -> dict[str, dict[str, Any]]:
    """Prepared parts by account id; what the keys mean is written at the top of the file."""
    return tomllib.loads(_text("cast.toml"))


def read_notes() -> list[dict[str, Any]]:
    notes: list[dict[str, Any]] = tomllib.loads(_text("notes.toml"))["note"]
    return notes


def read_names() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(_text("names.toml"))


def minor(text: str, currency: str) -> int:
    """`12850.00` EUR -> 1285000. The data files always write all decimals."""
    whole, _, rest = text.partition(".")
    if len(rest) != places_of(currency):
        raise ValueError(f"{text} {currency} is not written with {places_of(currency)} decimals")
    return int(whole + rest)


def mailbox_part(name: str) -> str:
    """`Élodie Lefèvre` -> `e.lefevre`, as most companies write addresses."""
    plain = name.replace("ı", "i").replace("ø", "o").replace("ß", "ss")
    plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    given, _, family = plain.lower().partition(" ")
    if given == "wei" or given == "hui":  # two-part given names
        family = family.partition(" ")[2]
    return f"{given[0]}.{family.replace(' ', '')}"


def _text(name: str) -> str:
    return files("sandbox.book").joinpath("data", name).read_text(encoding="utf-8")
