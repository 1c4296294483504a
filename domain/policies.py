"""Policies, segments and cadences as versioned documents."""

from __future__ import annotations

from enum import StrEnum


class DocumentKind(StrEnum):
    POLICY = "policy"
    SEGMENTS = "segments"
    CADENCES = "cadences"


class DocumentState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"
