"""Who and what a workspace is made of: people, channels, messages and views, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Block = dict[str, Any]


class Impossible(LookupError):
    """Somebody tried what a person in front of Slack could not do: press a button that is not there."""


@dataclass(kw_only=True)
class Person:
    """A member. `zone` is an IANA name; `deactivated` people cannot act and are `deleted` in the Web API."""

    id: str
    name: str
    email: str
    zone: str = "UTC"
    title: str = ""
    locale: str = "en-US"
    is_admin: bool = False
    is_guest: bool = False
    deactivated: bool = False

    @property
    def handle(self) -> str:
        """Slack's `name`: lower case, no spaces."""
        return self.name.lower().replace(" ", ".")


@dataclass(kw_only=True)
class Channel:
    """A channel or a direct message. `members` are people; the bot is told by `bot_is_member`.

    `members=None` means everybody.
    """

    id: str
    name: str
    members: list[str] | None = None
    bot_is_member: bool = True
    is_private: bool = False
    is_archived: bool = False
    is_dm: bool = False
    topic: str = ""

    def has(self, person: str) -> bool:
        return self.members is None or person in self.members


@dataclass(kw_only=True)
class UserGroup:
    """A Slack user group ("@sales-team"). `updated_at` is in seconds; a disabled group keeps its members."""

    id: str
    name: str
    handle: str
    members: list[str] = field(default_factory=list)
    description: str = ""
    is_disabled: bool = False
    updated_at: int = 1_700_000_000


@dataclass(kw_only=True)
class File:
    """A file that an app uploads: an address first (by its `secret`), then the bytes, then it is shared."""

    id: str
    name: str
    size: int
    secret: str
    title: str = ""
    content: bytes | None = None
    is_shared: bool = False


@dataclass(kw_only=True)
class Message:
    """One message as Slack holds it. `visible_to` set means ephemeral: only that person sees it."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Block] = field(default_factory=list)
    visible_to: str | None = None
    edited_at: str | None = None
    thread_ts: str | None = None
    metadata: dict[str, Any] | None = None
    from_app: bool = False
    files: list[str] = field(default_factory=list)  # by id
    # Slack's own words ("/account failed with the error ..."): shown as Slackbot, never by the app.
    failure: bool = False

    @property
    def ephemeral(self) -> bool:
        return self.visible_to is not None

    @property
    def edited(self) -> bool:
        return self.edited_at is not None

    @property
    def surface(self) -> str:
        return f"{self.channel}:{self.ts}"


@dataclass(kw_only=True)
class View:
    """A modal or a Home tab in front of one person."""

    id: str
    user: str
    type: str
    blocks: list[Block]
    hash: str
    root_view_id: str
    previous_view_id: str | None = None
    title: dict[str, Any] | None = None
    submit: dict[str, Any] | None = None
    close: dict[str, Any] | None = None
    callback_id: str = ""
    private_metadata: str = ""
    external_id: str = ""
    clear_on_close: bool = False
    notify_on_close: bool = False
    # What the person sees on it, not sent to the app: field errors by block_id, and Slack's own failure line.
    errors: dict[str, str] = field(default_factory=dict)
    failure: str | None = None

    @property
    def surface(self) -> str:
        return self.id
