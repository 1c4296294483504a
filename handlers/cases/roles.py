"""Roles: requests decided, people and groups given what they may."""

from __future__ import annotations

from datetime import datetime

from domain.outcomes import Refused
from domain.ports import Profiles, UserGroups
from domain.roles import (
    Gift,
    GroupRoleGiven,
    Groups,
    RequestDecided,
    RequestToDecide,
    RoleAssigned,
    RoleHolder,
    Staff,
)
from domain.usecases.assign_role import add_person, assign_role, list_staff, open_holder
from domain.usecases.decide_request import decide_request, open_request
from domain.usecases.give_group_role import give_group_role, open_groups
from domain.values import Role
from handlers.cases.asking import Asking


class RoleCases(Asking):
    __slots__ = ()

    def open_request(self, request_id: int) -> RequestToDecide | Refused:
        return open_request(request_id, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def decide_request(
        self, request_id: int, *, approved: bool, gift: Gift, why: str, until: datetime | None
    ) -> RequestDecided | Refused:
        return decide_request(
            request_id,
            approved=approved,
            gift=gift,
            why=why,
            until=until,
            actor=self.actor,
            uow=self.uow,
            clock=self.clock,
            rulebook=self.rulebook,
        )

    def list_staff(self, offset: int) -> Staff | Refused:
        return list_staff(offset, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def open_holder(self, user_id: int) -> RoleHolder | Refused:
        return open_holder(user_id, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def assign_role(
        self,
        user_id: int,
        *,
        role: Role,
        until: datetime | None,
        is_active: bool,
        keeps_grants: bool = True,
        why: str = "",
    ) -> RoleAssigned | Refused:
        return assign_role(
            user_id,
            role=role,
            until=until,
            is_active=is_active,
            keeps_grants=keeps_grants,
            why=why,
            actor=self.actor,
            uow=self.uow,
            clock=self.clock,
            rulebook=self.rulebook,
        )

    def add_person(
        self, slack_user_id: str, *, role: Role, until: datetime | None, profiles: Profiles, why: str = ""
    ) -> RoleAssigned | Refused:
        return add_person(
            slack_user_id,
            role=role,
            until=until,
            why=why,
            profiles=profiles,
            actor=self.actor,
            uow=self.uow,
            clock=self.clock,
            rulebook=self.rulebook,
        )

    def open_groups(self, *, groups: UserGroups) -> Groups | Refused:
        return open_groups(groups=groups, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def give_group_role(
        self, usergroup_id: str, *, name: str, role: Role | None, why: str = ""
    ) -> GroupRoleGiven | Refused:
        return give_group_role(
            usergroup_id,
            name=name,
            role=role,
            why=why,
            actor=self.actor,
            uow=self.uow,
            clock=self.clock,
            rulebook=self.rulebook,
        )
