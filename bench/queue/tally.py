"""Counts that worker processes keep and the bench reads, without a database or a pipe in between."""

from __future__ import annotations

import mmap
import struct
from pathlib import Path

SLOTS = 64
_COUNT = struct.Struct("<q")


class Tally:
    """A file of `SLOTS` counters. Each worker writes its own slot; anybody may add them up."""

    def __init__(self, path: Path | str, slot: int = 0) -> None:
        with Path(path).open("r+b") as file:
            self._counts = mmap.mmap(file.fileno(), SLOTS * _COUNT.size)
        self._at = slot * _COUNT.size
        self._mine = 0

    @classmethod
    def create(cls, path: Path) -> Tally:
        path.write_bytes(bytes(SLOTS * _COUNT.size))
        return cls(path)

    def add(self, count: int = 1) -> None:
        self._mine += count
        _COUNT.pack_into(self._counts, self._at, self._mine)

    def total(self) -> int:
        return sum(count for (count,) in _COUNT.iter_unpack(self._counts[:]))
