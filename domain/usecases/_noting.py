"""What writing, answering, editing and pinning notes have in common: may they, whom does it name, who hears."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.accounts import Account
from domain.errors import Unavailable
from domain.notes import (
    BODY_AT_MOST,
    MENTIONS_AT_MOST,
    Fault,
    NoteAct,
    NoteField,
    NoteOpened,
    NoteProblem,
    NoteThread,
    Unsaved,
)
from domain.notices import NoticeKind, Profile, Telling
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, Profiles, UnitOfWork, UnitOfWorkFactory
from domain.reasons import Reason
from domain.rules.access import sees
from domain.rules.noting import mentions_in, tidied, why_not, with_names
from domain.usecases._asker import asker, audit_refusal, visible_account
from domain.values import Actor, Capability, Person, Role


def note_for(
    work: UnitOfWork, actor: Actor, note_id: int, act: NoteAct, *, at: datetime, rulebook: Rulebook, doing: str
) -> NoteOpened | Refused:
    """The note if the actor sees its account and may do this with it; a refusal is audited as `doing`."""
    subject = f"note:{note_id}"
    person = asker(work, actor, at, needs=Capability.VIEW_ACCOUNTS, doing=doing, subject=subject)
    if isinstance(person, Refused):
        return person
    thread = work.notes.thread(note_id)
    if thread is None:
        gone = Refused(Reason.NOTE_GONE)
        return audit_refusal(work, f"{doing}.refused", gone, actor=actor, at=at, subject=subject)
    account = visible_account(work, person, thread.account_id, rulebook.policy.scope, at=at, doing=doing)
    if isinstance(account, Refused):
        return account
    if (reason := why_not(person, act, thread)) is not None:
        no = Refused(reason, ask=None if reason is Reason.NOTE_IMPORTED else Role.CONTROLLER)
        return audit_refusal(work, f"{doing}.refused", no, actor=actor, at=at, subject=subject, account_id=account.id)
    return NoteOpened(thread=thread, account=account, reader=person, at=at)


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, and what Slack says of the people in it that Plixo does not know by their Slack id.

    `people` were chosen from the list, `in_text` are named in the text. A profile is None for bots and strangers.
    """

    body: str
    people: frozenset[str]
    in_text: frozenset[str]
    profiles: Mapping[str, Profile | None]
    is_found_out: bool = True


def read_typed(
    body: str, people: Collection[str], *, uow: UnitOfWorkFactory, clock: Clock, profiles: Profiles
) -> Typed:
    """Asks Slack outside any transaction, and only for people who have not used Plixo in Slack yet."""
    text = tidied(body)
    chosen, named = frozenset(people), mentions_in(text)
    wanted = sorted(chosen | named)[: MENTIONS_AT_MOST + 1]
    at = clock.now()
    with uow() as work:
        unknown = [one for one in wanted if work.people.by_slack(one, at) is None]
    try:
        asked = {one: profiles.profile(one) for one in unknown}
    except Unavailable:
        return Typed(text, chosen, named, {}, is_found_out=False)
    return Typed(text, chosen, named, asked)


@dataclass(slots=True)
class Named:
    """Whom a text names, once each, and the text as it is kept."""

    body: str
    people: dict[int, Person] = field(default_factory=dict)


def named(work: UnitOfWork, typed: Typed, account: Account, *, at: datetime, rulebook: Rulebook) -> Named | Unsaved:
    """Everybody who is named may see the account, or nothing is written and each is named at the field."""
    problems = [*_of_length(typed.body)]
    if len(typed.people | typed.in_text) > MENTIONS_AT_MOST:
        problems.append(NoteProblem(_field_of(typed), Fault.TOO_MANY))
    elif not typed.is_found_out:
        problems.append(NoteProblem(_field_of(typed), Fault.NOT_FOUND_OUT))
    if problems:
        return Unsaved(tuple(problems))
    found = {one: _person(work, one, typed, at) for one in sorted(typed.people | typed.in_text)}
    for where, ids in ((NoteField.PEOPLE, typed.people), (NoteField.BODY, typed.in_text - typed.people)):
        problems += _of_access({one: found[one] for one in sorted(ids)}, where, typed, account, rulebook)
    if problems:
        return Unsaved(tuple(problems))
    known = {one: person for one, person in found.items() if person is not None}
    text = with_names(typed.body, {one: person.name for one, person in known.items()})
    if len(text) > BODY_AT_MOST:  # the names are longer than what stood for them
        return Unsaved((NoteProblem(NoteField.BODY, Fault.TOO_LONG),))
    return Named(text, {person.id: person for person in known.values()})


