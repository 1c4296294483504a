"""Slack says that one of its users changed: a deactivated one is refused at once, and stays in the history."""

from __future__ import annotations

from dataclasses import replace

from domain.notices import Profile
from domain.ports import Clock, UnitOfWorkFactory


def note_profile_change(slack_user_id: str, profile: Profile, *, uow: UnitOfWorkFactory, clock: Clock) -> None:
    """Take over zone and locale; a deactivation in Slack deactivates the person here.

    Becoming active again in Slack lets nobody back in by itself, no user group either: that is decided here, by name.
    """
    at = clock.now()
    with uow() as work:
        person = work.people.by_slack(slack_user_id, at)
        if person is None:
            return
        was = None if profile.is_active else work.roles.of([person.id], at)[person.id]
        work.people.save(
            replace(
                person,
                zone=profile.zone or person.zone,
                locale=profile.locale or person.locale,
                is_active=person.is_active and profile.is_active,
            )
        )
        if was is not None:
            work.roles.follow(person.id, role=was.lasting, group=None, is_active=False)
        if was is not None and was.person.is_active:
            work.audit.record(
                "person.deactivated",
                at=at,
                actor_id=None,
                subject=f"user:{person.id}",
                before=was.facts(),
                after={**work.roles.of([person.id], at)[person.id].facts(), "by": "slack"},
            )
