"""The documents that an organisation begins with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from domain.policies import DocumentKind
from domain.ports import UnitOfWork

INSTALLATION = "installation"
"""Who makes what an organisation begins with."""


def begin_documents(work: UnitOfWork, texts: Mapping[DocumentKind, str], *, at: datetime) -> None:
    """Publish each text as version 1 where nothing of its kind is published; what is, is left as it is."""
    for kind, text in texts.items():
        if not work.documents.in_force(kind)[0]:
            work.library.add_document(kind, text, by=INSTALLATION, at=at, is_published=True)
