"""Reminder texts: versioned, approved, made of merge tags only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class TemplateState(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"
    RETIRED = "retired"


class Audience(StrEnum):
    """Who sends with it: everybody who may nudge, or Customer Success under its own name."""

    SALES = "sales"
    CSM = "csm"


@dataclass(frozen=True, slots=True)
class Template:
    """One version of one template. Published versions never change."""

    key: str
    version: int
    name: str
    tone: str
    audience: Audience
    subject: str
    body: str
    state: TemplateState = TemplateState.APPROVED
    approved_by: str | None = None
    approved_at: datetime | None = None

    @property
    def wording(self) -> Wording:
        return Wording(self.subject, self.body)

    @property
    def is_approved(self) -> bool:
        return self.state is TemplateState.APPROVED


@dataclass(frozen=True, slots=True)
class Wording:
    """What a mail says, its merge tags still in it: of a template, or of a draft whose prose a person edited."""

    subject: str
    body: str

    def over(self, template: Template) -> Template:
        """The template with these words in the place of its own."""
        return replace(template, subject=self.subject, body=self.body)
