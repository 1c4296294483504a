"""Posts notices to Slack (`domain.ports.Announcer`): facts read now, words from the presenters, one Web API call."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.voice import Posting, Voice
from bot.wording import WORDS
from bot.world import World
from domain.errors import Rejected, Unavailable, Unknown
from domain.notices import Notice
from domain.values import Person
from handlers.seal import Seal

_WAIT = frozenset({"ratelimited", "rate_limited", "service_unavailable", "internal_error", "fatal_error"})
# About the token, not about what is posted: it is said when there is one that works again.
_NO_TOKEN = frozenset({"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"})
# Where somebody reported a thing the app may not be, or be no longer: then they hear of it in a direct message.
_NOT_THERE = frozenset(
    {"channel_not_found", "not_in_channel", "is_archived", "thread_not_found", "cannot_reply_to_message"}
)


class SlackAnnouncer:
    """One organisation's voice in Slack. Retries belong to the outbox, so the client's own are switched off."""

    def __init__(self, *, world: World, client: WebClient, org_id: int, seal: Seal) -> None:
        self._world = world
        self._client = client
        self._org_id = org_id
        self._seal = seal

    def post(self, notice: Notice) -> tuple[str, str]:
        home, posting = self._words(notice)
        content: dict[str, Any] = {
            "text": posting.text,
            "blocks": posting.blocks,
            "metadata": {
                "event_type": "plixo_notice",
                "event_payload": {"key": notice.key, "revision": notice.revision},
            },
        }
        if notice.ts and notice.channel:
            try:
                return self._call("chat.update", channel=notice.channel, ts=notice.ts, **content)
            except Rejected as error:
                if error.code not in ("message_not_found", "cant_update_message", "edit_window_closed"):
                    raise
        new = {"unfurl_links": False, "unfurl_media": False, **content}
        if posting.channel is not None:
            thread = {"thread_ts": posting.thread} if posting.thread else {}
            try:
                return self._call("chat.postMessage", channel=posting.channel, **thread, **new)
            except Rejected as error:
                if error.code not in _NOT_THERE:
                    raise
        return self._call("chat.postMessage", channel=home, **new)

    def _call(self, method: str, **arguments: Any) -> tuple[str, str]:
        try:
            answer = self._client.api_call(method, json=arguments)
        except SlackApiError as error:
            raise _translated(error) from None
        except (URLError, TimeoutError, OSError) as error:
            raise Unknown("Slack did not answer.", code=type(error).__name__) from None
        return str(answer["channel"]), str(answer["ts"])

    def _words(self, notice: Notice) -> tuple[str, Posting]:
        """Where it goes unless it answers something somewhere else, and what it says now."""
        at = self._world.clock.now()
        with self._world.uow_for(self._org_id)() as work:
            recipient = work.people.by_ids([notice.recipient], at).get(notice.recipient) if notice.recipient else None
        channel, rulebook = self._channel(notice, recipient), self._world.rulebook_for(self._org_id)
        with self._world.uow_for(self._org_id)() as work:
            posting = WORDS[notice.kind](
                Voice(
                    work=work,
                    recipient=recipient,
                    seal=self._seal,
                    at=at,
                    zone=work.organisation.get().zone,
                    rulebook=rulebook,
                ),
                notice.subject,
            )
        return channel, posting

    def _channel(self, notice: Notice, recipient: Person | None) -> str:
        if notice.recipient is None:
            if not self._world.settings.ar_channel:
                raise Rejected("No A/R channel is set.", code="no_ar_channel")
            return self._world.settings.ar_channel
        if recipient is None or not recipient.is_active:
            raise Rejected("The recipient is not active.", code="no_recipient")
        return recipient.slack_user_id or self._look_up(recipient)

    def _look_up(self, person: Person) -> str:
        """Somebody who has not used the app yet: Slack knows them by their e-mail."""
        try:
            answer = self._client.users_lookupByEmail(email=person.email)
        except SlackApiError as error:
            raise _translated(error) from None
        except (URLError, TimeoutError, OSError) as error:
            raise Unavailable("Slack did not answer.", code=type(error).__name__) from None
        slack_user_id = str(answer["user"]["id"])
        with self._world.uow_for(self._org_id)() as work:
            work.people.save(replace(person, slack_user_id=slack_user_id))
        return slack_user_id


def _translated(error: SlackApiError) -> Rejected | Unavailable:
    """Slack's answer as one of the port's errors; neither carries what was posted."""
    code = str(error.response.get("error"))
    status = error.response.status_code
    if status == 429 or status >= 500 or code in _WAIT | _NO_TOKEN:
        after = error.response.headers.get("Retry-After")
        return Unavailable("Slack cannot take it now.", code=code, retry_after=float(after) if after else None)
    return Rejected("Slack refused the message.", code=code)
