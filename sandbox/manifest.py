"""The app's manifest, read: what a person may invoke, what the app may call and hear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit


@dataclass(frozen=True, kw_only=True)
class Command:
    name: str
    description: str
    usage_hint: str
    should_escape: bool


@dataclass(frozen=True, kw_only=True)
class Shortcut:
    name: str
    callback_id: str
    description: str
    type: str


class Manifest:
    """Read-only view of the manifest as a dict. Missing sections mean that the feature is off."""

    def __init__(self, manifest: dict[str, Any]) -> None:
        self._features: dict[str, Any] = manifest.get("features") or {}
        self._settings: dict[str, Any] = manifest.get("settings") or {}
        self._oauth: dict[str, Any] = manifest.get("oauth_config") or {}
        shown = manifest.get("display_information") or {}
        bot = self._features.get("bot_user") or {}
        self.name: str = bot.get("display_name") or shown.get("name") or "App"
        self.description: str = shown.get("description") or ""
        self.about: str = shown.get("long_description") or self.description
        self.colour: str = shown.get("background_color") or "#4a154b"

    @property
    def commands(self) -> list[Command]:
        return [
            Command(
                name=one["command"],
                description=one.get("description", ""),
                usage_hint=one.get("usage_hint", ""),
                should_escape=one.get("should_escape", False),
            )
            for one in self._features.get("slash_commands") or []
        ]

    @property
    def shortcuts(self) -> list[Shortcut]:
        return [
            Shortcut(
                name=one["name"],
                callback_id=one["callback_id"],
                description=one.get("description", ""),
                type=one["type"],
            )
            for one in self._features.get("shortcuts") or []
        ]

    @property
    def scopes(self) -> tuple[str, ...]:
        return tuple((self._oauth.get("scopes") or {}).get("bot") or ())

    @property
    def events(self) -> tuple[str, ...]:
        return tuple((self._settings.get("event_subscriptions") or {}).get("bot_events") or ())

    @property
    def app_home(self) -> dict[str, Any]:
        return self._features.get("app_home") or {}

    @property
    def is_interactive(self) -> bool:
        return bool((self._settings.get("interactivity") or {}).get("is_enabled"))

    def options_url(self, bot_url: str) -> str:
        """Where menus load their options: the manifest's path for them, at the bot's address."""
        named = (self._settings.get("interactivity") or {}).get("message_menu_options_url")
        path = urlsplit(str(named)).path if named else ""
        if not path:
            return bot_url
        here = urlsplit(bot_url)
        return urlunsplit((here.scheme, here.netloc, path, "", ""))

    def command(self, name: str) -> Command | None:
        return next((one for one in self.commands if one.name == name), None)

    def shortcut(self, callback_id: str, *, type: str) -> Shortcut | None:
        return next((one for one in self.shortcuts if one.callback_id == callback_id and one.type == type), None)
