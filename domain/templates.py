"""Reminder texts: versioned, approved, made of merge tags only."""

from __future__ import annotations

from dataclasses import dataclass
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
