"""A domain name system of a few lines: no test asks the real one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from domain.errors import Unavailable

PUBLISHED = {
    "northwind.example": ["v=spf1 include:relay.example ~all", "other=1"],
    "_dmarc.northwind.example": ["v=DMARC1; p=none; rua=mailto:dmarc@northwind.example"],
}


@dataclass
class FakeNames:
    """`published`: TXT records by name. What is in `silent` is never answered. `during` happens before each answer."""

    published: Mapping[str, list[str]] = field(default_factory=lambda: dict(PUBLISHED))
    silent: frozenset[str] = frozenset()
    asked: list[str] = field(default_factory=list)
    during: Callable[[], None] = lambda: None

    def texts(self, name: str, *, within: float) -> list[str]:
        self.asked.append(name)
        found = list(self.published.get(name, []))
        self.during()
        if name in self.silent:
            raise Unavailable("The domain name system did not answer.", code="Timeout")
        return found
