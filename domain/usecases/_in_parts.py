"""Many customers in one transaction, where one whose rows cannot be read holds up none of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from domain.errors import InvalidValue, UnreadableDocument

T = TypeVar("T")
R = TypeVar("R")


def in_parts(each: Sequence[T], do: Callable[[Sequence[T]], R], *, pass_over: Callable[[T], None]) -> Iterator[R]:
    """What `do` returns for all of them; for nobody it is not asked.

    `do` only reads, or makes a transaction of its own. Where it raises InvalidValue it is asked for each half instead,
    down to the one that cannot be read, which is passed over. What all of them go by is nobody's own: where that cannot
    be read, it raises UnreadableDocument.
    """
    if not each:
        return
    try:
        done = do(each)
    except UnreadableDocument:
        raise
    except InvalidValue:
        if len(each) == 1:
            pass_over(each[0])
            return
        half = len(each) // 2
        for part in (each[:half], each[half:]):
            yield from in_parts(part, do, pass_over=pass_over)
    else:
        yield done
