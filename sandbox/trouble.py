"""Trouble on command: a Web API that fails, people who leave, channels that close, tokens that die."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sandbox.api.desk import Desk
from sandbox.api.dispatch import Tokens
from sandbox.delivery.records import Delivery
from sandbox.faults import Fault
from sandbox.people import Impossible, Person, UserGroup
from sandbox.shapes import group_json, user_json
from sandbox.stage import Stage
from sandbox.workspace import Workspace


class Trouble:
    """Every method says what Slack would do from now on; events go out only if the manifest asks for them."""

    stage: Stage
    desk: Desk
    tokens: Tokens
    workspace: Workspace

    # -- the Web API -------------------------------------------------------------------------------------

    def fail(
        self,
        *,
        method: str,
        error: str | None = None,
        status: int | None = None,
        retry_after: int | None = None,
        times: int = 1,
    ) -> None:
        """The next calls answer with Slack's `error`, or with an HTTP `status`; `ratelimited` is a 429 with
        Retry-After."""
        fault = Fault(error=error, status=status or (None if error else 500), retry_after=retry_after)
        self.desk.faults.add(method=method, fault=fault, times=times)

    def drop_reply(self, *, method: str, times: int = 1) -> None:
        """The next calls do their work, then the connection breaks: the app cannot know."""
        self.desk.faults.add(method=method, fault=Fault(drop="after"), times=times)

    def delay(self, *, method: str, seconds: float, times: int = 1) -> None:
        """The next calls take this much longer."""
        self.desk.faults.add(method=method, fault=Fault(delay=seconds), times=times)

    def outage(self, *, on: bool) -> None:
        """While on, every call and response_url breaks without being heard."""
        self.desk.faults.outage = on

    def limit_posts(self, *, on: bool = True) -> None:
        """One message a second for each channel, as Slack has it; off by default."""
        self.desk.faults.limit_posts = on

    def enforce_tiers(self, *, on: bool = True) -> None:
        """Calls a minute by the method's tier; off by default."""
        self.desk.faults.enforce_tiers = on

    def clear_faults(self) -> None:
        self.desk.faults.clear()

    def expire_triggers(self) -> None:
        """Every trigger_id given out so far is too old now."""
        self.stage.triggers.expire_all()

    def disconnect_sockets(self, *, reason: str = "refresh_requested", close: bool = True) -> int:
        """Slack asks the bot's sockets to reconnect; how many were asked."""
        return self.stage.carrier.hub.disconnect(reason=reason, close=close)

    # -- the workspace -----------------------------------------------------------------------------------

    def deactivate(self, *, user: str, on: bool = True) -> Delivery | None:
        with self.workspace.change():
            person = self.workspace.person(user)
            person.deactivated = on
        return self._tell("user_change", user=self._user(person), cache_ts=int(self.workspace.now().timestamp()))

    def change_person(self, *, user: str, **fields: Any) -> Delivery | None:
        """A new name, title, zone ..."""
        with self.workspace.change():
            person = self.workspace.person(user)
            for name, value in fields.items():
                if name == "id" or not hasattr(person, name):
                    raise TypeError(f"a person has no {name} to change")
                setattr(person, name, value)
        return self._tell("user_change", user=self._user(person), cache_ts=int(self.workspace.now().timestamp()))

    def add_person(self, person: Person) -> Delivery | None:
        with self.workspace.change():
            self.workspace.people[person.id] = person
        return self._tell("team_join", user=self._user(person), cache_ts=int(self.workspace.now().timestamp()))

    def add_group(self, group: UserGroup) -> Delivery | None:
        """A new user group, told with its members."""
        with self.workspace.change():
            self.workspace.groups[group.id] = group
        return self._tell("subteam_created", subteam=self._group(group))

    def change_group(self, *, group: str, add: Sequence[str] = (), remove: Sequence[str] = ()) -> Delivery | None:
        """People join and leave a user group. Only who really came or went is told; None when nobody did."""
        with self.workspace.change():
            found = self.workspace.group(group)
            if found.is_disabled:
                raise Impossible(f"the user group {found.handle} is disabled")
            for one in (*add, *remove):
                self.workspace.person(one)
            came = [one for one in dict.fromkeys(add) if one not in found.members]
            gone = [one for one in dict.fromkeys(remove) if one in found.members and one not in came]
            found.members = [one for one in (*found.members, *came) if one not in gone]
            before, found.updated_at = found.updated_at, int(self.workspace.now().timestamp())
        if not came and not gone:
            return None
        return self._tell(
            "subteam_members_changed",
            subteam_id=group,
            team_id=self.workspace.team_id,
            date_previous_update=before,
            date_update=found.updated_at,
            added_users=came,
            added_users_count=len(came),
            removed_users=gone,
            removed_users_count=len(gone),
        )

    def disable_group(self, *, group: str, on: bool = True) -> Delivery | None:
        """Switch a user group off, or on again. Slack tells it as an update whose `date_delete` is set."""
        with self.workspace.change():
            found = self.workspace.group(group)
            found.is_disabled, found.updated_at = on, int(self.workspace.now().timestamp())
        return self._tell("subteam_updated", subteam=self._group(found))

    def archive(self, *, channel: str, on: bool = True) -> Delivery | None:
        with self.workspace.change():
            self.workspace.channel(channel).is_archived = on
        return self._tell("channel_archive" if on else "channel_unarchive", channel=channel, user="USLACKBOT")

    def remove_bot(self, *, channel: str) -> Delivery | None:
        with self.workspace.change():
            self.workspace.channel(channel).bot_is_member = False
        return self._tell("channel_left", channel=channel, actor_id="USLACKBOT")

    def add_bot(self, *, channel: str) -> Delivery | None:
        with self.workspace.change():
            found = self.workspace.channel(channel)
            found.bot_is_member = True
        kind = "G" if found.is_private else "C"
        return self._tell(
            "member_joined_channel",
            user=self.workspace.bot_user_id,
            channel=channel,
            channel_type=kind,
            team=self.workspace.team_id,
        )

    def revoke_tokens(self) -> Delivery | None:
        """The bot token answers `token_revoked` from now on."""
        self.tokens.revoked.add(self.tokens.bot)
        return self._tell("tokens_revoked", tokens={"oauth": [], "bot": [self.workspace.bot_user_id]})

    def uninstall(self) -> Delivery | None:
        """The app is removed from the workspace."""
        self.revoke_tokens()
        told = self._tell("app_uninstalled")
        with self.workspace.change():
            self.workspace.installed = False
        return told

    def _tell(self, type: str, **fields: Any) -> Delivery | None:
        """Send the event if the app subscribes to it; None when it does not."""
        if type not in self.stage.manifest.events:
            return None
        return self.stage.events.send({"type": type, **fields})

    def _group(self, group: UserGroup) -> dict[str, Any]:
        return group_json(group, workspace=self.workspace, with_users=True, with_count=True)

    def _user(self, person: Person) -> dict[str, Any]:
        return user_json(person, workspace=self.workspace, with_email=self.desk.may("users:read.email"))
