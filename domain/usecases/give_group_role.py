"""Roles by Slack user group: look, give, take back, and keep in step with who is in the group."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from domain.errors import Unavailable
from domain.outcomes import Refused
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory, UserGroups
from domain.reasons import Reason
from domain.roles import GroupRole, GroupRoleGiven, Groups, because
from domain.rules.granting import BY_NAME_ONLY
from domain.usecases._asker import asker, audit_refusal
from domain.usecases._following import follow_groups
from domain.values import Actor, Capability, Role

DOING = "group_role.give"
READ_AGAIN = timedelta(hours=1)
"""Slack tells of every change; what it could not tell (we were away) is caught up with within this time (decided)."""


def open_groups(
    *, groups: UserGroups, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> Groups | Refused:
    """The user groups there are, and the roles they give. Asks Slack, outside any transaction."""
    at = clock.now()
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.ASSIGN_ROLES, doing=DOING, subject="groups")
        if isinstance(person, Refused):
            return person
        giving = tuple(work.group_roles.all())
    try:
        return Groups(there=tuple(groups.all()), giving=giving)
    except Unavailable:
        return Refused(Reason.GROUPS_UNREAD)


def give_group_role(
    usergroup_id: str,
    *,
    name: str,
    role: Role | None,
    why: str = "",
    actor: Actor,
    uow: UnitOfWorkFactory,
    clock: Clock,
    rulebook: Rulebook,
) -> GroupRoleGiven | Refused:
    """Members of the group have the role from now on, unless they have one by name. None: it gives none any more.

    `why` is for the audit log and may be empty.
    Who is in it is read from Slack a moment later, by `read_groups`: the row is the order.
    """
    at = clock.now()
    subject = f"group:{usergroup_id}"
    with uow() as work:
        work.roles.lock()
        person = asker(work, actor, at, needs=Capability.ASSIGN_ROLES, doing=DOING, subject=subject)
        if isinstance(person, Refused):
            return person
        if role in BY_NAME_ONLY:
            refusal = Refused(Reason.NOT_GRANTABLE)
            return audit_refusal(work, f"{DOING}.refused", refusal, actor=actor, at=at, subject=subject)
        was = next((given for given in work.group_roles.all() if given.usergroup_id == usergroup_id), None)
        if (was.role if was else None) is role:
            return GroupRoleGiven(name, role, role)
        if role is None:
            there = work.group_roles.members(usergroup_id)
            work.group_roles.take(usergroup_id)
        else:
            work.group_roles.give(GroupRole(usergroup_id, name, role, given_by=person.email, given_at=at))
            there = work.group_roles.members(usergroup_id)
        work.audit.record(
            "group_role.given" if role else "group_role.taken",
            at=at,
            actor_id=person.id,
            subject=subject,
            before={"role": was.role.value, "name": was.name} if was else None,
            after=because({"role": role.value, "name": name} if role else {}, why) or None,
        )
        follow_groups(work, there, at=at, actor_id=person.id)
        return GroupRoleGiven(name, role, was.role if was else None)


def note_group_change(
    usergroup_id: str, *, came: Collection[str], went: Collection[str], uow: UnitOfWorkFactory, clock: Clock
) -> int:
    """Slack says that people joined or left a user group; returns whose rights changed."""
    at = clock.now()
    with uow() as work:
        if not any(given.usergroup_id == usergroup_id for given in work.group_roles.all()):
            return 0
        work.roles.lock()
        work.group_roles.change_members(usergroup_id, came=came, went=went)
        return follow_groups(work, {*came, *went}, at=at, actor_id=None)


def read_groups(*, groups: UserGroups, uow: UnitOfWorkFactory, clock: Clock) -> int:
    """Read the members of groups whose time has come, and bring people in step; returns whose rights changed.

    Safe to do twice and at once. When Slack does not answer, it is tried again at the next look. Raises Unavailable.
    """
    at = clock.now()
    with uow() as work:
        due = [given for given in work.group_roles.all() if given.read_at is None or given.read_at <= at - READ_AGAIN]
    changed = 0
    for given in due:
        there = groups.members(given.usergroup_id)
        with uow() as work:
            work.roles.lock()
            before = work.group_roles.members(given.usergroup_id)
            if not any(one.usergroup_id == given.usergroup_id for one in work.group_roles.all()):
                continue
            work.group_roles.set_members(given.usergroup_id, there, at=at)
            changed += follow_groups(work, {*before, *there}, at=at, actor_id=None)
    return changed
