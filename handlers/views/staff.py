"""People and roles: the list, and the windows that change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers import ids
from handlers.views import fields
from handlers.views.blocks import (
    Block,
    Button,
    Option,
    Page,
    View,
    actions,
    asking,
    context,
    divider,
    modal,
    plain,
    section,
)
from handlers.views.deciding import role_field, until_field


@dataclass(frozen=True, slots=True)
class StaffList:
    lead: str
    lines: tuple[tuple[str, Button | None], ...]
    groups: str
    paging: tuple[Button, ...]


def reading_view() -> View:
    """Shown at once, while the people are read."""
    return modal(Page("People and roles", "", (section("Reading…"),)))


def staff_view(shown: StaffList) -> View:
    blocks: list[Block] = [
        section(shown.lead),
        actions([Button("Add somebody", ids.ROLES_ADD, "add"), Button("User groups", ids.ROLES_GROUPS, "groups")]),
        context(shown.groups),
        divider(),
    ]
    blocks += [section(text, beside=button) for text, button in shown.lines]
    if shown.paging:
        blocks.append(actions(shown.paging))
    return modal(Page("People and roles", "", tuple(blocks)))


def person_view(
    *,
    lead: str,
    note: str,
    roles: Sequence[Option],
    chosen: int,
    access: Sequence[Option],
    is_in: bool,
    granted: str,
    grants: Sequence[Option],
    metadata: str,
) -> View:
    """`granted`: what was granted on top of the role, in words; `grants` are the answers whether it stays."""
    kept = fields.Asked(granted, ids.ROLE_GRANTS, ids.ROLE_GRANTS)
    asked = fields.Asked("Access", ids.ROLE_ACCESS, ids.ROLE_ACCESS)
    blocks = (
        section(lead),
        role_field(roles, chosen),
        until_field(),
        *([fields.either(kept, options=grants, chosen=0)] if granted else []),
        fields.either(asked, options=access, chosen=0 if is_in else 1),
        why_field(),
        context(note),
    )
    return asking(
        Page("Change rights", "", blocks),
        callback=ids.ROLE_MODAL,
        submit="Save",
        close="Not now",
        metadata=metadata,
    )


def adding_view(*, roles: Sequence[Option], note: str) -> View:
    who: Block = {
        "type": "input",
        "block_id": ids.ROLE_WHO,
        "label": plain("Who", 2_000),
        "element": {"type": "users_select", "action_id": ids.ROLE_WHO},
        "optional": False,
    }
    return asking(
        Page("Add somebody", "", (who, role_field(roles, None), until_field(), why_field(), context(note))),
        callback=ids.ADD_MODAL,
        submit="Save",
        close="Not now",
        metadata="",
    )


def why_field() -> Block:
    """One line, for those who read the log."""
    asked = fields.Asked("Why", ids.ROLE_WHY, ids.ROLE_WHY, hint="Stands in the audit log.", is_optional=True)
    return fields.typed(asked, most=fields.WHY_AT_MOST)


def groups_view(*, lead: str, groups: Sequence[Option], roles: Sequence[Option], note: str) -> View:
    asked = fields.Asked("User group", ids.ROLE_GROUP, ids.ROLE_GROUP)
    blocks = (
        section(lead),
        fields.one(asked, options=groups, chosen=None),
        role_field(roles, None),
        why_field(),
        context(note),
    )
    return asking(
        Page("Roles by user group", "", blocks),
        callback=ids.GROUP_MODAL,
        submit="Save",
        close="Not now",
        metadata="",
    )
