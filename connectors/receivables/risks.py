"""A customer's risk. A mark that is none of ours costs the row its risk, never the customer, and is counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from connectors.receivables import texts
from connectors.receivables.cells import BadCell, Cells


@dataclass(slots=True)
class Risks:
    """Of one file. `unknown`: rows that were read without a risk; `first` says what the first of them was."""

    unknown: int = 0
    first: str = ""

    def reader(self, cells: Cells) -> Callable[[list[str]], str | None]:
        read = cells.field("risk", texts.risk, limit=60, remember=True)

        def risk(line: list[str]) -> str | None:
            try:
                return read(line)
            except BadCell as bad:
                self.unknown += 1
                self.first = self.first or bad.sentence
                return None

        return risk

    def warnings(self) -> tuple[str, ...]:
        if not self.unknown:
            return ()
        rows = "1 row was" if self.unknown == 1 else f"{self.unknown:,} rows were"
        return (f"{rows} read without a risk. {self.first}",)
