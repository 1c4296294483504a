"""Slack's payloads, read. Nothing here is trusted for who somebody is or what they may do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Any

from domain.homing import Part
from domain.notices import MUTABLE, NoticeKind, Profile
from domain.reasons import Reason
from domain.values import Capability
from handlers import ids
from handlers.seal import ON_HOME, BrokenSeal, Kind, Signet

Body = Mapping[str, Any]

WORDS_AT_MOST = 200
_NAME = re.compile(r"[a-z0-9-]+", re.ASCII)


class Place(Enum):
    """Where something was asked for, and so where the answer can go."""

    COMMAND = auto()
    OWN_MESSAGE = auto()  # ephemeral: only this person sees it
    MESSAGE = auto()  # in a channel or a direct message
    MODAL = auto()
    HOME = auto()
    SHORTCUT = auto()
    SUBMISSION = auto()
    OPTIONS = auto()
    EVENT = auto()


def place_of(body: Body) -> Place:
    kind = body.get("type")
    if "command" in body:
        return Place.COMMAND
    if kind == "view_submission":
        return Place.SUBMISSION
    if kind in ("shortcut", "message_action"):
        return Place.SHORTCUT
    if kind == "block_suggestion":
        return Place.OPTIONS
    if kind != "block_actions":
        return Place.EVENT
    if view := body.get("view"):
        return Place.HOME if view.get("type") == "home" else Place.MODAL
    return Place.OWN_MESSAGE if body.get("container", {}).get("is_ephemeral") else Place.MESSAGE


def words(body: Body) -> str:
    """What was typed after the command, or into a select."""
    return str(body.get("text") or body.get("value") or "")[:WORDS_AT_MOST].strip()


def window_of(body: Body) -> Body:
    """The modal in which something was chosen or sent. Raises BrokenSeal where there is none."""
    view: Body | None = body.get("view")
    if not view:
        raise BrokenSeal("no window")
    return view


def field_of(body: Body, name: str) -> Body:
    """What a field of the window holds; its block has the field's name. Raises BrokenSeal."""
    found: Body = window_of(body).get("state", {}).get("values", {}).get(name, {}).get(name, {})
    return found


def choice_of(body: Body, name: str) -> str:
    """What is chosen in a field of the window; empty: nothing. Raises BrokenSeal."""
    option = field_of(body, name).get("selected_option")
    return str(option["value"]) if option else ""


def clicked(body: Body, kind: Kind, signet: Signet) -> list[int | str]:
    """What the clicked button speaks of. Raises BrokenSeal."""
    return signet.open(kind, str(body["actions"][0].get("value") or ""))


def clicked_name(body: Body) -> str:
    """Which button or select it was."""
    return str(body["actions"][0]["action_id"])


def clicked_account(body: Body, signet: Signet) -> tuple[int, int]:
    """Account id and which lists are unfolded. Raises BrokenSeal."""
    account_id, unfolded = clicked(body, Kind.ACCOUNT, signet)
    return int(account_id), int(unfolded)


def clicked_nudge(body: Body, signet: Signet) -> str:
    """The message's id. Raises BrokenSeal."""
    return str(clicked(body, Kind.NUDGE, signet)[0])


def carried_nudge(body: Body, signet: Signet) -> str:
    """The same of a modal. Raises BrokenSeal."""
    return str(signet.open(Kind.NUDGE, str(window_of(body).get("private_metadata") or ""))[0])


def is_from_home(body: Body, signet: Signet) -> bool:
    """Whether the modal was opened from a nudge on App Home. Raises BrokenSeal."""
    return ON_HOME in signet.open(Kind.NUDGE, str(window_of(body).get("private_metadata") or ""))[1:]


def clicked_part(body: Body, signet: Signet) -> tuple[Part, int]:
    """A part of Home, and the line to begin with. Raises BrokenSeal."""
    part, start = clicked(body, Kind.PART, signet)
    return Part(str(part)), int(start)


def wanted_kinds(body: Body) -> frozenset[NoticeKind]:
    """What is ticked in the Messages modal; a kind that may not be chosen says nothing."""
    state = window_of(body).get("state", {}).get("values", {}).get(ids.MESSAGES_BLOCK, {}).get(ids.MESSAGES_KINDS, {})
    ticked = {str(option["value"]) for option in state.get("selected_options") or ()}
    return frozenset(kind for kind in MUTABLE if kind.value in ticked)


def clicked_value(body: Body) -> str:
    """The button's token as it is, for the form that it opens."""
    return str(body["actions"][0].get("value") or "")


def clicked_pair(body: Body, kind: Kind, signet: Signet) -> tuple[int, int]:
    """Two numbers of a clicked button. Raises BrokenSeal."""
    first, second = clicked(body, kind, signet)
    return int(first), int(second)


def carried_pair(body: Body, kind: Kind, signet: Signet) -> tuple[int, int]:
    """Two numbers that a modal carries. Raises BrokenSeal."""
    first, second = signet.open(kind, str(window_of(body).get("private_metadata") or ""))
    return int(first), int(second)


