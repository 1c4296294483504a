"""What notices about texts and documents say."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.voice import Posting, Voice
from domain.errors import Rejected
from domain.library import ChangeShown, Comment, Edition, Version
from domain.notices import NoticeKind
from domain.usecases.apply_charter import published_texts
from domain.usecases.decide_change import shown_change
from handlers.library_announcements import (
    render_answer,
    render_change,
    render_comment,
    render_decision,
    render_discarded,
    render_published,
    render_sign_off,
)


def _comment(voice: Voice, subject: str) -> Posting:
    comment, name = _said(voice, subject)
    return Posting(*render_comment(comment, name, voice.reader, seal=voice.seal, at=voice.at, zone=voice.zone))


def _comment_answer(voice: Voice, subject: str) -> Posting:
    comment, name = _said(voice, subject)
    return Posting(*render_answer(comment, name, voice.reader, seal=voice.seal, at=voice.at, zone=voice.zone))


def _said(voice: Voice, subject: str) -> tuple[Comment, str]:
    comment = voice.work.comments.get(int(subject))
    version = voice.work.library.get(comment.edition) if comment else None
    if comment is None or version is None:
        raise Rejected("The comment is gone.", code="comment_gone")
    return comment, version.name


def _change_request(voice: Voice, subject: str) -> Posting:
    shown = _change(voice, subject)
    return Posting(*render_change(shown, voice.reader, seal=voice.seal, at=voice.at, zone=voice.zone))


def _change_decision(voice: Voice, subject: str) -> Posting:
    shown = _change(voice, subject)
    return Posting(*render_decision(shown, voice.reader, seal=voice.seal, at=voice.at, zone=voice.zone))


def _change(voice: Voice, subject: str) -> ChangeShown:
    shown = shown_change(voice.work, int(subject))
    if shown is None:
        raise Rejected("The request is gone.", code="change_gone")
    return shown


def _sign_off(voice: Voice, subject: str) -> Posting:
    return Posting(*render_sign_off(_draft(voice, subject), voice.reader, seal=voice.seal, at=voice.at))


def _draft(voice: Voice, subject: str) -> Version:
    version = voice.work.library.get(Edition.of(subject))
    if version is None:
        raise Rejected("The draft is gone.", code="draft_gone")
    return version


def _discarded(voice: Voice, subject: str) -> Posting:
    return Posting(*render_discarded(_draft(voice, subject), voice.reader, seal=voice.seal, at=voice.at))


def _published(voice: Voice, subject: str) -> Posting:
    published = published_texts(voice.work, [Edition.of(one) for one in subject.split()])
    if not published:
        raise Rejected("What was published is gone.", code="text_gone")
    email = published[0].draft.approved_by or ""
    by = voice.work.people.by_email(email, voice.at)
    name = by.name if by else email
    return Posting(*render_published(published, name, voice.reader, seal=voice.seal, at=voice.at))


WORDS_OF_TEXTS: Mapping[NoticeKind, Callable[[Voice, str], Posting]] = {
    NoticeKind.COMMENT: _comment,
    NoticeKind.COMMENT_ANSWER: _comment_answer,
    NoticeKind.CHANGE_REQUEST: _change_request,
    NoticeKind.CHANGE_DECISION: _change_decision,
    NoticeKind.SIGN_OFF: _sign_off,
    NoticeKind.PUBLISHED: _published,
    NoticeKind.DISCARDED: _discarded,
}
"""Each takes the subject of the notice. Raises Rejected when there is nothing left to say."""
