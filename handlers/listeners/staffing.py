"""People and roles, from App Home: look, change, add, and give roles by user group."""

from __future__ import annotations

from typing import assert_never

from domain.outcomes import Refused
from domain.roles import GroupRoleGiven, Groups, RoleAssigned, RoleHolder, Staff
from domain.usecases.assign_role import PAGE
from domain.values import Capability
from handlers import entries
from handlers.answers import Answer, Mend, Prepare, Redraw, Show, Tell, Turn
from handlers.listeners.refusing import Refusing
from handlers.presenters import staff
from handlers.request import Request
from handlers.views.blocks import View, modal
from handlers.views.staff import reading_view, staff_view

_refusal = Refusing("People and roles", Capability.ASSIGN_ROLES)


def open_people(request: Request) -> Answer:
    return Prepare(reading_view(), lambda: _people(request, 0))


def turn_page(request: Request) -> Answer:
    return Redraw(_people(request, entries.clicked_page(request.body, request.signet)))


def open_person(request: Request) -> Answer:
    outcome = request.cases.open_holder(entries.clicked_person(request.body, request.signet))
    match outcome:
        case RoleHolder():
            return Show(staff.change_view(outcome, reader=request.reader, signet=request.signet, at=request.at))
        case Refused():
            return Tell(_refusal(request, outcome))
        case _:
            assert_never(outcome)


def open_adding(request: Request) -> Answer:
    """Only for those who may assign roles, although the window shows nothing of anybody."""
    outcome = request.cases.list_staff(0)
    match outcome:
        case Staff():
            return Show(staff.add_view())
        case Refused():
            return Tell(_refusal(request, outcome))
        case _:
            assert_never(outcome)


def open_groups(request: Request) -> Answer:
    """The window opens first: Slack is asked for its user groups meanwhile."""
    return Prepare(reading_view(), lambda: _groups(request))


def change(request: Request) -> Answer:
    user_id = entries.changed_person(request.body, request.signet)
    rights = entries.rights(request.body, request.reader.zone)
    if errors := rights.errors(request.at):
        return Mend(errors)
    return _assigned(
        request,
        request.cases.assign_role(
            user_id,
            role=rights.role,
            until=rights.until,
            is_active=rights.is_active,
            keeps_grants=rights.keeps_grants,
            why=rights.why,
        ),
    )


def add(request: Request) -> Answer:
    who = entries.chosen_colleague(request.body)
    rights = entries.rights(request.body, request.reader.zone)
    if errors := rights.errors(request.at):
        return Mend(errors)
    return _assigned(
        request,
        request.cases.add_person(who, role=rights.role, until=rights.until, profiles=request.profiles, why=rights.why),
    )


def give(request: Request) -> Answer:
    usergroup_id, handle, role = entries.chosen_group(request.body, request.signet)
    why = entries.given_why(request.body)
    outcome = request.cases.give_group_role(usergroup_id, name=handle, role=role, why=why)
    match outcome:
        case GroupRoleGiven():
            return Turn(staff.given_page(outcome))
        case Refused():
            return Turn(_refusal(request, outcome))
        case _:
            assert_never(outcome)


def _assigned(request: Request, outcome: RoleAssigned | Refused) -> Answer:
    match outcome:
        case RoleAssigned():
            return Turn(staff.assigned_page(outcome, reader=request.reader, at=request.at))
        case Refused():
            return Turn(_refusal(request, outcome))
        case _:
            assert_never(outcome)


def _people(request: Request, offset: int) -> View:
    outcome = request.cases.list_staff(offset)
    match outcome:
        case Staff():
            return staff_view(
                staff.staff_list(outcome, page=PAGE, reader=request.reader, signet=request.signet, at=request.at)
            )
        case Refused():
            return modal(_refusal(request, outcome))
        case _:
            assert_never(outcome)


def _groups(request: Request) -> View:
    outcome = request.cases.open_groups(groups=request.groups)
    match outcome:
        case Groups():
            return staff.give_view(outcome, signet=request.signet)
        case Refused():
            return modal(_refusal(request, outcome))
        case _:
            assert_never(outcome)
