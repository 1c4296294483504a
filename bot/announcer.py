"""Posts notices to Slack (`domain.ports.Announcer`): facts read now, words from the presenters, one Web API call."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, TypedDict
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.world import World
from domain.errors import Rejected, Unavailable, Unknown
from domain.notices import Digest, Notice, NoticeKind
from domain.rules.nudging import placed
from domain.values import Person
from handlers.announcements import render_access_request, render_alert, render_digest, render_outcome
from handlers.seal import Seal

Words = tuple[str, list[dict[str, Any]]]


class Voice(TypedDict):
    seal: Seal
    at: datetime
    zone: str


_WAIT = frozenset({"ratelimited", "rate_limited", "service_unavailable", "internal_error", "fatal_error"})
# About the token, not about what is posted: it is said when there is one that works again.
_NO_TOKEN = frozenset({"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"})


class SlackAnnouncer:
    """One organisation's voice in Slack. Retries belong to the outbox, so the client's own are switched off."""

    def __init__(self, *, world: World, client: WebClient, org_id: int, seal: Seal) -> None:
        self._world = world
        self._client = client
        self._org_id = org_id
        self._seal = seal

    def post(self, notice: Notice) -> tuple[str, str]:
        channel, (text, blocks) = self._words(notice)
        content: dict[str, Any] = {
            "text": text,
            "blocks": blocks,
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
        return self._call("chat.postMessage", channel=channel, unfurl_links=False, unfurl_media=False, **content)

    def _call(self, method: str, **arguments: Any) -> tuple[str, str]:
        try:
            answer = self._client.api_call(method, json=arguments)
        except SlackApiError as error:
            raise _translated(error) from None
        except (URLError, TimeoutError, OSError) as error:
            raise Unknown("Slack did not answer.", code=type(error).__name__) from None
        return str(answer["channel"]), str(answer["ts"])

    def _words(self, notice: Notice) -> tuple[str, Words]:
        at = self._world.clock.now()
        with self._world.uow_for(self._org_id)() as work:
            recipient = work.people.by_ids([notice.recipient], at).get(notice.recipient) if notice.recipient else None
        channel = self._channel(notice, recipient)
        voice: Voice = {"seal": self._seal, "at": at, "zone": self._world.settings.zone}
        with self._world.uow_for(self._org_id)() as work:
            if notice.kind is NoticeKind.ACCESS_REQUEST:
                request = work.requests.get(int(notice.subject))
                if request is None:
                    raise Rejected("The request is gone.", code="request_gone")
                if recipient is None:
                    raise Rejected("Nobody is named to hear of it.", code="no_recipient")
                return channel, render_access_request(request, recipient, **voice)
            if notice.kind is NoticeKind.AR_DIGEST:
                return channel, render_digest(Digest.of_subject(notice.subject))
            story = next(iter(work.messages.stories([notice.subject])), None)
            if story is None:
                raise Rejected("The nudge is gone.", code="message_gone")
            story = placed(story, work.organisation.get(), self._world.rulebook)
        if notice.kind is NoticeKind.AR_ALERT:
            return channel, render_alert(story, **voice)
        if recipient is None:
            raise Rejected("Nobody is named to hear of it.", code="no_recipient")
        return channel, render_outcome(story, recipient, **voice)

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
