"""What may be written to customers."""

from __future__ import annotations

from typing import Protocol

from domain.templates import Audience, Template


class Templates(Protocol):
    def approved(self, audience: Audience) -> list[Template]:
        """The newest approved version of each template for the audience, by name."""
        ...

    def get(self, key: str, version: int) -> Template | None: ...
    def add(self, template: Template) -> None: ...
