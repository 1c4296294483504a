"""Who a Slack user is: matched to a Plixo user by e-mail, once, and then known by id."""

from __future__ import annotations

from dataclasses import replace

from domain.outcomes import Refused
from domain.ports import Clock, Profiles, UnitOfWorkFactory
from domain.reasons import Reason
from domain.values import Person, Role


def identify(
    slack_user_id: str, *, org_id: int, profiles: Profiles, uow: UnitOfWorkFactory, clock: Clock
) -> Person | Refused:
    """The person behind a Slack id. Asks Slack only for people who are not linked yet, outside any transaction.

    The first person of an organisation without anybody becomes its Controller: who installs the app decides.
    """
    at = clock.now()
    with uow() as work:
        known = work.people.by_slack(slack_user_id, at)
    if known is not None:
        return known if known.is_active else Refused(Reason.DEACTIVATED, ask=Role.CONTROLLER)
    profile = profiles.profile(slack_user_id)
    if profile is None or not profile.is_active or not profile.email:
        return Refused(Reason.UNKNOWN_PERSON, ask=Role.CONTROLLER)
    with uow() as work:
        person = work.people.by_email(profile.email, at)
        if person is None:
            if work.people.everyone(at):
                return Refused(Reason.UNKNOWN_PERSON, ask=Role.CONTROLLER)
            person = Person(
                org_id=org_id, id=0, email=profile.email, name=profile.name, role=Role.CONTROLLER, is_active=True
            )
        elif not person.is_active:
            return Refused(Reason.DEACTIVATED, ask=Role.CONTROLLER)
        elif person.slack_user_id not in (None, slack_user_id):
            # One Slack user is one Plixo user: a second Slack account with the same address is not let in.
            return Refused(Reason.UNKNOWN_PERSON, ask=Role.CONTROLLER)
        linked = work.people.save(
            replace(
                person,
                slack_user_id=slack_user_id,
                zone=profile.zone or person.zone,
                locale=profile.locale or person.locale,
            )
        )
        work.audit.record(
            "person.linked",
            at=at,
            actor_id=linked.id,
            subject=f"user:{linked.id}",
            after={"slack_user": slack_user_id, "role": linked.role.value},
        )
        return linked
