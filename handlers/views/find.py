"""The shortcut's modal: type a name, see the card."""

from __future__ import annotations

from handlers import ids
from handlers.views.blocks import Page, View, asking, plain


def find_view() -> View:
    search = {
        "type": "input",
        "block_id": ids.FIND_BLOCK,
        "label": plain("Account", 2_000),
        "hint": plain("A name, number, domain or contact's address. Small typing errors are fine.", 2_000),
        "element": {
            "type": "external_select",
            "action_id": ids.FIND_SELECT,
            "placeholder": plain("Start typing", 150),
            "min_query_length": 2,
            "focus_on_load": True,
        },
    }
    return asking(
        Page("Find an account", "", (search,)), callback=ids.FIND_MODAL, submit="Show", close="Close", metadata=""
    )
