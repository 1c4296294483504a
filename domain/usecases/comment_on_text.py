"""Say something about a text; those who look after it hear of it, and the author hears what they answer."""

from __future__ import annotations

from domain.library import Answered, Commented, Edition
from domain.notices import NoticeKind, Telling
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reasons import Reason
from domain.rules.access import may
from domain.usecases._asker import audit_refusal
from domain.usecases._library import digest_of, found, owners_of, reader_of
from domain.values import Actor, Capability, Role


def comment_on_text(
    edition: Edition,
    *,
    body: str,
    origin: str,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> Commented | Refused:
    """The same `origin` finds the comment that is there. Whoever writes it is not told of it."""
    at, subject = clock.now(), str(edition)
    with uow() as work:
        person = reader_of(work, actor, at, doing="text.commented", subject=subject)
        if isinstance(person, Refused):
            return person
        if not may(person, Capability.COMMENT):
            no = Refused(Reason.NOT_ALLOWED, ask=Role.CONTROLLER)
            return audit_refusal(work, "text.commented.refused", no, actor=actor, at=at, subject=subject)
        version = found(work, edition, actor=actor, at=at, doing="text.commented")
        if isinstance(version, Refused):
            return version
        comment_id, again = work.comments.add(edition, author_id=person.id, body=body, at=at, origin=origin)
        owners = [one for one in owners_of(work, version, at) if one.id != person.id]
        comment = work.comments.get(comment_id)
        assert comment is not None
        if not again:
            work.audit.record(
                "text.commented",
                at=at,
                actor_id=person.id,
                subject=subject,
                after={"comment": comment_id, "hash": digest_of(body)},
            )
            work.notices.raise_all(
                Telling(f"comment:{comment_id}:{one.id}", NoticeKind.COMMENT, str(comment_id), one.id, at)
                for one in owners
            )
        return Commented(comment, told=len(owners), again=again)


def answer_comment(
    comment_id: int,
    *,
    answer: str,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> Answered | Refused:
    """Once; who comes second hears who was first. The messages of all owners show the answer."""
    at, subject, doing = clock.now(), f"comment:{comment_id}", "comment.answered"
    with uow() as work:
        person = reader_of(work, actor, at, doing=doing, subject=subject)
        if isinstance(person, Refused):
            return person
        comment = work.comments.get(comment_id)
        version = work.library.get(comment.edition) if comment else None
        if comment is None or version is None:
            stale = Refused(Reason.STALE_BUTTON)
            return audit_refusal(work, f"{doing}.refused", stale, actor=actor, at=at, subject=subject)
        owners = owners_of(work, version, at)
        if person.id not in {one.id for one in owners}:
            no = Refused(Reason.NOT_OWNER, ask=Role.CONTROLLER)
            return audit_refusal(work, f"{doing}.refused", no, actor=actor, at=at, subject=subject)
        is_first = work.comments.answer(comment_id, by=person.id, answer=answer, at=at)
        comment = work.comments.get(comment_id)
        assert comment is not None
        if not is_first:
            if comment.answered_by == person.name and comment.answer == answer:
                return Answered(comment)  # the same answer, delivered again
            late = Refused(Reason.ALREADY_DECIDED, by=comment.answered_by, at=comment.answered_at, subject="answered")
            return audit_refusal(work, f"{doing}.refused", late, actor=actor, at=at, subject=subject)
        work.audit.record(
            doing,
            at=at,
            actor_id=person.id,
            subject=subject,
            before={"answer": None},
            after={"text": str(comment.edition), "hash": digest_of(answer)},
        )
        told = [
            Telling(f"comment:{comment_id}:{one.id}", NoticeKind.COMMENT, str(comment_id), one.id, at, only_edit=True)
            for one in owners
        ]
        if comment.author_id != person.id:
            key = f"comment:{comment_id}:answer"
            told.append(Telling(key, NoticeKind.COMMENT_ANSWER, str(comment_id), comment.author_id, at))
        work.notices.raise_all(told)
        return Answered(comment)