@dataclass(frozen=True, slots=True)
class Message:
    """The message whose shortcut was used. `thread` is where answers to it go, `at` when it was written (UTC).

    `workspace`: the name in its addresses.
    """

    channel: str
    ts: str
    thread: str
    text: str
    at: datetime
    workspace: str = ""

    @property
    def link(self) -> str:
        """Its address as Slack makes it; for where Slack does not tell. Empty for a name that is none."""
        if not _NAME.fullmatch(self.workspace):
            return ""
        reply = f"?thread_ts={self.thread}&cid={self.channel}" if self.thread != self.ts else ""
        return f"https://{self.workspace}.slack.com/archives/{self.channel}/p{self.ts.replace('.', '')}{reply}"


def message(body: Body) -> Message:
    said = body["message"]
    ts = str(said["ts"])
    return Message(
        channel=str(body["channel"]["id"]),
        ts=ts,
        thread=str(said.get("thread_ts") or ts),
        text=str(said.get("text") or ""),
        at=datetime.fromtimestamp(float(ts), UTC),
        workspace=str((body.get("team") or {}).get("domain") or ""),
    )


def asker_of(body: Body) -> str:
    """The Slack id of whoever clicked, sent or typed it."""
    return str(body["user_id"] if "command" in body else body["user"]["id"])


def command_id(body: Body) -> str:
    """The same for the same command delivered twice, different for two commands."""
    return f"command:{asker_of(body)}:{body.get('trigger_id', '')}"


def click_id(body: Body) -> str:
    """The same for the same click delivered twice, different for two clicks."""
    action = body["actions"][0]
    return f"click:{body['user']['id']}:{action.get('action_ts', '')}:{action.get('action_id', '')}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants the Controller to allow."""

    reason: Reason
    capability: Capability | None
    account_id: int | None
    words: str


def asked(body: Body, signet: Signet) -> Asked:
    reason, capability, account_id, *words = clicked(body, Kind.ASK, signet)
    return Asked(
        Reason(str(reason)),
        Capability(str(capability)) if capability else None,
        int(account_id) or None,
        str(words[0]) if words else "",
    )


@dataclass(frozen=True, slots=True)
class Draft:
    """The nudge that a modal shows. `chosen_*` is what its selects say, which may be newer."""

    account_id: int
    contact_id: int
    invoice_id: int
    template_key: str
    template_version: int
    chosen_template: str
    chosen_contact: int

    @property
    def is_what_was_shown(self) -> bool:
        return self.chosen_template == self.template_key and self.chosen_contact == self.contact_id


def draft(body: Body, signet: Signet) -> Draft:
    """From the modal's own seal and what is chosen in it now. Raises BrokenSeal."""
    view = window_of(body)
    account, contact, invoice, key, version = signet.open(Kind.DRAFT, str(view.get("private_metadata") or ""))
    template = _selected(view, ids.TEMPLATE_BLOCK, ids.NUDGE_TEMPLATE)
    person = _selected(view, ids.CONTACT_BLOCK, ids.NUDGE_CONTACT)
    return Draft(
        account_id=int(account),
        contact_id=int(contact),
        invoice_id=int(invoice),
        template_key=str(key),
        template_version=int(version),
        chosen_template=str(signet.open(Kind.TEMPLATE, template)[0]) if template else str(key),
        chosen_contact=int(signet.open(Kind.CONTACT, person)[0]) if person else int(contact),
    )


def found_account(body: Body, signet: Signet) -> int:
    """The account that was chosen in the Find modal. Raises BrokenSeal."""
    token = _selected(window_of(body), ids.FIND_BLOCK, ids.FIND_SELECT)
    if token is None:
        raise BrokenSeal("nothing was chosen")
    return int(signet.open(Kind.ACCOUNT, token)[0])


def _selected(view: Body, block: str, action: str) -> str | None:
    state = view.get("state", {}).get("values", {}).get(block, {}).get(action, {})
    option = state.get("selected_option")
    return str(option["value"]) if option else None


def view_id(body: Body) -> str:
    return str(window_of(body)["id"])


def is_home_tab(body: Body) -> bool:
    """App Home also tells of its Messages tab being opened."""
    return bool(body["event"].get("tab", "home") == "home")


def changed_user(body: Body) -> tuple[str, Profile]:
    """Slack's id of the person that changed, and what Slack says about them now."""
    user = body["event"]["user"]
    profile = user.get("profile", {})
    return str(user["id"]), Profile(
        email=profile.get("email"),
        name=profile.get("real_name") or user.get("real_name") or user.get("name") or "",
        zone=user.get("tz"),
        locale=user.get("locale"),
        is_active=not user.get("deleted", False),
    )


def changed_group(body: Body) -> tuple[str, list[str], list[str]]:
    """Slack's id of the user group, who came and who went."""
    event = body["event"]
    came, went = ([str(one) for one in event.get(name) or []] for name in ("added_users", "removed_users"))
    return str(event["subteam_id"]), came, went


def bot_was_revoked(body: Body) -> bool:
    """People's own tokens are revoked too; only the bot's end the installation."""
    return bool(body["event"].get("tokens", {}).get("bot"))
