"""Who a Slack user is: matched to a Plixo user by e-mail, once, and then known by id."""

from __future__ import annotations

from dataclasses import replace

from domain.outcomes import Refused
from domain.ports import Clock, Profiles, UnitOfWorkFactory
from domain.reasons import Reason
from domain.roles import GroupRole
from domain.values import Person, Role


def identify(
    slack_user_id: str, *, org_id: int, profiles: Profiles, uow: UnitOfWorkFactory, clock: Clock
) -> Person | Refused:
    """The person behind a Slack id. Asks Slack only for people who are not linked yet, outside any transaction.

    The first person of an organisation without anybody becomes its Controller: who installs the app decides. Guests
    do not install apps. Somebody new in a user group that gives a role gets that role; guests are not let in by it.
    """
    at = clock.now()
    with uow() as work:
        known = work.people.by_slack(slack_user_id, at)
    profile = None
    if known is None:
        profile = profiles.profile(slack_user_id)
    elif known.is_active:
        return known
    with uow() as work:

        def refuse(reason: Reason) -> Refused:
            actor_id = known.id if known else None
            work.audit.record(
                "person.refused", at=at, actor_id=actor_id, subject=f"slack:{slack_user_id}", reason=reason
            )
            return Refused(reason, ask=Role.CONTROLLER)

        if known is not None:
            return refuse(Reason.DEACTIVATED)
        if profile is None or not profile.is_active or not profile.email:
            return refuse(Reason.UNKNOWN_PERSON)
        person = work.people.by_email(profile.email, at)
        group: GroupRole | None = None
        if person is None:
            # Two who come first at once wait for each other here: only one of them is the first.
            work.roles.lock()
            group = work.group_roles.of([slack_user_id]).get(slack_user_id)
            if profile.is_guest or (group is None and work.roles.count()):
                return refuse(Reason.UNKNOWN_PERSON)
            role = group.role if group else Role.CONTROLLER
            person = Person(org_id=org_id, id=0, email=profile.email, name=profile.name, role=role, is_active=True)
        elif not person.is_active:
            return refuse(Reason.DEACTIVATED)
        elif person.slack_user_id not in (None, slack_user_id):
            # One Slack user is one Plixo user: a second Slack account with the same address is not let in.
            return refuse(Reason.UNKNOWN_PERSON)
        linked = work.people.save(
            replace(
                person,
                slack_user_id=slack_user_id,
                zone=profile.zone or person.zone,
                locale=profile.locale or person.locale,
            )
        )
        after = {"slack_user": slack_user_id, "role": linked.role.value}
        if group is not None:
            work.roles.follow(linked.id, role=group.role, group=group.usergroup_id, is_active=True)
            after["group"] = group.usergroup_id
        work.audit.record("person.linked", at=at, actor_id=linked.id, subject=f"user:{linked.id}", after=after)
        return linked
