"""People and their roles, by name: look, and change."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.notices import NoticeKind, Profile, Telling
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, Profiles, UnitOfWork, UnitOfWorkFactory
from domain.reasons import Reason
from domain.roles import RoleAssigned, RoleHolder, Staff, because
from domain.rules.granting import takes_the_last_controller
from domain.usecases._asker import asker, audit_refusal
from domain.values import Actor, Capability, Person, Role

PAGE = 20
DOING = "role.assign"


def list_staff(
    offset: int, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> Staff | Refused:
    """`PAGE` people from `offset` on: active ones first, by name."""
    at = clock.now()
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.ASSIGN_ROLES, doing=DOING, subject="people")
        if isinstance(person, Refused):
            return person
        total = work.roles.count()
        first = max(0, min(offset, total - 1))
        return Staff(
            holders=tuple(work.roles.page(at, offset=first, limit=PAGE)),
            offset=first,
            total=total,
            groups=tuple(work.group_roles.all()),
            reader=person,
        )


def open_holder(
    user_id: int, *, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> RoleHolder | Refused:
    """One person's rights, to be changed."""
    at = clock.now()
    subject = f"user:{user_id}"
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.ASSIGN_ROLES, doing=DOING, subject=subject)
        if isinstance(person, Refused):
            return person
        found = work.roles.of([user_id], at).get(user_id)
        if found is None:
            return audit_refusal(
                work, f"{DOING}.refused", Refused(Reason.STALE_BUTTON), actor=actor, at=at, subject=subject
            )
        return found


