"""People and their roles, in lines and in windows."""

from __future__ import annotations

from datetime import datetime

from domain.roles import GroupRole, GroupRoleGiven, Groups, RoleAssigned, RoleHolder, Staff
from domain.rules.granting import BY_NAME_ONLY
from domain.values import Person, Role
from handlers import ids, vocabulary
from handlers.entries import NO_ROLE, OFF, ON
from handlers.escaping import escape
from handlers.presenters.deciding import role_options, role_words
from handlers.presenters.home_help import listed
from handlers.presenters.reader import Reader
from handlers.seal import Kind, Signet
from handlers.views.blocks import Button, Option, Page, View, modal, section
from handlers.views.staff import StaffList, adding_view, groups_view, person_view

BY_GROUP = tuple(role for role in Role if role not in BY_NAME_ONLY)
_OWN = " · you; somebody else changes your rights"
_ACCESS = (Option("Active", ON), Option("Deactivated", OFF, "Refused at once; the history stays."))

_GRANTS = (Option("As it was granted", ON), Option("No longer", OFF))


def staff_list(outcome: Staff, *, page: int, reader: Reader, signet: Signet, at: datetime) -> StaffList:
    """`page`: how many stand on one."""
    handles = {given.usergroup_id: given.name for given in outcome.groups}
    last = outcome.offset + len(outcome.holders)
    paging = []
    if outcome.offset > 0:
        before = signet.close(Kind.PEOPLE, max(0, outcome.offset - page))
        paging.append(Button("Previous", ids.ROLES_BACK, before))
    if last < outcome.total:
        paging.append(Button("Next", ids.ROLES_NEXT, signet.close(Kind.PEOPLE, last)))
    return StaffList(
        lead=f"*{outcome.total} {'person' if outcome.total == 1 else 'people'}*"
        + (f", these are {outcome.offset + 1}–{last}" if paging else ""),
        lines=tuple(
            (
                _line(holder, handles, reader, at) + (_OWN if holder.person.id == outcome.reader.id else ""),
                None
                if holder.person.id == outcome.reader.id
                else Button("Change", ids.ROLES_PERSON, signet.close(Kind.PERSON, holder.person.id)),
            )
            for holder in outcome.holders
        ),
        groups=_giving(outcome.groups),
        paging=tuple(paging),
    )


def _line(holder: RoleHolder, handles: dict[str, str], reader: Reader, at: datetime) -> str:
    text = f"*{escape(holder.person.name, 80)}*\n{role_words(holder, reader, at)}"
    if holder.group:
        text += f" · by user group {escape(handles.get(holder.group, 'that gives no role any more'), 60)}"
    if holder.person.capabilities:
        also = ", ".join(vocabulary.CAPABILITIES[one] for one in sorted(holder.person.capabilities))
        text += f" · may also {also}"
    return text if holder.person.is_active else f"{text} · *deactivated*"


def _giving(groups: tuple[GroupRole, ...]) -> str:
    if not groups:
        return "No Slack user group gives a role."
    shown = [f"{escape(one.name, 60)} gives {vocabulary.ROLES[one.role]}" for one in groups[:20]]
    return "By user group: " + "; ".join(shown)


def change_view(holder: RoleHolder, *, reader: Reader, signet: Signet, at: datetime) -> View:
    note = "A role without an end replaces everything that was granted before, also what a user group gave."
    return person_view(
        lead=f"*{escape(holder.person.name, 80)}* is {role_words(holder, reader, at)}.",
        note=note,
        roles=role_options(),
        chosen=list(Role).index(holder.person.role),
        access=_ACCESS,
        is_in=holder.person.is_active,
        grants=_GRANTS,
        granted=_granted(holder.person) if holder.person.capabilities else "",
        metadata=signet.close(Kind.PERSON, holder.person.id),
    )


def _granted(person: Person) -> str:
    return f"May also {listed([vocabulary.CAPABILITIES[one] for one in sorted(person.capabilities)])}"


def add_view() -> View:
    return adding_view(
        roles=role_options(),
        note="Somebody new is matched by their Slack e-mail address. With an end, they are Viewer afterwards.",
    )


def give_view(outcome: Groups, *, signet: Signet) -> View:
    """Slack's user groups; Admin and Controller are not among the roles."""
    if not outcome.there:
        text = "There is no user group in this Slack workspace. Roles are given by name then."
        return modal(Page("Roles by user group", "", (section(text),)))
    giving = {given.usergroup_id: vocabulary.ROLES[given.role] for given in outcome.giving}
    note = (
        "Members have the role within a minute, unless they were given one by name. Who leaves the group loses it. "
        "Admin and Controller are given by name only: whoever may edit a group could give them to themselves."
    )
    return groups_view(
        lead=_giving(outcome.giving),
        groups=tuple(
            Option(
                f"@{escape(one.handle, 40)}",
                signet.close(Kind.USERGROUP, one.id, f"@{_short(one.handle)}"),
                f"{escape(one.name, 40)}: {giving.get(one.id, 'no role')}",
            )
            for one in outcome.there
        ),
        roles=(*role_options(BY_GROUP), Option("No role any more", NO_ROLE)),
        note=note,
    )


def _short(handle: str) -> str:
    """Slack's handles are plain and short; this much fits under the seal whatever it is."""
    return "".join(one for one in handle if one.isascii() and (one.isalnum() or one in "._-"))[:40]


def assigned_page(outcome: RoleAssigned, *, reader: Reader, at: datetime) -> Page:
    now = outcome.now
    text = f"*{escape(now.person.name, 80)}* is {role_words(now, reader, at)}"
    text += "." if now.person.is_active else ", and deactivated: refused at once. What they queued does not leave."
    if outcome.was and outcome.was.person.capabilities and not now.person.capabilities:
        text += " What was granted on top of the role was taken back."
    if not outcome.has_changed:
        text += " Nothing had to be changed."
    return Page("People and roles", text.replace("*", ""), (section(text),))


def given_page(outcome: GroupRoleGiven) -> Page:
    name = escape(outcome.name, 60)
    if outcome.role is None:
        text = f"*{name}* gives no role any more. Who had one only by it is deactivated."
    else:
        role = vocabulary.ROLES[outcome.role]
        text = f"*{name}* gives {role}. Its members have it within a minute, unless they were given one by name."
    return Page("Roles by user group", text.replace("*", ""), (section(text),))