def _of_length(body: str) -> Iterable[NoteProblem]:
    if not body:
        yield NoteProblem(NoteField.BODY, Fault.EMPTY)
    elif len(body) > BODY_AT_MOST:
        yield NoteProblem(NoteField.BODY, Fault.TOO_LONG)


def _field_of(typed: Typed) -> NoteField:
    return NoteField.PEOPLE if typed.people else NoteField.BODY


def _person(work: UnitOfWork, slack_user_id: str, typed: Typed, at: datetime) -> Person | None:
    """By Slack's id, or by the e-mail address that Slack knows for somebody who has not used Plixo there yet."""
    person = work.people.by_slack(slack_user_id, at)
    profile = typed.profiles.get(slack_user_id)
    if person is not None or profile is None or not profile.email:
        return person
    person = work.people.by_email(profile.email, at)
    return person if person is not None and person.slack_user_id in (None, slack_user_id) else None


def _of_access(
    found: Mapping[str, Person | None], where: NoteField, typed: Typed, account: Account, rulebook: Rulebook
) -> Iterable[NoteProblem]:
    strangers = [one for one, person in found.items() if person is None or not person.is_active]
    if strangers:
        names = tuple(_name(one, found[one], typed) for one in strangers)
        yield NoteProblem(where, Fault.NOT_HERE, names)
    blind = [p.name for p in found.values() if p and p.is_active and not sees(p, account, rulebook.policy.scope)]
    if blind:
        yield NoteProblem(where, Fault.NO_ACCESS, tuple(blind))


def _name(slack_user_id: str, person: Person | None, typed: Typed) -> str:
    profile = typed.profiles.get(slack_user_id)
    return person.name if person else profile.name if profile else ""


def unsaved(
    work: UnitOfWork, outcome: Unsaved, *, doing: str, actor: Actor, at: datetime, subject: str, account_id: int
) -> Unsaved:
    """Naming somebody who may not see the account is refused, and a refusal is audited."""
    if any(problem.fault in (Fault.NO_ACCESS, Fault.NOT_HERE) for problem in outcome.problems):
        refusal = Refused(Reason.OUT_OF_SCOPE)
        audit_refusal(work, f"{doing}.refused", refusal, actor=actor, at=at, subject=subject, account_id=account_id)
    return outcome


def mention_tellings(
    note_id: int, new: Collection[int], *, before: Collection[int] = (), at: datetime
) -> list[Telling]:
    """A direct message to each who is newly named; those who were named before see theirs changed in place."""

    def one(user_id: int, *, only_edit: bool) -> Telling:
        key, kind = f"note:{note_id}:{user_id}", NoticeKind.NOTE_MENTION
        return Telling(key, kind, str(note_id), user_id, at, only_edit=only_edit)

    again = sorted(set(before) - set(new))
    return [*(one(id, only_edit=False) for id in sorted(new)), *(one(id, only_edit=True) for id in again)]


def reply_tellings(
    thread: NoteThread, reply_id: int, mentioned: Collection[int], *, by: int, at: datetime
) -> list[Telling]:
    """The note's author, whoever answered before, and whom the reply names; not the one who wrote it."""
    hear = {thread.author_id, *(reply.author_id for reply in thread.replies), *mentioned} - {None, by}
    subject = f"{thread.note.id}/{reply_id}"
    return [
        Telling(f"note_reply:{reply_id}:{id}", NoticeKind.NOTE_REPLY, subject, id, at)
        for id in sorted(filter(None, hear))
    ]