def assign_role(
    user_id: int,
    *,
    role: Role,
    until: datetime | None,
    is_active: bool,
    keeps_grants: bool = True,
    why: str = "",
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> RoleAssigned | Refused:
    """A role for good or until a day, and whether the person is let in. Given by name, whatever a group says.

    Nobody changes their own rights, and one lasting Controller always remains. Doing it twice changes nothing more.
    Without `keeps_grants` what was granted on top of the role ends. `why` is for the audit log and may be empty.
    """
    at = clock.now()
    subject = f"user:{user_id}"
    with uow() as work:
        work.roles.lock()
        decider = asker(work, actor, at, needs=Capability.ASSIGN_ROLES, doing=DOING, subject=subject)
        if isinstance(decider, Refused):
            return decider
        was = work.roles.of([user_id], at).get(user_id)
        refusal = _refusal(work, was, user_id, decider, role=role, until=until, is_active=is_active, at=at)
        if refusal is not None or was is None:
            return audit_refusal(
                work,
                f"{DOING}.refused",
                refusal or Refused(Reason.STALE_BUTTON),
                actor=actor,
                at=at,
                subject=subject,
            )
        bare = was
        if not keeps_grants and was.person.capabilities:
            # A role for good ends all that was granted; one for a time is given anew below.
            work.people.grant(user_id, role=was.lasting, capability=None, until=None, by=decider.email)
            bare = work.roles.of([user_id], at)[user_id]
        _change(work, bare, decider, role=role, until=until, is_active=is_active)
        now = work.roles.of([user_id], at)[user_id]
        _note(work, was, now, decider, at, why=why)
        return RoleAssigned(now=now, was=was)


def add_person(
    slack_user_id: str,
    *,
    role: Role,
    until: datetime | None,
    why: str = "",
    profiles: Profiles,
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> RoleAssigned | Refused:
    """Somebody chosen in Slack gets a role; who is not one of our people yet becomes one, as a Viewer behind an end.

    Asks Slack only about people it does not know, outside any transaction. Raises Unavailable.
    """
    at = clock.now()
    subject = f"slack:{slack_user_id}"
    with uow() as work:
        decider = asker(work, actor, at, needs=Capability.ASSIGN_ROLES, doing=DOING, subject=subject)
        if isinstance(decider, Refused):
            return decider
        known = work.people.by_slack(slack_user_id, at)
    if known is None:
        profile = profiles.profile(slack_user_id)
        with uow() as work:
            decider = asker(work, actor, at, needs=Capability.ASSIGN_ROLES, doing=DOING, subject=subject)
            if isinstance(decider, Refused):
                return decider
            if until is not None and until <= at:
                end = Refused(Reason.END_PASSED)
                return audit_refusal(work, f"{DOING}.refused", end, actor=actor, at=at, subject=subject)
            added = _added(work, slack_user_id, profile, decider, role if until is None else Role.VIEWER, at)
            if isinstance(added, Refused):
                return audit_refusal(work, f"{DOING}.refused", added, actor=actor, at=at, subject=subject)
            known = added
    return assign_role(
        known.id, role=role, until=until, is_active=True, why=why, actor=actor, uow=uow, clock=clock, rulebook=rulebook
    )


def _refusal(
    work: UnitOfWork,
    was: RoleHolder | None,
    user_id: int,
    decider: Person,
    *,
    role: Role,
    until: datetime | None,
    is_active: bool,
    at: datetime,
) -> Refused | None:
    if was is None:
        return Refused(Reason.STALE_BUTTON)
    if user_id == decider.id:
        return Refused(Reason.OWN_RIGHTS)
    if until is not None and until <= at:
        return Refused(Reason.END_PASSED)
    lasting = work.roles.lasting_controllers(at)
    if takes_the_last_controller(lasting, user_id, role=role, is_active=is_active):
        return Refused(Reason.LAST_CONTROLLER, subject=was.person.name)
    return None


def _change(
    work: UnitOfWork, was: RoleHolder, decider: Person, *, role: Role, until: datetime | None, is_active: bool
) -> None:
    """Only what differs is written: a role that stays as it is leaves what was granted on top of it alone."""
    if (was.person.role, was.until) != (role, until):
        work.people.grant(was.person.id, role=role, capability=None, until=until, by=decider.email)
    if was.person.is_active != is_active or was.group is not None:
        lasting = role if until is None else was.lasting
        work.roles.follow(was.person.id, role=lasting, group=None, is_active=is_active)


def _note(work: UnitOfWork, was: RoleHolder, now: RoleHolder, decider: Person, at: datetime, *, why: str) -> None:
    if now == was:
        return
    subject, held = f"user:{now.person.id}", sorted(was.person.capabilities)
    if held and not now.person.capabilities:
        after = because({"capabilities": []}, why)
        before = {"capabilities": held}
        work.audit.record("capability.taken", at=at, actor_id=decider.id, subject=subject, before=before, after=after)
    if now.facts() == was.facts():
        action = None
    elif was.person.is_active == now.person.is_active:
        action = "role.set"
    else:
        action = "person.activated" if now.person.is_active else "person.deactivated"
    if action is not None:
        after = because(now.facts(), why)
        work.audit.record(action, at=at, actor_id=decider.id, subject=subject, before=was.facts(), after=after)
    if now.person.is_active:
        key = f"role:{now.person.id}:{at.isoformat()}"
        told = Telling(key, NoticeKind.ROLE_CHANGED, str(now.person.id), now.person.id, at)
        work.notices.raise_all([told])


def _added(
    work: UnitOfWork, slack_user_id: str, profile: Profile | None, decider: Person, role: Role, at: datetime
) -> Person | Refused:
    """The person behind a Slack user who is not linked: known by e-mail, or new."""
    if profile is None or not profile.is_active or not profile.email or profile.is_guest:
        return Refused(Reason.NOT_IN_SLACK)
    known = work.people.by_email(profile.email, at)
    if known is not None and known.slack_user_id not in (None, slack_user_id):
        # One Slack user is one Plixo user: the address belongs to another one already.
        return Refused(Reason.NOT_IN_SLACK)
    person = known or Person(
        org_id=decider.org_id, id=0, email=profile.email, name=profile.name, role=role, is_active=True
    )
    saved = work.people.save(
        replace(
            person,
            slack_user_id=slack_user_id,
            zone=profile.zone or person.zone,
            locale=profile.locale or person.locale,
        )
    )
    if known is None or known.slack_user_id is None:
        action, after = (
            "person.linked" if known else "person.added",
            {"slack_user": slack_user_id, "role": saved.role.value},
        )
        work.audit.record(action, at=at, actor_id=decider.id, subject=f"user:{saved.id}", after=after)
    return saved
