"""Policies, segments, cadences and templates: read, commented on, asked to be changed, approved."""

from __future__ import annotations

from collections.abc import Sequence

from domain.charter import Counted, PublicationShown, Published, Uncounted
from domain.library import (
    Answered,
    Catalogue,
    ChangeAsked,
    ChangeDecided,
    ChangeShown,
    Commented,
    Compared,
    DraftDiscarded,
    Edition,
    Reading,
    SegmentSet,
    SegmentShown,
    Shelf,
    TemplateDecided,
)
from domain.outcomes import Refused
from domain.policies import Settings
from domain.usecases.approve_template import approve_template, retire_template, sign_off_template
from domain.usecases.comment_on_text import answer_comment, comment_on_text
from domain.usecases.count_customers import count_customers
from domain.usecases.decide_change import approve_change, decline_change, show_change
from domain.usecases.discard_draft import discard_draft
from domain.usecases.publish_texts import publish_counted, publish_texts, show_publication
from domain.usecases.read_texts import compare_texts, list_templates, read_current, read_text
from domain.usecases.request_change import request_change
from domain.usecases.set_segment import set_counted_segment, set_segment, show_segment
from domain.usecases.who_asks import who_asks
from domain.values import Person
from handlers.cases.asking import Asking


class LibraryCases(Asking):
    __slots__ = ()

    def who_asks(self) -> Person | Refused:
        return who_asks(actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def list_templates(self) -> Catalogue | Refused:
        return list_templates(actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def read_current(self, shelf: Shelf) -> Reading | Refused:
        return read_current(shelf, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def read_text(self, edition: Edition) -> Reading | Refused:
        return read_text(edition, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def compare_texts(self, edition: Edition, *, other: int) -> Compared | Refused:
        return compare_texts(
            edition, other=other, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook
        )

    def show_publication(self, edition: Edition) -> PublicationShown | Refused:
        return show_publication(edition, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def publish_texts(self, editions: Sequence[Edition]) -> Published | Refused | Uncounted:
        return publish_texts(editions, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def count_customers(self, uncounted: Uncounted) -> Counted:
        return count_customers(uncounted, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def publish_counted(self, editions: Sequence[Edition], counted: Counted) -> Published | Refused:
        return publish_counted(
            editions, counted, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook
        )

    def discard_draft(self, edition: Edition) -> DraftDiscarded | Refused:
        return discard_draft(edition, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def show_segment(self, number: int, index: int) -> SegmentShown | Refused:
        return show_segment(number, index, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def set_segment(self, number: int, index: int, settings: Settings, *, why: str) -> SegmentSet | Refused | Uncounted:
        return set_segment(
            number,
            index,
            settings,
            why=why,
            actor=self.actor,
            uow=self.uow,
            clock=self.clock,
            rulebook=self.rulebook,
        )

    def set_counted_segment(
        self, number: int, index: int, settings: Settings, counted: Counted, *, why: str
    ) -> SegmentSet | Refused:
        return set_counted_segment(
            number,
            index,
            settings,
            counted,
            why=why,
            actor=self.actor,
            uow=self.uow,
            clock=self.clock,
            rulebook=self.rulebook,
        )

    def comment_on_text(self, edition: Edition, *, body: str, origin: str) -> Commented | Refused:
        return comment_on_text(
            edition,
            body=body,
            origin=origin,
            actor=self.actor,
            uow=self.uow,
            clock=self.clock,
            rulebook=self.rulebook,
        )

    def answer_comment(self, comment_id: int, *, answer: str) -> Answered | Refused:
        return answer_comment(
            comment_id, answer=answer, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook
        )

    def request_change(self, edition: Edition, *, proposed: str, why: str, origin: str) -> ChangeAsked | Refused:
        return request_change(
            edition,
            proposed=proposed,
            why=why,
            origin=origin,
            actor=self.actor,
            uow=self.uow,
            clock=self.clock,
            rulebook=self.rulebook,
        )

    def show_change(self, change_id: int, *, to_decide: bool = True) -> ChangeShown | Refused:
        return show_change(
            change_id,
            to_decide=to_decide,
            actor=self.actor,
            uow=self.uow,
            clock=self.clock,
            rulebook=self.rulebook,
        )

    def approve_change(self, change_id: int, *, reason: str, needs_legal: bool) -> ChangeDecided | Refused:
        return approve_change(
            change_id,
            reason=reason,
            needs_legal=needs_legal,
            actor=self.actor,
            uow=self.uow,
            clock=self.clock,
            rulebook=self.rulebook,
        )

    def decline_change(self, change_id: int, *, reason: str) -> ChangeDecided | Refused:
        return decline_change(
            change_id, reason=reason, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook
        )

    def approve_template(self, edition: Edition) -> TemplateDecided | Refused:
        return approve_template(edition, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def sign_off_template(self, edition: Edition) -> TemplateDecided | Refused:
        return sign_off_template(edition, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def retire_template(self, edition: Edition) -> TemplateDecided | Refused:
        return retire_template(edition, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)
