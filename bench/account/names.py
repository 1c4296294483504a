"""Company names as a large book has them: few words that are everywhere, many that are rare, new ones without end.

The shape matters more than the words. Trades and legal forms stand in thousands of names, family names and brands
follow Zipf's law, and about a sixth of all names brings a word that no other has, so that the vocabulary keeps growing
with the book (Heaps' law). Cast from a seed: the same seed is the same book.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random

_NAMES = Path(__file__).parents[2] / "sandbox" / "book" / "data" / "names.toml"

_COMMON = 30_000
"""Distinct family names and brands that may come back; beyond them every word is coined once."""
_COINED = 0.17
"""Share of names with a word of their own."""
_FORMS = "GmbH GmbH GmbH AG KG Ltd Ltd Inc Inc LLC LLC SAS SARL BV SpA AB Corp Co plc".split()
_TRADES = (
    "Systems Solutions Logistics Services Consulting Group Holding Technologies Industries Partners Trading Energy"
    " Foods Medical Software Engineering Construction Transport Media Capital Design Labs Networks Security Automation"
    " Electronics Instruments Packaging Textiles Chemicals Pharma Optics Robotics Marine Aviation Insurance Realty"
    " Bau Handel Metallbau Elektro Maschinenbau Immobilien Spedition Verlag Druck Bäckerei Autohaus Apotheke Transports"
    " Conseil Distribution Impianti Costruzioni Alimentari Bouw Techniek Beheer Fastigheter Bygg"
).split()
_PLACES = (
    "Berlin Hamburg München Köln Wien Zürich London Paris Milano Madrid Amsterdam Stockholm Boston Austin Denver"
    " Seattle Chicago Toronto Sydney Nord Süd West Ost Rhein Alpen Baltic Pacific Atlantic Central United National"
).split()
_STARTS = "b br c ch cl d dr f fl g gr h j k kl kr l m n p pr qu r s sch sl sp st str t th tr v w z".split()
_VOWELS = "a a a e e e i i o o u au ei ie ea ou ä ö ü".split()
_ENDS = "l n r s t m ck ld lt nd ng nk nn nt rd rg rk rt ss st tz x".split()
_LAST = "er ert ing ler mann stein berg feld o a ia on um ix is tec ex ar en us".split()


@dataclass(frozen=True, slots=True)
class Company:
    name: str
    domain: str
    contact: str
    email: str


def coin(random: Random) -> str:
    """A word that could be a family name or a brand: two or three syllables."""
    syllables = "".join(
        random.choice(_STARTS) + random.choice(_VOWELS) + random.choice(_ENDS)
        for _ in range(random.choice((1, 1, 1, 2)))
    )
    return (syllables + random.choice(_LAST)).capitalize()


def companies(seed: int) -> Iterator[Company]:
    """Company after company, without end."""
    random = Random(seed)
    people = tomllib.loads(_NAMES.read_text(encoding="utf-8"))
    given = [name for country in people.values() for name in country["given"]]
    known = [name for country in people.values() for name in country["family"]]
    known += [coin(random) for _ in range(_COMMON - len(known))]
    zipf = list(accumulate(1 / (rank + 8) for rank in range(len(known))))
    trades = list(accumulate(1 / (rank + 3) for rank in range(len(_TRADES))))
    number = 0
    while True:
        words = random.choices(known, cum_weights=zipf, k=4096)
        kinds = random.choices(_TRADES, cum_weights=trades, k=4096)
        for word, trade in zip(words, kinds, strict=True):
            number += 1
            if random.random() < _COINED:
                word = coin(random) + random.choice(_LAST)
            parts = _parts(random, word, trade, words)
            form = random.choice(_FORMS) if random.random() < 0.85 else ""
            contact = f"{random.choice(given)} {random.choice(words)}"
            domain = _domain(random, parts, number)
            local = random.choice(("invoices", "ap", "buchhaltung", contact.split()[0].lower()))
            yield Company(" ".join([*parts, form]).strip(), domain, contact, f"{_plain(local)}@{domain}")


def _parts(random: Random, word: str, trade: str, others: Sequence[str]) -> list[str]:
    shape = random.random()
    if shape < 0.15:
        return [word]
    if shape < 0.60:
        return [word, trade]
    if shape < 0.75:
        return [word, "&", random.choice(others), trade]
    if shape < 0.90:
        return [word, trade, random.choice(_PLACES)]
    return [random.choice(_PLACES), word, trade]


def _domain(random: Random, parts: Sequence[str], number: int) -> str:
    """Taken names get a number, as names do that somebody else has registered."""
    joint = random.choice(("-", ""))
    label = joint.join(_plain(part) for part in parts if part != "&")
    return f"{label}{number if random.random() < 0.5 else ''}.example"


def _plain(text: str) -> str:
    return text.lower().translate(str.maketrans("äöüéèçıłø", "aoueecilo")).replace(" ", "")
