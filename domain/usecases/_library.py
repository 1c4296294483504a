"""What the use cases of texts and documents share: a version as somebody reads it, and who looks after it."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from domain.charter import Waiting
from domain.library import Contents, Edition, Reading, Shelf, Version, VersionState
from domain.outcomes import Refused
from domain.policies import DocumentKind, Unreadable
from domain.ports import UnitOfWork
from domain.reasons import Reason
from domain.rules.differences import differences
from domain.rules.letters import Letter, missing_tag, unknown_tag
from domain.usecases._asker import asker, audit_refusal
from domain.values import Actor, Capability, Person, Role


def reader_of(work: UnitOfWork, actor: Actor, at: datetime, *, doing: str, subject: str) -> Person | Refused:
    """Whoever may read policies and texts; a refusal is audited."""
    return asker(work, actor, at, needs=Capability.VIEW_POLICIES, doing=doing, subject=subject)


def found(work: UnitOfWork, edition: Edition, *, actor: Actor, at: datetime, doing: str) -> Version | Refused:
    """The version, or an audited refusal: a button outlived it."""
    version = work.library.get(edition)
    if version is None:
        stale = Refused(Reason.STALE_BUTTON)
        return audit_refusal(work, f"{doing}.refused", stale, actor=actor, at=at, subject=str(edition))
    return version


def reading_of(work: UnitOfWork, person: Person, version: Version, at: datetime) -> Reading:
    edition = version.edition
    versions = work.library.versions(edition.shelf, edition.key or None)
    names = names_of(work, versions, at)
    comments = tuple(work.comments.of(edition))
    if edition.shelf is Shelf.TEMPLATE:
        return Reading(person, version, tuple(versions), comments, names, letter=Letter.of(version.text))
    content = work.library.read(DocumentKind(edition.shelf.value), version.text)
    titles = titles_of(work) if edition.shelf is Shelf.CADENCES else {}
    return Reading(person, version, tuple(versions), comments, names, content=content, titles=titles)


def contents_of(work: UnitOfWork, shelf: Shelf, older: str | None, newer: str) -> Contents | None:
    """None for a template, where there was nothing before, and where one of them cannot be read."""
    if shelf is Shelf.TEMPLATE or older is None:
        return None
    read = [work.library.read(DocumentKind(shelf.value), text) for text in (older, newer)]
    was, now = read
    if isinstance(was, Unreadable) or isinstance(now, Unreadable):
        return None
    return Contents(was, now, titles_of(work) if shelf is Shelf.CADENCES else {})


def titles_of(work: UnitOfWork) -> dict[str, str]:
    """The names of templates by key, of which cadences speak."""
    return {one.edition.key: one.name for one in work.library.versions(Shelf.TEMPLATE)}


def beside(work: UnitOfWork, draft: Version, present: Version | None) -> Waiting:
    """A draft beside what is in force."""
    before = present.text if present else None
    hunks = differences(before or "", draft.text)
    return Waiting(draft, present, hunks, contents_of(work, draft.edition.shelf, before, draft.text))


def names_of(work: UnitOfWork, versions: list[Version], at: datetime) -> dict[str, str]:
    """People's names by the e-mail with which versions name them; the house's own words are in none of them."""
    named = {
        email
        for one in versions
        for email in (one.made_by, one.approved_by, one.signed_off_by)
        if email is not None and "@" in email
    }
    people = ((email, work.people.by_email(email, at)) for email in named)
    return {email: person.name for email, person in people if person is not None}


def owners_of(work: UnitOfWork, version: Version, at: datetime) -> list[Person]:
    """Who answers for a version: the Controllers, and whoever approved or signed it off, while they are active."""
    owners = {person.id: person for person in work.people.holding({Role.CONTROLLER}, at)}
    for email in (version.approved_by, version.signed_off_by):
        person = work.people.by_email(email, at) if email else None
        if person is not None and person.is_active:
            owners[person.id] = person
    return list(owners.values())


def objection(work: UnitOfWork, edition: Edition, text: str) -> Refused | None:
    """Why a text cannot be a version of this shelf, with the tag or the line that is wrong."""
    if edition.shelf is not Shelf.TEMPLATE:
        content = work.library.read(DocumentKind(edition.shelf.value), text)
        return Refused(Reason.UNREADABLE_DOCUMENT, by=content.words) if isinstance(content, Unreadable) else None
    letter = Letter.of(text)
    if letter is None:
        return Refused(Reason.NO_LETTER)
    if (fault := unknown_tag(letter)) is not None:
        return Refused(Reason.UNKNOWN_TAG, subject=fault.words)
    if (fault := missing_tag(letter)) is not None:
        return Refused(Reason.MISSING_TAG, subject=fault.words)
    return None


def own_draft(work: UnitOfWork, version: Version, person: Person, role: Role, at: datetime) -> Refused | None:
    """Nobody approves what they wrote while somebody else could (decided): four eyes, or two if need be."""
    if version.state is not VersionState.DRAFT or version.made_by != person.email:
        return None
    others = [one.name for one in work.people.holding({role}, at) if one.id != person.id]
    return Refused(Reason.OWN_DRAFT, subject=others[0]) if others else None


def digest_of(text: str) -> str:
    """What the audit log knows a text by; the text itself stands in its own table."""
    return sha256(text.encode()).hexdigest()[:16]
