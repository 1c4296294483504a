"""How rows of the audit log become a block, and how a block is compared with the rows that are there.

The encoding is the same on both databases: a JSON array of all columns, ASCII only, without spaces, objects with sorted
keys. Two different rows never have the same one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from domain.sealing import Fault, Finding, Record, Seal

VERSION = "plixo audit 1"
"""First in every block's hash: another way to encode rows needs another name."""

_ID, _DIGEST = 8, 8
_MARK = _ID + _DIGEST


def encode(record: Record) -> bytes:
    """The one spelling of a row."""
    return _spelt(
        [
            record.id,
            record.org_id,
            record.at,
            record.actor_id,
            record.action,
            record.subject,
            record.account_id,
            record.reason,
            _facts(record.before),
            _facts(record.after),
        ]
    )


def sealed(records: Sequence[Record], *, first_id: int, before: str, at: datetime) -> Seal:
    """The block of these rows, which are at least one, in the order of their ids."""
    last_id = records[-1].id
    lines = [encode(record) for record in records]
    return Seal(
        first_id=first_id,
        last_id=last_id,
        count=len(lines),
        before=before,
        hash=_hash(lines, first_id=first_id, last_id=last_id, before=before),
        marks=b"".join(_mark(record.id, line) for record, line in zip(records, lines, strict=True)),
        sealed_at=at,
    )


def compared(seal: Seal, records: Sequence[Record], *, block: int) -> Finding | None:
    """What differs between a block and the rows from its first to its last id; None when nothing does."""
    lines = [encode(record) for record in records]
    marks = b"".join(_mark(record.id, line) for record, line in zip(records, lines, strict=True))
    again = _hash(lines, first_id=seal.first_id, last_id=seal.last_id, before=seal.before)
    if (again, marks, len(lines)) == (seal.hash, seal.marks, seal.count):
        return None
    if again == seal.hash:
        return Finding(Fault.SEAL_CHANGED, block, seal.first_id, seal.last_id)
    fault, row = _first_difference(_read(seal.marks), _read(marks))
    return Finding(fault, block, seal.first_id, seal.last_id, row)


def _first_difference(sealed: dict[bytes, bytes], found: dict[bytes, bytes]) -> tuple[Fault, int | None]:
    for key in sorted(sealed.keys() | found.keys()):
        row = int.from_bytes(key, signed=True)
        if key not in found:
            return Fault.MISSING, row
        if key not in sealed:
            return Fault.ADDED, row
        if sealed[key] != found[key]:
            return Fault.CHANGED, row
    # Every row is as it was marked, so it is the seal itself that does not fit.
    return Fault.SEAL_CHANGED, None


def _hash(lines: Iterable[bytes], *, first_id: int, last_id: int, before: str) -> str:
    whole = sha256(_spelt([VERSION, before, first_id, last_id]))
    for line in lines:
        # JSON holds no line break of its own, so no two lists of rows read alike.
        whole.update(b"\n" + line)
    return whole.hexdigest()


def _mark(id: int, line: bytes) -> bytes:
    return id.to_bytes(_ID, signed=True) + sha256(line).digest()[:_DIGEST]


def _read(marks: bytes) -> dict[bytes, bytes]:
    pieces = (marks[start : start + _MARK] for start in range(0, len(marks), _MARK))
    return {piece[:_ID]: piece[_ID:] for piece in pieces}


def _facts(text: str | None) -> list[Any] | None:
    """What `before` or `after` says. What cannot be read without loss, which we never write, counts as its text."""
    if text is None:
        return None
    try:
        return ["json", json.loads(text, object_pairs_hook=_each_once, parse_float=_exactly, parse_constant=_never)]
    except (ValueError, RecursionError):
        return ["text", text]


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands there twice")
    return found


def _exactly(digits: str) -> float:
    number = float(digits)
    if Decimal(repr(number)) != Decimal(digits):
        raise ValueError("more digits than a number keeps")
    return number


def _never(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _spelt(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=_bytes).encode("ascii")


def _bytes(value: bytes) -> list[str]:
    """SQLite keeps bytes wherever somebody puts them."""
    return ["bytes", value.hex()]
