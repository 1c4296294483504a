"""People follow their Slack user groups: the role a group gives, or none any more. Shared by what changes groups."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from domain.audit import Entry
from domain.ports import UnitOfWork
from domain.roles import GroupRole, RoleHolder


def follow_groups(work: UnitOfWork, slack_user_ids: Collection[str], *, at: datetime, actor_id: int | None) -> int:
    """Bring those of these Slack users in step who have their role from a user group; returns how many changed.

    A role by name beats a group's: those people are left alone. Who is in no such group any more had no other right
    to be here, so they are deactivated (deny by default), and active again when they come back.
    """
    holders = work.roles.of_slack(slack_user_ids, at)
    following = [holder for holder in holders if holder.group is not None]
    given = work.group_roles.of([s.person.slack_user_id for s in following if s.person.slack_user_id])
    entries: list[Entry] = []
    for holder in following:
        role = given.get(holder.person.slack_user_id or "")
        after = _after(holder, role)
        if after == holder:
            continue
        work.roles.follow(holder.person.id, role=after.lasting, group=after.group, is_active=after.person.is_active)
        entries.append(
            Entry(
                "role.followed_group",
                at=at,
                actor_id=actor_id,
                subject=f"user:{holder.person.id}",
                before=holder.facts(),
                after=after.facts(),
            )
        )
    work.audit.record_all(entries)
    return len(entries)


def _after(holder: RoleHolder, given: GroupRole | None) -> RoleHolder:
    if given is None:
        return replace(holder, person=replace(holder.person, is_active=False))
    role = holder.person.role if holder.until else given.role
    person = replace(holder.person, is_active=True, role=role)
    return replace(holder, person=person, lasting=given.role, group=given.usergroup_id)
