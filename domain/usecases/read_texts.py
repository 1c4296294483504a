"""Read policies, segments, cadences and templates in any version, and what changed between two of them."""

from __future__ import annotations

from itertools import groupby

from domain.library import Catalogue, Compared, Edition, Reading, Shelf, in_use
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reasons import Reason
from domain.rules.differences import differences
from domain.usecases._library import contents_of, found, reader_of, reading_of
from domain.values import Actor


def list_templates(*, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook) -> Catalogue | Refused:
    """Every template with all its versions."""
    at = clock.now()
    with uow() as work:
        person = reader_of(work, actor, at, doing="text.read", subject="template")
        if isinstance(person, Refused):
            return person
        versions = work.library.versions(Shelf.TEMPLATE)
        return Catalogue(person, tuple(tuple(group) for _, group in groupby(versions, key=lambda one: one.edition.key)))


def read_current(
    shelf: Shelf, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> Reading | Refused:
    """The document that counts now; when none does, the newest there is."""
    at = clock.now()
    with uow() as work:
        person = reader_of(work, actor, at, doing="text.read", subject=shelf.value)
        if isinstance(person, Refused):
            return person
        versions = work.library.versions(shelf)
        if not versions:
            return Refused(Reason.STALE_BUTTON)
        return reading_of(work, person, in_use(versions) or versions[0], at)


def read_text(
    edition: Edition, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> Reading | Refused:
    """One version, with all there are to choose from and what was said of it."""
    at = clock.now()
    with uow() as work:
        person = reader_of(work, actor, at, doing="text.read", subject=str(edition))
        if isinstance(person, Refused):
            return person
        version = found(work, edition, actor=actor, at=at, doing="text.read")
        return version if isinstance(version, Refused) else reading_of(work, person, version, at)


def compare_texts(
    edition: Edition,
    *,
    other: int,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> Compared | Refused:
    """What changed between two versions of one text, always from the lower number to the higher."""
    at = clock.now()
    with uow() as work:
        person = reader_of(work, actor, at, doing="text.read", subject=str(edition))
        if isinstance(person, Refused):
            return person
        versions = {one.edition.number: one for one in work.library.versions(edition.shelf, edition.key or None)}
        one, two = versions.get(min(edition.number, other)), versions.get(max(edition.number, other))
        if one is None or two is None:
            return Refused(Reason.STALE_BUTTON)
        contents = contents_of(work, edition.shelf, one.text, two.text)
        return Compared(one, two, differences(one.text, two.text), tuple(versions.values()), contents)
