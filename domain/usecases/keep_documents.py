"""Keep the documents true: the policy follows the installation's settings, the others begin with their defaults."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from domain.library import Shelf, in_use
from domain.policies import DocumentKind
from domain.ports import UnitOfWork
from domain.usecases._library import digest_of

INSTALLATION = "installation"
"""Who makes what the settings say."""


def keep_documents(work: UnitOfWork, *, policy: str, defaults: Mapping[DocumentKind, str], at: datetime) -> None:
    """Publish the policy's text as a new version when it is not the one in use; the defaults only where there is none.

    A first version is what an organisation begins with; each later one is audited.
    """
    for kind, text in ((DocumentKind.POLICY, policy), *defaults.items()):
        versions = work.library.versions(Shelf(kind.value))
        now = in_use(versions)
        if now is not None and (kind is not DocumentKind.POLICY or now.text == text):
            continue
        made = work.library.add_document(kind, text, by=INSTALLATION, at=at, is_published=True)
        if now is not None:
            work.audit.record(
                "document.published",
                at=at,
                actor_id=None,
                subject=str(made),
                before={"text": str(now.edition), "hash": digest_of(now.text)},
                after={"text": str(made), "hash": digest_of(text)},
            )
