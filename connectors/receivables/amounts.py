"""Amounts as files write them: "1,234.56", "1.234,56 €", "(12.00)", "12-". Never a float, never rounded."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from connectors.receivables.texts import Unreadable
from domain.currencies import CURRENCIES

LARGEST = 10**17
_SYMBOLS = "€$£¥₹₩₽₺₪฿₫₴₦₱"
_OF_SYMBOL = dict(zip("€£₹₩₺₪₫₴₦", "EUR GBP INR KRW TRY ILS VND UAH NGN".split(), strict=True))
_PARTS = re.compile(
    rf"(?P<open>\()?\s*(?P<sign>[-+−])?\s*(?P<before>[A-Za-z]{{3}}|[{_SYMBOLS}])?\s*(?P<inner>[-−])?\s*"
    rf"(?P<digits>\d[\d.,'’ ]*|[.,]\d+)\s*(?P<after>[A-Za-z]{{3}}|[{_SYMBOLS}])?\s*"
    r"(?P<trailing>[-−])?\s*(?P<close>\))?",
    re.ASCII,
)
_HARD_SPACES = str.maketrans("\u00a0\u202f\u2009\t", "    ")


@dataclass(slots=True)
class Separators:
    """Which of "." and "," begins the decimals, as the values of a file tell. `seen` keeps one example of each."""

    seen: dict[str, str] = field(default_factory=dict)
    unclear: str | None = None

    def look(self, cell: str) -> None:
        dot, comma = cell.rfind("."), cell.rfind(",")
        if dot < 0 and comma < 0:
            return
        if (comma < 0 and "." in self.seen and dot == cell.find(".")) or (
            dot < 0 and "," in self.seen and comma == cell.find(",")
        ):
            return  # one mark that is known to begin decimals says nothing new
        match = _PARTS.fullmatch(cell.translate(_HARD_SPACES).strip())
        if match is None:
            return
        digits = match["digits"].strip()
        dots, commas = digits.count("."), digits.count(",")
        if dots and commas:
            mark = "." if digits.rfind(".") > digits.rfind(",") else ","
            if digits.count(mark) == 1:
                self.seen.setdefault(mark, cell)
            return
        mark = "." if dots else ","
        if dots + commas > 1:
            self.seen.setdefault("," if mark == "." else ".", cell)
            return
        whole, decimals = digits.split(mark)
        if len(decimals) != 3 or len(whole) > 3 or whole in ("", "0") or not whole.isdigit():
            self.seen.setdefault(mark, cell)
        elif self.unclear is None:
            self.unclear = cell

    def decide(self) -> str:
        """The decimal mark. Raises Unreadable when the file does not tell."""
        if len(self.seen) == 2:
            raise Unreadable(
                f"Amounts are written in two ways, “{self.seen['.']}” and “{self.seen[',']}”: declare which mark "
                "begins the decimals with --decimal . or --decimal , and the others are rejected."
            )
        if self.seen:
            return next(iter(self.seen))
        if self.unclear is not None:
            mark = "." if "." in self.unclear else ","
            grouped = self.unclear.replace(mark, "")
            raise Unreadable(
                f"“{self.unclear}” can be read as {grouped} or as a fraction, and no other amount tells which: declare "
                "it with --decimal . or --decimal ,"
            )
        return "."


def minor_reader(mark: str) -> Callable[[str, str], int]:
    """Read "(text, currency) -> minor units" where `mark` begins the decimals. Raises Unreadable."""
    group = "," if mark == "." else "."
    plain = re.compile(rf"(-?)(\d{{1,15}})(?:{re.escape(mark)}(\d{{1,4}}))?", re.ASCII).fullmatch
    grouping = re.compile(
        rf"\d{{1,3}}(?:[{group}]\d{{3}})+|\d{{1,3}}(?:[ '’]\d{{2,3}})+|\d+|\d{{1,2}}(?:,\d{{2}})*,\d{{3}}"
    )
    places_of = CURRENCIES

    def slow(cell: str, currency: str) -> int:
        match = _PARTS.fullmatch(cell.translate(_HARD_SPACES).strip())
        if match is None:
            raise Unreadable(f"“{cell[:40]}” is not an amount: write it like 1234{mark}50.")
        if bool(match["open"]) != bool(match["close"]):
            raise Unreadable(f"“{cell[:40]}” has only one bracket: write a credit like -1234{mark}50.")
        beside = match["before"] or match["after"]
        named = _OF_SYMBOL.get(beside, "") if beside and not beside.isalpha() else (beside or "").upper()
        if named and named != currency:
            raise Unreadable(f"“{cell[:40]}” is not in {currency}: give the row's currency in a column of its own.")
        whole, _, decimals = match["digits"].strip().partition(mark)
        if not grouping.fullmatch(whole or "0") or not (decimals or "0").isdigit():
            raise Unreadable(f"“{cell[:40]}” is not an amount: write it like 1234{mark}50.")
        places = places_of[currency]
        if decimals[places:].strip("0"):
            raise Unreadable(
                f"“{cell[:40]}” has more decimal places than {currency} has ({places}): correct the amount."
            )
        digits = re.sub(r"\D", "", whole) + decimals[:places].ljust(places, "0")
        if len(digits.lstrip("0")) > 17:
            raise Unreadable(f"“{cell[:40]}” is too large for an amount.")
        minus = [match["open"], match["sign"] in ("-", "−"), match["inner"], match["trailing"]]
        if sum(map(bool, minus)) > 1:
            raise Unreadable(f"“{cell[:40]}” has two minus signs: write a credit like -1234{mark}50.")
        return -int(digits) if any(minus) else int(digits)

    def read(cell: str, currency: str) -> int:
        match = plain(cell)
        if match is None:
            return slow(cell, currency)
        sign, whole, decimals = match.groups()
        places = places_of[currency]
        if decimals is None:
            minor = int(whole + "0" * places)
        elif len(decimals) == places:
            minor = int(whole + decimals)
        else:
            return slow(cell, currency)
        if minor >= LARGEST:
            return slow(cell, currency)
        return -minor if sign else minor

    return read
