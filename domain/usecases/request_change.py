"""Ask the Controllers for another text. Nothing is edited: the text that was read stays as it is."""

from __future__ import annotations

from domain.library import ChangeAsked, Edition
from domain.notices import NoticeKind, Telling
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.reasons import Reason
from domain.rules.differences import differences
from domain.usecases._asker import audit_refusal
from domain.usecases._library import digest_of, found, objection, reader_of
from domain.values import Actor, Role


def request_change(
    edition: Edition,
    *,
    proposed: str,
    why: str,
    origin: str,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> ChangeAsked | Refused:
    """File it once for each `origin` and tell every Controller, the asker among them when they are one.

    The present text is read here and kept with the request: what somebody wanted to change stays to be seen. A text
    that could never be approved is refused at once, with the tag or the line, while its author still sits before it.
    """
    at, subject, doing = clock.now(), str(edition), "change.requested"
    with uow() as work:
        person = reader_of(work, actor, at, doing=doing, subject=subject)
        if isinstance(person, Refused):
            return person
        version = found(work, edition, actor=actor, at=at, doing=doing)
        if isinstance(version, Refused):
            return version
        no = objection(work, edition, proposed)
        if no is None and not differences(version.text, proposed):
            no = Refused(Reason.NOTHING_CHANGED)
        if no is not None:
            return audit_refusal(work, f"{doing}.refused", no, actor=actor, at=at, subject=subject)
        change_id, again = work.changes.add(
            edition, present=version.text, proposed=proposed, why=why, asked_by=person.id, at=at, origin=origin
        )
        change = work.changes.get(change_id)
        assert change is not None
        controllers = work.people.holding({Role.CONTROLLER}, at)
        if not again:
            work.audit.record(
                doing,
                at=at,
                actor_id=person.id,
                subject=f"change:{change_id}",
                before={"text": subject, "hash": digest_of(version.text)},
                after={"hash": digest_of(proposed)},
            )
            work.notices.raise_all(
                Telling(f"change:{change_id}:{one.id}", NoticeKind.CHANGE_REQUEST, str(change_id), one.id, at)
                for one in controllers
            )
        return ChangeAsked(change, told=len(controllers), again=again)
