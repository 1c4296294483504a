"""How a room of listeners says no."""

from __future__ import annotations

from dataclasses import dataclass

from domain.outcomes import Refused
from domain.values import Capability
from handlers.presenters.refusals import refusal_page
from handlers.request import Request
from handlers.views.blocks import Page


@dataclass(frozen=True, slots=True)
class Refusing:
    """A room's refusals: their title, what “Ask the Controller” asks for, and whether Autopilot's drafts are meant."""

    title: str = "Not now"
    wanted: Capability | None = None
    of_draft: bool = False

    def __call__(
        self,
        request: Request,
        refused: Refused,
        account_id: int | None = None,
        *,
        title: str | None = None,
        wanted: Capability | None = None,
    ) -> Page:
        """`title` and `wanted` where a single click differs from its room."""
        return refusal_page(
            refused,
            reader=request.reader,
            signet=request.signet,
            at=request.at,
            title=title or self.title,
            wanted=wanted or self.wanted,
            account_id=account_id,
            of_draft=self.of_draft,
        )
