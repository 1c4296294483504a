"""What a new organisation begins with: the reminder texts, approved by default, its segments and its cadences."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from domain.policies import DocumentKind
from domain.templates import Audience, Template, TemplateState


def default_templates() -> list[Template]:
    """The default reminder texts, version 1 each, in the order of the file."""
    source = files("storage.defaults").joinpath("templates.toml")
    content = tomllib.loads(source.read_text(encoding="utf-8"))
    return [
        Template(
            key=row["key"],
            version=1,
            name=row["name"],
            tone=row["tone"],
            audience=Audience(row["audience"]),
            subject=row["subject"],
            body=row["body"].strip() + "\n",
            state=TemplateState.APPROVED,
            approved_by=content["approved_by"],
            approved_at=content["approved_at"],
        )
        for row in content["template"]
    ]


def default_documents() -> dict[DocumentKind, str]:
    """The texts of the documents that are not made from settings."""
    return {
        kind: files("storage.defaults").joinpath(f"{kind.value}.yaml").read_text(encoding="utf-8")
        for kind in (DocumentKind.SEGMENTS, DocumentKind.CADENCES)
    }
