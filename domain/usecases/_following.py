"""People follow their Slack user groups: the role a group gives, or none any more. Shared by what changes groups."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from domain.audit import Entry
from domain.ports import UnitOfWork
from domain.standings import GroupRole, Standing


def follow_groups(work: UnitOfWork, slack_user_ids: Collection[str], *, at: datetime, actor_id: int | None) -> int:
    """Bring those of these Slack users in step who have their role from a user group; returns how many changed.

    A role by name beats a group's: those people are left alone. Who is in no such group any more had no other right
    to be here, so they are deactivated (deny by default), and active again when they come back.
    """
    standings = work.roles.of_slack(slack_user_ids, at)
    following = [standing for standing in standings if standing.group is not None]
    given = work.group_roles.of([s.person.slack_user_id for s in following if s.person.slack_user_id])
    entries: list[Entry] = []
    for standing in following:
        role = given.get(standing.person.slack_user_id or "")
        after = _after(standing, role)
        if after == standing:
            continue
        work.roles.follow(standing.person.id, role=after.lasting, group=after.group, is_active=after.person.is_active)
        entries.append(
            Entry(
                "role.followed_group",
                at=at,
                actor_id=actor_id,
                subject=f"user:{standing.person.id}",
                before=standing.facts(),
                after=after.facts(),
            )
        )
    work.audit.record_all(entries)
    return len(entries)


def _after(standing: Standing, given: GroupRole | None) -> Standing:
    if given is None:
        return replace(standing, person=replace(standing.person, is_active=False))
    role = standing.person.role if standing.until else given.role
    person = replace(standing.person, is_active=True, role=role)
    return replace(standing, person=person, lasting=given.role, group=given.usergroup_id)
