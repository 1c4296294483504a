"""A domain name system of a few lines: who tries the product out asks nobody outside."""

from __future__ import annotations

from collections.abc import Mapping


class MadeUpNames:
    """TXT records by name, and no others."""

    def __init__(self, published: Mapping[str, list[str]]) -> None:
        self._published = published

    def texts(self, name: str, *, within: float) -> list[str]:
        return list(self._published.get(name, []))
