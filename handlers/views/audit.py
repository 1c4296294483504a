"""The window of the audit log: what to look for, what was found, and a way to take it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers import ids
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
    paragraphs,
    plain,
    section,
)
from handlers.views.blocks import option as option_of

TITLE = "Audit log"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What stands in the fields: a Slack user's id, a sealed account with its name, days like 2026-11-23."""

    person: str | None = None
    account: Option | None = None
    since: str | None = None
    until: str | None = None


def opening_view() -> View:
    """Shown at once, while the log is read."""
    return modal(Page(TITLE, "", (section("Reading the audit log…"),)))


def audit_view(chosen: Chosen, found: Sequence[str]) -> View:
    """`found`: the lines, escaped; the last one says whether there are more."""
    blocks: list[Block] = [
        _field("Person", ids.AUDIT_PERSON_BLOCK, _person(chosen)),
        _field("Account", ids.AUDIT_ACCOUNT_BLOCK, _account(chosen)),
        _field("From", ids.AUDIT_SINCE_BLOCK, _day(chosen.since)),
        _field("Until, that day included", ids.AUDIT_UNTIL_BLOCK, _day(chosen.until)),
        divider(),
        *paragraphs([f"{line}\n" for line in found[:-1]]),
        context(found[-1]),
        actions(
            [Button("Export as CSV", ids.AUDIT_EXPORT, "export", label="Export what the fields above choose, as CSV")]
        ),
    ]
    return asking(Page(TITLE, "", tuple(blocks)), callback=ids.AUDIT_MODAL, submit="Show", close="Close", metadata="")


def words_page(text: str) -> Page:
    return Page(TITLE, text, (section(text),))


def _field(label: str, block_id: str, element: Block) -> Block:
    return {
        "type": "input",
        "block_id": block_id,
        "optional": True,
        "label": plain(label, 2_000),
        "element": element,
    }


def _person(chosen: Chosen) -> Block:
    element: Block = {
        "type": "users_select",
        "action_id": ids.AUDIT_FIELD,
        "placeholder": plain("Everybody, and Plixo itself", 150),
    }
    if chosen.person:
        element["initial_user"] = chosen.person
    return element


def _account(chosen: Chosen) -> Block:
    element: Block = {
        "type": "external_select",
        "action_id": ids.FIND_SELECT,
        "placeholder": plain("All accounts; start typing for one", 150),
        "min_query_length": 2,
    }
    if chosen.account:
        element["initial_option"] = option_of(chosen.account)
    return element


def _day(day: str | None) -> Block:
    element: Block = {"type": "datepicker", "action_id": ids.AUDIT_FIELD, "placeholder": plain("Any day", 150)}
    if day:
        element["initial_date"] = day
    return element
