"""The audit log as a CSV file that a spreadsheet opens and cannot be harmed by.

Names and subjects come from outside. A cell that a spreadsheet would take for a formula gets an apostrophe in front
(see OWASP, “CSV Injection”), and so does one that begins with apostrophes and then such a sign, so that taking one away
is always right.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC
from typing import Protocol
from zoneinfo import ZoneInfo

from domain.audit import Line

COLUMNS = (
    "id",
    "at_utc",
    "at_local",
    "zone",
    "actor",
    "actor_email",
    "actor_id",
    "action",
    "subject",
    "account",
    "account_number",
    "account_id",
    "reason",
    "before",
    "after",
)
"""What each holds stands in docs/audit.md."""

BOM = "\ufeff"
"""First in the file: by it Excel knows that it is UTF-8."""

# The last four are the same signs in full width, which some spreadsheets read as these.
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


class Writable(Protocol):
    """A text file; open it with newline=""."""

    def write(self, text: str, /) -> object: ...


def write_csv(lines: Iterable[Line], file: Writable, *, zone: ZoneInfo) -> int:
    """Write line by line and return how many there were. Local times are those of `zone`."""
    file.write(BOM)
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    written = 0
    for cells in _rows(lines, zone):
        writer.writerow([guarded(cell) for cell in cells])
        written += 1
    return written


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """What was in the cell before."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _rows(lines: Iterable[Line], zone: ZoneInfo) -> Iterator[list[str]]:
    for line in lines:
        local = line.at.astimezone(zone)
        yield [
            str(line.id),
            line.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            local.strftime("%Y-%m-%d %H:%M:%S"),
            str(zone),
            line.actor_name or "",
            line.actor_email or "",
            _number(line.actor_id),
            line.action,
            line.subject,
            line.account_name or "",
            line.account_external_id or "",
            _number(line.account_id),
            line.reason or "",
            _facts(line.before),
            _facts(line.after),
        ]


def _number(id: int | None) -> str:
    return "" if id is None else str(id)


def _facts(facts: Mapping[str, object] | None) -> str:
    return "" if facts is None else json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
