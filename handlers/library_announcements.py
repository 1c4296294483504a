"""What is posted about texts and documents. Pure: the poster gives the facts and posts what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.charter import Waiting
from domain.library import ChangeShown, Comment, Version
from domain.values import Person
from handlers.presenters import changes, publishing, talk
from handlers.presenters.reader import Reader
from handlers.seal import Seal
from handlers.views.blocks import Block, Page, message_blocks, message_text

Posted = tuple[str, list[Block]]


def render_comment(comment: Comment, name: str, person: Person, *, seal: Seal, at: datetime, zone: str) -> Posted:
    """For `person`, who looks after the text called `name`."""
    signet = seal.of(org_id=person.org_id, user_id=person.id, at=at)
    return _message(talk.comment_page(comment, name, reader=Reader.of(person, zone=zone), signet=signet, at=at))


def render_answer(comment: Comment, name: str, person: Person, *, seal: Seal, at: datetime, zone: str) -> Posted:
    """For `person`, who wrote the comment."""
    signet = seal.of(org_id=person.org_id, user_id=person.id, at=at)
    return _message(talk.answer_page(comment, name, reader=Reader.of(person, zone=zone), signet=signet, at=at))


def render_change(shown: ChangeShown, person: Person, *, seal: Seal, at: datetime, zone: str) -> Posted:
    """For `person`, a Controller."""
    signet = seal.of(org_id=person.org_id, user_id=person.id, at=at)
    return _message(changes.change_page(shown, reader=Reader.of(person, zone=zone), signet=signet, at=at))


def render_decision(shown: ChangeShown, person: Person, *, seal: Seal, at: datetime, zone: str) -> Posted:
    """For `person`, who asked."""
    signet = seal.of(org_id=person.org_id, user_id=person.id, at=at)
    return _message(changes.decision_page(shown, reader=Reader.of(person, zone=zone), signet=signet, at=at))


def render_sign_off(version: Version, person: Person, *, seal: Seal, at: datetime) -> Posted:
    """For `person`, of Legal."""
    return _message(changes.sign_off_page(version, signet=seal.of(org_id=person.org_id, user_id=person.id, at=at)))


def render_published(published: Sequence[Waiting], by: str, person: Person, *, seal: Seal, at: datetime) -> Posted:
    """For `person`, who answers for chasing or wrote one of the drafts."""
    signet = seal.of(org_id=person.org_id, user_id=person.id, at=at)
    return _message(publishing.published_page(published, by, signet=signet))


def render_discarded(version: Version, person: Person, *, seal: Seal, at: datetime) -> Posted:
    """For `person`, who wrote it or asked for it."""
    return _message(changes.discarded_page(version, signet=seal.of(org_id=person.org_id, user_id=person.id, at=at)))


def _message(page: Page) -> Posted:
    return message_text(page), message_blocks(page)
